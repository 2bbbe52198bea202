"""Versions of a council's files, what colleagues say of them, and how far each is."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from careshape.accounts.models import Account
from careshape.policy.scoped import Reach, Scoped


class State(StrEnum):
    """How far a version is."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    AGREED = "agreed"
    TURNED_BACK = "turned-back"
    DISCARDED = "discarded"


WORDS: Final = {
    State.DRAFT: "Draft",
    State.PROPOSED: "Waits for agreement",
    State.AGREED: "Agreed",
    State.TURNED_BACK: "Turned back",
    State.DISCARDED: "Discarded",
}
TAGS: Final = {
    State.DRAFT: "govuk-tag--grey",
    State.PROPOSED: "govuk-tag--yellow",
    State.AGREED: "govuk-tag--green",
    State.TURNED_BACK: "govuk-tag--orange",
    State.DISCARDED: "govuk-tag--grey",
}
_CHOICES = tuple((state.value, words) for state, words in WORDS.items())
_WITHOUT_REASON = (State.DRAFT.value, State.DISCARDED.value)


class Version(Scoped):
    """One version of one file of a council: the whole of the file as its writer wants it."""

    council = models.CharField(max_length=60)
    """Slug of the council."""
    file = models.CharField(max_length=120)
    """Its place in the council's folder: statement/18-home-care.md."""
    number = models.PositiveIntegerField()
    """1 for the first version of a file, then counting up; never used again."""
    content = models.TextField()
    digest = models.CharField(max_length=64)
    """SHA-256 of the content."""
    base = models.CharField(max_length=64, blank=True)
    """SHA-256 of what was in force when it was begun; empty where there was no such file."""
    why = models.CharField(max_length=500, blank=True)
    """What the writer says of the change."""
    state = models.CharField(max_length=11, choices=_CHOICES)
    written_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Null for a text that was there before anybody changed it here."""
    written_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    comes_on = models.DateField(null=True, blank=True)
    """The day from which it is to be in force, where it is not at once."""
    in_force_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Who turned it back or discarded it."""
    ended_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    """Why it was turned back."""

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(council=principal.council) & ~Q(council=""),
    }

    class Meta:
        ordering: ClassVar = ["council", "file", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("council", "file", "number"), name="writing_version_number"),
            models.UniqueConstraint(
                fields=("council", "file", "written_by"), condition=Q(state="draft"), name="writing_version_one_draft"
            ),
            models.CheckConstraint(condition=Q(state__in=[one.value for one in State]), name="writing_version_state"),
            # What one person wrote another agrees, whatever the pages let through.
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | Q(written_by__isnull=True) | ~Q(agreed_by=F("written_by")),
                name="writing_version_two",
            ),
            models.CheckConstraint(
                condition=Q(state="agreed", agreed_at__isnull=False) | ~Q(state="agreed"), name="writing_version_agreed"
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(agreed_by__isnull=False) | Q(written_by__isnull=True),
                name="writing_version_by",
            ),
            models.CheckConstraint(
                condition=Q(state="agreed") | Q(in_force_at__isnull=True), name="writing_version_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_WITHOUT_REASON) | ~Q(why=""), name="writing_version_why"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=("council", "state"), name="writing_version_waits")]

    def __str__(self) -> str:
        return f"{self.council} {self.file} {self.number}: {self.state}"

    @property
    def state_words(self) -> str:
        """The state as a person reads it."""
        if self.state == State.AGREED and self.in_force_at is None:
            return "Agreed, not in force yet"
        return WORDS[State(self.state)]

    @property
    def tag(self) -> str:
        """Class of the tag that the state is shown with."""
        if self.state == State.AGREED and self.in_force_at is None:
            return "govuk-tag--blue"
        return TAGS[State(self.state)]


class Comment(Scoped):
    """What a colleague says of a version, or of one part of it, with the answer."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="comments")
    part = models.CharField(max_length=40, blank=True)
    """Id of the part that it is about, such as a slot; empty for the whole."""
    text = models.CharField(max_length=2000)
    written_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    answer = models.CharField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(version__council=principal.council) & ~Q(version__council=""),
    }

    class Meta:
        ordering: ClassVar = ["written_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="writing_comment_text"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="writing_comment_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.version_id}"
