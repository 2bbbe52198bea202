"""Pages of what is of people: that they were read is told with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.http import HttpRequest

from careshape.audit.change import tell
from careshape.work.api.shapes import Paging, paged


def told_page(
    request: HttpRequest, act: str, what: models.Model | str, rows: Iterable[Mapping[str, Any]], paging: Paging
) -> dict[str, Any]:
    """A page of rows, and in the log that so many were read by an act; within the reading of the operation.

    what: the row that is read, or what is listed.
    """
    page = paged(list(rows), paging, dict)
    tell(request.principal, act, what, rows=len(page["items"]))
    return page
