"""The pages of the outlook, as served and as exported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from careshape.catalogue import catalogue
from careshape.catalogue.outlines import ATTRIBUTION
from careshape.evaluate.gap.directions import DIRECTIONS
from careshape.evaluate.gap.gap import Gap
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL
from careshape.language import say
from careshape.policy.views import does
from careshape.statement.addresses import address, download
from careshape.statement.arrange import arrange
from careshape.statement.council import Council
from careshape.statement.downloads import download_response, records_of
from careshape.statement.formatting import day
from careshape.statement.outlook.expected import expected, heading, month_of
from careshape.statement.outlook.kept import Kept
from careshape.statement.outlook.market import area_label, group_label
from careshape.statement.outlook.reports import KINDS
from careshape.statement.outlook.tables import gaps_table, payers_table, series_table, steps_table, tag_of
from careshape.statement.outlook.words import interval_of, size_of
from careshape.statement.pages import NotThereError, page, the_council
from careshape.statement.tables import Table

FILTERS = ("segment", "year", "direction")


@does("statement.read")
def contents(request: HttpRequest, slug: str) -> HttpResponse:
    """What the market will have to supply: for each segment what follows, how much, and the way to its page."""
    council = the_council(request, slug)
    found = council.ahead
    if found.problem:
        return page(request, "outlook/none.html", council, here="outlook", problem=found.problem, reports=KINDS)
    table = _all_gaps(found, whole=True)
    return page(
        request, "outlook/contents.html", council, here="outlook", summary=_summary(found), made=found,
        origin=day(found.origin), by=_month(found.gaps_of(next(iter(found.segments)))[0], found),
        arranged=arrange(table, request.GET.dict(), FILTERS), directions=DIRECTIONS, reports=KINDS,
    )  # fmt: skip


@does("statement.read")
def segment(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One segment: its fans with their tables, its gaps, its map, and the way to how each was reached."""
    council = the_council(request, slug)
    found, one = _segment(council, name)
    parts = [_part(found, one, group) for group in found.groups_of(name)]
    return page(
        request, "outlook/segment.html", council, here="outlook", segment=one, parts=parts, made=found,
        crumbs=(("Outlook", address(slug, "outlook")), (one.label, "")), origin=day(found.origin),
        area_label=area_label, attribution=ATTRIBUTION, directions=DIRECTIONS,
        verdict=found.verdict,
        ends=found.gaps_of(name)[-1].on, heading=heading(one), day=day,
    )  # fmt: skip


def _part(found: Kept, one: Segment, group: str) -> dict[str, Any]:
    """What the page of a segment shows of one of its client groups."""
    shown = expected(found, one, group)
    districts = [each for each in found.gaps_of(one.id, group) if each.area != ALL]
    chosen = [each for each in districts if found.in_years(each) == found.ahead]
    if len({each.area for each in found.cells if each.area != ALL}) == 1:
        chosen = []  # a council of one district: that is the whole area, less those of whom no district is known
    name, ahead, whole = shown.name, shown.gap, shown.gaps
    return {
        "group": group,
        "shown": shown,
        "gaps": gaps_table(
            whole,
            f"gaps-{one.id}-{group}",
            say("{name}: needed, there is, gap, in {unit}", name=name, unit=ahead.unit),
            "year",
        ),
        "map": found.maps[one.id, group],
        "districts": gaps_table(
            chosen, f"districts-{one.id}-{group}", f"{name} by district, {month_of(ahead)}, in {ahead.unit}", "area"
        ),
        "areas": found.areas_of(one.id, group),
        "payers": payers_table(ahead),
    }


