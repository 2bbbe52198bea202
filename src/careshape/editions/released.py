"""The released editions: those that a reader may have, and whether there is any of a council at all."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from careshape.accounts.times import uk_date
from careshape.editions.folders import PAGES, edition_path, editions_path
from careshape.editions.models import Edition, State
from careshape.home import Home
from careshape.policy import Principal
from careshape.statement.formatting import day


def has_released(council: str) -> bool:
    """Whether any edition of a council is released: what decides that everybody may read its editions."""
    return bool(Edition.objects.filter(council=council, state=State.RELEASED.value).exists())


def released(principal: Principal, act: str, council: str = "") -> list[Edition]:
    """The released editions that an act lets a principal reach, of one council or of all, the latest of each first."""
    rows = Edition.objects.reached(principal, act).filter(state=State.RELEASED.value).order_by("council", "-number")
    return list(rows.filter(council=council) if council else rows)


@dataclass(frozen=True)
class Latest:
    """The latest released edition of a council, as its front page leads to it."""

    number: int
    known: str
    """The day of the records that it knows, in words."""
    released: str
    """The day on which it was released, in words."""
    href: str
    prints: bool
    """Whether the whole of it can be taken as a file to print."""


def latest_of(council: str) -> Latest | None:
    """The latest released edition of a council; None where none is."""
    if not editions_path(Home(settings.CARESHAPE_DIR), council).is_dir():
        return None  # the pages of most readers ask no database
    row = Edition.objects.filter(council=council, state=State.RELEASED.value).order_by("-number").first()
    if row is None:
        return None
    prints = edition_path(Home(settings.CARESHAPE_DIR), council, row.number) / PAGES / "statement.pdf"
    return Latest(
        row.number, day(row.known_on), uk_date(row.released_at), f"/{council}/editions/{row.number}/", prints.is_file()
    )  # fmt: skip
