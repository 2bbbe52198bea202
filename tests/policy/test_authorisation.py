"""Every address of the site, asked by everybody for every kind of object; the table written by hand judges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from careshape.policy import roles
from careshape.policy.table import addresses
from careshape.policy.views import COUNCIL
from tests.once import SHARED
from tests.policy import who_sees
from tests.policy.sweep import Found, added_up, sweep
from tests.policy.world import World, make_world

MOST_QUERIES = 30
"""Queries that a page asks at most."""


PARTS = 3
"""Into which the addresses are dealt: each is a test of its own, so that several processes ask at once."""


def world_beside(people: Any, settings: Any, folder: Path, *, open_other: bool) -> World:
    """Two councils; the other one is closed or open."""
    settings.CARESHAPE_DIR = folder
    return make_world(people, folder, open_other=open_other)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_address_answers_as_the_table_says(
    part: int, tmp_path: Path, people: Any, settings: Any, testrun_uid: str, promise: Callable[[str, str], None]
) -> None:
    world = world_beside(people, settings, tmp_path, open_other=False)
    found = sweep(world, [f"/{one.url}" for one in addresses()][part::PARTS])
    right(found)
    whole = added_up(found, part, PARTS, f"{connection.vendor}-{testrun_uid}")
    if whole is None:  # another part is still under way: the last one says what all of them found
        return
    promise("R6 authorisation", f"{whole.requests:,} requests beside a council that is closed, 0 mismatches")
    canaries = set(world.canaries.values())
    should = {(role, *one) for role in roles() for one in who_sees.shown_to(role) & canaries}
    assert whole.seen == should, "every field is seen by those who may see it, and by nobody else"
    stated = len({(record, name) for _, record, name, _ in who_sees.rows()})
    promise(
        "R6 fields",
        f"{stated} fields of what is said of people; {len(canaries)} of them hold canaries: seen by those who may "
        f"({len(should)} pairs of role and field), 0 by others",
    )
    assert len(whole.read) > 200, "pages of the site were read as a screen reader meets them"
    promise(
        "R11 reading order", f"{len(whole.read)} addresses with a page, read as a screen reader meets them: 0 faults"
    )
    promise("R12 queries", f"at most {whole.most_queries} a page ({whole.most_at}); the goal is {MOST_QUERIES}")


@pytest.mark.once("whether a council is open stands in a file; the closed one's pages ask the same, on both")
def test_addresses_of_a_council_answer_as_the_table_says_beside_an_open_one(
    tmp_path: Path, people: Any, settings: Any, promise: Callable[[str, str], None]
) -> None:
    world = world_beside(people, settings, tmp_path, open_other=True)
    # What is open to everybody changes nothing but the pages of the council that is.
    found = sweep(world, [f"/{one.url}" for one in addresses() if COUNCIL in one.parts])
    right(found)
    promise("R6 authorisation", f"{found.requests:,} requests beside a council that is open, 0 mismatches")


def right(found: Found) -> None:
    """Nothing differed from the table, and no page asked the database too often."""
    assert not found.wrong, f"{len(found.wrong)} mismatches\n" + "\n".join(found.wrong)
    assert found.most_queries <= MOST_QUERIES, found.most_at


def test_parts_of_a_sweep_are_added_up_by_who_brings_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHARED, str(tmp_path))
    one = Found(3, {("broker", "person", "name")}, [], 9, "GET /a/ as broker")
    other = Found(4, {("analyst", "person", "born")}, ["a mismatch"], 7, "GET /b/ as analyst")
    assert added_up(one, 0, 2, "first") is None
    assert added_up(one, 0, 2, "first") is None, "a part that was asked again counts once"
    assert added_up(other, 1, 2, "second") is None, "another run's parts are not this one's"
    whole = added_up(other, 1, 2, "first")
    assert whole == Found(7, one.seen | other.seen, ["a mismatch"], 9, "GET /a/ as broker")
