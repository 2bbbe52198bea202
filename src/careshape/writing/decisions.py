"""What a council decided as a kind of file: intentions, the review, goals, events, messages; told apart by rows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from django.conf import settings

from careshape.design import Decided, check_together, sheets
from careshape.design.files import END_STATES, EVENTS, MESSAGES, REVIEW
from careshape.errors import CareshapeError
from careshape.home import Home
from careshape.records.descriptor import DATA
from careshape.records.intentions import FILE, FOLDER, design_text
from careshape.records.rows import LARGEST
from careshape.statement.figures import FigureBook, Sources
from careshape.statement.functions import read
from careshape.statement.lint import Fault, lint_decided
from careshape.writing.differences import Difference, Piece, between
from careshape.writing.kinds import Kind, register
from careshape.writing.texts import council_of

TITLES: Final = {
    "intentions.csv": "What the council means to do",
    "review.csv": "The review of the last statement",
    "end-states.csv": "Goals",
    "events.csv": "Whom the council asked",
    "messages.csv": "What people said",
}
_FILES: Final = re.compile(r"design/(?:intentions|review|end-states|events|messages)\.csv")


def faults_of(council: str, file: str, content: str) -> list[Fault]:
    """Everything that keeps a file from being agreed: its rows, names in other files that lead nowhere, expressions."""
    folder = Home(settings.CARESHAPE_DIR).council_path(council)
    texts = {name: design_text(council, folder, name) for name in sheets()}
    known = {name: text for name, text in texts.items() if text is not None and name != file}
    faults = check_together({**known, file: content})
    found = [Fault(one.file.rpartition("/")[2], one.row, "row", str(one)) for one in faults]
    return found or _dead(council, file, content)


def _dead(council: str, file: str, content: str) -> list[Fault]:
    """Expressions and evidence of the file that name what is not there, and figures that are typed in its words."""
    try:
        one = council_of(council)
    except CareshapeError as error:
        return [Fault(file, 0, "form", str(error))]
    rows = sheets()[file].read(content)
    if file == FILE:
        made = Decided(intentions=rows)
    elif file == END_STATES.file:
        made = Decided(end_states=rows)
    elif file == REVIEW.file:
        made = Decided(reviewed=rows)
    elif file == EVENTS.file:
        made = Decided(events=rows)
    elif file == MESSAGES.file:
        made = Decided(messages=rows)
    else:
        return []
    book = FigureBook(Sources(council, None, one.observations, one.dataset, made.intentions), read)
    return [Fault(file.rpartition("/")[2], 0, fault.rule, fault.message) for fault in lint_decided(made, book)]


def differ(before: str, content: str) -> list[Difference]:
    """What differs, row by row and field by field; only rows that differ are told."""
    try:
        sheet = next(one for one in sheets().values() if content.startswith(",".join(one.names)))
        old = {row[sheet.names[0]]: row for row in sheet.texts(before)}
        new = {row[sheet.names[0]]: row for row in sheet.texts(content)}
    except (StopIteration, KeyError):
        return between(before, content)
    found: list[Difference] = []
    for id_ in dict.fromkeys((*old, *new)):
        was, now = old.get(id_), new.get(id_)
        if was == now:
            continue
        if was is None or now is None:
            mark = "added" if was is None else "removed"
            row = now or was or {}
            text = "\n".join(f"{name}: {value}" for name, value in row.items() if value)
            found.append(Difference(mark, (Piece(mark, text),)))  # type: ignore[arg-type]
        else:
            found.append(_changed(id_, was, now))
    return found


def _changed(id_: str, was: dict[str, str], now: dict[str, str]) -> Difference:
    pieces = [Piece("same", id_)]
    for name, value in now.items():
        if value != was[name]:
            pieces.append(Piece("same", f"\n{name}: "))
            pieces += [Piece("removed", was[name])] if was[name] else []
            pieces += [Piece("same", " ")] if was[name] and value else []
            pieces += [Piece("added", value)] if value else []
    return Difference("changed", tuple(pieces))


def _packaged(council: str) -> Path | None:
    folder = Path(str(DATA / council / FOLDER))
    return folder if folder.is_dir() else None


def _title(council: str, file: str) -> str:
    return TITLES.get(file.rpartition("/")[2], file)


DECISIONS: Final = register(
    Kind(
        "decisions",
        "What the council decided",
        _FILES,
        faults_of,
        _packaged,
        most=LARGEST,
        by_file=True,
        differ=differ,
        name=_title,
    )
)
"""The kind."""
