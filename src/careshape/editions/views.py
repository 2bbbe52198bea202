"""Editions as everybody reads them: their list, the latest, and the pages of each."""

from __future__ import annotations

import json
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from careshape import __version__
from careshape.accounts.times import uk_date
from careshape.editions.asking import answered, asks
from careshape.editions.bound import bound
from careshape.editions.finding import PATH as SEARCH
from careshape.editions.finding import results
from careshape.editions.folders import FIGURES, MANIFEST, PAGES, REPORT, edition_path, kept
from careshape.editions.models import Edition, State
from careshape.editions.released import released
from careshape.editions.standing import newer_than, with_standing
from careshape.home import Home
from careshape.policy.views import does, in_reach
from careshape.statement.addresses import address
from careshape.statement.formatting import day
from careshape.statement.pages import page

OPEN_FILES: Final = {MANIFEST: MANIFEST, FIGURES: FIGURES, "gate.json": REPORT}
"""What stands beside the pages and is as public: how it was made, its figures as data, and the report of the attack."""
_CACHED: Final = "public, max-age=300"


@does("editions.list")
def editions(request: HttpRequest, slug: str) -> HttpResponse:
    """The released editions of a council's statement."""
    home = Home(settings.CARESHAPE_DIR)
    rows = [(one, kept(home, slug, one.number, REPORT)) for one in released(request.principal, "editions.read", slug)]
    name = home.ledger(slug).name if slug in home.authorities() else ""
    return page(
        request, "editions/list.html", None, rows=rows, slug=slug, day=day, name=name,
        way_back=address(slug, "home") if in_reach(request.principal, "statement.read", slug) else "",
    )  # fmt: skip


@does("editions.read")
def latest(request: HttpRequest, slug: str, path: str = "") -> HttpResponse:
    """The stable address of the latest edition."""
    rows = released(request.principal, "editions.read", slug)
    if not rows:
        raise Http404("There is no such council here.")
    query = request.GET.urlencode()
    return HttpResponseRedirect(f"{edition_address(slug, rows[0].number)}{path}{'?' if query else ''}{query}")


@does("editions.read")
def edition_file(request: HttpRequest, slug: str, number: int, path: str = "") -> HttpResponse:
    """A page of an edition, as it was made. Before its release its own council's people see it, and nobody else."""
    row = _edition(request, slug, number)
    if (response := _searched(request, row, path) or _asked(request, row, path)) is not None:
        kept = row.state == State.RELEASED.value and response.status_code == 200
        response["Cache-Control"] = _CACHED if kept else "no-store"
        return response
    folder = edition_path(Home(settings.CARESHAPE_DIR), slug, number)
    name = f"{path}index.html" if not path or path.endswith("/") else path
    if name in OPEN_FILES:
        file, tag = folder / OPEN_FILES[name], row.manifest
    else:
        pages = _pages(folder / MANIFEST, row.manifest)
        if name not in pages:
            return _elsewhere(request, row, path, name)
        file, tag = folder / PAGES / name, pages[name]
    newer = newer_than(row)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    said = f"-{newer.number if newer else 0}-{__version__}" if kind == "text/html" else ""
    etag = f'"{tag}{said}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    content = _content(file)
    if kind == "text/html":
        there = _pages_of(newer) if newer else ()
        content = with_standing(content, row, newer, name, there)
    response = HttpResponse(content, content_type=_charset(kind))
    response["ETag"] = etag
    response["Cache-Control"] = _CACHED if row.state == State.RELEASED.value else "no-store"
    return response


def _asked(request: HttpRequest, row: Edition, path: str) -> HttpResponse | None:
    """The answer to what is asked of the latest edition; None for a file that is given out as it was made.

    The pages of an edition name the file of a page in their links: that is answered as the page is.
    """
    if path.endswith("/index.html"):
        path = path.removesuffix("index.html")
    if not asks(path, bool(request.GET)) or row.state != State.RELEASED.value or newer_than(row) is not None:
        return None
    council = bound(Home(settings.CARESHAPE_DIR), row)
    if council is None:
        return None
    response = answered(request, council, row.number, path, _pages_of(row))
    if response.headers["Content-Type"].startswith("text/html"):
        response.content = with_standing(response.content, row, None, path, ())
    return response


def _searched(request: HttpRequest, row: Edition, path: str) -> HttpResponse | None:
    """What was found in an edition; None for any other page, and where it cannot be searched."""
    found = results(request, row) if path == SEARCH else None
    if found is None:
        return None
    newer = newer_than(row)
    asked = request.GET.get("q", "").strip()[:200]
    there = _pages_of(newer) if newer else ()
    return HttpResponse(with_standing(found.encode("utf-8"), row, newer, path, there, asked))


def _elsewhere(request: HttpRequest, row: Edition, path: str, name: str) -> HttpResponse:
    """That an edition does not have a page, and which released ones have. Raises Http404 where none has it."""
    known = released(request.principal, "editions.read", row.council) if name.endswith("index.html") else []
    others = [one for one in known if one.number != row.number and name in _pages_of(one)]
    if not others:
        raise Http404("The edition has no such page.")
    return page(request, "editions/no_page.html", None, row=row, others=others, path=path, day=uk_date, status=404)


def edition_address(slug: str, number: int) -> str:
    """Where an edition is read."""
    return f"/{slug}/editions/{number}/"


def _edition(request: HttpRequest, slug: str, number: int) -> Edition:
    found = Edition.objects.exclude(state=State.DISCARDED.value)
    row: Edition = found.reach(request.principal, "editions.read", council=slug, number=number)
    return row


@lru_cache(maxsize=64)
def _pages(manifest: Path, digest: str) -> dict[str, str]:
    """File -> digest, by the manifest, which never changes: ``digest`` is that of the manifest itself."""
    try:
        content: dict[str, Any] = json.loads(manifest.read_text("utf-8"))
    except FileNotFoundError:
        raise Http404("The edition's folder is gone.") from None
    pages: dict[str, str] = content["pages"]
    return pages


def _pages_of(row: Edition) -> dict[str, str]:
    """The same of an edition; nothing where its folder is gone."""
    try:
        return _pages(edition_path(Home(settings.CARESHAPE_DIR), row.council, row.number) / MANIFEST, row.manifest)
    except Http404:
        return {}


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise Http404("The edition's file is gone.") from None


def _charset(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith(("json", "svg+xml")) else kind
