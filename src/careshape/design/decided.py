"""All that a council decided, read together: its own files first, else what comes with careshape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from careshape.design.files import END_STATES, EVENTS, MESSAGES, REVIEW, EndState, Event, Message, Reviewed, View
from careshape.errors import CallError, InputError
from careshape.records.intentions import SHEET, Intention, design_text
from careshape.records.rows import MOST, RowFault, Sheet

_SHEETS: Final = (SHEET, REVIEW, END_STATES, EVENTS, MESSAGES)
_NAMES: Final = (
    (REVIEW.file, SHEET.file, "carried_to"),
    (END_STATES.file, SHEET.file, "intentions"),
    (EVENTS.file, SHEET.file, "intentions"),
    (MESSAGES.file, SHEET.file, "intentions"),
    (MESSAGES.file, EVENTS.file, "events"),
)
"""Which file names rows of which other, and in which field."""


@dataclass(frozen=True)
class Decided:
    """What a council decided; ``problem`` says what is wrong with its files, and there is nothing else then."""

    intentions: tuple[Intention, ...] = ()
    reviewed: tuple[Reviewed, ...] = ()
    end_states: tuple[EndState, ...] = ()
    events: tuple[Event, ...] = ()
    messages: tuple[Message, ...] = ()
    problem: str = ""

    def intention(self, id_: str) -> Intention | None:
        """An intention by its id."""
        return next((one for one in self.intentions if one.id == id_), None)

    @property
    def views(self) -> tuple[View, ...]:
        """Whom the council asked and what they said, as the text of a statement quotes it."""
        named = {id_ for one in self.messages for id_ in one.events}
        asked = [View(one.id, "group", one.name, one.about, "group", one.source_line)
                 for one in self.events if one.id in named]  # fmt: skip
        said = [View(one.id, "view", one.topic, one.statement, one.scope, one.source_line) for one in self.messages]
        return (*asked, *said)

    def carried_from(self, intention: str) -> list[Reviewed]:
        """What of the last statement an intention carries on."""
        return [one for one in self.reviewed if intention in one.carried_to]

    def said_of(self, intention: str) -> list[Message]:
        """What people said that an intention answers."""
        return [one for one in self.messages if intention in one.intentions]

    def serves(self, intention: str) -> list[EndState]:
        """The goals that an intention serves."""
        return [one for one in self.end_states if intention in one.intentions]


def sheets() -> dict[str, Sheet[Any]]:
    """The kinds of file, by their place in a council's folder."""
    return {one.file: one for one in _SHEETS}


def decided(authority: str, folder: Path | None = None) -> Decided:
    """All that a council decided.

    A file that is as it is packaged may name rows of a file that the council has replaced: those names are left out.

    Args:
        folder: the council's, where files of its own may stand; None for what is packaged.

    Raises InputError with every fault of the files.
    """
    texts = {name: text for name in sheets() if (text := design_text(authority, folder, name)) is not None}
    packaged = {name for name, text in texts.items() if text == design_text(authority, None, name)}
    rows, faults = _read(texts)
    faults = [one for one in faults if one.file not in packaged]
    if faults:
        more = f"\nand {len(faults) - MOST} more" if len(faults) > MOST else ""
        raise InputError("\n".join(map(str, faults[:MOST])) + more)
    for name, target, field in _NAMES:
        if name in packaged:
            rows[name] = _without_dead(rows, name, target, field)
    intended, reviewed, end_states, events, messages = (rows.get(one.file, ()) for one in _SHEETS)
    return Decided(intended, reviewed, end_states, events, messages)


def _without_dead(rows: Mapping[str, tuple[Any, ...]], name: str, target: str, field: str) -> tuple[Any, ...]:
    known = {one.id for one in rows.get(target, ())}
    return tuple(
        replace(one, **{field: tuple(id_ for id_ in getattr(one, field) if id_ in known)}) for one in rows[name]
    )


def check_file(name: str, text: str) -> list[RowFault]:
    """Every fault of one file by itself. Raises CallError for a file of another kind."""
    known = sheets()
    if name not in known:
        raise CallError(f"There is no file '{name}'. Files of decisions are {', '.join(known)}.")
    return known[name].check(text)[1]


def check_together(texts: Mapping[str, str]) -> list[RowFault]:
    """Every fault of several files, those of what one says of another among them."""
    return _read(texts)[1]


def _read(texts: Mapping[str, str]) -> tuple[dict[str, tuple[Any, ...]], list[RowFault]]:
    rows: dict[str, tuple[Any, ...]] = {}
    faults: list[RowFault] = []
    for name, text in texts.items():
        rows[name], found = sheets()[name].check(text)
        faults += found
    if not faults:
        faults = [fault for name, target, field in _NAMES for fault in _dead(rows, name, target, field)]
    return rows, faults


def _dead(rows: Mapping[str, tuple[Any, ...]], name: str, target: str, field: str) -> Iterator[RowFault]:
    """Ids that a file names and another does not have."""
    known = {one.id for one in rows.get(target, ())}
    for at, one in enumerate(rows.get(name, ())):
        for id_ in getattr(one, field):
            if id_ not in known:
                rule = f"{target} has no row with this id. Name one that is there, or add it first."
                yield RowFault(name, at + 2, field, id_, rule)
