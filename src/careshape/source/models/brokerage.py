"""Requests for care, who was asked and what they answered, and the award."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils import timezone

from careshape.accounts.models import Account, Organisation
from careshape.people.models import Person
from careshape.policy.scoped import Reach, Scoped
from careshape.source.courses import OFFER, REQUEST, titles
from careshape.source.models.vehicles import Member


class Step(StrEnum):
    """How far a request is."""

    OPEN = "open"
    """Nobody was asked yet: a rule may stop it."""
    SENT = "sent"
    AWARDED = "awarded"
    WITHDRAWN = "withdrawn"


STEPS: Final = {Step(name): words for name, words in titles(REQUEST).items()}


class Request(Scoped):
    """Care that is asked for, for one person: so much of a service a week, from a day."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="requests")
    service = models.CharField(max_length=60)
    units = models.PositiveBigIntegerField()
    """Hundredths a week of the service's usual unit."""
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    """Its last day; none where it is meant to last."""
    district = models.CharField(max_length=60)
    """Where it is wanted."""
    words = models.CharField(max_length=500, blank=True)
    """What the care is to bring about, without anything by which the person is known: providers read it."""
    state = models.CharField(max_length=10, choices=tuple((one.value, words) for one, words in STEPS.items()))
    told = models.TextField(default="{}")
    """What its maker said of it that the rules ask for: facts by name, as JSON."""
    visits = models.TextField(default="[]")
    """The visits of a week as they are asked for, as JSON; ``units`` is worked out from them where there are any."""
    needs = models.TextField(default="[]")
    """What must be and what would be good beyond the hours, as JSON: entries of ``source/data/needs.toml``."""
    zone = models.CharField(max_length=60, blank=True)
    """The home care zone in which it is wanted."""
    outward = models.CharField(max_length=4, blank=True)
    """The first half of the postcode at which it is wanted: never more of it."""
    urgency = models.CharField(max_length=20, default="routine")
    """An entry of ``source/data/asking.toml``: how long providers have to answer."""
    way = models.CharField(max_length=10, blank=True)
    """How providers are asked: an entry of the same file; empty before it was sent."""
    few = models.PositiveSmallIntegerField(default=0)
    """How many are asked at a time, of the best few; nought where that is not the way."""
    step = models.PositiveSmallIntegerField(default=0)
    """How often providers were asked: 1 is the first time."""
    answer_by = models.DateTimeField(null=True, blank=True)
    """Until when those who were asked last have to answer; none where nobody is waited for any more."""
    follows = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="followed_by")
    """The request that this one was made from: one that was withdrawn, or of which only a part was awarded."""
    judged = models.TextField(blank=True)
    """What each rule said when it was sent, as JSON: the count of breaches comes from it."""
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(person__council=principal.council) & ~Q(person__council="")
    }

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(units__gt=0), name="source_request_units"),
            models.CheckConstraint(condition=Q(state__in=[one.value for one in Step]), name="source_request_state"),
        ]

    def __str__(self) -> str:
        return f"Request {self.pk}: {self.state}"


class Written(IntEnum):
    """What a provider that was asked was written to about."""

    NOTHING = 0
    ASKED = 1
    ENDED = 2


class Answer(StrEnum):
    """What a provider that was asked has said."""

    WAITING = "waiting"
    YES = "yes"
    COUNTER = "counter"
    """At another price than that of the list."""
    NO = "no"


ANSWERS: Final = {Answer(name): words for name, words in titles(OFFER).items()}


class Offer(Scoped):
    """A provider that was asked for a request, and what it said: a line of the log of fairness."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="offers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    """Where it stands on the list by which it was asked."""
    list_price = models.PositiveBigIntegerField()
    """Pence a unit at which it stood there when it was asked."""
    answer = models.CharField(max_length=10, choices=tuple((one.value, words) for one, words in ANSWERS.items()))
    price = models.PositiveBigIntegerField(null=True, blank=True)
    """Pence a unit that it asks."""
    can_start_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    """Why not, in words; those of its code where nothing more was said."""
    reason_code = models.CharField(max_length=40, blank=True)
    """Why not: an entry of ``source/data/asking.toml``."""
    units = models.PositiveBigIntegerField(null=True, blank=True)
    """Hundredths a week that it offers, where that is a part of what is asked for; none for all of it."""
    meets = models.TextField(default="[]")
    """The wishes that it says it meets, as JSON: ids of needs. What must be is met by whoever says yes."""
    step = models.PositiveSmallIntegerField(default=1)
    """The time of asking at which it was asked: 1 is the first."""
    answer_by = models.DateTimeField(null=True, blank=True)
    """Until when it was to answer. A later answer is taken while the request is open, and is seen to be late."""
    resort = models.BooleanField(default=False)
    """Whether it was asked as the service of last resort."""
    reminded_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    written = models.PositiveSmallIntegerField(default=Written.NOTHING.value)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(request__person__council=principal.council) & ~Q(request__person__council=""),
        "organisation": lambda principal: Q(
            request__person__council=principal.council, organisation=principal.organisation, organisation__isnull=False
        ),
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("request", "organisation"), name="source_offer_once"),
            models.CheckConstraint(condition=Q(answer__in=[one.value for one in Answer]), name="source_offer_answer"),
            models.CheckConstraint(
                condition=Q(answer__in=("waiting", "no")) | Q(price__gt=0, can_start_on__isnull=False),
                name="source_offer_whole",
            ),
            models.CheckConstraint(condition=~Q(answer="no") | ~Q(reason=""), name="source_offer_reason"),
            models.CheckConstraint(condition=Q(units__isnull=True) | Q(units__gt=0), name="source_offer_units"),
        ]

    def __str__(self) -> str:
        return f"Offer {self.pk}: {self.answer}"


class Award(Scoped):
    """That a request went to an offer, and why to this one. A request is awarded once."""

    request = models.OneToOneField(Request, on_delete=models.CASCADE, related_name="award")
    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="award")
    place = models.PositiveIntegerField()
    """Its place in the ranking at that moment; 1 is the first."""
    why = models.CharField(max_length=500, blank=True)
    """Why another than the first was chosen."""
    ranking = models.TextField()
    """The whole ranking as it stood, as JSON."""
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(request__person__council=principal.council) & ~Q(request__person__council="")
    }

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(place=1) | ~Q(why=""), name="source_award_why"),
        ]

    def __str__(self) -> str:
        return f"Award {self.pk}"
