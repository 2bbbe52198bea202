"""What an edition says, as everybody may read it: its segments, their words, figures and tables, and its intentions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from careshape.editions.folders import MANIFEST, PAGES, SAID, edition_path
from careshape.home import Home


@dataclass(frozen=True)
class Said:
    """An edition as its pages give it as data."""

    council: str
    number: int
    segments: Mapping[str, dict[str, Any]]
    """Segment -> its words and figures, in the order of the edition's text."""
    tables: Mapping[str, dict[str, Any]]
    """Table -> its records."""
    intentions: Mapping[str, dict[str, Any]]
    """Reference of an intention -> what is said of it."""

    @property
    def told(self) -> bool:
        """Whether it keeps what its segments say: editions of early versions did not."""
        return bool(self.segments)


def said(home: Home, council: str, number: int) -> Said:
    """What a released edition says. Its folder never changes, so it is read once."""
    return _read(edition_path(home, council, number), council, number)


@lru_cache(maxsize=32)
def _read(folder: Path, council: str, number: int) -> Said:
    pages = folder / PAGES
    order = json.loads((folder / MANIFEST).read_text("utf-8"))["pages"]
    segments = _segments(folder, order)
    tables = [_json(pages / name) for name in order if name.startswith("tables/") and name.endswith(".json")]
    listed = _json(pages / "intentions.json") if "intentions.json" in order else {"rows": []}
    return Said(
        council, number, {one["segment"]: one for one in segments},
        {one["id"]: one for one in tables if "id" in one},
        {str(row["id"]): row for row in listed["rows"]},
    )  # fmt: skip


def _segments(folder: Path, order: Iterable[str]) -> list[dict[str, Any]]:
    """What the sections say; early editions kept it among their pages."""
    if (folder / SAID).is_file():
        kept: list[dict[str, Any]] = json.loads((folder / SAID).read_text("utf-8"))
        return kept
    files = [name for name in order if name.startswith("statement/") and name.endswith(".json")]
    return [_json(folder / PAGES / name) for name in files]


def _json(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found
