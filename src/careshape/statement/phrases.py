"""Lines of text that hold figures: titles, headings and notes, with their expressions filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from careshape.statement.calls import Place
from careshape.statement.content import Segment, Statement
from careshape.statement.expressions import pieces
from careshape.statement.figures import Figure, FigureBook


@dataclass(frozen=True)
class Phrase:
    """A line of text, as stretches of words and the figures between them."""

    pieces: tuple[str | Figure, ...] = ()

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures in it, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Figure))

    def __str__(self) -> str:
        """The line with its figures written out."""
        return "".join(piece.text if isinstance(piece, Figure) else piece for piece in self.pieces)

    def __bool__(self) -> bool:
        return bool(self.pieces)


NOTHING: Final = Phrase()
"""A line with nothing on it."""


def phrase(book: FigureBook, text: str) -> Phrase:
    """A line with its expressions computed. Raises ExpressionError where one cannot be read."""
    made = pieces(text, Place("", 0))
    return Phrase(tuple(piece if isinstance(piece, str) else book.figure(piece) for piece in made))


def titled(book: FigureBook, statement: Statement) -> Statement:
    """A statement with the expressions of its titles filled in: its own, its parts', its segments' and its tables'."""

    def said(text: str) -> str:
        return str(phrase(book, text))

    def segment(one: Segment) -> Segment:
        return replace(one, title=said(one.title))

    groups = tuple(
        replace(group, title=said(group.title), segments=tuple(segment(one) for one in group.segments))
        for group in statement.groups
    )
    tables = {name: spec.model_copy(update={"title": said(spec.title)}) for name, spec in statement.tables.items()}
    title, subtitle = said(statement.title), said(statement.subtitle)
    return replace(statement, title=title, subtitle=subtitle, groups=groups, tables=tables)
