"""Every download of the site: no cell that a spreadsheet would run, and numbers that are numbers."""

from __future__ import annotations

import csv
import io
import re
from functools import cache, lru_cache

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver

from careshape.accounts.models import Account, Organisation
from careshape.home import Home
from careshape.ledger.imports import import_file
from careshape.people.models import Person
from careshape.source.models import Vehicle
from careshape.statement.council import open_council
from careshape.statement.export import council_paths
from careshape.work.models import Import
from tests.policy import objects  # noqa: F401  (what makes the rows that addresses name)
from tests.policy.world import filled, object_of
from tests.statement.sample import HEADER
from tests.test_spreadsheets import is_run
from tests.work.files import FAULTY, line

RUN = ("=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1", "=HYPERLINK(1)")
DOWNLOAD = re.compile(r"\.(csv|xlsx|<slug:kind>)$")
FILLED = {
    "<slug:slug>": "worcestershire", "<slug:which>": "providers", "<int:pk>": "1", "<slug:kind>": "csv",
    "<int:number>": "1", "<slug:table>": "covered",
}  # fmt: skip


def patterns(resolver: URLResolver | None = None, before: str = "") -> list[str]:
    """Every address of the site that ends as a file of rows does."""
    found = []
    for one in (resolver or get_resolver()).url_patterns:
        where = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found += patterns(one, where)
        elif isinstance(one, URLPattern) and DOWNLOAD.search(where):
            found.append(where)
    return found


@pytest.fixture
def poisoned(signed_in, people, data, place):
    """A site on which whatever can be named is named so that a spreadsheet would run it."""
    rows = "".join(
        line(300 + n).replace(f"Synthetic provider W-{300 + n:03d}", f'"{name}"' if "'" in name else name)
        for n, name in enumerate(RUN)
    )
    file = data / "=1+1.csv"
    file.write_text(HEADER + rows, "utf-8")
    report = import_file(Home(data).ledger("worcestershire"), file, reader="packages")
    assert report.refused == 0, report.findings
    for n, one in enumerate(Organisation.objects.order_by("pk")):
        Organisation.objects.filter(pk=one.pk).update(name=f"{RUN[n % len(RUN)]} {n}")
    for n, account in enumerate(Account.objects.order_by("pk")):
        Account.objects.filter(pk=account.pk).update(name=f"{RUN[n % len(RUN)]} {n}")
    Person.objects.filter(pk=place.person.pk).update(name=RUN[0], reference=RUN[1])
    Vehicle.objects.filter(pk=place.vehicle.pk).update(title=RUN[2])
    place.ask(words="-2+3")
    signed_in("analyst").post(
        "/work/imports/new/", {"file": SimpleUploadedFile("@x.csv", FAULTY.replace(b"two hundred", b"=1+1"))}
    )
    return Import.objects.get().pk


@lru_cache(maxsize=64)
def cells_of(kind: str, content: bytes) -> list[list[object]]:
    """The cells of a file, as a spreadsheet reads them: of a file that several roles get alike, once."""
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
        return [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [list(row) for row in csv.reader(io.StringIO(content.decode(), newline=""))]


def addresses(data, pk: int, member) -> list[tuple[str, str]]:
    """Every download: kind of file and address. Those of a statement are all that it has."""
    found, lists = [], Vehicle.objects.get().pk
    key_of = cache(lambda make: make(None, member))
    council = open_council(data, "worcestershire")
    council.warm()
    figure = next(one.key for one in council.book.computed() if one.linked)
    found += [(kind, f"/work/postings/2/findings.{kind}") for kind in ("csv", "xlsx")]
    found += [(kind, f"/work/measures.{kind}?measure=people_supported&trail=1") for kind in ("csv", "xlsx")]
    statement = [path for path in council_paths(council) if path.endswith(".csv")]
    for pattern in patterns():
        for kind in ("csv", "xlsx") if pattern.endswith("<slug:kind>") else (pattern[-3:],):
            if "<slug:slug>" in pattern:
                continue
            path = pattern.replace("lists/<int:pk>", f"lists/{lists}")
            if "<int:pk>" in path and not path.startswith("work/imports/"):
                path = path.replace("<int:pk>", str(key_of(object_of(f"/{pattern}"))))
            for part, value in {**FILLED, "<int:pk>": str(pk), "<slug:kind>": kind, "<slug:key>": figure}.items():
                path = path.replace(part, value)
            path = filled(path, {})
            found.append((kind if kind != "lsx" else "xlsx", f"/{path}"))
    for path in statement:
        found += [("csv", path), ("xlsx", path.removesuffix("csv") + "xlsx")]
    return found


ROLES = ("analyst", "administrator", "auditor", "commissioner", "provider", "practitioner", "broker", "finance")
QUESTION = "?measure=people_supported&by=provider"


@pytest.mark.once("what a cell may hold is decided from the text that was read; the sweep asks every download on both")
def test_no_cell_of_any_download_is_run(poisoned, signed_in, people, data, promise) -> None:
    clients = [signed_in(role) for role in ROLES]
    asked_for = addresses(data, poisoned, people.memberships["worcestershire", "commissioner"])
    Person.objects.update(name=RUN[0])
    asked = marked = numbers = 0
    for kind, path in asked_for:
        asks = QUESTION if path.startswith("/work/measures") and "?" not in path else ""
        answers = [one.get(path + asks) for one in clients]
        sound = [one for one in answers if one.status_code == 200]
        assert sound, (path, [one.status_code for one in answers])
        for answer in sound:
            asked += 1
            for row in cells_of(kind, answer.getvalue()):
                for cell in row:
                    if isinstance(cell, str):
                        assert not is_run(cell), (path, cell)
                        marked += cell.startswith("'")
                    numbers += isinstance(cell, int | float)
    assert marked > 50, "what would be run stands in the files, with its mark"
    assert numbers > 50, "numbers of workbooks are numbers"
    promise("R9 exports", f"{asked} downloads, 0 cells that a spreadsheet would run of {marked} that were meant to be")
