"""What the header of every page says of who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.module_loading import import_string

from careshape.accounts.models import Membership
from careshape.accounts.principals import usable_memberships
from careshape.policy import policy, roles


@dataclass(frozen=True)
class Choice:
    """A membership to work in."""

    key: int
    label: str
    """Role and council: "Broker, Synthetic Council"."""
    chosen: bool


@dataclass(frozen=True)
class Who:
    """Who is signed in, and in which of their memberships they work."""

    name: str
    choices: tuple[Choice, ...]

    @property
    def label(self) -> str:
        """The membership in use."""
        return next((one.label for one in self.choices if one.chosen), "")


def who(request: HttpRequest | None) -> Who | None:
    """Who makes a request; None for anybody, for a page that is not served, and where the database does not answer: the
    page that says that something failed must not fail for the same reason.
    """
    try:
        return _who(request)
    except DatabaseError:
        return None


def _who(request: HttpRequest | None) -> Who | None:
    principal = getattr(request, "principal", None)
    # Who has just signed out is nobody any more, though the principal of the request was somebody.
    if request is None or principal is None or not principal.signed_in or not request.user.is_authenticated:
        return None
    found = usable_memberships(request)
    return Who(
        request.user.name,
        tuple(Choice(one.pk, label(one), one.pk == principal.membership) for one in found),
    )


def sections(request: HttpRequest | None) -> list[dict[str, Any]]:
    """The navigation of the place to work for who makes a request; none for anybody, for who has just signed out, and
    where the database does not answer.
    """
    try:
        if request is None or not request.user.is_authenticated or not request.principal.signed_in:
            return []
    except (AttributeError, DatabaseError):  # a page that is not served, or one that says that something failed
        return []
    held: list[dict[str, Any]] | None = getattr(request, "sections", None)
    if held is None:  # a page asks more than once
        held = request.sections = import_string(settings.CARESHAPE_NAVIGATION)(request, "")
    return held


def label(membership: Membership) -> str:
    """What a membership is called: its role, the organisation if it has one, and the council."""
    parts = [roles()[membership.role].title, membership.organisation and membership.organisation.name]
    return ", ".join(part for part in (*parts, membership.council.name) if part)


def may(request: HttpRequest, act: str) -> bool:
    """Whether who makes a request may do an act: pages lead nowhere that would be refused."""
    return policy().permits(request.principal, act)
