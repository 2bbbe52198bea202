"""Functions of what the council means to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from careshape.errors import CallError
from careshape.statement.calls import Call, near
from careshape.statement.cards import Card, Line
from careshape.statement.figures import FigureBook, Reading
from careshape.statement.formatting import title_of
from careshape.statement.functions.arguments import several
from careshape.statement.functions.function import Function, Parameter
from careshape.statement.labels import period_title


def _intention(book: FigureBook, call: Call) -> Reading:
    known = {one.id: one for one in book.sources.intentions}
    if call.first not in known:
        raise CallError(f"There is no intention '{call.first}'. {near(call.first, known)}")
    one, wanted = known[call.first], str(call.options.get("field", "by_date"))
    if wanted not in ("by_date", "target_value"):
        raise CallError(f"An intention has no figure '{wanted}'. Ask for by_date or target_value.")
    card = Card("intention", (Line("Intention", one.statement, "intentions", "", one.id), Line("Reference", one.id)))
    if wanted == "target_value":
        return Reading(one.target_value, one.unit, f"Target: {title_of(one.target_measure)}", card)
    text = period_title(one.by_date.text) if one.by_date.text else None
    return Reading(text, "", "By when", card)


def find_intentions(book: FigureBook, wanted: Mapping[str, str | Sequence[str]]) -> list[Any]:
    """The intentions that match; ``section`` takes its subsections in, and a list any of its values."""
    return [
        one
        for one in book.sources.intentions
        if all(_matches(name, str(getattr(one, name)), several(value)) for name, value in wanted.items())
    ]


def _matches(name: str, value: str, wanted: Sequence[str]) -> bool:
    return value in wanted or (name == "section" and any(value.startswith(f"{one}.") for one in wanted))


FUNCTIONS: Final = (
    Function(
        "intention",
        (Parameter("id", "an intention"), Parameter("field", '"by_date" (the default) or "target_value"', "name")),
        "names",
        "by when an intention is meant to be done, or how much is meant",
        "Its card leads to the intention.",
        'intention("W-CI-010")',
        _intention,
    ),
)
