"""A person leaves, or changes what they are: in force with the next request."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from careshape.accounts import second_factor
from careshape.accounts.invite import check_role
from careshape.accounts.models import Account, Membership, Organisation, OrganisationLocation, Team
from careshape.accounts.sessions import end_sessions
from careshape.audit.change import SYSTEM, change
from careshape.errors import InputError
from careshape.policy import Principal

ADMINISTRATOR = "administrator"
OWN_ACCESS = "You cannot end your own access. Ask another administrator."
OWN_ROLE = "You cannot change your own role. Ask another administrator."
OWN_FACTOR = "You keep your own second factor on the page of your account."
ELSEWHERE = "Only who runs the installation can reset this account's second factor."
"""Of whoever works for another council too: they may not be weakened from here. Why is not said, to tell nothing of it.
"""


def is_own(principal: Principal, membership: Membership) -> bool:
    """Whether a membership is of who asks."""
    return principal.account is not None and principal.account == membership.account_id


def end_access(principal: Principal, membership: Membership) -> None:
    """End a person's access in one role: every session of theirs ends; with the last role, the account does too.

    Raises InputError for one's own access, one that has ended, and the last administrator of a council.
    """
    if is_own(principal, membership):
        raise InputError(OWN_ACCESS)
    # The council's row stands for its set of administrators: two of them cannot end each other at once.
    council, locked = membership.council, [membership.council, membership]
    with change(
        principal, "accounts.end", lock=locked, chain=council.slug, record="person", fields=("status",)
    ) as told:
        membership.refresh_from_db()
        if membership.ended_at:
            raise InputError("This access has ended already.")
        _keep_administrator(principal, membership)
        membership.ended_at = timezone.now()
        membership.save(update_fields=["ended_at"])
        end_sessions(membership.account_id)
        told(membership, role=membership.role)
        if not Membership.objects.filter(account=membership.account_id, ended_at__isnull=True).exists():
            Account.objects.filter(pk=membership.account_id).update(is_active=False, left_at=timezone.now())
            told(membership.account, done="left")


def change_role(
    principal: Principal,
    membership: Membership,
    role: str,
    *,
    team: Team | None = None,
    organisation: Organisation | None = None,
    locations: Sequence[OrganisationLocation] = (),
) -> None:
    """Give a person another role, team or organisation at the same council.

    Raises InputError for one's own role, for what does not go together, for the last administrator of a council, and
    for a role that the person has in another membership.
    """
    if is_own(principal, membership):
        raise InputError(OWN_ROLE)
    council = membership.council
    check_role(council, role, team, organisation, locations)
    fields = _changed(membership, role, team, organisation, locations)
    with change(
        principal, "accounts.change", lock=[council, membership], chain=council.slug, record="person", fields=fields
    ) as told:
        membership.refresh_from_db()
        if membership.ended_at:
            raise InputError("This access has ended.")
        if role != ADMINISTRATOR:
            _keep_administrator(principal, membership)
        others = Membership.objects.filter(account=membership.account_id, council=council, ended_at__isnull=True)
        if others.filter(role=role, organisation=organisation).exclude(pk=membership.pk).exists():
            raise InputError("The person has this role already, in another membership.")
        before = {"role": membership.role, "team": membership.team_id, "organisation": membership.organisation_id}
        membership.role, membership.team, membership.organisation = role, team, organisation
        membership.save(update_fields=["role", "team", "organisation"])
        membership.locations.set(locations)
        after = {"role": role, "team": membership.team_id, "organisation": membership.organisation_id}
        told(membership, before=before, after=after, locations=[one.pk for one in locations])


def _changed(
    membership: Membership,
    role: str,
    team: Team | None,
    organisation: Organisation | None,
    locations: Sequence[OrganisationLocation],
) -> list[str]:
    """The fields of a person that would be others than they are."""
    has, kept = (membership.team_id, membership.organisation_id), membership.locations.values_list("pk", flat=True)
    becomes = (team.pk if team else None, organisation.pk if organisation else None)
    differ = {
        "role": membership.role != role,
        "group": has != becomes,
        "locations": set(kept) != {one.pk for one in locations},
    }
    return [name for name, differs in differ.items() if differs]


def reset_factor(principal: Principal, membership: Membership) -> None:
    """Take away the second factor of a person who lost it.

    Raises InputError for one's own, and for a person who works for another council too.
    """
    if is_own(principal, membership):
        raise InputError(OWN_FACTOR)
    if not only_here(membership):
        raise InputError(ELSEWHERE)
    second_factor.reset(principal, "accounts.reset", membership.account)


def only_here(membership: Membership) -> bool:
    """Whether all that the person has on the installation is at this council."""
    elsewhere = Membership.objects.filter(account=membership.account_id, ended_at__isnull=True)
    return not elsewhere.exclude(council=membership.council_id).exists()


def _keep_administrator(principal: Principal, membership: Membership) -> None:
    """Raises InputError where a council would be left without an administrator; the command line may do it."""
    if membership.role != ADMINISTRATOR or principal is SYSTEM:
        return
    others = Membership.objects.filter(council=membership.council_id, role=ADMINISTRATOR, ended_at__isnull=True)
    if not others.exclude(pk=membership.pk).exists():
        raise InputError("This is the council's only administrator. Make somebody else one first.")
