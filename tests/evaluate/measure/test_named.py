"""Filters by provider and setting: by name, by reference, and what a name says that nobody has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from careshape.errors import CallError
from careshape.evaluate.measure import measure

from .conftest import RowLedger, row

NAMES = {
    "providers": {
        7: {"reference": "P-007", "name": "Synthetic provider W-007"},
        8: {"reference": "P-008", "name": "Synthetic provider W-008"},
        9: {"reference": "P-009", "name": "Synthetic provider W-008"},
    },
    "settings": {70: {"reference": "Synthetic home W-070", "name": "Synthetic home W-070"}},
}


@dataclass
class Registered(RowLedger):
    """A ledger with registers; provider 9 came with the second posting."""

    def register(self, which: str, known: int | None = None) -> dict[int, dict[str, Any]]:
        return {number: one for number, one in NAMES[which].items() if number != 9 or known == 2}


@pytest.fixture
def ledger(make_ledger):
    lines = [(1, 7, 70), (2, 7, 0), (3, 8, 0), (4, 9, 0), (5, 0, 0)]
    made = make_ledger(
        [row(n, "2020-01-01", person=n, provider=provider, setting=setting) for n, provider, setting in lines]
    )
    return Registered(made.file, made.recorded)


def people(ledger, **where: str) -> object:
    return measure(ledger, "people_supported", where=where, period="2021-03-31").value


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ({"provider": "Synthetic provider W-007"}, 2),
        ({"provider": "synthetic PROVIDER w-007"}, 2),  # whatever its case
        ({"provider": "P-008"}, 1),  # by reference
        ({"provider": "P-007|P-008"}, 3),  # several
        ({"provider": "unknown"}, 1),  # lines that name none
        ({"setting": "Synthetic home W-070"}, 1),
        ({"setting": "Synthetic home W-070", "provider": "P-008"}, 0),  # both at once
    ],
)
def test_lines_are_filtered_by_name_or_reference(ledger, where, count):
    assert people(ledger, **where) == count


def test_all_providers_of_a_name_are_taken_as_they_were_known(ledger):
    assert people(ledger, provider="Synthetic provider W-008") == 1
    ledger.recorded[2] = ledger.recorded[1]
    assert people(ledger, provider="Synthetic provider W-008") == 2


def test_a_name_that_nobody_has_is_refused_with_near_ones(ledger):
    with pytest.raises(
        CallError, match=r"No provider .* 'Synthetic provider W-070'\. Did you mean Synthetic provider W-0"
    ):
        people(ledger, provider="Synthetic provider W-070")
    with pytest.raises(CallError, match=r"No setting in the register is called 'Rose'\. Split by setting"):
        people(ledger, setting="Rose")


def test_a_filter_by_time_says_what_to_ask_for_instead(ledger):
    with pytest.raises(CallError, match=r"cannot be filtered by 'month'\. Ask for the period"):
        people(ledger, month="2021-03")
