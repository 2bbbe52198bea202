"""The page that stands where what is to come has not been worked out yet."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from careshape.jobs.models import State
from careshape.statement.background import standing
from careshape.statement.pages import page, the_council

RETRY_AFTER: Final = 20
"""Seconds after which one may ask again."""


def waiting(request: HttpRequest, slug: str) -> HttpResponse:
    """The answer of every page, download and figure of what is to come until there is something to show."""
    state = standing(slug)
    failed = state in (State.FAILED, State.GIVEN_UP, State.CANCELLED)
    answer = page(
        request, "outlook/waiting.html", the_council(request, slug), here="outlook", failed=failed,
        under_way=state == State.RUNNING, status=503,
    )  # fmt: skip
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    answer.headers["Cache-Control"] = "no-store"
    return answer
