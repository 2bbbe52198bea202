"""The requests of a week placed together: what was proposed for each, why, and what became of it."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils import timezone

from careshape.accounts.models import Account, Organisation
from careshape.policy.scoped import Reach, Scoped
from careshape.source.courses import PROPOSAL, titles
from careshape.source.models.brokerage import Offer, Request
from careshape.source.models.vehicles import Member


class Placing(Scoped):
    """The requests of a week of a council, placed together. It proposes; awards are made from it by a person."""

    council = models.CharField(max_length=60)
    week = models.CharField(max_length=8)
    """The week by whose end the care should begin: 2027-W05."""
    criteria = models.CharField(max_length=60, blank=True)
    """The version of the criteria by which points were given."""
    method = models.CharField(max_length=60, blank=True)
    value = models.PositiveBigIntegerField(default=0)
    """What the plan is worth: hundredths of points times hundredths of units a week."""
    bound = models.PositiveBigIntegerField(default=0)
    """What no plan can be worth more than, proven."""
    in_turn = models.PositiveBigIntegerField(default=0)
    """What the same requests are worth first come, first served."""
    worked_at = models.DateTimeField(null=True, blank=True)
    """When the plan was there; none while it is worked out."""
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Who asked for it; none where the command line did."""
    made_at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = {"council": lambda principal: Q(council=principal.council) & ~Q(council="")}

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(council="") & ~Q(week=""), name="source_placing_whole"),
            models.CheckConstraint(condition=Q(value__lte=models.F("bound")), name="source_placing_bound"),
        ]

    def __str__(self) -> str:
        return f"Placing {self.pk}: {self.week}"

    @property
    def gap(self) -> float:
        """How far below the bound the plan is at most, as a share of the bound."""
        return 0.0 if self.bound == 0 else (self.bound - self.value) / self.bound

    @property
    def in_turn_gap(self) -> float:
        """How much less first come, first served is worth than the plan, as a share of the plan; below 0: more."""
        return 0.0 if self.value == 0 else 1 - self.in_turn / self.value


class Became(StrEnum):
    """What became of a proposal."""

    PROPOSED = "proposed"
    NOBODY = "nobody"
    """Nobody is proposed, for the reason that is kept."""
    AWARDED = "awarded"
    ASKED = "asked"
    """The provider, which had not been asked, was asked."""
    NOT_DONE = "not-done"
    """It was accepted, and could not be done, for the reason that is kept."""


BECAME: Final = {Became(name): words for name, words in titles(PROPOSAL).items()}


class Proposal(Scoped):
    """What a plan proposes for one request: a provider that said yes, one of a list to be asked, or nobody."""

    placing = models.ForeignKey(Placing, on_delete=models.CASCADE, related_name="proposals")
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="proposals")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    """The yes that it rests on."""
    read = models.CharField(max_length=100, blank=True)
    """What the provider had said then, as an award is handed it."""
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Where the proposed provider stands on a list."""
    place = models.PositiveIntegerField(null=True, blank=True)
    """Its place among those that could take the request by itself."""
    points = models.PositiveIntegerField(default=0)
    terms = models.TextField(default="[]")
    """Every line of its points, as JSON."""
    in_turn = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Who would have got it first come, first served; none for nobody."""
    became = models.CharField(max_length=10, choices=tuple((one.value, words) for one, words in BECAME.items()))
    why = models.CharField(max_length=500, blank=True)
    """Why nobody is proposed, or why it could not be done."""

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(placing__council=principal.council) & ~Q(placing__council="")
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("placing", "request"), name="source_proposal_once"),
            models.CheckConstraint(
                condition=Q(became__in=[one.value for one in Became]), name="source_proposal_became"
            ),
            models.CheckConstraint(condition=Q(became="nobody") | Q(member__isnull=False), name="source_proposal_who"),
            models.CheckConstraint(
                condition=~Q(became__in=("nobody", "not-done")) | ~Q(why=""), name="source_proposal_why"
            ),
        ]

    def __str__(self) -> str:
        return f"Proposal {self.pk}: {self.became}"
