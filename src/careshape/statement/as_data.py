"""A segment as data: the words of its slots and every figure in them, for programs and for what compares editions."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from careshape.statement.calls import Call
from careshape.statement.content import Segment, for_council
from careshape.statement.council import Council
from careshape.statement.expressions import OPEN_CLOSE, find_expressions
from careshape.statement.figures import Figure
from careshape.statement.formatting import Value, Withheld
from careshape.statement.labels import period_title
from careshape.statement.series import series
from careshape.statement.text import without_marks
from careshape.statement.unshown import told

FORMAT: Final = 1
FIGURE: Final = "…"
"""What stands for a figure in the wording of a slot: words that are the same though their figures move."""


def segment_data(council: Council, one: Segment) -> dict[str, Any]:
    """A segment of a council's statement: its slots in words, its figures, the tables that stand in it."""
    calls = list(dict.fromkeys(found.call for found in one.found))
    return {
        "format": FORMAT, "authority": council.slug, "segment": one.id, "title": one.title, "kind": one.kind,
        "services": list(one.services), "known": council.known, "edition": council.edition,
        "slots": _slots(council, one),
        "figures": [_figure(council.book.figure(call), call) for call in calls if not call.block and _counts(call)],
        "tables": list(dict.fromkeys(call.first for call in calls if call.name in ("table", "chart"))),
        "intentions": [call.first for call in calls if call.name == "intention"],
    }  # fmt: skip


def _slots(council: Council, one: Segment) -> list[dict[str, str]]:
    """The words of each slot; of a page of context, which has none, those of the whole."""
    texts = [(slot.id, slot.title, slot.text) for slot in one.slots] or [("", one.title, one.text)]
    return [
        {"id": id_, "title": title, "text": _said(council, text, False), "wording": _said(council, text, True)}
        for id_, title, text in texts
    ]


def _said(council: Council, text: str, bare: bool) -> str:
    """A text in plain words, paragraph by paragraph; ``bare`` puts a mark where a figure stands."""
    if bare:
        readable = {each.start: each.call for each in find_expressions(text, "")[0]}

        def marked(match: re.Match[str]) -> str:
            call = readable.get(match.start())
            return "" if call is None or call.block else FIGURE

        filled = for_council(OPEN_CLOSE.sub(marked, text), council.demonstration)
    else:
        filled = told(council, text)
    paragraphs = re.split(r"\n\s*\n", filled)
    return "\n\n".join(said for said in map(without_marks, paragraphs) if said)


def _counts(call: Call) -> bool:
    """Whether an expression states a figure, and not a date, a name or a list."""
    return call.name not in ("date", "month", "year", "name", "label", "age", "printed", "intention")


def _figure(figure: Figure, call: Call) -> dict[str, Any]:
    asked = series(call)
    said = period_title(asked.when) if asked.when else ""
    return {
        "key": figure.key, "expression": str(call), "what": figure.what, "style": call.style or "",
        "apart_from_time": asked.name, "apart_from_times": asked.shape,
        "label": figure.what.removesuffix(f", {said}") if said else figure.what, "period": asked.when, "when": said,
        "value": _plain(figure.value), "unit": figure.unit, "text": figure.text,
        "withheld": isinstance(figure.value, Withheld), "where": _where(call),
    }  # fmt: skip


def _where(call: Call) -> dict[str, list[str]]:
    """The conditions of everything that a figure is made from."""
    found: dict[str, list[str]] = {}
    for each in call.calls():
        for name, value in each.options.items():
            if name not in ("period", "year", "by", "field", "measure") and not isinstance(value, Call):
                found.setdefault(name, []).extend([value] if isinstance(value, str) else map(str, _several(value)))
    return {name: list(dict.fromkeys(values)) for name, values in found.items()}


def _several(value: str | int | tuple[str, ...]) -> tuple[str | int, ...]:
    return value if isinstance(value, tuple) else (value,)


def _plain(value: Value) -> str | None:
    """A value as text that a program reads exactly; None for what is not known or not shown."""
    if value is None or isinstance(value, Withheld):
        return None
    if isinstance(value, Fraction | Decimal):
        return str(value)
    return value if isinstance(value, str) else value.isoformat() if not isinstance(value, int) else str(value)
