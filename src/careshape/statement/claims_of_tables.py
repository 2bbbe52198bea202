"""Words that claim a place or a direction of what a table shows beside them: a page must not say that most hours are
in Redditch over a table in which another district has more.

What is read is a sentence of the part of a page that shows the table, which names one row of it and shares a word with
its title or headings: "Redditch has the most", "more hours go to Redditch than to any other", "most hours are in
Redditch"; "hours rose in Redditch" where the columns are days. A claim stands if any column, or any pair of days, bears
it out, and what is withheld or not known contradicts nothing.
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
_END: Final = re.compile(rf"[.!?](?=\s|$)|\n\s*\n|\n\s*[-*] |\n#+ |{CLAUSE.pattern}")
_CLAIMS: Final = re.compile(rf"\b(?:most|fewest|{MOST}|{LEAST}|{MORE}|fewer|{UP}|{DOWN})\b", re.IGNORECASE)
_MOVED: Final = re.compile(rf"\b(?:(?P<up>{UP})|(?P<down>{DOWN}))\b", re.IGNORECASE)
_THERE: Final = r"(?:are|is|were|was|live|lives|lived|go|goes|went|come|comes|came|fall|falls|fell)"
_SMALL: Final = 4
"""Letters that a word has at least by which a sentence and a table are of the same thing."""
_NO_SUBJECT: Final = frozenset(
    ("with", "from", "that", "this", "than", "were", "have", "been", "each", "last", "year", "most", "more", "fewer")
)
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
    for edge in [*_END.finditer(bare), None]:
        piece = bare[at : edge.start() if edge else len(bare)]
        if piece.strip():
            yield at + len(piece) - len(piece.lstrip()), " ".join(piece.split())
        at = edge.end() if edge else len(bare)


def _of_sentence(start: int, sentence: str, tables: Sequence[Table]) -> Iterator[Claim]:
    if not _CLAIMS.search(sentence) or NEGATED.search(sentence):
        return
    for table in tables:
        named = [row for row in _by_label(table) if re.search(rf"\b{re.escape(row.heads[-1])}\b", sentence)]
        if len(named) != 1 or not _same_subject(sentence, table, named[0]):
            continue
        message = _first_place(sentence, table, named[0]) or _direction(sentence, table, named[0])
        if message:
            yield Claim(start, message)
            return  # another table beside it says the same


def _by_label(table: Table) -> list[Row]:
    """The rows that a name tells apart; totals and rows within rows are left out."""
    rows = [row for row in table.rows if not row.total]
    labels = [row.heads[-1] for row in rows]
    return [row for row in rows if len(row.heads) == 1 and row.heads[-1] and labels.count(row.heads[-1]) == 1]


def _same_subject(sentence: str, table: Table, row: Row) -> bool:
    said = " ".join([table.title, *(column.title for column in table.columns)])
    return bool(_words(sentence.replace(row.heads[-1], " ")) & _words(said))


def _words(text: str) -> set[str]:
    words = {word.lower().removesuffix("s") for word in re.findall(r"[A-Za-z]+", text)}
    return {word for word in words if len(word) >= _SMALL} - _NO_SUBJECT


def _first_place(sentence: str, table: Table, row: Row) -> str:
    """What is wrong with the first or last place that a sentence gives to a row; empty where nothing is."""
    label, most, fewest = (
        re.escape(row.heads[-1]),
        r"most|(?:largest|highest) \w+ of",
        r"fewest|(?:smallest|lowest) \w+ of",
    )
    forms = (
        rf"\b{label}\b.{{0,60}}?\b{IS} (?:(?P<up>{MOST})|(?P<down>{LEAST}))\b",
        rf"^(?:the )?(?:(?P<up>{most})|(?P<down>{fewest}))\b.{{0,40}}?\b{_THERE} (?:in|to|from) "
        rf"{label}\b(?! (?:and|or)\b)",
        rf"\b(?:(?P<up>more|most)|(?P<down>fewer|fewest))\b.{{0,60}}\b{label}\b.{{0,20}}\bthan\b.{{0,20}}\bany other\b",
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


def _direction(sentence: str, table: Table, row: Row) -> str:
    """What is wrong with a rise or a fall that a sentence tells of a row; empty where nothing is."""
    said = {bool(match["up"]) for match in _MOVED.finditer(sentence)}
    days = sorted(
        (column.day, value)
        for number, column in enumerate(table.columns)
        if column.day is not None and (value := _number(row, number)) is not None
    )
    if len(said) != 1 or len(days) < 2:
        return ""
    up = said.pop()
    if any((later > earlier) is up and later != earlier for earlier, later in _pairs(days)):
        return ""
    word = next(match[0] for match in _MOVED.finditer(sentence))
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
