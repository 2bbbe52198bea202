"""The page for somebody who needs care, or whose family does: what there is, how good, what it costs, how to get it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from careshape.policy.views import does
from careshape.statement.content import Segment
from careshape.statement.council import Council
from careshape.statement.pages import page, the_council
from careshape.statement.tables import Table


@does("statement.read")
def find_care(request: HttpRequest, slug: str) -> HttpResponse:
    """What care there is, in plain words."""
    council = the_council(request, slug)
    return page(
        request, "statement/find_care.html", council, crumbs=(("Find care", ""),), care=council.care,
        ratings=_ratings(council), segments=_segments(council),
        front_door=council.statement.front_door if council.statement else None,
        easy=bool(council.statement and council.statement.easy),
    )  # fmt: skip


def _ratings(council: Council) -> list[tuple[Table, str]]:
    """The tables of the statement that give ratings of the regulator, each with what it says of their age."""
    tables = council.statement.tables if council.statement else {}
    rated = [name for name, spec in tables.items() if "cqc_overall_rating" in (*spec.rows, *spec.columns)]
    found = [table for table in map(council.table, rated) if table is not None and not table.problem]
    return [(table, next((str(row["period"]) for row in table.records if row.get("period")), "")) for table in found]


def _segments(council: Council) -> dict[str, Segment]:
    """Service -> the page of the statement that is about it: the one that is called after it, else the first."""
    found: dict[str, Segment] = {}
    known = council.statement.segments if council.statement else {}
    for one in sorted(known.values(), key=lambda segment: segment.kind != "segment"):
        for service in one.services:
            found.setdefault(service, known.get(service, one))
    return found
