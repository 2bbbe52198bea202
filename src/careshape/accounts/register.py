"""The council's teams, and the organisations that work with it."""

from __future__ import annotations

from django.db.models import Model

from careshape.accounts.models import Council, Organisation, OrganisationLocation, Team
from careshape.audit.change import change
from careshape.errors import InputError
from careshape.policy import Principal

TEAMS, ORGANISATIONS = "accounts.teams", "accounts.organisations"


def keep_team(principal: Principal, council: Council, name: str, team: Team | None = None) -> Team:
    """Add a team, or give one another name. Raises InputError where the council has one of that name."""
    with change(principal, TEAMS, lock=[council]) as told:
        row = team or Team(council=council)
        _alone(Team.objects.filter(council=council, name__iexact=name), row, "There is a team of this name already")
        row.name = name
        row.save()
        told(row, fields=["name"])
    return row


def keep_organisation(
    principal: Principal, council: Council, kind: str, name: str, reference: str, row: Organisation | None = None
) -> Organisation:
    """Add an organisation, or change one. Raises InputError where the council has one of that name.

    Its kind stays once somebody answers for it: their role says the same.
    """
    with change(principal, ORGANISATIONS, lock=[council]) as told:
        found = row or Organisation(council=council)
        same = Organisation.objects.filter(council=council, name__iexact=name)
        _alone(same, found, "There is an organisation of this name already")
        if row and row.kind != kind and row.memberships.exists():
            raise InputError("People answer for this organisation, so its kind stays as it is")
        found.kind, found.name, found.reference = kind, name, reference
        found.save()
        told(found, fields=["kind", "name", "reference"])
    return found


def keep_location(
    principal: Principal, organisation: Organisation, name: str, reference: str, row: OrganisationLocation | None = None
) -> OrganisationLocation:
    """Add a location, or change one. Raises InputError where the organisation has one of that name."""
    with change(principal, ORGANISATIONS, lock=[organisation]) as told:
        found = row or OrganisationLocation(organisation=organisation)
        same = OrganisationLocation.objects.filter(organisation=organisation, name__iexact=name)
        _alone(same, found, "There is a location of this name already")
        found.name, found.reference = name, reference
        found.save()
        told(found, fields=["name", "reference"])
    return found


def remove_team(principal: Principal, team: Team) -> Team:
    """Remove a team; return what it was. Raises InputError where people are or were in it."""
    with change(principal, TEAMS, lock=[team]) as told:
        if team.memberships.exists() or team.invitation_set.exists():
            raise InputError("People are or were in this team, so it stays. Give it another name if it has changed.")
        told(team, done="removed")
        team.delete()
    return team


def _alone(same: object, row: Model, problem: str) -> None:
    if same.exclude(pk=row.pk).exists():  # type: ignore[attr-defined]
        raise InputError(problem)
