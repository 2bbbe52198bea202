"""Which act a view does, and the gate that every request passes: what no file states is refused."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from careshape.policy.principal import Principal
from careshape.policy.roles import roles
from careshape.policy.rules import Policy, policy

View = TypeVar("View", bound=Callable[..., Any])
COUNCIL: Final = "slug"
"""The part of an address that names a council, in every address that does."""
READING: Final = ("GET", "HEAD")


def does(act: str, **by_method: str) -> Callable[[View], View]:
    """State which act a view does when it is read (GET, HEAD), and which by other methods.

    ``@does("accounts.read", POST="accounts.change")``: a method for which nothing is stated is refused.
    """

    def stated(view: View) -> View:
        view.act = act  # type: ignore[attr-defined]
        view.acts_by_method = by_method  # type: ignore[attr-defined]
        return view

    return stated


def act_of(view: Callable[..., Any], method: str) -> str | None:
    """The act that a view does for a method; None where nothing states it."""
    stated: str | None = getattr(view, "act", None)
    by_method: dict[str, str] = getattr(view, "acts_by_method", {})
    return by_method.get(method, stated if method in READING else None)


def methods_of(view: Callable[..., Any]) -> tuple[str, ...]:
    """The methods for which a view states an act."""
    return (*READING, *getattr(view, "acts_by_method", {}))


def in_reach(principal: Principal, act: str, council: str) -> bool:
    """Whether the principal may do an act among the rows of a council.

    Which of its rows is for the scoped queryset to say.
    """
    scopes = policy().scopes(principal, act)
    if "all" in scopes or ("open" in scopes and is_open(council)) or ("released" in scopes and has_released(council)):
        return True
    return bool(scopes - {"open", "released"}) and principal.council == council


def is_open(council: str) -> bool:
    """Whether everybody may read a council's pages, as the installation's setting CARESHAPE_IS_OPEN decides."""
    found: bool = import_string(settings.CARESHAPE_IS_OPEN)(council)
    return found


def has_released(council: str) -> bool:
    """Whether a council has released anything, as the installation's setting CARESHAPE_HAS_RELEASED decides."""
    found: bool = import_string(settings.CARESHAPE_HAS_RELEASED)(council)
    return found


class Gate:
    """Asks the policy before each view: by act first, then by the council that the address names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.principal_of = import_string(settings.CARESHAPE_PRINCIPAL)
        self.tell_refusal = import_string(settings.CARESHAPE_REFUSED)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; who asks is looked up when it is first needed. What is refused to them is told."""
        request.principal = SimpleLazyObject(lambda: self.principal_of(request))
        response = self.get_response(request)
        if is_refusal(request, response):
            self.tell_refusal(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Let the view answer, or refuse: sign in first, not yours to do, or no such page.

        A council that is not the principal's is refused as one that does not exist.
        """
        act = act_of(view, request.method or "")
        if act is None and act_of(view, "GET") is not None:
            return HttpResponseNotAllowed(methods_of(view))
        if act is None or act not in policy().acts:
            raise PermissionDenied("No policy states who may do this.")
        request.act = act
        principal: Principal = request.principal
        permitted = policy().permits(principal, act)
        request.principal = principal = copy(principal)  # now itself, and not what looks it up at every question
        if not permitted:
            if not principal.signed_in and _may_anybody_signed_in(act):
                return to_sign_in(request)
            raise PermissionDenied("Your role may not do this.")
        if COUNCIL in kwargs and not in_reach(principal, act, kwargs[COUNCIL]):
            raise Http404("There is no such council here.")
        return None


def is_refusal(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether somebody who is signed in was refused a change, or an act that is about people.

    A row out of reach is refused as one that is not there, so both count.
    """
    act = getattr(request, "act", None)
    if act is None or response.status_code not in (403, 404):
        return False
    matters = request.method not in READING or policy().is_about_people(act)
    return matters and request.principal.signed_in


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """To the sign-in page, and back to where the request was going."""
    back = urlencode({REDIRECT_FIELD_NAME: request.get_full_path()}) if request.method in ("GET", "HEAD") else ""
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{back}" if back else settings.LOGIN_URL)


def _may_anybody_signed_in(act: str) -> bool:
    stated: Policy = policy()
    return any(stated.permits(Principal(role=role, account=0), act) for role in roles())
