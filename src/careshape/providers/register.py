"""Keep the register: add a provider, correct it, record its locations."""

from __future__ import annotations

from typing import Final

from careshape.accounts.models import Organisation
from careshape.providers.models import Provider

KEEP: Final = "providers.keep"


def provider_of(organisation: Organisation) -> Provider | None:
    """What the register holds of an organisation; None where nothing was told of it."""
    found: Provider | None = Provider.objects.filter(organisation=organisation).first()
    return found
