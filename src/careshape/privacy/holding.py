"""What the legal holds of a day cover, in the terms of the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from careshape.errors import InputError
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.privacy.classification import Table
from careshape.privacy.hold import standing
from careshape.privacy.whose import marks_of


@dataclass(frozen=True)
class Holding:
    """Accounts, councils and people of whom nothing may go."""

    accounts: frozenset[int]
    addresses: frozenset[str]
    councils: frozenset[str]
    people: frozenset[tuple[str, str]] = frozenset()
    """Councils, and by what a hold of each names a person."""

    def spare(self, rows: QuerySet[Any], table: Table) -> QuerySet[Any]:
        """The rows that no hold covers."""
        if self.accounts and table.subject:
            held = self.addresses if by_address(table) else self.accounts
            rows = rows.exclude(Q(**{f"{table.subject}__in": held, f"{table.subject}__isnull": False}))
        if self.councils and table.council:
            rows = rows.exclude(**{f"{table.council}__in": self.councils})
        if table.person and table.council:
            for council in {one for one, _ in self.people}:
                here = rows.filter(**{table.council: council})
                named = self._named(council, set(here.values_list(table.person, flat=True)))
                rows = rows.exclude(**{table.council: council, f"{table.person}__in": named})
        return rows

    def _named(self, council: str, identifiers: set[str]) -> set[str]:
        """Those that a hold of a council names; all of them where its records cannot be asked whom it means."""
        marks = {mark for one, mark in self.people if one == council}
        try:
            ledger = Ledger.open(Home(settings.CARESHAPE_DIR).council_path(council)) if identifiers else None
            return {one for one in identifiers if ledger is not None and marks & marks_of(ledger, one)}
        except InputError:
            return identifiers


def by_address(table: Table) -> bool:
    """Whether a table's rows lead to an account by its e-mail address."""
    return table.subject.rpartition("__")[2] == "email"


def holding(day: date) -> Holding:
    """What is held on a day: accounts that are named, and those of everybody who worked for a council that is."""
    holds = standing(day)
    councils = frozenset(one.council for one in holds if one.what == "council")
    named = {int(one.reference) for one in holds if one.what == "account" and one.reference.isdigit()}
    membership = apps.get_model("accounts.Membership")
    named |= set(membership._base_manager.filter(council__slug__in=councils).values_list("account_id", flat=True))
    addresses = get_user_model()._base_manager.filter(pk__in=named).values_list("email", flat=True)
    people = frozenset((one.council, one.reference) for one in holds if one.what == "person")
    return Holding(frozenset(named), frozenset(addresses), councils, people)
