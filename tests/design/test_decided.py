"""What is packaged of what the councils decided, and what is wrong with files that do not fit together."""

from __future__ import annotations

import pytest

from careshape.design import check_file, check_together, decided, sheets
from careshape.design.files import EVENTS, MESSAGES, REVIEW, Came, came
from careshape.errors import CallError, InputError
from careshape.records.intentions import FILE, design_text

COUNCILS = ("worcestershire", "thurrock")


@pytest.mark.parametrize(
    ("council", "counts"), [("worcestershire", (139, 0, 25, 7, 2)), ("thurrock", (69, 43, 8, 8, 12))]
)
def test_decided_packaged_files_are_whole_and_fit_together(council, counts):
    found = decided(council)
    rows = (found.intentions, found.reviewed, found.end_states, found.events, found.messages)
    assert tuple(map(len, rows)) == counts
    texts = {name: design_text(council, None, name) for name in sheets()}
    assert check_together({name: text for name, text in texts.items() if text is not None}) == []


def test_decided_what_was_not_met_is_carried_on_both_ways():
    found = decided("thurrock")
    open_ones = [one for one in found.reviewed if one.outcome != "achieved"]
    assert {one.outcome for one in open_ones} == {"partly", "not-yet", "not-reported"}
    assert [one.id for one in open_ones if not one.carried_to] == []
    for one in found.reviewed:
        for id_ in one.carried_to:
            assert one in found.carried_from(id_)


def test_decided_review_says_how_it_stood_before_and_after_where_a_measure_is_there():
    measured = [one for one in decided("thurrock").reviewed if one.before]
    assert len(measured) == 13
    assert all(one.measure and one.after for one in measured)


def test_decided_owner_and_area_stand_where_the_document_names_them_and_nowhere_else():
    """Lines 362, 397 and 422 to 425 of the one document name posts; lines 457 and 475 of the other name two towns."""
    rows = {council: decided(council).intentions for council in COUNCILS}
    owners = {one.id: one.owner for one in (*rows["worcestershire"], *rows["thurrock"]) if one.owner}
    named = {"W-CI-027", "W-CI-028", "W-CI-037", "W-CI-054", "W-CI-055", "W-CI-056", "W-CI-057"}
    assert owners == dict.fromkeys(named, "Commissioners") | {"W-CI-056": "Commissioning unit"}
    areas = {one.id: one.area for one in (*rows["worcestershire"], *rows["thurrock"]) if one.area}
    assert areas == dict.fromkeys(("T-CI-054", "T-CI-064"), "tilbury-and-chadwell-zone")


def test_decided_messages_of_thurrock_are_ten_of_all_and_two_wishes():
    found = decided("thurrock")
    scopes = [one.scope for one in found.messages]
    assert (scopes.count("all groups"), len(scopes)) == (10, 12)
    assert sum(one.record_type == "group" for one in found.views) == 5
    # The document says nothing of what came of some: that is said, and nothing is put in its place.
    assert {one.topic for one in found.messages if one.state == "not-known"} >= {"transport", "information"}
    assert all(not one.answer for one in found.messages if one.state == "not-known")


def test_decided_names_that_lead_nowhere_are_faults(tmp_path):
    (tmp_path / "design").mkdir()
    text = MESSAGES.write([{"id": "M-1", "events": "E-9", "topic": "t", "statement": "s", "state": "not-known"}])
    (tmp_path / MESSAGES.file).write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"messages\.csv, row 2, field 'events' has 'E-9'"):
        decided("worcestershire", tmp_path)


def test_decided_check_of_one_file_knows_its_kinds():
    assert check_file(REVIEW.file, REVIEW.write([])) == []
    row = {"id": "R-1", "driver": "1", "title": "t", "implication": "i", "outcome": "achieved"}
    assert "needs its evidence" in str(check_file(REVIEW.file, REVIEW.write([row]))[0])
    with pytest.raises(CallError, match="There is no file"):
        check_file("design/other.csv", "")
    assert FILE in sheets()


def test_decided_who_came_are_kinds_with_counts_and_no_names():
    assert came("carers: 12; providers") == (Came("carers", 12), Came("providers", None))
    for text in ("a@b.org", "carers: many", "12"):
        with pytest.raises(ValueError, match="never names"):
            came(text)
    row = {"id": "E-1", "name": "n", "kind": "survey", "state": "held", "who": "Dr: x"}
    assert check_file(EVENTS.file, EVENTS.write([row]))[0].field == "who"
