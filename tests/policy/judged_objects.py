"""How an object of a person's record, or of what the rules judge, is made for the sweep of authorisation."""

from __future__ import annotations

from django.utils.timezone import now

from careshape.accounts.models import Membership
from careshape.people.models import Need, Outcome
from careshape.source.models import Decision
from tests.policy.objects import person
from tests.policy.who_sees import canary_account
from tests.policy.world import World, makes


def needed(member: Membership) -> Need:
    """A need of somebody of the member's council."""
    made: Need = Need.objects.create(
        person=person(member, "Canary Decision Who"), area="nutrition", eligible=True, words="To eat well.",
        on=now().date(), by=member.account,
    )  # fmt: skip
    return made


@makes("/work/needs/<int:pk>/", "/api/v1/needs/<int:pk>")
def need(world: World, member: Membership) -> int:
    return needed(member).pk


@makes("/work/decisions/<int:pk>/", "/api/v1/decisions/<int:pk>")
def decision(world: World, member: Membership) -> int:
    made = Decision.objects.create(
        need=needed(member), service="nursing", long_term=True, words="In a home.", state="proposed",
        made_by=canary_account(),
    )  # fmt: skip
    return made.pk


@makes("/work/supported/kept/<slug:part>/<int:pk>/", "/api/v1/supported/<slug:part>/<int:pk>")
def written(world: World, member: Membership) -> int:
    """Something that the member wrote of a person."""
    made = Outcome.objects.create(
        person=person(member, "Canary Supported Name"), words="To see the garden.", on=now().date(), by=member.account
    )
    return made.pk


@makes("/api/v1/supported/<int:pk>")
def supported(world: World, member: Membership) -> int:
    return person(member, "Canary Supported Name").pk
