"""Headers that Django has no setting for, and the answers where a council cannot be read or the database is held."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from careshape.audit.retry import held
from careshape.statement import views
from careshape.statement.outlook.ahead import NotWorkedOutError
from careshape.statement.outlook.waiting import waiting
from careshape.statement.pages import FAULTS, log, page, unreadable

PERMISSIONS = (
    "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self)"
)
PERSONAL = ("/sign-in/", "/account/", "/work/", "/api/")
"""Where pages are about a person, whether or not they hold a session yet."""
SHARED = ("/api/open/v1/c", "/api/open/v1/openapi.json", "/schemas/market-position-statement/1")
"""What is the same for everybody, whoever asks: released data without a page around them."""
RETRY_AFTER: Final = 5
"""Seconds after which one may ask again what the database was held for."""


class CouncilFaults:
    """Answers with a sentence where a council cannot be read: its fault does not take the site down. And where others
    held the database for too long: nothing is wrong then, and one may ask again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a council whose data has a fault, or for a database that is held; None leaves every other
        failure to Django.
        """
        if held(exception):
            return busy(request, exception)
        match = request.resolver_match
        slug = match.kwargs.get("slug", "") if match else ""
        if not slug or not isinstance(exception, FAULTS):
            return None
        if isinstance(exception, NotWorkedOutError):
            return waiting(request, slug)
        log.error("%s: the council %s cannot be read: %s", request.path, slug, exception)
        return views.unavailable(request, unreadable(request.principal, slug, exception))


def busy(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    """The answer where others held the database for longer than one waits."""
    log.warning("%s: the database was held by others: %s", request.path, error)
    lines = ("Others are writing at the moment.", "What you asked for was not finished. Try again in a few seconds.")
    answer = page(request, "problem.html", status=503, heading="The site is busy", lines=lines)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer where something failed outside of a view, such as what looks up who asks."""
    error = sys.exc_info()[1]
    return busy(request, error) if held(error) else views.server_error(request)


class SecurityHeaders:
    """Turns off browser features that no page uses, keeps other sites from loading our pages as their parts, and
    keeps pages of signed-in people out of every store.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and add the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Who holds a session may see what others may not, on whichever page; static files are the same for all.
        held = settings.SESSION_COOKIE_NAME in request.COOKIES or settings.SESSION_COOKIE_NAME in response.cookies
        if request.path.startswith(SHARED) and not request.path.endswith("/"):
            return response
        if (held and not request.path.startswith(settings.STATIC_URL)) or request.path.startswith(PERSONAL):
            response.headers["Cache-Control"] = "no-store"
        return response
