"""Pages for who prepares a file of records: the columns of each kind of file, and the names that coded columns take."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from careshape.catalogue import catalogue
from careshape.ledger.readers import READER_IDS, reader
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.work.pages import page

HOME: Final = "/work/imports/"
WRITTEN: Final = {
    "line": "any text; identity of a line in the source system",
    "person": "any text; becomes a pseudonym, and is not kept",
    "text": "any text",
    "date": "2021-03-31 or 31/03/2021",
    "code": "a name or id of the list",
    "money": "pounds with two decimals, such as 700.00",
    "quantity": "a number with at most two decimals",
    "postcode": "whole or outward; only the outward part is kept",
    "flag": "yes or no",
    "ignored": "read by nobody",
}
"""How values of a kind are written."""


def columns() -> Listing:
    """Every column of every kind of file that an import reads."""
    rows = [
        {
            "column": one.name, "kind": reader(id_).title, "need": "Yes" if one.need else "No",
            "written": WRITTEN[one.kind], "list": one.list,
            "href": f"{HOME}names/?list={one.list}" if one.list else "", "also": ", ".join(one.also),
        }
        for id_ in READER_IDS
        for one in reader(id_).column
    ]  # fmt: skip
    shown = (
        Column("column", "Column"),
        Column("kind", "Kind of records", filtered=True),
        Column("need", "Needed", filtered=True),
        Column("written", "Written as", wide=True),
        Column("list", "List of names", link="href"),
        Column("also", "Also called", wide=True),
    )
    return Listing("columns", "What a file holds", shown, rows)


def names() -> Listing:
    """The names that coded columns take."""
    used = sorted({one.list for id_ in READER_IDS for one in reader(id_).column if one.list})
    rows = [
        {"list": list_, "label": entry.label, "id": entry.id, "description": entry.description}
        for list_ in used
        for entry in catalogue().lists[list_].entries
    ]
    shown = (
        Column("label", "Name"),
        Column("id", "Id"),
        Column("list", "List", filtered=True),
        Column("description", "What it is", wide=True),
    )
    return Listing("names", "Names for coded columns", shown, rows)


@does("work.import")
def columns_page(request: HttpRequest) -> HttpResponse:
    """What a file holds."""
    crumbs = (("Imports", HOME), ("What a file holds", ""))
    arranged = arrange(columns(), request.GET.dict())
    return page(request, "columns.html", here=HOME, crumbs=crumbs, arranged=arranged, download="/work/imports/columns")


@does("work.import")
def columns_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The columns as a file."""
    return download(arrange(columns(), request.GET.dict()), kind, "columns")


@does("work.import")
def names_page(request: HttpRequest) -> HttpResponse:
    """The names that coded columns take."""
    crumbs = (("Imports", HOME), ("What a file holds", f"{HOME}columns/"), ("Names for coded columns", ""))
    arranged = arrange(names(), request.GET.dict())
    return page(request, "columns.html", here=HOME, crumbs=crumbs, arranged=arranged, download="/work/imports/names")


@does("work.import")
def names_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The names as a file."""
    return download(arrange(names(), request.GET.dict()), kind, "names")
