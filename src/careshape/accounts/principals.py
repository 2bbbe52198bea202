"""From a request to the principal who makes it."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest

from careshape.accounts.models import Membership
from careshape.policy import ANYBODY, Principal

MEMBERSHIP: Final = "membership"
"""Where the session holds the key of the membership in which a person works."""


def principal_of(request: HttpRequest) -> Principal:
    """Who makes a request: looked up anew each time, so that what was taken away is gone with the next request.

    A request without a session cookie asks the database nothing.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ANYBODY
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return ANYBODY
    current = Membership.objects.filter(account=user.pk, ended_at__isnull=True).select_related("council")
    chosen = request.session.get(MEMBERSHIP)
    membership = current.filter(pk=chosen).first() if chosen else None
    return principal_for(membership or current.order_by("pk").first())


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
