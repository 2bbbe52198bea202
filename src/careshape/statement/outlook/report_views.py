"""The pages that stand behind the outlook, as served and as exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse

from careshape.language import say
from careshape.policy.views import does
from careshape.statement.addresses import address, download
from careshape.statement.arrange import Arranged, arrange
from careshape.statement.council import Council
from careshape.statement.downloads import download_response, records_of
from careshape.statement.outlook.report import Section
from careshape.statement.outlook.reports import KINDS, report
from careshape.statement.pages import page, the_council


@does("statement.read")
def report_page(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One of the pages: words, pictures, tables."""
    council = the_council(request, slug)
    kind, found = KINDS[name], report(council, name)
    sections = found.on("")
    return page(
        request, "outlook/report.html", council, here="outlook", kind=kind, report=found, sections=sections,
        arranged=_arranged(sections, request.GET.dict()),
        crumbs=(("Outlook", address(slug, "outlook")), (kind.title, "")),
    )  # fmt: skip


@does("statement.read")
def leaf_page(request: HttpRequest, slug: str, name: str, leaf: str) -> HttpResponse:
    """A page below one of the pages, such as a condition by itself."""
    council = the_council(request, slug)
    kind, found = KINDS[name], report(council, name)
    one = found.leaf(leaf)
    if one is None:
        raise Http404(say("There is no page '{leaf}' of {title}.", leaf=leaf, title=kind.title))
    sections, up = found.on(one.id), address(slug, name)
    return page(
        request, "outlook/leaf.html", council, here="outlook", kind=kind, leaf=one, report=found, sections=sections,
        arranged=_arranged(sections, request.GET.dict()),
        crumbs=(("Outlook", address(slug, "outlook")), (kind.title, up), (one.title, "")),
    )  # fmt: skip


def _arranged(sections: Iterable[Section], asked: dict[str, str]) -> dict[str, Arranged]:
    """The tables that a reader may sort and filter, as asked: what is asked is of the section that ``table`` names."""
    made = {}
    for section in sections:
        if section.arranged and section.table is not None:
            one = arrange(section.table, asked if asked.get("table") == section.id else {}, section.filters)
            links = [replace(head, href=f"{head.href}&table={section.id}#{section.id}") for head in one.headings]
            made[section.id] = replace(one, headings=tuple(links))
    return made


@does("statement.read")
def report_download(request: HttpRequest, slug: str, name: str, section: str, kind: str) -> HttpResponse:
    """The table of a section as CSV or JSON."""
    council = the_council(request, slug)
    found = report(council, name).section(section)
    if found is None or found.table is None or not found.downloads:
        raise Http404(say("There is no table '{section}' to download.", section=section))
    records = found.records or records_of(council)
    return download_response(council, found.table, kind, records, request.GET.dict(), found.filters)


def report_paths(council: Council) -> Iterator[str]:
    """Every address of these pages that the export holds."""
    for name in KINDS:
        yield address(council.slug, name)
        found = report(council, name)
        yield from (address(council.slug, f"{name}-leaf", one.id) for one in found.leaves)
        for section in found.sections:
            if section.downloads:
                yield from (download(council.slug, name, section.id, kind) for kind in ("csv", "json"))
