"""Young people with disabilities who come of age: a forward register of counts, by year, need and likely service.

`coming-of-age.csv` in the council's folder, one row a count of people:

    year,need,likely_service,district,people,probability

`year` is that of the eighteenth birthday, `need` a client group and `likely_service` a service of the catalogue,
`probability` (blank for 1) how likely it is that adult social care will be needed. Counts only: a column of names,
birthdays or references is refused.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from careshape.catalogue import catalogue, check_district
from careshape.errors import CallError, InputError
from careshape.evaluate.intervals import bounds
from careshape.evaluate.need.draws import DRAWS_OUTSIDE, generator
from careshape.home import Home

FILE = "coming-of-age.csv"
FIELDS = ("year", "need", "likely_service", "district", "people", "probability")
DIMENSIONS = ("year", "need", "likely_service", "district")
YEARS = (2000, 2100)
MOST = 1_000_000
"""More people than come of age in the whole country in a year."""


@dataclass(frozen=True)
class Group:
    """People of one need who come of age in one year, and how likely each is to need adult social care."""

    year: int
    need: str
    likely_service: str
    district: str
    people: int
    probability: float


def read_register(home: Home, authority: str) -> list[Group]:
    """The register of a council, checked.

    Raises:
        CallError: the council has none. InputError: a column or a value is not what it must be.
    """
    path = home.council_path(authority) / FILE
    if not path.is_file():
        raise CallError(
            f"There is no register of young people for {authority}. Write {FILE} with the columns "
            f"{','.join(FIELDS)} to the council's folder: counts of people, no names."
        )
    try:
        return read_file(path, authority)
    except UnicodeDecodeError as fault:
        raise InputError(f"{path.name} is not UTF-8 ({fault.reason}). Save it as CSV in UTF-8 and try again.") from None


def read_file(path: Path, authority: str) -> list[Group]:
    """Read and check a council's register. Raises InputError on the first fault, with its line and column."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
        names = tuple(reader.fieldnames or ())
        for name in names:
            if name not in FIELDS:
                raise InputError(
                    f"{path.name} has a column '{name}'. It holds counts only, in the columns {', '.join(FIELDS)}: no "
                    "names, birthdays or references of people."
                )
        if lacking := [name for name in FIELDS[:-1] if name not in names]:
            raise InputError(f"{path.name} lacks the columns {', '.join(lacking)}.")
        rows = [_group(path.name, line, row, authority) for line, row in enumerate(reader, start=2)]
    seen: set[tuple[object, ...]] = set()
    for line, one in enumerate(rows, start=2):
        key = (one.year, one.need, one.likely_service, one.district, one.probability)
        if key in seen:
            raise InputError(f"{path.name}, line {line}: this year, need, service and district stand twice. Join them.")
        seen.add(key)
    return rows


def _group(file: str, line: int, row: dict[str, str], authority: str) -> Group:
    def fault(column: str, rule: str) -> InputError:
        return InputError(f"{file}, line {line}, column {column}: '{row[column]}'. {rule}")

    if short := [name for name in FIELDS[:-1] if row[name] is None]:
        raise InputError(f"{file}, line {line}: the row ends before its column {short[0]}. Each row has every column.")
    if not row["year"].isdecimal() or not YEARS[0] <= int(row["year"]) <= YEARS[1]:
        raise fault("year", "It must be the year of the eighteenth birthday, such as 2027.")
    if not row["people"].isdecimal() or int(row["people"]) > MOST:
        raise fault("people", f"It must be a whole number from 0 to {MOST:,}.")
    book = catalogue()
    for column, name in (("need", "client_group"), ("likely_service", "service"), ("district", "district")):
        try:
            book.lists[name].entry(row[column])
        except CallError as unknown:
            raise fault(column, str(unknown)) from None
    try:
        check_district(row["district"], authority)
    except CallError as elsewhere:
        raise fault("district", str(elsewhere)) from None
    text = row.get("probability") or "1"
    try:
        probability = float(text)
    except ValueError:
        raise fault("probability", "It must be a number from 0 to 1, or blank.") from None
    if not 0 <= probability <= 1:
        raise fault("probability", "It must be a number from 0 to 1, or blank.")
    return Group(int(row["year"]), row["need"], row["likely_service"], row["district"], int(row["people"]), probability)


def coming_of_age(
    home: Home, authority: str, by: Sequence[str] = ("year", "need", "likely_service"), seed: int = 1
) -> list[dict[str, Any]]:
    """Young people who come of age, and how many of them are expected to need adult social care, with limits.

    Args:
        by: what to split by, of DIMENSIONS.

    Returns:
        rows of `by`, `people` (counted), `value` (expected: people x probability), limits (each person on their own)
        and method. Small counts: not for publication as they are.

    Raises:
        CallError: an unknown dimension, or no register. InputError: the register has a fault.
    """
    for name in by:
        if name not in DIMENSIONS:
            raise CallError(f"The register cannot be split by '{name}'. It can by {', '.join(DIMENSIONS)}.")
    cells: dict[tuple[Any, ...], list[Group]] = {}
    for one in read_register(home, authority):
        cells.setdefault(tuple(getattr(one, name) for name in by), []).append(one)
    rows = []
    for key, groups in sorted(cells.items()):
        chance = generator(f"coming of age {key}", seed)
        drawn = np.sum([chance.binomial(one.people, one.probability, DRAWS_OUTSIDE) for one in groups], axis=0)
        rows.append(
            dict(zip(by, key, strict=True))
            | {"people": sum(one.people for one in groups)}
            | {"value": sum(one.people * one.probability for one in groups)}
            | bounds(drawn, median=True)[0]
            | {"method": "counted x probability; each person comes or not on their own"}
        )
    return rows
