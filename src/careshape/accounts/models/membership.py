"""What an account is to a council, and the invitations by which it comes to be."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from careshape.accounts.models.account import Account
from careshape.accounts.models.council import Council, Organisation, OrganisationLocation, Team
from careshape.policy.roles import roles
from careshape.policy.scoped import Reach, Scoped

ROLES = tuple((role.id, role.title) for role in roles().values() if role.kind != "public")
_ROLE_IDS = tuple(role for role, _ in ROLES)
_OUTSIDE = tuple(role.id for role in roles().values() if role.kind == "outside")
_HAS_ORGANISATION = Q(role__in=_OUTSIDE, organisation__isnull=False) | (
    ~Q(role__in=_OUTSIDE) & Q(organisation__isnull=True)
)


class Membership(Scoped):
    """An account in one role at one council. A person who has two roles has two memberships, and works in one at a
    time.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=40, choices=ROLES)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    """The organisation for which an outside role answers."""
    locations = models.ManyToManyField(OrganisationLocation, blank=True)
    """The locations to which it is limited; none for all of the organisation's."""
    began_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(council__slug=principal.council),
        "own": lambda principal: Q(account=principal.account),
        # Who is in no team, or of no organisation, shares none with others who are in none either.
        "team": lambda principal: Q(
            council__slug=principal.council, team=principal.team, team__isnull=False, ended_at__isnull=True
        ),
        "organisation": lambda principal: Q(
            council__slug=principal.council, organisation=principal.organisation, organisation__isnull=False,
            ended_at__isnull=True,
        ),
    }  # fmt: skip

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=_ROLE_IDS), name="accounts_membership_role"),
            models.CheckConstraint(condition=_HAS_ORGANISATION, name="accounts_membership_organisation"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="accounts_membership_dates"
            ),
            # Two constraints, since neither database takes one missing organisation for another by itself.
            models.UniqueConstraint(
                fields=("account", "council", "role"),
                condition=Q(ended_at__isnull=True, organisation__isnull=True),
                name="accounts_membership_once",
            ),
            models.UniqueConstraint(
                fields=("account", "council", "role", "organisation"),
                condition=Q(ended_at__isnull=True, organisation__isnull=False),
                name="accounts_membership_once_outside",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.council}"


class Invitation(Scoped):
    """An invitation to become a member, sent to an e-mail address; good once, and until it expires."""

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=40, choices=ROLES)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True)
    locations = models.ManyToManyField(OrganisationLocation, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token in the link: the database does not hold the link."""
    invited_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    scopes: ClassVar[dict[str, Reach]] = {"council": lambda principal: Q(council__slug=principal.council)}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=_ROLE_IDS), name="accounts_invitation_role"),
            models.CheckConstraint(condition=_HAS_ORGANISATION, name="accounts_invitation_organisation"),
        ]

    def __str__(self) -> str:
        return f"Invitation {self.pk}"
