"""What a council means to do, as records: its own file ``design/intentions.csv``, else what is packaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from careshape.catalogue import catalogue
from careshape.errors import InputError
from careshape.records.descriptor import DATA
from careshape.records.period import Period
from careshape.records.rows import (
    Column,
    Sheet,
    a_day,
    a_period,
    a_post,
    amount,
    number,
    one_of,
    pattern,
    repeated,
    several,
)

DIRECTIONS: Final = (
    *("grow", "hold", "reduce", "do-not-develop"),
    *("pilot", "review", "recommission", "new-service"),
)
"""What an intention may be about; the first four say how much of a service is wanted."""
EXTENTS: Final = ("", "part", "share", "how")
"""What an intention says of the service it names: how much of all or of a part, how it is made up, how it is done."""
FOLDER: Final = "design"
"""The folder of a council in which its own files of decisions stand."""
FILE: Final = "design/intentions.csv"


@dataclass(frozen=True, slots=True)
class Intention:
    """What a council means to do.

    Attributes:
        id: unique within the council. section: of its document, by which pages list it.
        service, client_group: catalogue ids where there are such, else words for what it is about; "all" for everybody.
        area: a district or zone; empty where it is for the whole area.
        statement: in one sentence. direction: one of ``DIRECTIONS``.
        extent: one of ``EXTENTS``: empty for how much there is to be of all that it names, "part" of a part of it only,
            "share" how what there is is made up, "how" how it is done or how the council itself works. The last two say
            nothing of how much somebody may offer.
        part: the part that is meant, in words: building-based services.
        target_measure, target_value, unit: what is to be reached, where that was said. by_date: by when.
        owner: the post that answers for it; empty where the document names none.
        measure: the expression that says where it stands now; empty where no measure is kept of it.
        baseline: expression or number from which it started; baseline_on: the day that is of.
        evidence: ids of observations, or measures, that it rests on.
        exceptions: what is allowed nevertheless, in words.
        note: what to know of the measure.
        dropped_on, dropped_because: filled where the council has given it up.
        source_line: of the council's document; 0 for what stands in none.
    """

    id: str
    section: str
    service: str
    client_group: str
    area: str
    statement: str
    direction: str
    target_measure: str
    target_value: Decimal | None
    unit: str
    by_date: Period
    owner: str
    measure: str
    baseline: str
    baseline_on: date | None
    evidence: tuple[str, ...]
    exceptions: str
    note: str
    dropped_on: date | None
    dropped_because: str
    source_line: int
    extent: str = ""
    part: str = ""

    @property
    def says_how_much(self) -> bool:
        """Whether it says how much there is to be, of all that it names or of a part."""
        return self.extent in ("", "part")

    @property
    def dropped(self) -> bool:
        """Whether the council has given it up."""
        return self.dropped_on is not None


def _area(text: str) -> str:
    lists = catalogue().lists
    if text and text not in lists["district"].by_id and text not in lists["zone"].by_id:
        raise ValueError("It must be the id of a district or zone, such as wychavon; nothing for the whole area.")
    return text


def _whole(rows: Sequence[Intention]) -> list[tuple[int, str, str, str]]:
    faults = repeated(rows)
    for at, one in enumerate(rows):
        if one.target_value is not None and not one.target_measure:
            faults.append((at, "target_measure", "", "A target value needs the name of what is counted."))
        if one.baseline and one.baseline_on is None:
            faults.append((at, "baseline_on", "", "A baseline needs the day that it is of, such as 2021-03-31."))
        if one.extent == "part" and not one.part:
            faults.append((at, "part", "", "Say in words which part is meant, such as building-based services."))
        if one.part and one.extent not in ("part", "share"):
            faults.append((at, "extent", one.extent, "Where a part is named, the extent is part or share."))
        if one.dropped_on is not None and not one.dropped_because:
            faults.append((at, "dropped_because", "", "What is dropped needs its reason."))
        if one.dropped_because and one.dropped_on is None:
            faults.append((at, "dropped_on", "", "What is dropped needs the day on which that was decided."))
        if one.baseline_on is not None and one.by_date.end is not None and one.baseline_on > one.by_date.end:
            rule = f"The baseline must not be later than the date to which it is due, {one.by_date.text}."
            faults.append((at, "baseline_on", one.baseline_on.isoformat(), rule))
    return faults


_SLUG: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
_ID: Final = r"[A-Za-z0-9]+(-[A-Za-z0-9]+){0,5}"

SHEET: Final = Sheet(
    FILE,
    Intention,
    (
        Column("id", "unique within the council; stands in addresses", pattern(_ID, "W-CI-001"), True),
        Column("section", "section of the council's document, by which pages list it"),
        Column("service", "a service of the catalogue, or words with hyphens", pattern(_SLUG, "home-care"), True),
        Column("client_group", "one of the catalogue, other words, or all", pattern(_SLUG, "older-people"), True),
        Column("area", "a district or zone; empty for the whole area", _area),
        Column("statement", "what is meant, in one sentence", required=True),
        Column("direction", ", ".join(DIRECTIONS), one_of(*DIRECTIONS), True),
        Column("target_measure", "what is to be reached, in words with hyphens"),
        Column("target_value", "how much of it", amount),
        Column("unit", "in what that is counted"),
        Column("by_date", "by when: a year, month, day or financial year", a_period),
        Column("owner", "the post that answers for it, never a person", a_post),
        Column("measure", "expression of where it stands now; empty where no measure is kept"),
        Column("baseline", "expression or number from which it started"),
        Column("baseline_on", "the day that the baseline is of", a_day),
        Column("evidence", "ids of observations, or measures, with blanks between them", several),
        Column("exceptions", "what is allowed nevertheless"),
        Column("note", "what to know of the measure"),
        Column("dropped_on", "the day on which the council gave it up", a_day),
        Column("dropped_because", "why it was given up"),
        Column("source_line", "line of the council's document; empty for none", number),
        Column(
            "extent", "empty: how much of all it names; part: of a part; share: how it is made up; how: how it is done",
            one_of(*EXTENTS), later=True,
        ),
        Column("part", "the part that is meant, in words, such as building-based services", later=True),
    ),
    _whole,
)  # fmt: skip
"""The file of intentions."""


def packaged_file(authority: str, name: str) -> Traversable | None:
    """A file of decisions that comes with careshape for a council, such as design/intentions.csv; None without one."""
    found = DATA / authority / FOLDER / name.removeprefix(f"{FOLDER}/")
    return found if found.is_file() else None


def design_text(authority: str, folder: Path | None, name: str) -> str | None:
    """The text of a file of decisions: the council's own first, else what is packaged; None where there is neither.

    Raises InputError for a file that is not written as UTF-8, or cannot be read.
    """
    own = folder / FOLDER / name.removeprefix(f"{FOLDER}/") if folder is not None else None
    try:
        if own is not None and own.is_file():
            return own.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{name} cannot be read: {error}. Save it as CSV in UTF-8.") from None
    packaged = packaged_file(authority, name)
    return packaged.read_text(encoding="utf-8") if packaged is not None else None


@cache
def intentions(authority: str) -> tuple[Intention, ...]:
    """The packaged intentions of a council, in the order of its document; empty if none are packaged."""
    text = design_text(authority, None, FILE)
    return () if text is None else SHEET.read(text)


def council_intentions(authority: str, folder: Path) -> tuple[Intention, ...]:
    """The intentions of a council: its own file, else those packaged. Raises InputError with each fault of the file."""
    if not (folder / FILE).is_file():
        return intentions(authority)
    return SHEET.read(design_text(authority, folder, FILE) or "")
