"""Words that claim a place or a direction of what a table shows beside them: a page must not say that most hours are
in Redditch over a table in which another district has more.

What is read is a clause of the part of a page that shows the table, which names one row of it and says what its title
counts ("hours" of "Hours of home care by district"): "Redditch has the most hours", "more hours go to Redditch than to
any other", "most hours are in Redditch"; "hours rose in Redditch" where the columns are days. What is said of something
else, as the costs of hours, is not read: a false alarm would stop a page. A claim stands if any column, or any pair of
days, bears it out, and what is withheld or not known contradicts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

from careshape.statement.calls import Found
from careshape.statement.claims import CLAUSE, DOWN, IS, LEAST, MORE, MOST, NEGATED, UP, Claim
from careshape.statement.tables import Row, Table

_HEADING: Final = re.compile(r"^## ", re.MULTILINE)
_CLAIMS: Final = re.compile(rf"\b(?:most|fewest|{MOST}|{LEAST}|{MORE}|fewer|{UP}|{DOWN})\b", re.IGNORECASE)
_MOVED: Final = re.compile(rf"\b(?:(?P<up>{UP})|(?P<down>{DOWN}))\b", re.IGNORECASE)
_THERE: Final = r"(?:are|is|were|was|live|lives|lived|go|goes|went|come|comes|came|fall|falls|fell)"
_COUNTED: Final = re.compile(
    r"(\w+)(?: (?:of|in|with|by|at|to|from|for|aged|who|that|supported|receiving|waiting|paid|living)\b|$)"
)
"""What the title of a table counts: its last word before it says of what, or where."""
Number = int | Decimal | Fraction


def against_tables(text: str, found: Sequence[Found], table_of: Callable[[str], Table | None]) -> Iterator[Claim]:
    """The claims of a page's text that the tables beside them contradict; ``table_of`` fills a table by its id."""
    edges = [0, *(match.start() for match in _HEADING.finditer(text)), len(text)]
    for start, end in pairwise(edges):
        shown = [one.call.first for one in found if one.call.name in ("table", "chart") and start <= one.start < end]
        if shown and _CLAIMS.search(text[start:end]):
            tables = [table for name in dict.fromkeys(shown) if (table := table_of(name)) is not None]
            for at, sentence in _sentences(text[start:end]):
                yield from _of_sentence(start + at, sentence, tables)


def _sentences(part: str) -> Iterator[tuple[int, str]]:
    """The clauses of a part of a page, without its expressions; each with its place."""
    bare = re.sub(r"\{\{.*?\}\}", lambda match: re.sub(r"[^\n]", " ", match[0]), part, flags=re.DOTALL)
    at = 0
    for edge in [*CLAUSE.finditer(bare), None]:
        piece = bare[at : edge.start() if edge else len(bare)]
        if piece.strip():
            yield at + len(piece) - len(piece.lstrip()), " ".join(piece.split())
        at = edge.end() if edge else len(bare)


def _of_sentence(start: int, sentence: str, tables: Sequence[Table]) -> Iterator[Claim]:
    if not _CLAIMS.search(sentence) or NEGATED.search(sentence):
        return
    for table in tables:
        named = [row for row in _by_label(table) if re.search(rf"\b{re.escape(row.heads[-1])}\b", sentence)]
        counted = _COUNTED.search(table.title)
        if len(named) != 1 or counted is None:
            continue
        noun = rf"{re.escape(counted[1].removesuffix('s'))}s?\b"
        message = _first_place(sentence, table, named[0], noun) or _direction(sentence, table, named[0], noun)
        if message:
            yield Claim(start, message)
            return  # another table beside it says the same


def _by_label(table: Table) -> list[Row]:
    """The rows that a name tells apart; totals and rows within rows are left out."""
    rows = [row for row in table.rows if not row.total]
    labels = [row.heads[-1] for row in rows]
    return [row for row in rows if len(row.heads) == 1 and row.heads[-1] and labels.count(row.heads[-1]) == 1]


def _first_place(sentence: str, table: Table, row: Row, noun: str) -> str:
    """What is wrong with the first or last place that a sentence gives to a row; empty where nothing is."""
    label, there = re.escape(row.heads[-1]), rf"{_THERE} (?:in|to|from)"
    forms = (
        rf"\b{label}\b.{{0,60}}?\b{IS} (?:(?P<up>{MOST})|(?P<down>{LEAST}))(?: number of| of)? {noun}",
        rf"^(?:the )?(?:(?P<up>most)|(?P<down>fewest)) {noun}.{{0,40}}?\b{there} {label}\b(?! (?:and|or)\b)",
        rf"\b(?:(?P<up>more|most)|(?P<down>fewer|fewest)) {noun}.{{0,60}}\b{label}\b"
        r".{0,20}\bthan\b.{0,20}\bany other\b",
    )
    claim = next((match for one in forms if (match := re.search(one, sentence, re.IGNORECASE))), None)
    if claim is None:
        return ""
    top, ends = bool(claim["up"]), set()
    for number, column in enumerate(table.columns):
        value = _number(row, number)
        others = [(_number(one, number), one.heads[-1]) for one in table.rows if not one.total]
        known = [(other, name) for other, name in others if other is not None]
        if value is None or len(known) < 2:
            continue
        end, first = (max if top else min)(known, key=lambda one: one[0])
        if end == value:
            return ""
        ends.add(f"{first} in '{column.title}'")
    if not ends:
        return ""
    said = claim["up"] or claim["down"]
    where = f"in the table '{table.title}' it is {sorted(ends)[0]}"
    return f"The text says '{said.strip()}' of {row.heads[-1]}, and {where}. Put the word or the name right."


def _direction(sentence: str, table: Table, row: Row, noun: str) -> str:
    """What is wrong with a rise or a fall that a sentence tells of a row; empty where nothing is."""
    # Of what it counts itself: the costs of hours are something else.
    moved = re.search(rf"(?<!\bof )(?<!\bof the )\b{noun}.{{0,40}}?{_MOVED.pattern}", sentence, re.IGNORECASE)
    ways = {bool(match["up"]) for match in _MOVED.finditer(sentence)}
    days = sorted(
        (column.day, value)
        for number, column in enumerate(table.columns)
        if column.day is not None and (value := _number(row, number)) is not None
    )
    if moved is None or len(ways) != 1 or len(days) < 2:
        return ""
    up = bool(moved["up"])
    if any((later > earlier) is up and later != earlier for earlier, later in _pairs(days)):
        return ""
    word = moved["up"] or moved["down"]
    course = " to ".join(f"{float(value):,g}" for _, value in days)
    return (
        f"The text says '{word}' of {row.heads[-1]}, and the table '{table.title}' goes from {course}. "
        "Put the word right, or say of what it is."
    )


def _pairs(days: Sequence[tuple[date | None, Number]]) -> Iterator[tuple[Number, Number]]:
    for number, (_, earlier) in enumerate(days):
        for _, later in days[number + 1 :]:
            yield earlier, later


def _number(row: Row, column: int) -> Number | None:
    value = row.cells[column].value if column < len(row.cells) else None
    return value if isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool) else None
