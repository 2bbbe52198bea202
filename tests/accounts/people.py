"""People for tests: in each of two councils one account a role, two teams, two providers and a voluntary organisation.

Everybody is synthetic and called after their role.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from careshape.accounts.models import Account, Council, Membership, Organisation, OrganisationLocation, Team
from careshape.accounts.principals import principal_for
from careshape.policy import Principal, roles

COUNCILS = ("worcestershire", "thurrock")
PASSWORD = "a password of tests only"


@dataclass
class People:
    """The memberships by council and role, and what stands around them."""

    memberships: dict[tuple[str, str], Membership] = field(default_factory=dict)
    councils: dict[str, Council] = field(default_factory=dict)
    teams: dict[str, tuple[Team, Team]] = field(default_factory=dict)
    organisations: dict[str, tuple[Organisation, Organisation, Organisation]] = field(default_factory=dict)
    """Two providers and a voluntary organisation of each council."""

    def account(self, role: str, council: str = "worcestershire") -> Account:
        """The account that has a role."""
        return self.memberships[council, role].account

    def principal(self, role: str, council: str = "worcestershire") -> Principal:
        """The principal that it makes."""
        return principal_for(self.memberships[council, role])


def make_people() -> People:
    """Make all of them in the database."""
    people = People()
    for slug in COUNCILS:
        council = Council.objects.create(slug=slug, name=f"Council {slug.title()}")
        people.councils[slug] = council
        people.teams[slug] = (
            Team.objects.create(council=council, name="North"),
            Team.objects.create(council=council, name="South"),
        )
        made = [
            Organisation.objects.create(council=council, kind=kind, name=name)
            for kind, name in (
                ("provider", "Synthetic provider W-001"),
                ("provider", "Synthetic provider W-002"),
                ("voluntary", "Synthetic voluntary organisation"),
            )
        ]
        people.organisations[slug] = (made[0], made[1], made[2])
        for organisation in made[:2]:
            OrganisationLocation.objects.create(organisation=organisation, name="First location")
        for role in roles().values():
            if role.kind == "public":
                continue
            account = Account.objects.create_user(f"{role.id}@{slug}.example", PASSWORD, name=f"{role.title} {slug}")
            organisation = {"provider": made[0], "voluntary": made[2]}.get(role.id)
            people.memberships[slug, role.id] = Membership.objects.create(
                account=account,
                council=council,
                role=role.id,
                team=people.teams[slug][0] if role.kind == "staff" else None,
                organisation=organisation,
            )
    return people
