"""Every address of the site, asked by everybody for every kind of object; the table written by hand judges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from careshape.policy import roles
from careshape.policy.table import addresses
from careshape.policy.views import COUNCIL
from tests.policy import who_sees
from tests.policy.sweep import sweep
from tests.policy.world import World, make_world

MOST_QUERIES = 30
"""Queries that a page asks at most."""


OPEN = pytest.param(
    True, id="open",
    marks=pytest.mark.once("whether a council is open stands in a file; the closed one's pages ask the same, on both"),
)  # fmt: skip


@pytest.fixture(params=[pytest.param(False, id="closed"), OPEN])
def world(request: pytest.FixtureRequest, tmp_path: Path, people: Any, settings: Any) -> World:
    """Two councils; the other one is closed or open."""
    settings.CARESHAPE_DIR = tmp_path
    return make_world(people, tmp_path, open_other=request.param)


def test_every_address_answers_as_the_table_says(world: World, promise: Callable[[str, str], None]) -> None:
    # What is open to everybody changes nothing but the pages of the council that is.
    found = sweep(world, [f"/{one.url}" for one in addresses() if COUNCIL in one.parts] if world.open_other else None)
    assert not found.wrong, f"{len(found.wrong)} mismatches\n" + "\n".join(found.wrong)
    other = "open" if world.open_other else "closed"
    assert found.most_queries <= MOST_QUERIES, found.most_at
    promise("R6 authorisation", f"{found.requests:,} requests beside a council that is {other}, 0 mismatches")
    if not world.open_other:
        canaries = set(world.canaries.values())
        should = {(role, *one) for role in roles() for one in who_sees.shown_to(role) & canaries}
        assert found.seen == should, "every field is seen by those who may see it, and by nobody else"
        stated = len({(record, name) for _, record, name, _ in who_sees.rows()})
        promise(
            "R6 fields",
            f"{stated} fields of what is said of people; {len(canaries)} of them hold canaries: seen by those who may "
            f"({len(should)} pairs of role and field), 0 by others",
        )
        promise("R12 queries", f"at most {found.most_queries} a page ({found.most_at}); the goal is {MOST_QUERIES}")
