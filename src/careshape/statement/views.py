"""The pages of a statement, as served and as exported."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from careshape.design.progress import STATES as RULES_OF_PROGRESS
from careshape.evaluate.measure import measures
from careshape.language import say
from careshape.policy import ANYBODY, policy
from careshape.policy.views import does
from careshape.records import lost_figures
from careshape.statement import listings
from careshape.statement.addresses import address
from careshape.statement.arrange import arrange
from careshape.statement.cards import measure_lines
from careshape.statement.contact import posts
from careshape.statement.content import Segment
from careshape.statement.council import Council
from careshape.statement.downloads import PUBLISHED, download_response, records_of
from careshape.statement.figures import Figure
from careshape.statement.formatting import day, title_of
from careshape.statement.labels import period_title
from careshape.statement.pages import (
    NotThereError,
    Unreadable,
    all_councils,
    other_councils,
    page,
    static_export,
    the_council,
)
from careshape.statement.phrases import phrase
from careshape.statement.places import with_leads
from careshape.statement.print.links import print_links
from careshape.statement.search import MOST, a_to_z, search, suggestion
from careshape.statement.segments import segment_parts
from careshape.statement.slots import DUE_DAYS, STATE_TITLES, STATES
from careshape.statement.spec import TableSpec
from careshape.statement.subject_views import shown
from careshape.statement.tables import Table
from careshape.statement.text import is_written, review_day

HEADINGS: Final = {
    "discrepancies": "Discrepancies in the published statement",
    "check": "Published against computed",
    "intentions": "What the council means to do",
    "slots": "What is written and what is due",
}
LEADS: Final = {
    "discrepancies": (
        "Totals, shares, growth, ranks and repeated figures were worked out again from the cells that the council "
        "published, and from nothing else. Where a published value does not agree, both values stand here.",
        "A difference is not always a mistake: many are roundings, and some only show that the document leaves "
        "something open.",
    ),
    "check": (
        "Every published figure that records of care can give is counted again from the ledger and compared with what "
        "was published.",
    ),
    "intentions": (
        "Each intention is put in our own words. Its direction is a classification made here. Filter by what you "
        "provide.",
        "Where a measure can say how far an intention is, its progress is worked out from the council's records.",
    ),
    "slots": (
        "Every page of a segment says the same things in the same order. Each of them has an owner, which is a post "
        "and not a person, and a day by which it is looked at again.",
    ),
}


@does("statement.help")
def councils(request: HttpRequest) -> HttpResponse:
    """The councils of this installation."""
    shown = all_councils(request)
    return page(request, "statement/councils.html", councils=shown, others=other_councils(request))


@does("statement.read")
def home(request: HttpRequest, slug: str) -> HttpResponse:
    """A council's contents."""
    council = the_council(request, slug)
    period = period_title(council.statement.period) if council.statement and council.statement.period else ""
    return page(
        request, "statement/home.html", council, here="home", period=period,
        statements=[shown(council, one) for one in council.statement.subjects] if council.statement else [],
        prints=print_links(council, static_export(request)),
    )  # fmt: skip


@does("statement.read")
def segment(request: HttpRequest, slug: str, name: str, large: bool = False) -> HttpResponse:
    """One segment of the statement; in large print where asked."""
    council = the_council(request, slug)
    segments = council.statement.segments if council.statement else {}
    if name not in segments or council.statement is None:
        return _taken_out(request, council, name)
    one = segments[name]
    order = list(segments)
    at = order.index(name)
    group = next(group for group in council.statement.groups if one in group.segments)
    made, today = segment_parts(council, one), review_day(council)
    return page(
        request, "statement/large.html" if large else "statement/segment.html", council, here="home",
        crumbs=((one.title, ""),), segment=one, group=group, large=large,
        parts=made, named=[part for part in made if part.title], state_titles=STATE_TITLES,
        states={slot.id: slot.state(today, is_written(council, slot)) for slot in one.slots},
        days={slot.id: day(slot.review) for slot in one.slots if slot.review},
        subjects=[shown(council, it) for it in council.statement.subjects if it.planned and name in it.segments],
        asked=posts(one.slots, council.statement.rules), contact=council.statement.contact,
        previous=_link(council, segments[order[at - 1]], large) if at else None,
        next=_link(council, segments[order[at + 1]], large) if at + 1 < len(order) else None,
    )  # fmt: skip


