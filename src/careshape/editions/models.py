"""Editions of a council's statement, how far each is, and the rules of disclosure control that the council chose."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from careshape.accounts.models import Account
from careshape.policy.scoped import Reach, Scoped


class State(StrEnum):
    """How far an edition is."""

    REFUSED = "refused"
    """The gate did not let it through: something that it protects could be recovered."""
    PREPARED = "prepared"
    AGREED = "agreed"
    RELEASED = "released"
    DISCARDED = "discarded"


WORDS: Final = {
    State.REFUSED: "Refused by the gate",
    State.PREPARED: "Waits for agreement",
    State.AGREED: "Agreed, not released",
    State.RELEASED: "Released",
    State.DISCARDED: "Discarded",
}
TAGS: Final = {
    State.REFUSED: "govuk-tag--red",
    State.PREPARED: "govuk-tag--yellow",
    State.AGREED: "govuk-tag--blue",
    State.RELEASED: "govuk-tag--green",
    State.DISCARDED: "govuk-tag--grey",
}
_CHOICES = tuple((state.value, words) for state, words in WORDS.items())
_AGREED = (State.AGREED.value, State.RELEASED.value)


class Edition(Scoped):
    """One edition of a council's statement. Its inputs, figures, pages and report stand in its folder."""

    council = models.CharField(max_length=60)
    """Slug of the council."""
    number = models.PositiveIntegerField()
    """1 for a council's first edition, then counting up; never used again."""
    state = models.CharField(max_length=10, choices=_CHOICES)
    posting = models.PositiveIntegerField()
    """The last posting of the ledger that it knows."""
    known_on = models.DateField()
    """The day of that posting."""
    manifest = models.CharField(max_length=64)
    """SHA-256 of its manifest, which holds the digests of everything else."""
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """A second person; null where the command line released an edition of a demonstration."""
    release_on = models.DateField(null=True, blank=True)
    """The day from which it is to be public, where one is set."""
    known_changes = models.CharField(max_length=64, blank=True, default="")
    """What of the council's own words had changed since it was prepared, as whoever took the last step knew it: a
    digest; empty where nothing had."""
    told = models.TextField(default="{}")
    """What those who release it said of it that the rules ask for: facts by name, as JSON."""
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(council=principal.council) & ~Q(council=""),
        "released": lambda principal: Q(state=State.RELEASED.value),
    }

    class Meta:
        ordering: ClassVar = ["council", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("council", "number"), name="editions_edition_number"),
            models.CheckConstraint(condition=Q(state__in=[one.value for one in State]), name="editions_edition_state"),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | Q(prepared_by__isnull=True) | ~Q(agreed_by=F("prepared_by")),
                name="editions_edition_two",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_AGREED, agreed_at__isnull=False) | ~Q(state__in=_AGREED),
                name="editions_edition_agreed",
            ),
            models.CheckConstraint(
                condition=Q(state="released", released_at__isnull=False)
                | (~Q(state="released") & Q(released_at__isnull=True)),
                name="editions_edition_released",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.council} {self.number}: {self.state}"

    @property
    def state_words(self) -> str:
        """The state as a person reads it."""
        return WORDS[State(self.state)]

    @property
    def tag(self) -> str:
        """Class of the tag that the state is shown with."""
        return TAGS[State(self.state)]


class DisclosureRule(Scoped):
    """A rule of disclosure control as a council chose it, for the editions that are prepared from then on."""

    council = models.CharField(max_length=60)
    """Slug of the council."""
    number = models.PositiveIntegerField()
    """1 for a council's first choice, then counting up: the last one is in force."""
    content = models.TextField()
    """The rule as the file that is pinned with an edition: TOML."""
    why = models.CharField(max_length=500)
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(council=principal.council) & ~Q(council=""),
    }

    class Meta:
        ordering: ClassVar = ["council", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("council", "number"), name="editions_disclosurerule_number"),
            models.CheckConstraint(condition=~Q(why=""), name="editions_disclosurerule_why"),
        ]

    def __str__(self) -> str:
        return f"{self.council} {self.number}"
