"""The two councils' texts, as they come with careshape: whole, and with everything that their documents promise."""

from __future__ import annotations

import re
from functools import cache

import pytest

from careshape.design import decided
from careshape.records import Action, Intention, actions, authorities, intentions
from careshape.statement.blocks import grouped
from careshape.statement.calls import Call
from careshape.statement.content import PARTS, Segment, Statement, content_folder, for_council, load_statement

MANY = {"worcestershire": 139, "thurrock": 69}
"""How many intentions each published document states."""
EMPTY: dict[str, list[tuple[str, str]]] = {"worcestershire": [], "thurrock": []}
"""The slots in which nothing is written yet, by page: a text that leaves one empty says so here."""
SYNTHETIC = re.compile(r"demonstration|synthetic|invented|made so", re.IGNORECASE)
NAMES = re.compile(r"Medina Road|White Acres|Small Sparks|Living Well @ Home", re.IGNORECASE)


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
        ids = call.options.get("id")
        wanted.pop("id", None)
        named = ids is None or intention.id in ([ids] if isinstance(ids, str) else ids)
        if inside and named and all(getattr(intention, key) == value for key, value in wanted.items()):
            return True
    return False


@pytest.mark.parametrize("authority", authorities())
def test_every_intention_stands_on_a_page(authority):
    segments = [one for one in statement_of(authority).segments.values() if one.kind == "segment"]
    missing = [one.id for one in intentions(authority) if not any(lists(segment, one) for segment in segments)]
    assert missing == []
    assert len(intentions(authority)) == MANY[authority]


def test_each_of_the_twelve_market_segments_has_its_page_in_order():
    named = {one.number: one.segment_or_driver for one in actions("thurrock") if one.part == "segment"}
    pages = [one for one in statement_of("thurrock").segments.values() if one.kind == "segment"]
    assert [page.section for page in pages] == [f"8.{number}" for number in sorted(named)]
    for page in pages:
        assert tuple(page.headings) == PARTS


@pytest.mark.parametrize("authority", authorities())
def test_every_segment_says_something_in_every_slot(authority):
    pages = [one for one in statement_of(authority).segments.values() if one.kind == "segment"]
    empty = [(page.id, slot.id) for page in pages for slot in page.slots if not for_council(slot.text, False).strip()]
    assert empty == EMPTY[authority]
    assert all(slot.owner and slot.review for page in pages for slot in page.slots)


def test_everything_the_document_lists_for_a_segment_stands_on_a_page():
    listed = [call.options for page in statement_of("thurrock").segments.values() for call in blocks(page, "actions")]
    assert listed == [{"segment": number} for number in range(1, 13)]


@pytest.mark.parametrize("authority", authorities())
def test_what_is_said_of_synthetic_records_is_kept_from_a_council_with_its_own(authority):
    statement = statement_of(authority)
    marked = [segment for segment in statement.segments.values() if for_council(segment.text, True) != segment.text]
    assert marked
    for segment in statement.segments.values():
        assert not SYNTHETIC.search(for_council(segment.text, demonstration=False)), segment.id
    assert not SYNTHETIC.search(str(statement.tables))


@pytest.mark.parametrize("authority", authorities())
def test_no_site_scheme_or_programme_is_called_by_its_own_name(authority):
    texts = [segment.text for segment in statement_of(authority).segments.values()]
    texts += [one.statement for one in (*intentions(authority), *actions(authority), *decided(authority).views)]
    assert not [text for text in texts if NAMES.search(text)]


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


def test_what_people_said_has_its_page_and_stands_where_it_bears_on():
    segments = statement_of("thurrock").segments.values()
    assert any(not call.options for segment in segments for call in blocks(segment, "views"))
    kinds = [one.record_type for one in decided("thurrock").views]
    assert (kinds.count("group"), kinds.count("view")) == (5, 12)  # five groups; ten messages and two further wishes
    topics = {one.group_or_topic for one in decided("thurrock").views if one.record_type == "view"}
    pages = [segment for segment in segments if segment.kind == "segment"]
    quoted = [call.options["topic"] for segment in pages for call in blocks(segment, "views") if call.options]
    assert {topic for given in quoted for topic in ([given] if isinstance(given, str) else given)} == topics


@pytest.mark.parametrize("authority", authorities())
def test_the_statements_that_each_document_promises_are_declared_with_their_dates(authority):
    planned = {one.id: one.planned for one in statement_of(authority).subjects if one.kind == "subject"}
    assert {"supported-housing", "mental-health", "carers", "autism"} <= set(planned)
    expected = {"worcestershire": "2021-08", "thurrock": "2019-03"}[authority]
    assert planned["supported-housing"] == expected
