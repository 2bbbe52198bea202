"""From a request to the principal who makes it."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest

from careshape.accounts.councils import only_demonstrations
from careshape.accounts.models import Account, Membership
from careshape.policy import ANYBODY, Principal, roles

MEMBERSHIP: Final = "membership"
"""Where the session holds the key of the membership in which a person works."""
FACTOR: Final = "factor"
"""Where the session holds how the second factor was shown; empty where none was."""
LIMIT: Final = "limit"
"""Where the session holds the one council for which the identity provider of a sign-in speaks; empty for all."""


def principal_of(request: HttpRequest) -> Principal:
    """Who makes a request: looked up anew each time, so that what was taken away is gone with the next request.

    A request without a session cookie asks the database nothing.
    """
    usable = usable_memberships(request)
    chosen = request.session.get(MEMBERSHIP) if usable else None
    return principal_for(next((one for one in usable if one.pk == chosen), usable[0] if usable else None))


def usable_memberships(request: HttpRequest) -> list[Membership]:
    """The memberships in which the person of a request may work now, looked up once a request: none without the second
    factor that its role needs.
    """
    held: list[Membership] | None = getattr(request, "usable_memberships", None)
    if held is None:
        held = request.usable_memberships = _usable(request)
    return held


def _usable(request: HttpRequest) -> list[Membership]:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return []
    account = request.user
    if not isinstance(account, Account) or not account.is_active:
        return []
    if account.demonstration and not only_demonstrations():
        return []
    found = Membership.objects.filter(account=account.pk, ended_at__isnull=True)
    limit, shown = request.session.get(LIMIT), account.demonstration or request.session.get(FACTOR)
    return [
        one
        for one in found.select_related("council", "organisation").order_by("pk")
        if (shown or not roles()[one.role].needs_second_factor) and limit in (None, "", one.council.slug)
    ]


def principal_for(membership: Membership | None) -> Principal:
    """The principal that a membership makes of its account; anybody where there is none."""
    if membership is None:
        return ANYBODY
    return Principal(
        role=membership.role,
        account=membership.account_id,
        membership=membership.pk,
        council=membership.council.slug,
        team=membership.team_id,
        organisation=membership.organisation_id,
    )
