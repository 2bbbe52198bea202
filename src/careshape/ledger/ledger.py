"""A council's ledger: its postings, its rows as files, and the registers of providers and settings."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow.dataset import dataset

from careshape.catalogue import catalogue
from careshape.errors import CallError, InputError
from careshape.ledger.columns import SCHEMA
from careshape.ledger.durable import flush
from careshape.ledger.engine import session
from careshape.ledger.keytable import KeyTable, check_belongs
from careshape.ledger.posting import METADATA_KEY, Posting, end_of
from careshape.ledger.pseudonym import KEY_VARIABLE, fingerprint, key_path, people_folder, pseudonym, pseudonym_key
from careshape.ledger.store import Table, write_lock

SETTINGS_FILE: Final = "council.toml"
LOCK_FILE: Final = "ledger.lock"
FINGERPRINT_FILE: Final = "key.fingerprint"
"""Tells whether a key, and the keys of people, are those of the postings; holds nothing of them."""
FORGOTTEN_FILE: Final = "forgotten"
"""Numbers whose keys were destroyed: an older copy of the keys must not bring them back."""
REGISTERS: Final = ("providers", "settings")
REGISTER_SCHEMA: Final = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("reference", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("type", pa.int16(), nullable=False),
        # An entry counts once the posting of this checksum stands in the ledger: what a killed import left behind
        # does not.
        pa.field("checksum", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True)
class Ledger:
    """What one council arranged and delivered, as a table to which rows are only ever added."""

    path: Path
    """The council's folder, ``<data>/councils/<authority>``."""
    authority: str
    """Id of the council in the catalogue."""
    name: str
    demonstration: bool
    """Whether every person in it is synthetic."""

    @classmethod
    def create(cls, path: Path | str, authority: str, demonstration: bool = False, name: str | None = None) -> Ledger:
        """Create a council's folder with an empty ledger; one that is there is opened.

        Raises CallError where the catalogue has no such authority, or where the folder holds another council's ledger.
        """
        path = Path(path)
        label = catalogue().lists["authority"].entry(authority).label
        if (path / SETTINGS_FILE).exists():
            existing = cls.open(path)
            if (existing.authority, existing.demonstration) != (authority, demonstration):
                raise CallError(
                    f"{path} already holds the ledger of {existing.authority}"
                    f"{' (demonstration)' if existing.demonstration else ''}. Choose another folder."
                )
            return existing
        path.mkdir(parents=True, exist_ok=True)
        Table.create(path / "ledger", SCHEMA)
        for register in REGISTERS:
            Table.create(path / "register" / register, REGISTER_SCHEMA)
        (path / "reports").mkdir(exist_ok=True)
        (path / LOCK_FILE).touch()
        # Last, in one rename: a folder without it is not a council yet, so a killed creation is completed by the next.
        draft = path / f"{SETTINGS_FILE}.new"
        draft.write_text(_settings_text(authority, name or label, demonstration), encoding="utf-8")
        flush(draft, path, path.parent)
        draft.replace(path / SETTINGS_FILE)
        flush(path)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path | str) -> Ledger:
        """Open the ledger in a council's folder. Raises InputError where there is none."""
        path = Path(path)
        try:
            settings = tomllib.loads((path / SETTINGS_FILE).read_text("utf-8"))
            return cls(path, settings["authority"], settings["name"], settings["demonstration"])
        except (FileNotFoundError, NotADirectoryError):
            raise InputError(
                f"There is no council in {path}: it has no {SETTINGS_FILE}. Create it, or check --dir."
            ) from None
        except (tomllib.TOMLDecodeError, KeyError) as error:
            raise InputError(
                f"{path / SETTINGS_FILE} cannot be read: {error}. It needs authority, name, demonstration."
            ) from None

    @property
    def table(self) -> Table:
        """The table of line items."""
        return Table(self.path / "ledger", SCHEMA)

    def files(self) -> list[str]:
        """Parquet files with all rows; keep ``posting <= n`` for what was known after posting ``n``."""
        return self.table.files()

    def postings(self) -> list[Posting]:
        """Every posting, oldest first."""
        return [Posting.from_json(commit[METADATA_KEY]) for commit in self.table.commits() if METADATA_KEY in commit]

    def posting_on(self, day: date | datetime | None = None) -> int:
        """Number of the last posting recorded by the end of a day in the United Kingdom, or by an instant; 0 if none.

        None is the latest.
        """
        postings = self.postings()
        if day is not None:
            postings = [posting for posting in postings if posting.recorded_at <= end_of(day)]
        return postings[-1].number if postings else 0

    def recorded_on(self, number: int) -> date | None:
        """The day on which a posting was recorded in the United Kingdom; None for a number that no posting has."""
        return next((one.day for one in self.postings() if one.number == number), None)

    def providers(self, known: int | None = None) -> dict[int, str]:
        """Name of each provider by its number in the ledger; its reference where no name was given.

        ``known`` is the posting after which the names are asked for, None the latest.
        """
        return {number: entry["name"] for number, entry in self.register("providers", known).items()}

    def settings(self, known: int | None = None) -> dict[int, str]:
        """Name of each home, house or scheme by its number in the ledger; its reference where no name was given.

        ``known`` is the posting after which the names are asked for, None the latest.
        """
        return {number: entry["name"] for number, entry in self.register("settings", known).items()}

    def changes(self, from_posting: int, to_posting: int | None = None) -> pa.Table:
        """Rows recorded after one posting and up to another, with their reasons: what changed in a figure, and why.

        ``sign`` -1 takes a version back, +1 adds one; the sum over ``sign`` times an amount is by how much a figure
        over it moved. ``to_posting`` None is the latest. Raises CallError where the postings are the wrong way round.
        """
        last = self.posting_on() if to_posting is None else to_posting
        if last < from_posting:
            raise CallError(f"Posting {last} is not after posting {from_posting}. Give the earlier one first.")
        with session() as (connection, _):
            return connection.sql(
                f"SELECT * FROM {self.table.relation()} WHERE posting > {from_posting:d} AND posting <= {last:d} "
                "ORDER BY posting, line, sign"
            ).to_arrow_table()

    def register(self, which: str, known: int | None = None) -> dict[int, dict[str, Any]]:
        """Entries of a register (providers, settings) by number: reference, name and type code.

        Each is the word of the latest posting, or of the latest up to posting ``known``.
        """
        table = Table(self.path / "register" / which, REGISTER_SCHEMA)
        postings = [one for one in self.postings() if known is None or one.number <= known]
        # The names of a posting that was withdrawn go with it, unless lines of it stayed.
        gone = {one.reverses for one in postings if one.reverses is not None and not one.counts["kept"]}
        order = {one.checksum: one.number for one in postings if one.number not in gone}
        # Read without the engine: to open a session of it takes ten times as long, and pages ask for names often.
        entries = dataset(table.files(), schema=REGISTER_SCHEMA, format="parquet").to_table().to_pylist()
        rows = [tuple(entry.values()) for entry in entries]
        found = sorted((row for row in rows if row[4] in order), key=lambda row: (order[row[4]], row[0]))
        return {row[0]: {"reference": row[1], "name": row[2], "type": row[3]} for row in found}

    def key(self, *, create: bool = True) -> bytes:
        """The key of this council's pseudonyms, made where it is first needed.

        Raises InputError where it is not the key of the postings that are there: with another, the people in them
        would be counted twice.
        """
        data = self.path.parent.parent
        known, _ = self._marks()
        advice = f"Restore {key_path()} from its backup, or set {KEY_VARIABLE} to where it is."
        posted = bool(known) or bool(self.postings())
        if posted and not self.demonstration and not key_path().exists():
            raise InputError(f"The key of {self.name}'s pseudonyms is missing. {advice}")
        key = pseudonym_key(data, demonstration=self.demonstration, create=create)
        if known and known != fingerprint(key):
            raise InputError(
                f"The pseudonym key is not the one with which {self.name}'s earlier files were posted: people would be "
                f"counted twice. {advice}"
            )
        return key

    def mark_key(self) -> None:
        """Keep the fingerprint of the key, and the id of the people's keys, beside the settings, before the first
        posting.
        """
        table = self.people()
        wanted = (fingerprint(self.key()), table.id if table else "")
        if self._marks() != wanted:
            mark = self.path / FINGERPRINT_FILE
            draft = mark.with_suffix(".new")
            draft.write_text("".join(f"{one}\n" for one in wanted if one), "ascii")
            draft.replace(mark)

    def _marks(self) -> tuple[str, str]:
        """The fingerprint of the key and the id of the people's keys, as kept at the first posting; '' for none."""
        mark = self.path / FINGERPRINT_FILE
        words = [*(mark.read_text("ascii").split() if mark.exists() else ()), "", ""]
        return words[0], words[1]

    def people(self) -> KeyTable | None:
        """The keys of this council's people; None for a demonstration, and for a ledger that was begun before people
        had keys of their own.

        Raises InputError where they are not those of the postings that are there.
        """
        _, known = self._marks()
        if self.demonstration or (not known and self.postings()):
            return None
        table = KeyTable(people_folder(self.authority), self.forgotten())
        check_belongs(table, known, self.name)
        return table

    def person(self, identifier: str) -> int | None:
        """The number by which the ledger knows a person; None where it knows nobody by this identifier.

        identifier: as the council's files write it.
        """
        handle = pseudonym(self.key(create=False), self.authority, identifier)
        table = self.people()
        return handle if table is None else table.known.get(handle)

    def forgotten(self) -> frozenset[int]:
        """Numbers of people and lines whose keys were destroyed. They name nobody any more."""
        file = self.path / FORGOTTEN_FILE
        return frozenset(int(one) for one in file.read_text("ascii").split()) if file.exists() else frozenset()

    def forget(self, person: int) -> int:
        """Destroy the key of a person and those of their lines; how many keys were destroyed.

        The rows stay, as care of somebody whom nobody can find again: a file that names the person later meets somebody
        new. Raises CallError for a ledger whose numbers follow from the council's key alone: anybody who holds it
        could work them out again.
        """
        table = self.people()
        if table is None:
            why = (
                "is a demonstration with synthetic people" if self.demonstration else "was begun before people had keys"
            )
            raise CallError(
                f"The ledger of {self.name} {why}: its numbers follow from the council's key, so no single key can be "
                "destroyed. Import its files into a new ledger (`careshape new`) to make that possible."
            )
        rows = (
            f"SELECT line FROM {self.table.relation()} GROUP BY line "
            # A line that was somebody else's before or after stays findable: their care must not count twice.
            f"HAVING min(person) = {person:d} AND max(person) = {person:d}"
        )
        with session() as (connection, _), write_lock(self.path / LOCK_FILE):
            lines = [line for (line,) in connection.execute(rows).fetchall()]
            numbers = self.forgotten() | {person, *lines}
            # First, so that a kill between leaves nobody half forgotten: what stands here is no longer looked up, and
            # the next one to be forgotten takes along what was left.
            file = self.path / FORGOTTEN_FILE
            draft = file.with_suffix(".new")
            draft.write_text("".join(f"{number}\n" for number in sorted(numbers)), "ascii")
            flush(draft)
            draft.replace(file)
            flush(self.path)
            return table.destroy(numbers)


def _settings_text(authority: str, name: str, demonstration: bool) -> str:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'authority = "{authority}"\nname = "{quoted}"\ndemonstration = {str(demonstration).lower()}\n'
