"""Find what a text may quote: measures, observations, tables and charts, by words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from careshape.evaluate.measure import measures
from careshape.statement.calls import Call, Place
from careshape.statement.cards import Card
from careshape.statement.council import Council
from careshape.statement.expressions import parse
from careshape.statement.figures import Figure
from careshape.statement.formatting import title_of, written
from careshape.statement.labels import label_of, period_title
from careshape.statement.phrases import phrase
from careshape.writing.texts import drafting

MOST: Final = 20
"""Of each kind, so many are shown; more words leave fewer."""


@dataclass(frozen=True)
class Hit:
    """Something that may be quoted."""

    title: str
    said: str
    expression: str = ""
    """What is written in the text; empty for a measure, of which dimensions and period are chosen first."""
    measure: str = ""


@dataclass(frozen=True)
class Hits:
    """What was found of one kind."""

    title: str
    shown: tuple[Hit, ...]
    more: int
    """How many fit that are not shown."""


def find(council: Council, words: str) -> list[Hits]:
    """Everything in which all the words stand, by kind; nothing for no words."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    kinds = (("Measures", _measures()), ("Tables and charts", _tables(council)), ("Published figures", _seen(council)))
    return [_of_kind(title, hits, wanted) for title, hits in kinds]


def _of_kind(title: str, hits: Iterator[tuple[Hit, str]], wanted: list[str]) -> Hits:
    fit = [hit for hit, text in hits if all(word in text.casefold() for word in wanted)]
    return Hits(title, tuple(fit[:MOST]), max(0, len(fit) - MOST))


def _measures() -> Iterator[tuple[Hit, str]]:
    for one in measures().values():
        said = one.card.what
        yield Hit(one.label, said, measure=one.id), f"{one.id} {one.label} {said}"


def _tables(council: Council) -> Iterator[tuple[Hit, str]]:
    for spec in council.written.tables.values() if council.written else ():
        title = str(phrase(drafting(council).book, spec.title))
        kinds = ("table",) if spec.chart == "none" else ("table", "chart")
        for kind in kinds:
            yield Hit(title, f"A {kind} of its own line", f'{kind}("{spec.id}")'), f"{kind} {spec.id} {title}"


def _seen(council: Council) -> Iterator[tuple[Hit, str]]:
    tables = council.dataset.tables if council.dataset else {}
    for row in council.observations:
        title = tables[row.table].title if row.table in tables else title_of(row.table)
        dims = [label_of(name, value) for name, value in row.dims.items() if value != "all"]
        when = period_title(row.period.text) if row.period.text else row.period.label
        what = ", ".join(one for one in (title_of(row.measure), *dims, when) if one)
        said = f"{written(row.value, row.unit)}. {title}"
        yield Hit(what, said, f'observation("{row.id}")'), f"{row.id} {what} {said}"


def figure_of(council: Council, expression: str) -> Figure:
    """The figure that an expression gives now. Raises ExpressionError where it cannot be read."""
    call: Call = parse(expression, Place("What you chose", 0))
    if call.block:
        return Figure("", str(call), None, "", "", "It stands on a line of its own", Card("text", ()))
    return drafting(council).book.figure(call)
