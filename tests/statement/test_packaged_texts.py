"""The two councils' texts, as they come with careshape: whole, and with everything that their documents promise."""

from __future__ import annotations

from functools import cache

import pytest

from careshape.records import Action, Intention, actions, authorities, intentions, views
from careshape.statement.blocks import grouped
from careshape.statement.content import PARTS, Segment, Statement, content_folder, load_statement
from careshape.statement.expressions import Call


@cache
def statement_of(authority: str) -> Statement:
    folder = content_folder(authority)
    assert folder is not None
    return load_statement(folder)


def blocks(segment: Segment, name: str) -> list[Call]:
    return [found.call for found in segment.found if found.call.name == name]


def lists(segment: Segment, intention: Intention) -> bool:
    """Whether a list of intentions on the page takes this one in."""
    for call in blocks(segment, "intentions"):
        wanted = {key: str(value) for key, value in call.options.items()}
        section = wanted.pop("section", intention.section)
        inside = intention.section == section or intention.section.startswith(f"{section}.")
        if inside and all(getattr(intention, key) == value for key, value in wanted.items()):
            return True
    return False


@pytest.mark.parametrize("authority", authorities())
def test_every_intention_stands_on_a_page(authority):
    segments = statement_of(authority).segments.values()
    missing = [one.id for one in intentions(authority) if not any(lists(segment, one) for segment in segments)]
    assert missing == []


def test_each_of_the_twelve_market_segments_has_its_page_in_order():
    named = {one.number: one.segment_or_driver for one in actions("thurrock") if one.part == "segment"}
    pages = [one for one in statement_of("thurrock").segments.values() if one.kind == "segment"]
    assert [page.section for page in pages] == [f"8.{number}" for number in sorted(named)]
    for number, page in enumerate(pages, start=1):
        assert tuple(page.headings) == PARTS
        assert [call.options["segment"] for call in blocks(page, "actions")] == [number]


def test_each_of_the_eleven_drivers_has_implications_updates_and_an_outcome():
    rows: dict[int, list[Action]] = {}
    for one in actions("thurrock"):
        if one.part == "driver":
            rows.setdefault(one.number, []).append(one)
    assert sorted(rows) == list(range(1, 12))
    for found in rows.values():
        kinds = {one.entry_type for one in found}
        assert {"driver", "provider-implication", "update", "outcome"} <= kinds
        assert next(one.outcome for one in found if one.entry_type == "outcome") in ("achieved", "partly", "not-yet")
        assert sum(len(group.actions) for group in grouped(found)) == len(found)
    assert any(blocks(segment, "review") for segment in statement_of("thurrock").segments.values())


def test_what_people_said_has_its_page():
    assert any(blocks(segment, "views") for segment in statement_of("thurrock").segments.values())
    assert {one.record_type for one in views("thurrock")} == {"group", "view"}
