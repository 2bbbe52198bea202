"""What events call a row by table and key, in words for who may see that row; for others its kind and number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.utils.text import capfirst

from careshape.accounts.models import Invitation, Membership, Organisation, OrganisationLocation, Team
from careshape.jobs.kinds import kinds
from careshape.jobs.models import Job
from careshape.policy import Principal, policy
from careshape.policy.fields import seen
from careshape.work.models import Import

NOTHING: Final = ("", "")
KINDS: Final = {
    "accounts.account": "Account", "accounts.membership": "Person in a role", "accounts.invitation": "Invitation",
    "accounts.team": "Team", "accounts.organisation": "Organisation", "accounts.organisationlocation": "Location",
    "accounts.identity": "Link to an identity provider", "accounts.identityprovider": "Identity provider",
    "accounts.onetimecodes": "Application for codes", "accounts.passkey": "Passkey", "work.import": "Import",
    "work.token": "Token", "jobs.job": "Background work", "ledger.posting": "Posting",
    "ledger.person": "Person of the ledger",
    "privacy.legalhold": "Legal hold", "audit.head": "The log", "audit.event": "Events of the log",
    "people": "The list of people", "colleagues": "The list of colleagues", "address": "Address",
}  # fmt: skip
"""Kinds of what events name, in words."""


@dataclass(frozen=True)
class Named:
    """How rows of one table are found and called."""

    model: Any
    act: str
    key: str
    """Lookup from a row to the key that the event holds."""
    called: Callable[[Principal, Any], tuple[str, str]]
    """The words for a row, and where they lead."""
    related: tuple[str, ...] = ()


def _person(principal: Principal, row: Any) -> tuple[str, str]:
    values = {"name": row.account.name, "role": row.get_role_display()}
    shown = seen(principal, "accounts.read", "person", values)
    return ", ".join(shown.values()), f"/work/people/{row.pk}/"


def _import(principal: Principal, row: Any) -> tuple[str, str]:
    shown = seen(principal, "work.import", "import", {"file": row.file_name})
    return shown.get("file", ""), f"/work/imports/{row.pk}/"


def _job(principal: Principal, row: Any) -> tuple[str, str]:
    kind = kinds().get(row.kind)
    return kind.title if kind else row.kind, f"/work/jobs/{row.pk}/"


TABLES: Final = {
    "accounts.account": Named(Membership, "accounts.read", "account", _person, ("account",)),
    "accounts.membership": Named(Membership, "accounts.read", "pk", _person, ("account",)),
    "accounts.invitation": Named(
        Invitation, "accounts.read", "pk",
        lambda _, row: (f"Invitation {row.pk}", f"/work/people/invitations/{row.pk}/"),
    ),
    "accounts.team": Named(Team, "accounts.read", "pk", lambda _, row: (row.name, "/work/teams/")),
    "accounts.organisation": Named(
        Organisation, "accounts.read", "pk", lambda _, row: (row.name, f"/work/organisations/{row.pk}/")
    ),
    "accounts.organisationlocation": Named(
        OrganisationLocation, "accounts.read", "pk",
        lambda _, row: (row.name, f"/work/organisations/{row.organisation_id}/"),
    ),
    "work.import": Named(Import, "work.import", "pk", _import),
    "jobs.job": Named(Job, "jobs.read", "pk", _job),
}  # fmt: skip


def names_of(principal: Principal, objects: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Object of an event -> what it is called, and where that leads; one query a table."""
    wanted = set(objects)
    named_kinds = {kind: kind_in_words(kind) for kind in {one.partition(":")[0] for one in wanted}}
    postings = policy().permits(principal, "work.postings")
    found = {one: _plainly(principal, one, named_kinds, postings) for one in wanted}
    by_table: dict[str, set[int]] = {}
    for one in wanted:
        kind, _, key = one.partition(":")
        if key.isdigit():
            by_table.setdefault(kind, set()).add(int(key))
    for table, named in TABLES.items():
        keys = by_table.get(table)
        if not keys:
            continue
        rows = named.model.objects.reached(principal, named.act).filter(**{f"{named.key}__in": keys})
        for row in rows.select_related(*named.related):
            key = row.account_id if named.key == "account" else row.pk
            found[f"{table}:{key}"] = named.called(principal, row)
    return found


def kind_in_words(kind: str) -> str:
    """What rows of a table are called: by its own name where no other is written down here."""
    if kind in KINDS:
        return KINDS[kind]
    try:
        return capfirst(str(apps.get_model(kind)._meta.verbose_name))
    except (LookupError, ValueError):  # it names no table
        return capfirst(re.sub(r"[._-]+", " ", kind))


def _plainly(principal: Principal, name: str, named_kinds: Mapping[str, str], postings: bool) -> tuple[str, str]:
    """What a row is called by who does not see it: its kind and number.

    named_kinds: what rows of each table are called. postings: whether the principal may open those.
    """
    kind, _, key = name.partition(":")
    words = " ".join(part for part in (named_kinds[kind], key) if part)
    if kind == "ledger.posting" and postings:
        return words, f"/work/postings/{key}/"
    if kind == "accounts.account" and key == str(principal.account):
        return "Your account", "/account/"
    return words, ""
