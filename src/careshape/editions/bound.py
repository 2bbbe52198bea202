"""A council as the latest edition has it, so that what it offers can be asked: its text, its figures, what is to come.

Nothing is shown of the ledger but what the gate let be shown: values come from the answers that the edition keeps, and
what it does not hold reads as withheld. What is to come is the edition's own, of the whole area and of its districts.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from careshape.design import decided
from careshape.editions.folders import INPUTS, LIVE, MANIFEST, digest, edition_path
from careshape.editions.gate import Gated, Shown
from careshape.editions.inputs import opened_at
from careshape.errors import CareshapeError, InputError
from careshape.evaluate.gap.segments import Segment
from careshape.home import Home
from careshape.statement.council import Council
from careshape.statement.formatting import Withheld
from careshape.statement.outlook.codec import from_text, to_text
from careshape.statement.outlook.kept import Kept

if TYPE_CHECKING:  # what prepares an edition is loaded where there are no settings, and so no models
    from careshape.editions.models import Edition

log = logging.getLogger("careshape")
FORMAT: Final = 1
NOT_HELD: Final = "this edition does not hold it"
_BOUND: Final = 6
"""Councils that are held: each has one latest edition."""


@dataclass(frozen=True)
class _Ahead:
    """What a council's pages ask of the outlook beside what was worked out of it: where, and which segments."""

    home: Home
    known_segments: tuple[Segment, ...]
    problem: str = ""


class Held(Gated):
    """Answers with what the gate let be shown when the edition was made; what it had not seen then is withheld."""

    def shown_at(self, place: str) -> Shown:
        """What is shown at a place."""
        return self.shown.get(place, Withheld(NOT_HELD))


def as_live(shown: Mapping[str, Shown], ahead: Kept) -> str:
    """What an edition keeps so that it can be asked: the answers of its gate, and what is to come."""
    slim = replace(ahead, maps={}, reports={}, arithmetic={}, made_at=None)
    kept = {id_: {"withheld": one.reason} if isinstance(one, Withheld) else str(one) for id_, one in shown.items()}
    return json.dumps({"format": FORMAT, "shown": kept, "ahead": to_text(slim)}, sort_keys=True) + "\n"


def _read_live(text: str) -> tuple[dict[str, Shown], Kept]:
    """The same back. Raises InputError for another version's."""
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise InputError("It was kept by another version of careshape.")
        shown: dict[str, Shown] = {
            id_: Withheld(one["withheld"]) if isinstance(one, dict) else Fraction(one)
            for id_, one in content["shown"].items()
        }
        ahead = from_text(content["ahead"], lenient=True)
    except (KeyError, ValueError, TypeError) as error:
        raise InputError(f"What the edition keeps to be asked cannot be read: {error}.") from None
    if not isinstance(ahead, Kept):
        raise InputError("What the edition keeps of what is to come cannot be read.")
    return shown, ahead


def bound(home: Home, row: Edition) -> Council | None:
    """The council of an edition; None where the edition cannot be asked: one of an early version, or a damaged one.

    What cannot be read now is looked for again at the next question: the folder may have been away for a moment.
    """
    try:
        return _bound(home, row.council, row.number, row.posting, row.manifest)
    except (OSError, CareshapeError, ValueError) as error:
        log.error("Edition %s of %s cannot be asked: %s", row.number, row.council, error)
        return None


@lru_cache(maxsize=_BOUND)
def _bound(home: Home, council: str, number: int, posting: int, manifest: str) -> Council | None:
    folder = edition_path(home, council, number)
    text = _as_made(folder)
    if text is None:
        return None
    shown, ahead = _read_live(text)
    found = opened_at(home, council, folder / INPUTS, posting, f"Edition {number}", Held(shown))
    found.look(ahead)
    segments = tuple(ahead.segments.values())
    made = decided(council, folder / INPUTS)
    vars(found).update(decided=made, outlook=_Ahead(home, segments, ahead.problem))
    return found


def _as_made(folder: Path) -> str | None:
    """The text of what is kept; None for an edition of an early version, which keeps none.

    Raises InputError where it is not the one that the manifest knows, and OSError where it cannot be read.
    """
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    if "live" not in manifest:
        return None
    content = (folder / LIVE).read_bytes()
    if digest(content) != manifest.get("live"):
        raise InputError("What the edition keeps to be asked is not as it was made.")
    return content.decode()
