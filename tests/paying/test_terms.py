from __future__ import annotations

import pytest

from careshape.errors import CallError, CatalogueError
from careshape.paying import Terms, book
from careshape.paying.terms import WHOLE
from tests.paying.packages import terms


def test_every_term_is_explained_and_has_a_default():
    assert set(book().terms) == set(Terms.model_fields) - {"id", "title", "words"}


def test_examples_say_that_they_are_ours():
    assert all("careshape" in one.words and "example" in one.words for one in book().contracts.values())


def test_a_retainer_is_full_then_a_part_then_nothing():
    held = terms(retainers=[{"reason": "hospital", "full_days": 2, "then_percent": "62.5", "then_days": 1}])
    assert [held.retained("hospital", day) for day in (1, 2, 3, 4)] == [WHOLE, WHOLE, 6_250, 0]
    assert held.retained("holiday", 1) == 0


def test_a_council_lays_its_own_contract_over(tmp_path):
    (tmp_path / "paying").mkdir()
    own = tmp_path / "paying" / "terms.toml"
    own.write_text(
        '[[contract]]\nid = "care-home"\nnotice_days = 14\n'
        '\n[[contract]]\nid = "ours"\ntitle = "Ours"\nwords = "Made up."\n'
        '\n[[reason]]\nid = "snow"\ntitle = "Snow"\npays = "planned"\n'
    )
    held = book(tmp_path)
    assert held.contract("care-home").notice_days == 14
    assert held.contract("care-home").title == book().contract("care-home").title
    assert held.contract("ours").notice_days == held.defaults["notice_days"] == 28
    assert held.reasons["snow"].pays == "planned"
    assert "snow" not in book().reasons
    with pytest.raises(CallError, match="There is no contract 'our'"):
        held.contract("our")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("notice_days = 14", "field 'notice_days'"),
        ('[[contract]]\nid = "a"\nday_count = "both"\ntitle = "A"\nwords = "A."', "'day_count' has value 'both'"),
        (
            '[[contract]]\nid = "care-home"\nweek_begins = "sunday"',
            "2024-04-01 is a Monday, and weeks begin on a Sunday",
        ),
        (
            '[[contract]]\nid = "care-home"\npay_day_of_death = false\ndays_after_death = 3',
            "only where the day of death",
        ),
        ('[[contract]]\nid = "care-home"\nnotice_days = -1', "'notice_days' has value -1"),
        ('[[contract]]\nid = "a"\n[[contract]]\nid = "a"', "An entry is stated once"),
        ('[[term]]\nid = "day_count"', "The file holds entries under [[contract]], [[reason]]"),
        ("[contract]\nid = 1", "Entries stand under [[contract]]"),
    ],
)
def test_a_file_that_breaks_its_schema_is_told(tmp_path, text, said):
    (tmp_path / "paying").mkdir()
    (tmp_path / "paying" / "terms.toml").write_text(text)
    with pytest.raises(CatalogueError) as fault:
        book(tmp_path)
    assert said in str(fault.value)


def test_two_retainers_of_one_reason_are_refused():
    held = {"reason": "hospital", "full_days": 1, "then_percent": 0, "then_days": 0}
    with pytest.raises(ValueError, match="two retainers for 'hospital'"):
        terms(retainers=[held, held])