@does("statement.read")
def segment_json(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One segment as data: that of the latest edition, in the open form. A draft has none."""
    council = the_council(request, slug)
    if council.statement is None or name not in council.statement.segments:
        raise NotThereError(f"The statement has no segment '{name}'.", *_home(council))
    return HttpResponseRedirect(f"/{council.slug}/latest/statement/{name}.json")


def _taken_out(request: HttpRequest, council: Council, name: str) -> HttpResponse:
    """That a page was taken out of the statement, and when. Raises NotThereError for one that never was there."""
    out = council.statement.out if council.statement else ()
    gone = next((one for one in out if one.id == name), None)
    if gone is None or gone.out is None:
        raise NotThereError(f"The statement has no segment '{name}'.", *_home(council))
    title = str(phrase(council.book, gone.title))
    return page(
        request, "statement/taken_out.html", council, here="home", crumbs=((title, ""),), title=title, on=day(gone.out),
        status=410,
    )  # fmt: skip


def _link(council: Council, one: Segment, large: bool) -> dict[str, str]:
    return {"href": address(council.slug, "large-print-page" if large else "segment", one.id), "title": one.title}


@does("statement.read")
def tables(request: HttpRequest, slug: str) -> HttpResponse:
    """All tables of a statement."""
    council = the_council(request, slug)
    return page(request, "statement/tables.html", council, here="tables", groups=_tables_by_part(council))


def _tables_by_part(council: Council) -> list[tuple[str, list[TableSpec]]]:
    """The tables under the title of the part in which each stands first."""
    if council.statement is None:
        return []
    left, found = dict(council.statement.tables), []
    for group in council.statement.groups:
        calls = [each.call for segment in group.segments for each in segment.found]
        names = dict.fromkeys(call.first for call in calls if call.name in ("table", "chart"))
        specs = [left.pop(name) for name in names if name in left]
        found += [(group.title, specs)] if specs else []
    return [*found, *([("Others", list(left.values()))] if left else [])]


@does("statement.read")
def tables_json(request: HttpRequest, slug: str) -> HttpResponse:
    """All tables of a statement, as data: id, title and where to download."""
    council = the_council(request, slug)
    found = council.statement.tables.values() if council.statement else ()
    rows = [{"id": one.id, "title": one.title, "csv": f"{one.id}.csv", "json": f"{one.id}.json"} for one in found]
    return JsonResponse({"authority": slug, "known": council.known, "tables": rows}, json_dumps_params={"indent": 1})


@does("statement.read")
def table(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One table with its chart, its cards and its downloads."""
    council = the_council(request, slug)
    found = _table(council, name)
    arranged = arrange(found, request.GET.dict())
    used = _quoting(council, {"table", "chart"}, name)
    crumbs = (("Tables", address(slug, "tables")), (found.title, ""))
    return page(
        request, "statement/table.html", council, here="tables", crumbs=crumbs, table=arranged.table,
        arranged=arranged, chart=council.chart(name), used=used,
    )  # fmt: skip


@does("statement.read")
def table_download(request: HttpRequest, slug: str, name: str, kind: str) -> HttpResponse:
    """The records of a table as CSV or JSON."""
    council = the_council(request, slug)
    found = _table(council, name)
    records = records_of(council, council.statement.tables[name] if council.statement else None)
    return download_response(council, found, kind, records, {})


@does("statement.read")
def figure(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The card of one figure."""
    council = the_council(request, slug)
    found = council.figure_at(key)
    if found is None:
        raise NotThereError("No figure of the statement has this address.", *_home(council))
    used = council.quoted.get(found.expression, [])
    tables = council.standing(key)
    crumbs = [(used[0].title, address(slug, "segment", used[0].id))] if used else []
    if tables and not used:
        crumbs = [("Tables", address(slug, "tables")), (tables[0].title, address(slug, "table", tables[0].id))]
    return page(
        request, "statement/figure.html", council, here="home" if used else "tables", crumbs=(*crumbs, ("Card", "")),
        figure=found, used=used, tables=tables, follow=_follow(request, slug, found),
    )  # fmt: skip


def _follow(request: HttpRequest, slug: str, found: Figure) -> str:
    """Where one of the council's own who may see the postings follows a figure back; '' for anybody else."""
    principal = getattr(request, "principal", ANYBODY)  # an export is nobody's
    own = principal.council == slug and policy().permits(principal, "work.postings")
    return f"/work/figures/{found.key}/" if own and found.card.kind in ("measure", "derived") else ""


@does("statement.read")
def measures_page(request: HttpRequest, slug: str) -> HttpResponse:
    """All measures."""
    return page(request, "statement/measures.html", the_council(request, slug), entries=list(measures().values()))


@does("statement.read")
def measure_page(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The card of one measure, with the figures and tables that use it."""
    council, entry = the_council(request, slug), measures().get(name)
    if entry is None:
        raise NotThereError(f"There is no measure '{name}'.", "All measures", address(slug, "measures"))
    council.warm()
    figures = _figures_of(council, name)
    specs = council.statement.tables.values() if council.statement else ()
    crumbs = (("Measures", address(slug, "measures")), (entry.label, ""))
    return page(
        request, "statement/measure.html", council, crumbs=crumbs, entry=entry,
        lines=measure_lines(entry, council.rounded),
        figures=figures, tables=[spec for spec in specs if name in spec.measures],
    )  # fmt: skip


@does("statement.read")
def observations_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The tables of observations of a council."""
    council = the_council(request, slug)
    counts = Counter(row.table for row in council.sources.observations)
    known = council.dataset.tables if council.dataset else {}
    rows = [
        (known[name].number, known[name].title, name, many)
        if name in known
        else ("Own figures", title_of(name), name, many)
        for name, many in counts.items()
    ]
    return page(request, "statement/observations.html", council, tables=rows, dataset=council.dataset)


@does("statement.read")
def observation_table(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The observations of one table, each with source line, period and kind."""
    council = the_council(request, slug)
    found = _observations(council, name)
    crumbs = (("Published figures", address(slug, "observations")), (found.title, ""))
    source = str(found.about.get("source", ""))
    return page(
        request, "statement/listing.html", council, crumbs=crumbs, heading=found.title, lead=(f"Source: {source}.",),
        arranged=arrange(found, request.GET.dict()), page="observations", item=name, downloadable=True,
    )  # fmt: skip


@does("statement.read")
def observation_download(request: HttpRequest, slug: str, name: str, kind: str) -> HttpResponse:
    """The observations of one table as CSV or JSON."""
    council = the_council(request, slug)
    return download_response(council, _observations(council, name), kind, PUBLISHED, {})


@does("statement.read")
def listing_page(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A long list with filters: discrepancies, the check, intentions."""
    council = the_council(request, slug)
    if name not in listings.LISTS:
        raise Http404(f"There is no page '{name}'.")
    found = listings.listing(council, name)
    arranged = arrange(found, request.GET.dict(), listings.FILTERS[name])
    return page(
        request, "statement/listing.html", council, here=name, heading=HEADINGS[name], lead=LEADS[name],
        arranged=arranged, page=name, item="", downloadable=bool(found.records), **_meanings(found, name),
    )  # fmt: skip


@does("statement.read")
def listing_download(request: HttpRequest, slug: str, name: str, kind: str) -> HttpResponse:
    """A long list as CSV or JSON, with the rows that the filters of the address keep."""
    council = the_council(request, slug)
    if name not in listings.LISTS:
        raise Http404(f"There is no list '{name}'.")
    records = records_of(council) if name in ("check", "slots") else PUBLISHED
    return download_response(
        council, listings.listing(council, name), kind, records, request.GET.dict(), listings.FILTERS[name]
    )


@does("statement.read")
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """About the figures: synthetic records, as known on, postings, lost charts."""
    council = the_council(request, slug)
    lost = lost_figures(slug) if council.dataset else ()
    return page(request, "statement/about.html", council, here="about", postings=listings.postings(council), lost=lost)


@does("statement.read")
def search_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Search over a council's pages."""
    council, asked = the_council(request, slug), request.GET.get("q", "").strip()[:200]
    hits = with_leads(council, asked, search(council, asked))
    return page(
        request, "statement/search.html", council, here="search", asked=asked, hits=hits[:MOST], many=len(hits),
        meant="" if hits else suggestion(council, asked),
    )  # fmt: skip


@does("statement.read")
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Every page of a council from A to Z."""
    council = the_council(request, slug)
    return page(request, "statement/index.html", council, here="index", letters=a_to_z(council))


WORDS: Final = (
    ("Line item", "A record of care that the council arranged: person, service, provider, dates, quantity and price."),
    ("Measure", "A stated way of counting line items."),
    ("Observation", "A figure from elsewhere, kept with its source, period, unit and kind."),
    ("As known on", "Records are never overwritten, so a figure can be given as it was known on any day."),
    ("Spot and block", "A spot purchase is for one person; a block contract pays for a number of places."),
    ("Forecast", "What is expected if things go on as the council's records show. It is no plan and no promise."),
    (
        "Interval",
        "How far off an estimate may be. Of ten values, eight should lie in their 80% interval, and hardly any outside "
        "of the 95% one.",
    ),
    (
        "Gap",
        "What will be needed less what there is, on a day. Above nothing, more places are needed; below, there are "
        "more than are expected to be needed. Each page says what was counted as there.",
    ),
    ("Need", "How many people have a condition or need help, whoever arranges it: people times a share from a study."),
    ("Scenario", "What would be different if something were done, set beside what is expected without it."),
    ("Bed night", "One night of one person in a bed that the council arranged."),
)


@does("statement.help")
def help_page(request: HttpRequest) -> HttpResponse:
    """Help for readers."""
    return page(request, "statement/help.html", words=WORDS)


@does("statement.help")
def accessibility(request: HttpRequest) -> HttpResponse:
    """The draft accessibility statement."""
    return page(request, "statement/accessibility.html")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The answer to a request that cannot be understood."""
    return _problem(request, 400, "This request cannot be understood", "Check the address, or start again.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The answer where there is no such page."""
    if isinstance(exception, NotThereError):
        return _problem(request, 404, "Page not found", str(exception), go_on=exception.go_on)
    return _problem(
        request,
        404,
        "Page not found",
        "If you typed the address, check it. If you followed a link, the page has moved.",
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form that was not, or not any more, sent from one of our pages."""
    return _problem(
        request,
        403,
        "This form could not be taken",
        "It was opened before you signed in or out, or not on this site. Nothing was changed.",
        "Go back, load the page again, and send it once more.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer where something of ours failed."""
    return _problem(request, 500, "There is a problem with this page", "It is ours, not yours. Try again later.")


def unavailable(request: HttpRequest, council: Unreadable) -> HttpResponse:
    """The answer for a council that cannot be read, while the others are served."""
    lines = (council.problem, "Its pages come back when this is put right. The other councils can be read.")
    return _problem(request, 503, f"{council.name} cannot be shown at the moment", *lines)


def _problem(
    request: HttpRequest, status: int, heading: str, *lines: str, go_on: tuple[str, str] | None = None
) -> HttpResponse:
    return page(request, "problem.html", status=status, heading=heading, lines=lines, go_on=go_on)


def _table(council: Council, name: str) -> Table:
    found = council.table(name)
    if found is None:
        raise NotThereError(
            f"The statement has no table '{name}'.", "All tables", address(council.slug, "tables")
        )  # fmt: skip
    return found


def _home(council: Council) -> tuple[str, str]:
    return f"The statement of {council.name}", f"/{council.slug}/"


def _observations(council: Council, name: str) -> Table:
    with council.lock:
        if f"observations:{name}" not in council.lists:
            found = listings.observations(council, name)
            if found is None:
                raise Http404(f"There is no table of observations '{name}'.")
            council.lists[f"observations:{name}"] = found
        return council.lists[f"observations:{name}"]


def _quoting(council: Council, functions: set[str], name: str) -> list[Segment]:
    segments = council.statement.segments.values() if council.statement else ()
    return [
        one for one in segments if any(each.call.name in functions and each.call.first == name for each in one.found)
    ]


def _figures_of(council: Council, name: str) -> list[Figure]:
    """The figures that use a measure, each once: what is written in several ways, or bare, stands first as written."""
    found: dict[tuple[str, str], Figure] = {}
    for one in council.book.computed():
        if any(line.item == name for line in one.card.lines):
            found.setdefault((one.what, str(one.value)), one)
    return list(found.values())


def _meanings(found: Table, name: str) -> dict[str, Any]:
    """What the kinds or statuses of a list mean, and how many there are of each."""
    column, words, title = {
        "discrepancies": ("kind", listings.KIND_WORDS, "What the kinds mean"),
        "check": ("status", listings.STATUSES, "What the statuses mean"),
        "slots": ("state", {one: say(text, days=DUE_DAYS) for one, text in STATES.items()}, "What the states mean"),
        "intentions": ("state", RULES_OF_PROGRESS, "How progress is decided"),
    }.get(name, ("", {}, ""))
    if not column:
        return {"meanings": []}
    counts = Counter(str(record[column]) for record in found.records)
    rows = [(title_of(kind), meaning, counts[kind]) for kind, meaning in words.items()]
    counted = ", ".join(f"{say(kind).lower()} ({many})" for kind, _, many in rows if many)
    summary = say("{many} in all: {counted}.", many=len(found.records), counted=counted)
    return {"meanings": rows, "meanings_title": title, "summary": summary}
