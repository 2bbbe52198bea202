"""Accounts of the demonstration: one a role for each council, with passwords that are printed once; of the role whose
work takes two people there are two.

They sign in without a second factor, and only where every council of the installation is a demonstration.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from careshape.accounts.councils import council_row, only_demonstrations
from careshape.accounts.models import Account, Council, Membership, Organisation, OrganisationLocation, Team
from careshape.accounts.sessions import end_sessions
from careshape.audit.change import SYSTEM, change
from careshape.errors import CallError, CareshapeError
from careshape.evaluate.measure import measure
from careshape.home import Home
from careshape.policy import roles
from careshape.policy.roles import Role

ORGANISATIONS: Final = {
    "provider": ("Synthetic provider of the demonstration", ("Synthetic location A", "Synthetic location B")),
    "voluntary": ("Synthetic voluntary organisation of the demonstration", ()),
}
PROVIDES: Final = {"provider": "private", "voluntary": "not-for-profit"}
"""Type of the provider in the synthetic records that each of them stands for."""
TWICE: Final = ("commissioner",)
"""Roles with a second account: what one of them writes or prepares, the other agrees."""
TEAM: Final = "Synthetic team of the demonstration"
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Made:
    """An account of the demonstration, with its password, this once only, where it has a new one."""

    council: str
    role: str
    email: str
    password: str
    """Empty where the one that it had stands."""


def make_accounts(slugs: list[str], new_passwords: bool = False, *, without_passwords: bool = False) -> list[Made]:
    """Make the accounts of these councils that are not there.

    new_passwords: give those that are there new passwords too, which ends their sessions.
    without_passwords: those that are made cannot sign in until this is called again for them.
    Raises CallError where a council of the installation is no demonstration.
    """
    if not only_demonstrations():
        raise CallError(
            "A council of this folder is no demonstration, so no account with a printed password is made. "
            "Invite people with `careshape account invite`."
        )
    made = []
    for slug in slugs:
        council = council_row(slug)
        with change(SYSTEM, "accounts.change", lock=[council], chain=slug) as told:
            for role in roles().values():
                for number in _numbers(role):
                    one, account, changed = _make(council, role, number, new_passwords, without_passwords)
                    made.append(one)
                    if changed:
                        told(account, role=role.id, done="demonstration")
            if not told.events:
                told(council, outcome="read", done="demonstration")  # each is there, with the password that it has
    return made


def _numbers(role: Role) -> tuple[int, ...]:
    """The numbers of a role's accounts; none where nobody signs in as it."""
    if role.kind == "public":
        return ()
    return (1, 2) if role.id in TWICE else (1,)


def _make(
    council: Council, role: Role, number: int, new_passwords: bool, without_passwords: bool
) -> tuple[Made, Account, bool]:
    mark, which = ("", "Synthetic") if number == 1 else (f"-{number}", "Second synthetic")
    email = f"{role.id}{mark}@{council.slug}.example.org"
    account = Account.objects.filter(email=email, demonstration=True).first() or Account(
        email=email, name=f"{which} {role.title.lower()}", demonstration=True
    )
    stands = account.pk is not None and account.is_active and account.has_usable_password() and not new_passwords
    password = "" if stands or without_passwords else _password()
    if account.pk is None and without_passwords:
        account.set_unusable_password()
        account.save()
    if password:
        account.is_active, account.left_at = True, None
        account.set_password(password)
        account.save()
        end_sessions(account.pk)
    organisation = _organisation(council, role.id)
    there = Membership.objects.filter(account=account, council=council, role=role.id, ended_at__isnull=True).exists()
    if not there:
        team = Team.objects.get_or_create(council=council, name=TEAM)[0] if role.kind == "staff" else None
        Membership.objects.create(account=account, council=council, role=role.id, team=team, organisation=organisation)
    return Made(council.slug, role.id, email, password), account, bool(password) or not there


def _organisation(council: Council, role: str) -> Organisation | None:
    if role not in ORGANISATIONS:
        return None
    name, places = ORGANISATIONS[role]
    known = {"kind": role, "reference": _reference(council.slug, PROVIDES[role])}
    found, made = Organisation.objects.get_or_create(council=council, name=name, defaults=known)
    if not made and not found.reference and known["reference"]:
        Organisation.objects.filter(pk=found.pk).update(reference=known["reference"])  # the records came since
    for place in places:
        OrganisationLocation.objects.get_or_create(organisation=found, name=place)
    return found


def _reference(slug: str, kind: str) -> str:
    """Reference of the provider of a type with the most people in the council's synthetic records; empty without."""
    ledger = Home(settings.CARESHAPE_DIR).ledger(slug)
    try:
        rows = measure(ledger, "people_supported", by=("provider",), where={"provider_type": kind}).rows
    except CareshapeError:  # nothing was imported yet
        return ""
    most = max(rows, key=lambda row: (row["value"], row["provider"]), default=None)
    entries = ledger.register("providers").values()
    return next((one["reference"] for one in entries if most and one["name"] == most["provider"]), "")


def _password() -> str:
    """Four groups of four letters: 79 bits of chance, and easy to type."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