@does("statement.read")
def reached(request: HttpRequest, slug: str, name: str, group: str, area: str) -> HttpResponse:
    """How the figures of one cell were reached, from the population to pounds."""
    council = the_council(request, slug)
    found, one = _segment(council, name)
    gaps = found.gaps_of(name, group, area)
    if not gaps:
        raise NotThereError(
            say("{title} has no figures for this client group in this place.", title=one.label), one.label,
            address(slug, "outlook-segment", name),
        )  # fmt: skip
    services = catalogue().lists["service"]
    tables = [
        (services.label(service), "" if each == ALL else group_label(each), table)
        for service, each, table in steps_table(found, name, group, area)
    ]
    crumbs = (
        ("Outlook", address(slug, "outlook")),
        (one.label, address(slug, "outlook-segment", name)),
        ("How this was reached", ""),
    )
    table = gaps_table(gaps, f"outlook-{name}", say("From people to the gap, in {unit}", unit=gaps[-1].unit), "year")
    return page(
        request, "outlook/reached.html", council, here="outlook", crumbs=crumbs, segment=one, tables=tables,
        table=table, gaps=gaps, made=found, origin=day(found.origin), last=gaps[-1],
        where=area_label(area), whom=group_label(group), payers=payers_table(gaps[-1]), day=day,
    )  # fmt: skip


@does("statement.read")
def gaps_download(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Every gap as CSV or JSON."""
    council = the_council(request, slug)
    found = _there(council)
    return download_response(council, _all_gaps(found), kind, records_of(council), request.GET.dict(), FILTERS)


@does("statement.read")
def series_download(request: HttpRequest, slug: str, name: str, group: str, kind: str) -> HttpResponse:
    """The series behind one fan as CSV or JSON."""
    council = the_council(request, slug)
    found, one = _segment(council, name)
    if group not in found.groups_of(name):
        raise NotThereError(
            say("{title} has no series for this client group.", title=one.label), one.label,
            address(slug, "outlook-segment", name),
        )  # fmt: skip
    return download_response(council, series_table(found, one, group), kind, records_of(council), {})


def outlook_paths(council: Council) -> Iterator[str]:
    """Every address of the outlook that the export holds."""
    slug = council.slug
    yield address(slug, "outlook")
    found = council.ahead
    if found.problem:
        return
    yield from (download(slug, "outlook", "", kind) for kind in ("csv", "json"))
    for name in found.segments:
        yield address(slug, "outlook-segment", name)
        for group in found.groups_of(name):
            yield from (download(slug, "outlook-series", f"{name}/{group}", kind) for kind in ("csv", "json"))
            for area in (ALL, *found.areas_of(name, group)):
                yield address(slug, "outlook-reached", f"{name}/{group}/{area}")


def _there(council: Council) -> Kept:
    found = council.ahead
    if found.problem:
        raise Http404(found.problem)
    return found


def _segment(council: Council, name: str) -> tuple[Kept, Segment]:
    found = _there(council)
    if name not in found.segments:
        raise NotThereError(
            say("The outlook has no segment '{name}'.", name=name), "What is to come", address(council.slug, "outlook")
        )  # fmt: skip
    return found, found.segments[name]


def _all_gaps(found: Kept, whole: bool = False) -> Table:
    """Every gap, or those of the whole area."""
    kept = [one for one in found.cells if one.area == ALL or not whole]
    return gaps_table(kept, "outlook", "Needed, there is, gap: every segment, client group and year")


def _summary(found: Kept) -> list[dict[str, Any]]:
    """A line for each segment and client group: what follows and how much, some years ahead."""
    lines = []
    for one in found.segments.values():
        for group in found.groups_of(one.id):
            gap = next(each for each in found.gaps_of(one.id, group, ALL) if found.in_years(each) == found.ahead)
            lines.append(
                {
                    "segment": one,
                    "group": "" if group == ALL else group_label(group),
                    "gap": gap,
                    "tag": tag_of(gap.decision.direction),
                    "size": size_of(gap)[:1].upper() + size_of(gap)[1:],
                    "interval": interval_of(gap),
                }
            )
    return lines


def _month(gap: Gap, found: Kept | None = None) -> str:
    """The month of a gap, or of the gap as far ahead as segments are summed up for."""
    years = 0 if found is None else found.ahead - found.in_years(gap)
    return f"{gap.on:%B} {gap.on.year + years}"
