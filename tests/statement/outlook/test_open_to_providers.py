"""What is open to providers as data: the rows of the page of what is wanted, with group, place, size and days."""

from __future__ import annotations

import json

from careshape.editions.reuse.opportunities import LONGEST, opportunities
from careshape.exchange.validate import validate_content
from careshape.statement.design.wanted import wanted
from tests.exchange.sample import sample


def test_opportunities_are_the_rows_of_the_page_of_which_more_is_needed(council):
    rows = [one for one in wanted(council) if one.answer.verdict != "no" and round(one.gap.gap.mean) > 0]
    found = opportunities(council, [])
    assert rows
    assert len(found) == len(rows)
    for one, row in zip(found, rows, strict=True):
        assert one["services"] == list(row.gap.segment.service_ids())
        assert ("client_groups" in one, "areas" in one) == (row.gap.client_group != "all", row.gap.area != "all")
        assert (one["size"], one["closes"]) == (round(row.gap.gap.mean), row.gap.on.isoformat())
        assert one["answer"] == row.answer.verdict
        assert one["interval"]["low"] <= one["interval"]["high"]
        assert len(one["id"]) <= LONGEST
    wychavon = next(one for one in found if one.get("areas") == ["E07000238"])
    assert "Wychavon, by " in wychavon["title"]


def test_opportunities_keep_to_the_open_form(council):
    found = [{name: one[name] for name in one if name != "segment"} for one in opportunities(council, [])]
    checked = validate_content("x.json", json.dumps(sample(opportunities=found)).encode())
    assert checked.valid, checked.faults[:3]


def test_what_a_segment_says_in_words_has_the_services_of_the_segment_and_the_day_of_the_records(council):
    segment = next(one for one in council.statement.segments.values() if one.services)
    one = opportunities(council, [(segment, "Tell us of your plans.")])[0]
    assert (one["id"], one["text"], one["services"]) == (segment.id, "Tell us of your plans.", list(segment.services))
    assert one["opens"] == council.postings[-1].day.isoformat()
    assert "size" not in one
