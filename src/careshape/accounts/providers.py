"""Setting identity providers up and taking them away: by who runs the installation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils import timezone

from careshape.accounts.councils import council_row
from careshape.accounts.models import IdentityProvider
from careshape.accounts.sealed import sealed
from careshape.accounts.sessions import end_sessions
from careshape.accounts.sign_on import checked
from careshape.audit.change import INSTALLATION, SYSTEM, change
from careshape.errors import CallError, InputError

ACT = "accounts.providers"


def keep_provider(
    slug: str,
    name: str,
    issuer: str,
    client_id: str,
    secret: str,
    council: str | None,
    second_factor: Sequence[str] = (),
    address_claim: str = "email",
    verified_claim: str = "email_verified",
) -> IdentityProvider:
    """Set an identity provider up. Raises CallError for a name that is taken, or an address that is not HTTPS."""
    if not re.fullmatch(r"[a-z0-9-]{1,60}", slug):
        raise CallError(f"'{slug}' is no short name. Use small letters, digits and hyphens.")
    try:
        checked(issuer)
    except InputError:
        raise CallError(f"The issuer '{issuer}' is not an HTTPS address.") from None
    row = council_row(council) if council else None
    with change(SYSTEM, ACT, chain=row.slug if row else INSTALLATION) as told:
        if IdentityProvider.objects.filter(slug=slug).exists():
            raise CallError(f"There is a provider '{slug}' already.")
        kept = IdentityProvider.objects.create(
            slug=slug, name=name, council=row, issuer=issuer, client_id=client_id,
            client_secret=sealed(secret) if secret else "", second_factor=list(second_factor),
            address_claim=address_claim, verified_claim=verified_claim,
        )  # fmt: skip
        told(kept, done="added")
    return kept


def end_provider(slug: str) -> IdentityProvider:
    """Take a provider away; who came by it signs in another way. Raises CallError where there is none."""
    row = IdentityProvider.objects.select_related("council").filter(slug=slug, ended_at__isnull=True).first()
    if row is None:
        raise CallError(f"There is no provider '{slug}' in use.")
    with change(SYSTEM, ACT, lock=[row], chain=row.council.slug if row.council else INSTALLATION) as told:
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
        for account in row.identities.values_list("account", flat=True):
            end_sessions(account)
        told(row, done="ended")
    return row
