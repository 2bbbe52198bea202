"""Which part is the largest where some are withheld: told only where what is shown says so already.

The attacker is asked: with the sentence as one more thing that a reader knows, no withheld part may be narrower.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from careshape.catalogue.periods import parse_period
from careshape.disclosure import AtMost, Figure, Published, Rule, Sum, attack
from careshape.errors import CareshapeError
from careshape.evaluate.measure import Result, measures
from careshape.evaluate.measure.result import Cell
from careshape.statement.calls import Place
from careshape.statement.council import Council
from careshape.statement.expressions import parse
from careshape.statement.figures import Figure as Read
from careshape.statement.figures import FigureBook
from careshape.statement.formatting import Withheld
from careshape.statement.functions import read

WHY = Withheld("it could tell of one provider's business")
DISTRICTS = ("redditch", "worcester", "wychavon", "unknown")
PERIOD = parse_period("2021-03")


@dataclass(frozen=True)
class _Hidden(Result):
    """A result without some of its cells."""

    without: frozenset[str] = field(default_factory=frozenset)

    def value_of(self, cell: Cell, places: int | None = None) -> object:
        return WHY if "".join(cell.key) in self.without else super().value_of(cell, places)


def _read(council: Council, text: str, values: dict[str, int], without: set[str], total: bool = True) -> Read:
    """What an expression says of hours by district, of which an edition withholds some."""

    def ask(context: object, name: str, *, by=(), where=None, period=None) -> Result:
        if not by and not total:
            raise CareshapeError("The gate has not seen it.")
        cells = {(one,): value for one, value in values.items()} if by else {(): sum(values.values())}
        made = tuple(Cell(key, Fraction(value)) for key, value in cells.items())
        return _Hidden(measures()[name], tuple(by), made, {}, (PERIOD,), frozenset(without))

    return FigureBook(council.sources, read, ask).figure(parse(text, Place("test.md", 1)))


LARGEST = 'largest("home_care_hours", by="district", period="2021-03")'
SMALLEST = 'smallest("home_care_hours", by="district", period="2021-03")'
PLACE = 'rank("home_care_hours", by="district", district="{}", period="2021-03")'
FOUR = dict(zip(DISTRICTS, (50, 200, 90, 20), strict=True))


@pytest.mark.parametrize(
    ("text", "without", "says"),
    [
        (LARGEST, {"redditch", "unknown"}, "Worcester"),  # 70 are left of 360, and 200 is more
        (LARGEST, {"unknown"}, "Worcester"),  # no part that has a name is withheld
        (LARGEST, {"redditch", "worcester"}, "suppressed"),  # the largest itself is
        (SMALLEST, {"redditch", "unknown"}, "suppressed"),  # a withheld part may be nothing
        (SMALLEST, {"unknown"}, "Redditch"),
        (PLACE.format("wychavon"), {"redditch", "unknown"}, "2"),
        (PLACE.format("redditch"), {"redditch", "unknown"}, "suppressed"),
        (PLACE.format("wychavon"), {"redditch", "worcester"}, "suppressed"),
    ],
)
def test_part_is_named_only_where_what_is_shown_proves_it(council, text, without, says):
    assert _read(council, text, FOUR, without).text == says


def test_nothing_is_proven_without_the_total_or_with_one_that_is_withheld(council):
    hidden = {"redditch", "unknown"}
    assert _read(council, LARGEST, FOUR, hidden, total=False).value == WHY
    assert _read(council, LARGEST, FOUR, {*hidden, ""}).value == WHY


def _ranges(published: Published) -> dict[str, tuple[int, int | None]]:
    found = {one.id: (one.least, one.greatest) for one in attack(published, full=True).findings}
    assert found, "the attack has a target"
    return found


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(
    numbers=st.lists(st.integers(0, 40), min_size=4, max_size=4),
    without=st.sets(st.sampled_from(DISTRICTS), min_size=2, max_size=3),
)
def test_attacker_learns_nothing_from_the_name_of_the_largest(council, numbers, without):
    values = dict(zip(DISTRICTS, numbers, strict=True))
    figures = [
        Figure(id_, None, 0, None) if id_ in without else Figure(id_, value, value, value)
        for id_, value in values.items()
    ]
    whole = Figure("all", sum(numbers), sum(numbers), sum(numbers))
    published = Published(1, Rule(method="suppress"), (*figures, whole), (Sum("all", DISTRICTS),))

    def with_sentence(largest: str) -> Published:
        others = [one for one in DISTRICTS if one not in (largest, "unknown")]
        return replace(published, limits=tuple(AtMost(one, (largest,)) for one in others))

    said = _read(council, LARGEST, values, without)
    assume(not isinstance(said.value, Withheld))
    assert _ranges(with_sentence(str(said.value).lower())) == _ranges(published)


def test_attacker_would_learn_from_a_name_that_is_not_proven():
    shown = [Figure("worcester", 30, 30, 30), Figure("all", 80, 80, 80)]
    hidden = [Figure(one, None, 0, None) for one in ("redditch", "wychavon")]
    published = Published(1, Rule(method="suppress"), (*shown, *hidden), (Sum("all", DISTRICTS[:3]),))
    told = replace(published, limits=tuple(AtMost(one.id, ("worcester",)) for one in hidden))
    assert _ranges(published)["redditch"] == (0, 50)
    assert _ranges(told)["redditch"] == (20, 30)
