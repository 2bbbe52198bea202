"""What is kept of a person beside who they are: carers, outcomes, needs, conversations, choices, and corrections."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from careshape.accounts.models import Account, Organisation
from careshape.people.models.person import Person
from careshape.policy.scoped import Reach, Scoped


class Entry(Scoped):
    """Something that was written of a person on a day. Its fields can be corrected; who made it can take it back."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="%(class)s_entries")
    on = models.DateField()
    """The day of which it tells."""
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """When who made it took it back, because it was a mistake; it counts no more."""

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(person__council=principal.council) & ~Q(person__council="")
    }

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"


class Carer(Entry):
    """Somebody who cares for the person unpaid."""

    name = models.CharField(max_length=200)
    relation = models.CharField(max_length=60)
    assessed_by = models.CharField(max_length=60, blank=True)
    """Who assessed their own needs: a value of the fact ``carer-assessed-by``; empty where nobody did yet."""

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(name=""), name="people_carer_named")]


class Outcome(Entry):
    """What the person wants to come about, in their own words."""

    words = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(words=""), name="people_outcome_said")]


class Need(Entry):
    """A need of the person, or of somebody who cares for them, and whether it is eligible."""

    carer = models.ForeignKey(Carer, on_delete=models.CASCADE, null=True, blank=True, related_name="needs")
    """Whose need it is, where it is not the person's own."""
    area = models.CharField(max_length=60)
    """The outcome of the eligibility regulations that it is about: an entry of ``data/areas.toml``."""
    eligible = models.BooleanField()
    words = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(area=""), name="people_need_area")]


class Conversation(Entry):
    """A conversation about what would help: the first, the second or the third, and what was spoken of."""

    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=1000)
    community = models.BooleanField()
    """Whether what the community and their own networks offer was spoken of; so for the two that follow."""
    community_words = models.CharField(max_length=500, blank=True)
    technology = models.BooleanField()
    technology_words = models.CharField(max_length=500, blank=True)
    direct_payment = models.BooleanField()
    direct_payment_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=3), name="people_conversation_number"),
        ]


class Choice(Entry):
    """Where the person wants to be supported, and by whom, as they said it."""

    service = models.CharField(max_length=60)
    """The kind of care or setting: an entry of the catalogue's services."""
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # fmt: skip
    """The provider that they want; none where they said the setting alone."""
    place = models.PositiveSmallIntegerField(default=1)
    """1 for what they want most."""
    words = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(place__gte=1) & ~Q(words=""), name="people_choice_said"),
        ]


class Noted(Entry):
    """A fact that the rules ask of a person's record, as it was known on a day. A later one is another row."""

    fact = models.CharField(max_length=60)
    value = models.CharField(max_length=60)
    """As JSON: true, false, a number, a day or one of the values of the fact."""
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(fact="") & ~Q(value=""), name="people_noted_whole")
        ]


class Correction(Scoped):
    """What stood in a person's record before it was put right: which row and field, what it was, who changed it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=60)
    """What was corrected: ``person``, or a kind of entry."""
    row = models.PositiveBigIntegerField()
    field = models.CharField(max_length=60)
    was = models.CharField(max_length=1000, blank=True)
    why = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(person__council=principal.council) & ~Q(person__council="")
    }

    def __str__(self) -> str:
        return f"Correction {self.pk}: {self.kind} {self.field}"
