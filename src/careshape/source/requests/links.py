"""The link in a mail by which a provider answers one request without signing in.

It names one offer and the account that it was written to, and is signed. It shows nothing of the person, ends with the
request, and is no good once the account may not answer for its organisation any more.
"""

from __future__ import annotations

from typing import Final

from django.core import signing

from careshape.accounts.models import Membership
from careshape.policy import Principal, policy
from careshape.source.models import Offer

PATH: Final = "/offers/"
_SALT: Final = "careshape.source.answer"


def address_of(offer: Offer, account: int) -> str:
    """The address of the page on which somebody answers one request."""
    return f"{PATH}{signing.dumps([offer.pk, account], salt=_SALT)}/"


def opened(token: str) -> tuple[Offer, Principal] | None:
    """What a link is for, and as whom its receiver answers; None where it is no good, or no good any more."""
    try:
        pk, account = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    offer = Offer.objects.select_related("request__person", "organisation").filter(pk=pk).first()
    if offer is None:
        return None
    council = offer.request.person.council
    place = Membership.objects.filter(
        organisation=offer.organisation_id, account=account, account__is_active=True, council__slug=council,
        ended_at__isnull=True,
    ).order_by("pk").first()  # fmt: skip
    if place is None:
        return None
    who = Principal(
        role=place.role, account=account, council=council, organisation=offer.organisation_id, membership=place.pk
    )
    return (offer, who) if policy().permits(who, "source.answer") else None
