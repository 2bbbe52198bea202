"""Take in a file of visits as planned and delivered: each row is matched to a package, or refused with a sentence.

A file is CSV with a header: visit_reference, package, day, planned_minutes, delivered_minutes and reason; line where a
package has several parts that are paid by visits. Of two rows with one reference the later file counts.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils import timezone

from careshape.audit.change import change
from careshape.errors import CallError, InputError
from careshape.ledger.posting import uk_day
from careshape.paying.visits import Visit as Said
from careshape.policy import Principal
from careshape.source.models import Package, Visit, VisitFile
from careshape.source.packages.components import components
from careshape.source.packages.tellings import as_told, book_of, in_force

ACT: Final = "source.visits"
NEEDED: Final = ("visit_reference", "package", "day", "planned_minutes")
ALL: Final = (*NEEDED, "delivered_minutes", "reason", "line")
MOST: Final = 5_000_000
"""Bytes of a file."""


@dataclass(frozen=True)
class Refused:
    """A row that was not taken: its number in the file (the header is 1), the column, and what is wrong."""

    row: int
    column: str
    why: str


def take_in(principal: Principal, name: str, content: bytes) -> VisitFile:
    """Take in a file of visits: the rows that are right count, the others are told. The same file counts once.

    Raises CallError where it is no file of visits, or was taken in before, in a sentence.
    """
    rows = list(_rows(content))
    checksum = hashlib.sha256(content).hexdigest()
    with change(principal, ACT) as told:
        if VisitFile.objects.filter(council=principal.council, checksum=checksum).exists():
            raise CallError("This very file was taken in before. Nothing has changed.")
        file: VisitFile = VisitFile.objects.create(
            council=principal.council, name=name[:200], checksum=checksum, taken=0, refused=0, by_id=principal.account
        )
        made, refused = _matched(principal, file, rows)
        Visit.objects.bulk_create(made)
        file.taken, file.refused = len(made), len(refused)
        file.report = json.dumps([[one.row, one.column, one.why] for one in refused])
        file.save(update_fields=["taken", "refused", "report"])
        told(file, taken=len(made), refused=len(refused))
    return file


def refused_of(file: VisitFile) -> list[Refused]:
    """The rows of a file that were not taken."""
    return [Refused(*one) for one in json.loads(file.report)]


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    if len(content) > MOST:
        raise CallError(f"The file is larger than {MOST // 1_000_000} MB. Split it.")
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        header = [one.strip().lower() for one in reader.fieldnames or ()]
    except (UnicodeDecodeError, csv.Error):
        raise CallError("It is not a CSV file written as UTF-8. Save it as CSV and try again.") from None
    if missing := [one for one in NEEDED if one not in header]:
        raise CallError(f"It has no column {', '.join(missing)}. Columns are {', '.join(ALL)}.")
    reader.fieldnames = header
    try:
        for number, row in enumerate(reader, 2):
            yield number, {name: (row.get(name) or "").strip() for name in ALL}
    except csv.Error:
        raise CallError("It breaks off within a row. Save it as CSV again.") from None


def _matched(
    principal: Principal, file: VisitFile, rows: list[tuple[int, dict[str, str]]]
) -> tuple[list[Visit], list[Refused]]:
    keys = {int(row["package"]) for _, row in rows if row["package"].isdigit() and len(row["package"]) < 18}
    found = Package.objects.reached(principal, ACT).filter(pk__in=keys).prefetch_related("tellings")
    packages = {str(one.pk): one for one in found}
    reasons, made, refused = book_of(principal.council).reasons, [], []
    seen: set[tuple[int, str]] = set()
    for number, row in rows:
        try:
            visit = _visit(file, row, packages, reasons)
            if (visit.package_id, visit.reference) in seen:
                raise _Amiss("visit_reference", "It is there twice in the file. Keep the one that is right.")
            seen.add((visit.package_id, visit.reference))
            made.append(visit)
        except _Amiss as error:
            refused.append(Refused(number, error.column, str(error)))
    return made, refused


class _Amiss(Exception):
    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column = column


def _visit(file: VisitFile, row: dict[str, str], packages: dict[str, Package], reasons: Any) -> Visit:
    package = packages.get(row["package"].lstrip("0"))
    if package is None:
        raise _Amiss("package", "There is no package of this number in the council.")
    if not 0 < len(row["visit_reference"]) <= 100:
        raise _Amiss("visit_reference", "It must have 1 to 100 characters.")
    line = _line(package, row["line"])
    day = _day(row["day"])
    planned, delivered = _minutes(row, "planned_minutes"), _minutes(row, "delivered_minutes")
    if row["reason"] and row["reason"] not in reasons:
        raise _Amiss("reason", f"There is no such reason. Reasons are {', '.join(reasons)}.")
    if planned is None:
        raise _Amiss("planned_minutes", "It is empty. Write 0 for a visit that was not planned.")
    try:
        Said(row["visit_reference"], line, day, planned, delivered, row["reason"])
    except InputError:
        raise _Amiss("planned_minutes", "Minutes are whole numbers from 0 to 1440.") from None
    return Visit(
        file=file, package=package, line=line, reference=row["visit_reference"], day=day, planned=planned,
        delivered=delivered, reason=row["reason"],
    )  # fmt: skip


def _line(package: Package, named: str) -> str:
    told = [as_told(one) for one in in_force(sorted(package.tellings.all(), key=lambda one: one.number))]
    lines = [raw["line"] for raw in told if raw["kind"] == "line" and components()[raw["component"]].paid == "visits"]
    if not lines:
        raise _Amiss("package", "The package has no part that is paid by visits. Add one first.")
    if named and named not in lines:
        raise _Amiss("line", f"The package has no such part. Parts paid by visits are {', '.join(lines)}.")
    if not named and len(lines) > 1:
        raise _Amiss("line", f"Say which part it is: {', '.join(lines)}.")
    return named or lines[0]


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Amiss("day", "It is not a day such as 2027-03-27.") from None
    if day > uk_day(timezone.now()):
        raise _Amiss("day", "It is to come: a visit is told once its day is over.")
    return day


def _minutes(row: dict[str, str], column: str) -> int | None:
    text = row[column]
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text[:6]) > 1_440:
        raise _Amiss(column, "Minutes are whole numbers from 0 to 1440.")
    return int(text)
