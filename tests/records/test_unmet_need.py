"""The file of needs that were not met: the same whoever they are of, and refused in a sentence where it is none."""

from __future__ import annotations

import json
from itertools import permutations

import pytest

from careshape.errors import InputError
from careshape.records.unmet_need import FILE, Row, as_text, read_unmet_need
from careshape.source.requests.asking import asking
from careshape.source.taught.unmet import Kind

NURSING = ("nursing", "older-people", "redditch", "unknown")
ROWS = (
    Row("2026-03", "no-capacity", *NURSING, 41),
    Row("2026-04", "late", *NURSING, 41),
    Row("2026-03", "no-capacity", *NURSING, 7),
)


def test_file_is_the_same_whoever_the_needs_are_of_and_in_whichever_order(tmp_path):
    texts = {as_text("2026-01", "2026-06", order) for order in permutations(ROWS)}
    texts.add(as_text("2026-01", "2026-06", [one._replace(person=one.person * 1000 + 5) for one in ROWS]))
    texts.add(as_text("2026-01", "2026-06", [one._replace(person=50 - one.person) for one in ROWS]))
    (text,) = texts
    (tmp_path / FILE).write_text(text)
    told = read_unmet_need(tmp_path)
    assert told is not None
    assert (told.first, told.last) == ("2026-01", "2026-06")
    assert sorted(told.rows) == [
        Row("2026-03", "no-capacity", *NURSING, 1),
        Row("2026-03", "no-capacity", *NURSING, 2),
        Row("2026-04", "late", *NURSING, 2),
    ]


def test_where_nothing_is_told_there_is_nothing(tmp_path):
    assert read_unmet_need(tmp_path) is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": 2}, "its format is 2"),
        ({"first": "2026"}, "'2026' is no month"),
        ({"last": "2026-02"}, "2026-03 is none of the months from 2026-01 to 2026-02"),
        ({"rows": [["2026-03", "no-reason", *NURSING, 1]]}, "'no-reason' is not in the list unmet"),
        ({"rows": [["2026-03", "late", *NURSING, 0]]}, "a person is a whole number from 1"),
        ({"rows": [["2026-03"]]}, "missing"),
        ({"rows": 5}, "not iterable"),
    ],
)
def test_a_file_that_is_none_is_told_with_what_to_do(tmp_path, change, says):
    good = json.loads(as_text("2026-01", "2026-06", ROWS))
    (tmp_path / FILE).write_text(json.dumps(good | change))
    with pytest.raises(InputError, match=says) as error:
        read_unmet_need(tmp_path)
    assert "written anew overnight" in str(error.value)


def test_every_reason_and_every_way_has_an_entry():
    """A reason that the catalogue does not hold would be counted as one that is not known."""
    from careshape.catalogue import catalogue

    entries = set(catalogue().lists["unmet"].by_id)
    ways = {one.value for one in Kind if one is not Kind.REFUSED}
    assert entries == {"unknown", *asking().noes, *ways}
    assert set(catalogue().members("unmet", "refused")) == {"unknown", *asking().noes}
