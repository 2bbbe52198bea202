"""What stands above a page of an edition when it is read: a search, and whether it is not released or there is a newer.

The pages themselves never change. The words stand between two marks, so that whoever takes them out again has the
bytes whose digest the manifest gives.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.template.loader import render_to_string

from careshape.accounts.times import uk_date
from careshape.editions.models import Edition, State

OPENS: Final = b"<!-- said when it is read -->"
CLOSES: Final = b"<!-- as it was made -->"
_BEFORE: Final = b"<main "


def newer_than(row: Edition) -> Edition | None:
    """The latest released edition of the same council, where that is a later one."""
    found = Edition.objects.filter(council=row.council, state=State.RELEASED.value, number__gt=row.number)
    return found.order_by("-number").first() if row.state == State.RELEASED.value else None


def with_standing(
    content: bytes, row: Edition, newer: Edition | None, name: str, there: Collection[str], asked: str = ""
) -> bytes:
    """A page with what is said above it. ``there`` are the files of the newer edition, ``name`` is that of the page.

    ``asked`` are the words that were searched for. Pages at the top have a search; those below lead up to them.
    """
    released, search = row.state == State.RELEASED.value, name.count("/") <= 1
    if _BEFORE not in content or (released and newer is None and not search):
        return content
    same = name in there
    path = name.removesuffix("index.html") if same else ""
    href = f"/{row.council}/editions/{newer.number}/{path}" if newer else ""
    said = render_to_string(
        "editions/standing.html",
        {
            "row": row,
            "newer": newer,
            "href": href,
            "same": same,
            "day": uk_date,
            "released": released,
            "search": search,
            "asked": asked,
        },
    )
    page, rest = content.split(_BEFORE, 1)
    return b"".join((page, OPENS, said.encode(), CLOSES, _BEFORE, rest))
