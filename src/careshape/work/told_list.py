"""A list of what is said of people, as a page and as a file: whoever reads it is told of in the log."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from careshape.audit.change import tell
from careshape.policy.listing import Listing, arrange, download
from careshape.work.pages import page


def list_page(
    request: HttpRequest, act: str, listing: Listing, *, here: str, intro: str, template: str = "care_list.html",
    **more: Any,
) -> HttpResponse:  # fmt: skip
    """The page of a list, within the transaction of a ``reading``.

    act: by which it is read. here: its address. intro: what stands above it. more: of the template, and of the page.
    """
    arranged = arrange(listing, request.GET.dict())
    tell(request.principal, act, listing.id, rows=len(arranged.cells))
    return page(
        request, template, here=here, arranged=arranged, title=listing.title, intro=intro,
        download=here.rstrip("/"), **more,
    )  # fmt: skip


def list_download(request: HttpRequest, act: str, listing: Listing, kind: str) -> HttpResponse:
    """The list as it is filtered, as a file, within the transaction of a ``reading``."""
    arranged = arrange(listing, request.GET.dict())
    answer = download(arranged, kind, listing.id)
    tell(request.principal, act, listing.id, rows=len(arranged.rows), file=kind)
    return answer
