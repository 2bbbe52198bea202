"""Headers that Django has no setting for, and the answer where a council cannot be read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from careshape.statement.pages import FAULTS, log, unreadable
from careshape.statement.views import unavailable

PERMISSIONS = (
    "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self)"
)
PERSONAL = ("/sign-in/", "/account/", "/work/", "/api/")
"""Where pages are about a person, whether or not they hold a session yet."""


class CouncilFaults:
    """Answers with a sentence where a council cannot be read: its fault does not take the site down."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a council whose data has a fault; None leaves every other failure to Django."""
        match = request.resolver_match
        slug = match.kwargs.get("slug", "") if match else ""
        if not slug or not isinstance(exception, FAULTS):
            return None
        log.error("%s: the council %s cannot be read: %s", request.path, slug, exception)
        return unavailable(request, unreadable(slug, exception))


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
        if (held and not request.path.startswith(settings.STATIC_URL)) or request.path.startswith(PERSONAL):
            response.headers["Cache-Control"] = "no-store"
        return response
