"""A page before the rule that only gold and silver providers get new work: what would be lost by it."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from careshape.ledger.posting import uk_day
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.source.lists.grades import Graded, first_day, graded
from careshape.source.packages.units import unit_of
from careshape.statement.formatting import day
from careshape.work.care import words as care_words
from careshape.work.pages import page

HOME: Final = "/work/lists/"
SEE: Final = "source.lists"


@does(SEE)
def grades(request: HttpRequest) -> HttpResponse:
    """Every provider on the lists by its grade, with the capacity that would be lost."""
    council = request.principal.council
    rows = graded(council, uk_day(timezone.now()))
    begins = first_day(council)
    state = f"The rule binds from {day(begins)}." if begins else "The rule binds nobody yet: it has no first day."
    return page(
        request, "care_list.html", here=HOME, title="Only gold and silver", download="/work/grades", add=None,
        crumbs=(("Lists we buy from", HOME), ("Only gold and silver", "")), intro=f"{state} {_lost(rows)}",
        arranged=arrange(_listing(rows), request.GET.dict()),
    )  # fmt: skip


@does(SEE)
def grades_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    rows = graded(request.principal.council, uk_day(timezone.now()))
    return download(arrange(_listing(rows), request.GET.dict()), kind, "grades")


def _lost(rows: list[Graded]) -> str:
    """What new work would be lost, in a sentence for each service."""
    said = []
    for service in dict.fromkeys(one.service for one in rows):
        of_it = [one for one in rows if one.service == service]
        lost = [one for one in of_it if one.lost]
        known = [one.free for one in lost if one.free is not None]
        unknown = len(lost) - len(known)
        free = f"{sum(known) / 100:g} {unit_of(service)}s a week that could begin" if known else ""
        more = f"what {unknown} could begin is not known" if unknown else ""
        words = " and ".join(part for part in (free, more) if part) or "nothing"
        name = care_words.service(service)
        said.append(f"{name}: {len(lost)} of {len(of_it)} providers would get no new work, and with them {words}.")
    return " ".join(said)


def _listing(rows: list[Graded]) -> Listing:
    shown: list[dict[str, Any]] = [
        {
            "provider": one.organisation.name, "service": care_words.service(one.service),
            "grade": one.grade.capitalize() or "None recorded", "lost": "No new work" if one.lost else "As now",
            "free": None if one.free is None else one.free / 100, "packages": one.packages,
        }
        for one in rows
    ]  # fmt: skip
    columns = (
        Column("provider", "Provider"),
        Column("service", "Service", filtered=True),
        Column("grade", "Grade", filtered=True),
        Column("lost", "With the rule", filtered=True),
        Column("free", "Could begin a week", numeric=True, text=lambda value: f"{value:g}"),
        Column("packages", "Packages it keeps", numeric=True),
    )
    return Listing("grades", "Only gold and silver", columns, shown, "Nobody may be asked from a list in force.")
