"""A ledger held at one posting, so that everything a page or an export shows is of one state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from careshape.errors import InputError
from careshape.evaluate.measure.frames import Snapshot, snapshot
from careshape.ledger.ledger import Ledger
from careshape.ledger.posting import METADATA_KEY, Posting, end_of


@dataclass(frozen=True)
class Pinned:
    """A ledger as its latest posting left it when it was pinned: what is posted later is not seen.

    It answers what measures ask of a ledger.
    """

    ledger: Ledger
    taken: Snapshot
    entries: tuple[Posting, ...]
    _registers: dict[tuple[str, int], dict[int, dict[str, Any]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Registers as they were read: they are asked for with every figure by provider, and never change here."""

    @property
    def path(self) -> Path:
        """The council's folder."""
        return self.ledger.path

    @property
    def authority(self) -> str:
        """Id of the council in the catalogue."""
        return self.ledger.authority

    @property
    def name(self) -> str:
        """The council's name, as council.toml gave it."""
        return self.ledger.name

    @property
    def demonstration(self) -> bool:
        """Whether every person in it is synthetic."""
        return self.ledger.demonstration

    def files(self) -> list[str]:
        """Parquet files that hold every row."""
        return list(self.taken.files)

    def postings(self) -> list[Posting]:
        """Every posting, oldest first."""
        return list(self.entries)

    def posting_on(self, moment: date | datetime | None = None) -> int:
        """Number of the last posting recorded by the end of ``moment``; None means the latest that was pinned."""
        known = [one for one in self.entries if moment is None or one.recorded_at <= end_of(moment)]
        return known[-1].number if known else 0

    def recorded_on(self, number: int) -> date | None:
        """The day on which a posting was recorded; None for a number that no posting has."""
        return next((one.day for one in self.entries if one.number == number), None)

    def register(self, which: str, known: int | None = None) -> dict[int, dict[str, Any]]:
        """Entries of a register (providers, settings) by number, as known after a posting."""
        asked = which, self.taken.latest if known is None else known
        if asked not in self._registers:
            self._registers[asked] = self.ledger.register(*asked)
        return self._registers[asked]

    def providers(self, known: int | None = None) -> dict[int, str]:
        """Name of each provider by its number, as known after a posting."""
        return {number: entry["name"] for number, entry in self.register("providers", known).items()}

    def settings(self, known: int | None = None) -> dict[int, str]:
        """Name of each home, house or scheme by its number, as known after a posting."""
        return {number: entry["name"] for number, entry in self.register("settings", known).items()}


def pin(ledger: Ledger, posting: int | None = None) -> Pinned:
    """Hold a ledger at its latest posting, or as an earlier one left it.

    Raises InputError where the ledger has no such posting.
    """
    if posting is None:
        taken = snapshot(ledger)
        return Pinned(ledger, taken, tuple(one for one in ledger.postings() if one.number <= taken.latest))
    entries = tuple(one for one in ledger.postings() if one.number <= posting)
    if not entries or entries[-1].number != posting:
        raise InputError(f"The ledger of {ledger.name} has no posting {posting}.")
    version = next(one["version"] for one in ledger.table.commits() if _number_of(one) == posting)
    files = DeltaTable(str(ledger.table.path), version=version).file_uris()
    return Pinned(ledger, Snapshot(tuple(one.removeprefix("file://") for one in files), posting, posting), entries)


def _number_of(commit: dict[str, Any]) -> int:
    """The posting that a commit is; 0 for the one that made the table."""
    text = commit.get(METADATA_KEY)
    return Posting.from_json(text).number if text else 0
