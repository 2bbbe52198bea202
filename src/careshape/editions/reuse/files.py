"""The files of an edition for reuse, by their places in its folder."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpRequest
from django.test import RequestFactory

from careshape.editions.reuse.statement import as_statement, of_segment
from careshape.errors import CareshapeError
from careshape.exchange.check import check
from careshape.exchange.fault import pointer
from careshape.exchange.written import OGL, as_json, package
from careshape.statement.council import Council
from careshape.statement.licence import NOT_SET
from careshape.statement.pages import hold_councils, page

FOLDER: Final = "data"
TITLES: Final = {
    f"{FOLDER}/statement.zip": "Everything in one archive (Data Package)",
    f"{FOLDER}/statement.json": "The whole statement in the open form",
    f"{FOLDER}/figures.csv": "Every figure, with unit, period, source and method",
    f"{FOLDER}/intentions.csv": "What the council means to do",
    f"{FOLDER}/opportunities.csv": "What is open to providers",
    f"{FOLDER}/segments.csv": "The parts of the market",
    f"{FOLDER}/slots.csv": "What is said of each part",
    f"{FOLDER}/tables.csv": "The list of tables",
    f"{FOLDER}/cards.csv": "What stands behind the figures",
    f"{FOLDER}/codes.csv": "Codes of the council's own",
    f"{FOLDER}/statement.csv": "Whose statement it is, and which edition",
    f"{FOLDER}/datapackage.json": "The description of the package, with each file's columns and checksum",
    f"{FOLDER}/LICENCE.md": "The licence",
}
_LICENCE: Final = """# Licence of {title}, {edition}

{covers}

{terms}

The open form in which the statement is written, its schema and its code lists are free of conditions (CC0 1.0).
"""


def data_files(council: Council) -> dict[str, bytes]:
    """Place -> content of the Data Package of a gated council.

    Raises CareshapeError where it would break the rules of the open form: nothing is published that others must refuse.
    """
    statement = as_statement(council)
    broken = next(check(statement), None)
    if broken is not None:
        raise CareshapeError(f"The edition's data would break the open form at {pointer(broken.path)}: {broken.rule}.")
    files = package(statement, licence(statement))
    return {f"{FOLDER}/{name}": content for name, content in files.items()}


def section_files(council: Council, files: dict[str, bytes]) -> dict[str, bytes]:
    """Place -> content of each segment alone, in the open form too: what the whole statement says of it."""
    statement = json.loads(files[f"{FOLDER}/statement.json"])
    segments = council.statement.segments.values() if council.statement else ()
    return {f"statement/{one.id}.json": as_json(of_segment(council, statement, one)) for one in segments}


def licence(statement: dict[str, Any]) -> str:
    """The text of the licence, as it lies beside the data."""
    given, council = statement["licence"], statement["council"]
    return _LICENCE.format(
        title=statement["title"], edition=statement["edition"], covers=given["covers"],
        terms=_terms(given, f"{council['name']}, {statement['title']}, {statement['edition']}"),
    )  # fmt: skip


def _terms(given: dict[str, str], source: str) -> str:
    name = given["name"]
    if name == NOT_SET:
        return f"Licence: {NOT_SET[:1].lower()}{NOT_SET[1:]}."
    said = f"Licence: {name}" + (f", {given['address']}" if given.get("address") else "")
    if name != OGL:
        return f"{said}\n\nName the source: “{source}”."
    return (
        f"{said}\n\nYou may copy, publish, adapt and use it, also for business, if you name the source:\n"
        f"“{source}. Contains public sector information licensed under the {name}.”"
    )


def data_page(council: Council, files: dict[str, bytes]) -> str:
    """The page of the data of an edition: what each file holds, how large it is, under which licence."""
    request: HttpRequest = RequestFactory(SERVER_NAME="localhost").get(f"/{council.slug}/{FOLDER}/")
    hold_councils(request, {council.slug: council})
    request.static_export = True
    tables = sorted(name for name in files if name.startswith(f"{FOLDER}/tables/"))
    shown = [(name.partition("/")[2], title, _size(files[name])) for name, title in TITLES.items() if name in files]
    given = json.loads(files[f"{FOLDER}/statement.json"])["licence"]
    answer = page(
        request, "editions/data.html", council, crumbs=(("As data", ""),), files=shown, licence=given,
        tables=[(name.partition("/")[2], name.rpartition("/")[2], _size(files[name])) for name in tables],
    )  # fmt: skip
    return answer.content.decode("utf-8")


def _size(content: bytes) -> str:
    return f"{len(content) / 1_000_000:.1f} MB" if len(content) >= 1_000_000 else f"{max(1, len(content) // 1000)} kB"
