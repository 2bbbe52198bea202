"""What a printed statement is made of: the same for every form in which it is set.

The nodes are read from the pages' own HTML, so that the printed statement says what the pages say, in their order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import Any


@dataclass(frozen=True)
class Run:
    """A stretch of words: bold or not, a tag or not, and where it leads.

    ``href`` is an address of the web, ``target`` the id of a chapter of the same document; both empty for plain words.
    """

    text: str
    bold: bool = False
    tag: bool = False
    href: str = ""
    target: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; ``level`` counts from the top of the document."""

    level: int
    runs: Runs


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``kind`` is "" for running text, "inset" for what is set apart, "small" for a note."""

    runs: Runs
    kind: str = ""


@dataclass(frozen=True)
class Listing:
    """A list, each item of which holds nodes; numbered or with bullets."""

    items: tuple[tuple[Node, ...], ...]
    numbered: bool = False


@dataclass(frozen=True)
class Terms:
    """Words with what is said of each."""

    items: tuple[tuple[Runs, tuple[Node, ...]], ...]


@dataclass(frozen=True)
class GridCell:
    """A cell of a table: its words, how far it reaches, whether it heads its row, whether it holds a number."""

    runs: Runs
    rows: int = 1
    columns: int = 1
    head: bool = False
    numeric: bool = False

    @property
    def text(self) -> str:
        """The cell's words."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class GridRow:
    """A row of a table; ``total`` for one that adds up others."""

    cells: tuple[GridCell, ...]
    total: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: its title, the headings of its columns, its rows, and the notes under it."""

    title: str
    heads: tuple[GridCell, ...]
    rows: tuple[GridRow, ...]
    notes: tuple[Paragraph, ...] = ()

    @property
    def width(self) -> int:
        """How many columns it has."""
        return sum(cell.columns for cell in self.heads)


@dataclass(frozen=True)
class Picture:
    """A picture: its title, its drawing as SVG, and what it shows in words."""

    title: str
    svg: str
    words: str


Node = Heading | Paragraph | Listing | Terms | Grid | Picture


@dataclass(frozen=True)
class Chapter:
    """A part of the document that opens on a page of its own. ``id`` is what links lead to."""

    id: str
    title: str
    level: int
    nodes: tuple[Node, ...]
    above: str = ""
    """The title of the part that begins with it, where one does."""
    about: str = ""
    """Where it stands in the council's own document."""
    sources: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole statement, ready to be set."""

    title: str
    subtitle: str
    council: str
    facts: tuple[tuple[str, str], ...]
    """What the cover says beside the title: label and words."""
    notices: tuple[str, ...]
    """What is to be known before anything else: that the records are synthetic, that it is a draft."""
    day: tuple[int, int, int]
    """The day that the file bears: that of its records, so that the same statement is the same file."""
    chapters: tuple[Chapter, ...]

    @property
    def grids(self) -> list[Grid]:
        """Every table, in the order of the document."""
        return [one for chapter in self.chapters for one in _grids((*chapter.nodes, *chapter.sources))]

    @property
    def pictures(self) -> list[Picture]:
        """Every picture, in the order of the document."""
        return [one for chapter in self.chapters for one in chapter.nodes if isinstance(one, Picture)]


def _grids(nodes: tuple[Node, ...]) -> list[Grid]:
    found: list[Grid] = []
    for node in nodes:
        if isinstance(node, Grid):
            found.append(node)
        elif isinstance(node, Listing):
            found += [one for item in node.items for one in _grids(item)]
        elif isinstance(node, Terms):
            found += [one for _, inner in node.items for one in _grids(inner)]
    return found


def as_data(node: Any, further: Callable[[object], dict[str, Any]]) -> Any:
    """A node as the typesetting template reads it: plain lists and dictionaries, each with its kind.

    ``further`` gives what a node is to say beside its own fields, or instead of them.
    """
    if isinstance(node, tuple | list):
        return [as_data(one, further) for one in node]
    if isinstance(node, str | int | float | bool) or node is None:
        return node
    if isinstance(node, dict):
        return {name: as_data(value, further) for name, value in node.items()}
    fields = {one.name: as_data(getattr(node, one.name), further) for one in dataclass_fields(node)}
    style = {"style": fields.pop("kind")} if "kind" in fields else {}
    return {"kind": type(node).__name__.lower(), **style, **fields, **further(node)}
