"""Feeds that anybody may read who may read the editions: no key, no account."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from careshape import __version__
from careshape.accounts.mail import link
from careshape.editions.models import Edition
from careshape.editions.released import released
from careshape.home import Home
from careshape.language import say
from careshape.policy.views import does
from careshape.readers.changes import Change
from careshape.readers.feed import KIND, Entry, atom, name_of
from careshape.readers.released import compared, what_it_says
from careshape.statement.formatting import day

MOST: Final = 12
"""Changes that an entry tells in words; the page has the rest."""
KEPT: Final = 20
"""Editions that a feed goes back."""


@does("editions.list")
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The editions of a council's statement, each with what changed."""
    return _feed(request, slug, "")


@does("editions.list")
def segment_feed(request: HttpRequest, slug: str, segment: str) -> HttpResponse:
    """The editions in which something of one segment changed, and the first one that has it."""
    return _feed(request, slug, segment)


def _feed(request: HttpRequest, slug: str, segment: str) -> HttpResponse:
    rows = released(request.principal, "editions.list", slug)[: KEPT + 1]
    council = Home(settings.CARESHAPE_DIR).ledger(slug)
    title = say("Market position statement of {council}", council=council.name)
    if segment:
        latest = what_it_says(rows[0]) if rows else None
        if latest is None or segment not in latest.segments:
            raise Http404("The latest edition has no such segment.")
        title = f"{latest.segments[segment]['title']}: {title[:1].lower()}{title[1:]}"
    etag = _etag(request, title, council.name, rows, segment, len(council.postings()))
    if request.headers.get("If-None-Match") == etag:
        return _answer(HttpResponse(status=304), etag)
    entries = [one for one in (_entry(request, now, was, segment) for now, was in _pairs(rows)) if one]
    updated = entries[0].updated if entries else max((one.recorded_at for one in council.postings()), default=None)
    if updated is None:
        raise Http404("This council has no records yet.")
    path = f"/{slug}/editions/feed/{segment}.xml" if segment else f"/{slug}/feed.xml"
    names = ("feed", slug, segment) if segment else ("feed", slug)
    content = atom(
        name_of(*names), title, council.name, link(path, request), link(f"/{slug}/editions/", request), updated, entries
    )
    return _answer(HttpResponse(content, content_type=KIND), etag)


def _etag(request: HttpRequest, title: str, council: str, rows: Sequence[Edition], segment: str, postings: int) -> str:
    """What a feed is made from, in short: known before any edition is read, since who asks again is to cost nothing."""
    made = [f"{one.number} {one.manifest} {one.released_at} {one.known_on}" for one in rows]
    parts = [__version__, link("/", request), council, title, segment, str(postings), *made]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f'"{digest[:32]}"'


def _pairs(rows: Sequence[Edition]) -> list[tuple[Edition, Edition | None]]:
    """Each edition with the one before, the latest first."""
    made: list[tuple[Edition, Edition | None]] = list(pairwise(rows))
    return made if len(rows) > KEPT else [*made, *((one, None) for one in rows[-1:])]


def _entry(request: HttpRequest, row: Edition, before: Edition | None, segment: str) -> Entry | None:
    """An edition as an entry; None where nothing of the segment changed with it."""
    found = compared(row, before)
    mine: Sequence[Change] = [] if found is None else found.of(segment) if segment else found.found
    if segment and found is not None and not mine:
        return None
    if segment and segment not in what_it_says(row).segments:
        return None
    path = f"/{row.council}/editions/{row.number}/{'changes/' if found is not None else ''}"
    names = (row.manifest, segment) if segment else (row.manifest,)
    assert row.released_at is not None
    return Entry(
        name_of("edition", *names), f"Edition {row.number}, figures as known on {day(row.known_on)}",
        row.released_at.replace(microsecond=0), link(path, request), _summary(row, mine, found is None, not segment),
    )  # fmt: skip


def _summary(row: Edition, mine: Sequence[Change], first: bool, whole: bool) -> str:
    if first:
        return f"Edition {row.number} is released. There is no earlier one with which it could be compared."
    if not mine:
        return "Nothing that an edition tells has changed."
    said = [f"{one.title}. {one.text}" if whole else one.text for one in mine[:MOST]]
    more = len(mine) - MOST
    return "\n".join([*said, *([f"and {more:,} more"] if more > 0 else [])])


def _answer(answer: HttpResponse, etag: str) -> HttpResponse:
    answer["ETag"] = etag
    answer["Cache-Control"] = "public, max-age=300"
    return answer
