"""Prepare an edition as a step of a council's work: a number, a folder, a row, and what the log tells of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import timezone

from careshape.accounts.models import Account
from careshape.audit.change import Told, change
from careshape.editions.chosen import chosen_text
from careshape.editions.folders import MANIFEST, digest, edition_path, numbers
from careshape.editions.models import Edition, State
from careshape.editions.notices import tell_of_prepared
from careshape.editions.prepare import prepare_files
from careshape.errors import InputError
from careshape.home import Home
from careshape.ledger.posting import Posting
from careshape.policy import Principal
from careshape.source.taught.told import tell_unmet

ACT = "editions.prepare"


def prepare(
    principal: Principal, council: str, say: Callable[[int, int, str], None] = lambda done, total, words: None
) -> Edition:
    """Prepare the next edition of a council's statement, as its records and its text are now.

    One that the gate refuses is kept too, with the report that says why; it can only be discarded. Raises InputError
    where there is nothing to release, or where the text has faults.
    """
    home = Home(settings.CARESHAPE_DIR)
    postings = home.ledger(council).postings()
    if not postings:
        raise InputError("No records have been imported yet, so there is nothing to release.")
    last, number = postings[-1], next_number(home, council)
    released = list(
        Edition.objects.filter(council=council, state=State.RELEASED.value).order_by("number").values_list(
            "number", flat=True
        )
    )  # fmt: skip
    for one in released:
        _need_folder(home, council, one)
    tell_unmet(council)
    rule = chosen_text(council)
    passed = prepare_files(home, council, number, last.number, last.day.isoformat(), released, say, rule)
    return record(principal, council, number, last, passed.safe)


def _need_folder(home: Home, council: str, number: int) -> None:
    """Make sure that a released edition is there to be held against. Raises InputError where its folder is gone."""
    if not (edition_path(home, council, number) / MANIFEST).is_file():
        raise InputError(
            f"Edition {number} was released, and its folder is not there any more. The gate holds each edition against "
            f"those that readers have already. Bring councils/{council}/editions/{number} back from a backup first."
        )


def record(principal: Principal, council: str, number: int, last: Posting, safe: bool) -> Edition:
    """Keep the row of an edition whose folder stands, and tell of it."""
    content = (edition_path(Home(settings.CARESHAPE_DIR), council, number) / MANIFEST).read_bytes()
    with change(principal, ACT, chain=council) as told:
        row = Edition.objects.create(
            council=council, number=number, posting=last.number, known_on=last.day, manifest=digest(content),
            state=State.PREPARED.value if safe else State.REFUSED.value, prepared_at=timezone.now(),
            prepared_by=account_of(principal),
        )  # fmt: skip
        told(row, number=number, posting=last.number, state=row.state, manifest=row.manifest)
        tell_of_prepared(row)
    return row


def next_number(home: Home, council: str) -> int:
    """The number of a council's next edition: one that neither a row nor a folder has."""
    last = Edition.objects.filter(council=council).order_by("-number").values_list("number", flat=True).first() or 0
    return max([last, *numbers(home, council)]) + 1


def account_of(principal: Principal) -> Account | None:
    """The account that a principal acts for; None for the installation itself."""
    return Account.objects.get(pk=principal.account) if principal.account else None


def told_of(told: Told, row: Edition, **more: Any) -> None:
    """Tell of a step of an edition."""
    told(row, number=row.number, state=row.state, **more)
