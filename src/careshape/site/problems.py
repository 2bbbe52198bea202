"""The page of those whom the policy refuses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from careshape.statement.pages import page

LINES = (
    "Your role does not do this.",
    "If you have another role that does, switch to it at the top of your home page. Otherwise ask who administers the "
    "accounts of your council.",
)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The answer to who may not do what was asked: the same for everything that is refused."""
    return page(request, "problem.html", status=403, heading="You may not do this", lines=LINES)
