"""Councils as rows: made from the folders when they are first needed."""

from __future__ import annotations

from django.conf import settings

from careshape.accounts.models import Council
from careshape.catalogue import catalogue
from careshape.errors import CallError, CareshapeError
from careshape.home import Home
from careshape.policy import Principal


def council_row(slug: str) -> Council:
    """The row of a council that has a folder. Raises CallError where there is no such council."""
    home = Home(settings.CARESHAPE_DIR)
    if slug not in home.authorities():
        known = ", ".join(home.authorities()) or "none yet; careshape new makes one"
        raise CallError(f"The installation has no council '{slug}'. It has {known}.")
    place = catalogue().lists["authority"].by_id.get(slug)
    row, _ = Council.objects.get_or_create(slug=slug, defaults={"name": place.label if place else slug})
    return row


def council_of(principal: Principal) -> Council:
    """The council in which a principal works."""
    row: Council = Council.objects.get(slug=principal.council)
    return row


def only_demonstrations() -> bool:
    """Whether every council of the installation is a demonstration; one that cannot be read is none."""
    home = Home(settings.CARESHAPE_DIR)
    try:
        slugs = home.authorities()
        return bool(slugs) and all(home.ledger(slug).demonstration for slug in slugs)
    except (CareshapeError, OSError):
        return False
