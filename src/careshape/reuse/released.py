"""Released editions as data: the statement that lies in the folder of each, kept for as long as it is asked for."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import Http404

from careshape.editions.folders import MANIFEST, PAGES, digest, edition_path
from careshape.editions.models import Edition
from careshape.editions.released import released
from careshape.editions.reuse.files import FOLDER
from careshape.errors import CareshapeError
from careshape.exchange.validate import STATEMENT
from careshape.home import Home
from careshape.policy import Principal

ACT: Final = "reuse.read"
LATEST: Final = "latest"


def latest(principal: Principal) -> dict[str, Edition]:
    """The latest released edition of each council."""
    found: dict[str, Edition] = {}
    for row in released(principal, ACT):
        found.setdefault(row.council, row)
    return found


def edition_of(principal: Principal, slug: str, which: str) -> Edition:
    """One released edition, by its number or as the latest. Raises Http404 where there is none, or none in reach."""
    if which != LATEST and not (which.isascii() and which.isdigit() and len(which) < 9):
        raise Http404("There is no such edition.")
    for row in released(principal, ACT, slug):
        if which in (LATEST, str(row.number)):
            return row
    raise Http404("There is no such edition.")


def statement_of(row: Edition) -> dict[str, Any]:
    """The statement of an edition in the open form. Raises Http404 for an edition that was made without its data."""
    folder = edition_path(Home(settings.CARESHAPE_DIR), row.council, row.number)
    try:
        return _read(folder, row.manifest)
    except OSError:
        raise Http404("The edition has no data.") from None


@lru_cache(maxsize=32)
def _read(folder: Path, manifest: str) -> dict[str, Any]:
    """The statement of a folder whose manifest has a digest. Raises CareshapeError where it is not as it was made."""
    about = (folder / MANIFEST).read_bytes()
    content = (folder / PAGES / FOLDER / STATEMENT).read_bytes()
    stated = json.loads(about)["pages"].get(f"{FOLDER}/{STATEMENT}")
    if digest(about) != manifest or digest(content) != stated:
        raise CareshapeError("The data of the edition are not as they were made. Bring its folder back from a backup.")
    found: dict[str, Any] = json.loads(content)
    return found
