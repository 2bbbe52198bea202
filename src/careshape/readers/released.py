"""Released editions as those who read them reach them, and what changed between two."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest

from careshape.editions.folders import edition_path
from careshape.editions.models import Edition
from careshape.editions.released import released
from careshape.home import Home
from careshape.policy.principal import ANYBODY
from careshape.readers.changes import Changes, changes
from careshape.readers.said import Said, said

EDITIONS: Final = "editions.read"


def what_it_says(row: Edition) -> Said:
    """What an edition says. Raises Http404 where its folder is gone."""
    try:
        return said(Home(settings.CARESHAPE_DIR), row.council, row.number)
    except FileNotFoundError:
        raise Http404("The edition's folder is gone.") from None


def released_here(council: str) -> list[Edition]:
    """The released editions of a council, the latest first: they are everybody's, whoever asks."""
    return released(ANYBODY, EDITIONS, council)


def latest_says(council: str) -> Said | None:
    """What the latest released edition of a council says; None where none is released, or its folder is gone.

    What somebody follows and has written must be reached without it.
    """
    rows = released_here(council)
    try:
        return what_it_says(rows[0]) if rows else None
    except Http404:
        return None


def compared(after: Edition, before: Edition | None) -> Changes | None:
    """What changed from one edition to another; None for a first one, and where one does not keep what it says."""
    if before is None:
        return None
    home = Home(settings.CARESHAPE_DIR)
    old, new = (edition_path(home, one.council, one.number) for one in (before, after))
    return _compared(old, before.manifest, new, after.manifest, after.council, before.number, after.number)


@lru_cache(maxsize=128)
def _compared(old: Path, manifest: str, new: Path, later: str, council: str, before: int, after: int) -> Changes | None:
    """What changed between two folders with these manifests: it stays so, and a feed asks for twenty at a time."""
    home = Home(settings.CARESHAPE_DIR)
    try:
        was, now = said(home, council, before), said(home, council, after)
    except FileNotFoundError:
        raise Http404("The edition's folder is gone.") from None
    return changes(was, now) if was.told and now.told else None


def pair(request: HttpRequest, council: str, number: int) -> tuple[Edition, Edition | None, list[Edition]]:
    """An edition, the earlier one with which it is compared (the one before, or that of ``?since=``), and all earlier.

    Raises Http404 where the council has released no such edition.
    """
    rows = released(request.principal, EDITIONS, council)
    after = next((one for one in rows if one.number == number), None)
    if after is None:
        raise Http404("There is no such edition.")
    earlier = [one for one in rows if one.number < number]
    asked = request.GET.get("since", "")
    chosen = [one for one in earlier if str(one.number) == asked]
    return after, next(iter(chosen or earlier), None), earlier
