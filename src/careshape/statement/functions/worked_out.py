"""Functions that work a figure out from other figures."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from careshape.statement.calls import Call
from careshape.statement.cards import derived_card
from careshape.statement.figures import Figure, FigureBook, Reading
from careshape.statement.formatting import percent_change
from careshape.statement.functions.arguments import numbers
from careshape.statement.functions.function import Function, Parameter

MOST_WORDS: Final = 160
"""Characters that the title of a card may take."""
_PERCENT: Final = "percent-worked-out"


def _growth(book: FigureBook, call: Call) -> Reading:
    (a, b), parents = numbers(book, call)
    value = (b - a) / a * 100 if a is not None and b is not None and a != 0 else None
    card = derived_card("The later figure less the earlier, as a percentage of the earlier")
    return Reading(value, _PERCENT, _between("Change from {} to {}", parents), card, parents)


def _difference(book: FigureBook, call: Call) -> Reading:
    (a, b), parents = numbers(book, call)
    value = b - a if a is not None and b is not None else None
    unit = parents[0].unit if parents[0].unit == parents[1].unit else ""
    card = derived_card("The second figure less the first")
    return Reading(value, unit, _between("Difference between {} and {}", parents), card, parents)


def _share(book: FigureBook, call: Call) -> Reading:
    (a, b), parents = numbers(book, call)
    value = a / b * 100 if a is not None and b else None
    card = derived_card("The first figure as a percentage of the second")
    return Reading(value, _PERCENT, _between("{} as a share of {}", parents), card, parents)


def _ratio(book: FigureBook, call: Call) -> Reading:
    (a, b), parents = numbers(book, call)
    value = a / b if a is not None and b else None
    card = derived_card("The first figure divided by the second")
    return Reading(value, "", _between("{} divided by {}", parents), card, parents)


def _moved(book: FigureBook, call: Call) -> Reading:
    (a, b), parents = numbers(book, call)
    text = None
    if a is not None and b is not None:
        text = _course(a, b)
    card = derived_card("The later figure less the earlier, as a percentage of the earlier, with the word that fits")
    return Reading(text, "", _between("Change from {} to {}", parents), card, parents)


def _course(a: Fraction, b: Fraction) -> str:
    """ "Rose by 18%", "fell by 4.2%" or "did not change"; "rose from none", where a share cannot be said."""
    if a == b:
        return "did not change"
    verb = "rose" if b > a else "fell"
    return f"{verb} by {percent_change(abs((b - a) / a * 100))}" if a else f"{verb} from none"


def _sum(book: FigureBook, call: Call) -> Reading:
    values, parents = numbers(book, call)
    known = [value for value in values if value is not None]
    value = sum(known, Fraction(0)) if len(known) == len(values) else None
    unit = parents[0].unit if len({parent.unit for parent in parents}) == 1 else ""
    return Reading(value, unit, "Sum", derived_card("The sum of these figures"), parents)


def _between(form: str, parents: tuple[Figure, ...]) -> str:
    """What a figure worked out from two others is, in words; in short where the others take many words themselves."""
    said = form.format(*(f"“{parent.what}”" for parent in parents))
    return said if len(said) <= MOST_WORDS else form.format("one figure", "another").capitalize()


def _two(first: str, second: str) -> tuple[Parameter, Parameter]:
    return Parameter(first, "a figure"), Parameter(second, "a figure")


FUNCTIONS: Final = (
    Function(
        "growth",
        _two("earlier", "later"),
        "figures",
        "the change from the first to the second, in per cent",
        "A fall is below zero.",
        'growth(measure("bed_nights", period="2019/20"), measure("bed_nights", period="2020/21")) | percent1',
        _growth,
    ),
    Function(
        "moved",
        _two("earlier", "later"),
        "figures",
        "the change from the first to the second in words: rose by 18%, fell by 4.2%, did not change",
        "The word follows the figures, so that text and table cannot disagree.",
        'moved(measure("bed_nights", period="2019/20"), measure("bed_nights", period="2020/21"))',
        _moved,
    ),
    Function(
        "difference",
        _two("first", "second"),
        "figures",
        "the second less the first",
        "It keeps the unit where both have the same.",
        'difference(measure("bed_nights", period="2019/20"), measure("bed_nights", period="2020/21"))',
        _difference,
    ),
    Function(
        "share",
        _two("part", "whole"),
        "figures",
        "the first as a percentage of the second",
        "Both must count the same thing.",
        'share(measure("cost", period="2020/21", service="home-care"), measure("cost", period="2020/21"))',
        _share,
    ),
    Function(
        "ratio",
        _two("above", "below"),
        "figures",
        "the first divided by the second",
        "It has no unit.",
        'ratio(measure("bed_nights", period="2019/20"), measure("bed_nights", period="2020/21")) | decimal1',
        _ratio,
    ),
    Function(
        "sum",
        (Parameter("figure", "a figure", several=True),),
        "figures",
        "the sum of its arguments",
        "It is not known where one of them is not.",
        'sum(measure("bed_nights", period="2019/20"), measure("bed_nights", period="2020/21"))',
        _sum,
    ),
)
