"""Search within an edition: over its pages as they were made, so that old editions can be searched as well."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

from careshape.editions.folders import MANIFEST, PAGES, edition_path
from careshape.editions.models import Edition
from careshape.home import Home
from careshape.statement.search import MOST, Entry, found_in

PATH: Final = "search/"
FRAME: Final = "index/index.html"
"""The page whose frame the results stand in: it lies as deep as they do, so that its links lead where they should."""
KINDS: Final = {
    "statement": "Statement", "statements": "Statement", "tables": "Table", "measures": "Measure",
    "intentions": "Intention", "observations": "Published figures", "easy-read": "Easy read",
}  # fmt: skip
_LEFT_OUT: Final = ("figures", "large-print", "index", "data", "static")
"""Folders whose pages say again what others say."""
LONGEST: Final = 20_000
"""Characters of a page that are looked through."""
_MAIN: Final = re.compile(r"<main\b[^>]*>(.*?)</main>", re.DOTALL)
_TITLE: Final = re.compile(r"<title>.*?</title>", re.DOTALL)
_HEADING: Final = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
_UNSAID: Final = re.compile(r"<(svg|script|style|form|nav|h1)\b.*?</\1>", re.DOTALL)
_ACTIVE: Final = re.compile(r" govuk-service-navigation__item--active| aria-current=\"(?:page|true)\"")


def results(request: HttpRequest, row: Edition) -> str | None:
    """The page of what was found in an edition; None where it has no page to stand in."""
    folder = edition_path(Home(settings.CARESHAPE_DIR), row.council, row.number)
    try:
        frame = (folder / PAGES / FRAME).read_text("utf-8")
        known = _entries(folder, row.manifest)
    except (OSError, ValueError, KeyError):
        return None
    asked = request.GET.get("q", "").strip()[:200]
    hits = found_in(known, asked)
    main = render_to_string(
        "editions/search.html",
        {"row": row, "asked": asked, "hits": hits[:MOST], "many": len(hits), "root": _root(row)},
    )
    title = f"<title>Search edition {row.number}</title>"
    framed = _ACTIVE.sub("", _TITLE.sub(lambda found: title, frame, count=1))
    return _MAIN.sub(lambda found: found[0].replace(found[1], f"\n{main}\n"), framed, count=1)


@lru_cache(maxsize=8)
def _entries(folder: Path, manifest: str) -> tuple[Entry, ...]:
    """Every page of an edition that a reader may look for; an edition never changes, so it is read once."""
    pages = json.loads((folder / MANIFEST).read_text("utf-8"))["pages"]
    found = []
    for name in pages:
        top = name.partition("/")[0]
        if name.endswith("/index.html") and top not in _LEFT_OUT:
            html = (folder / PAGES / name).read_text("utf-8")
            main, heading = _MAIN.search(html), _HEADING.search(html)
            if main and heading:
                # Where a page has sections, what stands before them leads elsewhere.
                said = main[1][max(0, main[1].find("<section")) :]
                words = _plain(_UNSAID.sub(" ", said))[:LONGEST]
                href = name.removesuffix("index.html")
                found.append(Entry(_plain(heading[1]), href, KINDS.get(top, "Page"), words))
    return tuple(found)


def _plain(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def _root(row: Edition) -> str:
    return f"/{row.council}/editions/{row.number}/"
