"""How pages of accounts are put together, and what their views share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string

from careshape.accounts.councils import council_of
from careshape.accounts.models import Account
from careshape.accounts.principals import usable_memberships
from careshape.accounts.signing_in import is_confirmed
from careshape.policy.later import page_later

View = Callable[..., HttpResponse]
NOTICE: Final = "notice"
"""Where the session holds what the next page is to say."""
HOME: Final = ("Home", "/work/")
"""Where the way back begins for who works here."""


def frame(request: HttpRequest, here: str = "", crumbs: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """What the frame of a page holds, whichever room it is of: place, navigation, way back, and what was just done.

    here: address of the entry of the navigation that it belongs to. crumbs: titles and addresses of the way back.
    """
    said = request.session.pop(NOTICE, "") if settings.SESSION_COOKIE_NAME in request.COOKIES else ""
    made: dict[str, Any] = {"council": None, "notice": said, "place": "careshape", "crumbs": way_back(HOME, crumbs)}
    # Who has just signed out is nobody any more, though the principal of the request was somebody.
    if request.principal.signed_in and request.user.is_authenticated:
        made["navigation"] = import_string(settings.CARESHAPE_NAVIGATION)(request, here)
        made["place"] = _council_name(request)
    return made


def _council_name(request: HttpRequest) -> str:
    """The name of the council in which somebody works; it came with their membership, which is looked up once."""
    principal = request.principal
    names = (one.council.name for one in usable_memberships(request) if one.pk == principal.membership)
    return next(names, "") or council_of(principal).name


def way_back(first: tuple[str, str], crumbs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Titles and addresses of the way back as breadcrumbs, from a first page on; none where a page is the first."""
    return (
        [{"text": text, "href": href} if href else {"text": text} for text, href in (first, *crumbs)] if crumbs else []
    )


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of accounts; of who is signed in with the navigation of the place to work."""
    return page_later(request, f"accounts/{template}", {**frame(request), **context}, status)


def work_page(
    request: HttpRequest, template: str, *, here: str, crumbs: Sequence[tuple[str, str]] = (), status: int = 200,
    **context: Any,
) -> HttpResponse:  # fmt: skip
    """A page of those who administer accounts, in the navigation of the place to work."""
    return page_later(request, f"accounts/{template}", {**frame(request, here, crumbs), **context}, status)


def notify(request: HttpRequest, text: str) -> None:
    """Say something at the top of the next page: that a change was made."""
    request.session[NOTICE] = text


def own_account(request: HttpRequest) -> Account:
    """The account of who is signed in; the gate has let nobody else come here."""
    account = request.user
    assert isinstance(account, Account)
    # Django gives a stand-in that looks the account up when it is first needed; locks and events need the row itself.
    return cast("Account", getattr(account, "_wrapped", account))


def again(request: HttpRequest) -> HttpResponse:
    """What who has shown no first factor, or too long ago, meets on a later step of signing in."""
    return page(request, "again.html")


def safe_next(request: HttpRequest, asked: str) -> str:
    """Where to go on to: only an address of this site; empty where it is none."""
    fine = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if asked.startswith("/") and fine else ""


def confirmed(view: View) -> View:
    """Let a view answer only where the person showed lately who they are; else ask, and come back."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_confirmed(request):
            return view(request, *args, **kwargs)
        return HttpResponseRedirect("/account/confirm/?" + urlencode({"next": request.get_full_path()}))

    return asked
