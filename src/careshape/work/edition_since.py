"""What came into force after an edition was prepared, as whoever agrees or releases it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.conf import settings

from careshape.design import sheets
from careshape.editions.folders import INPUTS, edition_path
from careshape.editions.inputs import RULE
from careshape.editions.models import Edition
from careshape.editions.since import Since, changed_since
from careshape.errors import CareshapeError
from careshape.home import Home
from careshape.work.desk import Desk
from careshape.work.edition_made_by import made_by, rule_now
from careshape.work.rule_words import in_short
from careshape.writing.kinds import Kind, kind_of
from careshape.writing.place import in_force

MOST: Final = 8
"""Parts of a file that are named one by one."""
_OTHERS: Final = {
    "council.toml": "The settings of the council",
    "disclosure.toml": "The rule by which figures are kept back",
}
_FOLDERS: Final = {"observations": "The council's own observations", "prevalence": "The council's own rates"}


@dataclass(frozen=True)
class Moved:
    """A file that changed: what a person calls it, which parts of it, and where both texts are compared."""

    title: str
    parts: tuple[str, ...] = ()
    more: int = 0
    """Parts that are not named."""
    compare: str = ""


@dataclass(frozen=True)
class Told:
    """What is said of it on the pages of an edition."""

    since: Since
    moved: tuple[Moved, ...]

    @property
    def said(self) -> str:
        """All of it in one sentence."""
        files, postings = len(self.moved), self.since.postings
        found = []
        if files:
            found.append(f"{files} {'thing' if files == 1 else 'things'} that the council writes or decides changed")
        if postings:
            found.append(f"{postings} more {'file' if postings == 1 else 'files'} of records came")
        return " and ".join(found)


def told_since(desk: Desk, row: Edition) -> Told | None:
    """What changed since an edition was prepared; None where nothing did."""
    home = Home(settings.CARESHAPE_DIR)
    since = changed_since(home, row)
    return Told(since, tuple(_moved(desk, home, row, name) for name in since.names)) if since else None


def _moved(desk: Desk, home: Home, row: Edition, file: str) -> Moved:
    try:
        kind = kind_of(file)
    except CareshapeError:
        folder, _, rest = file.partition("/")
        if file == RULE:
            return Moved(_OTHERS[file], _rules(home, row))
        known = _OTHERS.get(file) or (f"{_FOLDERS[folder]}: {rest}" if folder in _FOLDERS else file)
        return Moved(known)
    was, now = _pinned(home, row, file), _now(home, row, file)
    parts = _parts(kind, file, was, now) if was and now else ("It is new",) if now else ("It was taken out",)
    query = urlencode({"file": file, "a": f"edition-{row.number}", "b": "now"})
    compare = f"/work/writing/compare/?{query}" if desk.may("writing.see") and was else ""
    return Moved(kind.name(row.council, file), parts[:MOST], max(0, len(parts) - MOST), compare)


def _rules(home: Home, row: Edition) -> tuple[str, ...]:
    """By which rule an edition was made, and which one is in force."""
    now, _ = rule_now(home, row.council)
    was = f"it was made by “{made_by(home, row, now).rule}”"
    return (f"{was}, and “{in_short(now)}” is in force" if now else was,)


def _pinned(home: Home, row: Edition, file: str) -> str:
    path = edition_path(home, row.council, row.number) / INPUTS / file
    return path.read_text("utf-8") if path.is_file() else ""


def _now(home: Home, row: Edition, file: str) -> str:
    try:
        return in_force(home, row.council, file) or ""
    except CareshapeError:
        return ""


def _parts(kind: Kind, file: str, was: str, now: str) -> tuple[str, ...]:
    """The parts of a file that differ, by their titles: none where it has none, or where only its frame differs."""
    try:
        if file in sheets():
            sheet = sheets()[file]
            old, new = ({row[sheet.names[0]]: row for row in sheet.texts(one)} for one in (was, now))
            return tuple(one for one in dict.fromkeys((*old, *new)) if old.get(one) != new.get(one))
        titles = {**kind.parted.titles(was), **kind.parted.titles(now)}
        return tuple(
            title for part, title in titles.items() if kind.parted.text(was, part) != kind.parted.text(now, part)
        )
    except (CareshapeError, KeyError):
        return ()
