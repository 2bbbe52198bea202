"""What readers follow, of which editions they were told, and what they say of a section."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils import timezone

from careshape.accounts.models import Account
from careshape.policy import Principal
from careshape.policy.scoped import Reach, Scoped


def _own(field: str) -> Reach:
    """Rows of the principal's own account, of the council in which they work."""

    def reach(principal: Principal) -> Q:
        return Q(**{field: principal.account, "council": principal.council, f"{field}__isnull": False})

    return reach


class What(StrEnum):
    """What can be followed."""

    STATEMENT = "statement"
    SEGMENT = "segment"
    WANTED = "wanted"
    """What is wanted of a service, in an area: intentions, gaps and needs."""


class Follow(Scoped):
    """Somebody follows a council's statement, one segment of it, or what is wanted of a service."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    council = models.CharField(max_length=60)
    """Slug of the council."""
    what = models.CharField(max_length=10, choices=tuple((one.value, one.value) for one in What))
    segment = models.CharField(max_length=100, blank=True)
    service = models.CharField(max_length=60, blank=True)
    area = models.CharField(max_length=60, blank=True)
    """A district or a home care zone; empty for all of the council's area."""
    began_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True, blank=True)

    scopes: ClassVar[dict[str, Reach]] = {"own": _own("account")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("account", "council", "what", "segment", "service", "area"), name="readers_follow_once"
            ),
            models.CheckConstraint(condition=Q(what__in=[one.value for one in What]), name="readers_follow_what"),
            models.CheckConstraint(
                condition=~Q(what="segment") | ~Q(segment=""), name="readers_follow_segment"
            ),
            models.CheckConstraint(condition=~Q(what="wanted") | ~Q(service=""), name="readers_follow_service"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.what} {self.segment or self.service}".strip()


class Notice(Scoped):
    """That somebody was dealt with for an edition: written to, or passed over since nothing changed for them.

    One row a follower and edition is what makes one mail of however many tries.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    council = models.CharField(max_length=60)
    edition = models.PositiveIntegerField()
    changes = models.PositiveIntegerField()
    """How many things the mail tells of: changes, or of a first edition what it holds of what they follow."""
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    """When they said that they have read of it; until then their home page tells of it."""

    scopes: ClassVar[dict[str, Reach]] = {"own": _own("account")}

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("account", "council", "edition"), name="readers_notice_once"),
        ]

    def __str__(self) -> str:
        return f"Notice {self.pk}"


class State(StrEnum):
    """How far a comment is."""

    WAITING = "waiting"
    ANSWERED = "answered"
    """Answered to who wrote it, and to nobody else."""
    PUBLISHED = "published"
    SETTLED = "settled"
    """Closed without an answer."""
    WITHDRAWN = "withdrawn"


WORDS: Final = {
    State.WAITING: "Waits for an answer",
    State.ANSWERED: "Answered privately",
    State.PUBLISHED: "Published with the answer",
    State.SETTLED: "Settled without an answer",
    State.WITHDRAWN: "Taken back by its writer",
}
LONGEST: Final = 2000
"""Characters of a comment, and of an answer."""


class Comment(Scoped):
    """What somebody says of a section of an edition, and what the council answers. Nothing of it is public before the
    council publishes it, and never who wrote it.
    """

    council = models.CharField(max_length=60)
    edition = models.PositiveIntegerField()
    segment = models.CharField(max_length=100)
    slot = models.CharField(max_length=20, blank=True)
    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    """The role in which it was written: what the public reads in place of a name."""
    text = models.TextField(max_length=LONGEST)
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=tuple((one.value, words) for one, words in WORDS.items()))
    answer = models.TextField(max_length=LONGEST, blank=True)
    answered_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    scopes: ClassVar[dict[str, Reach]] = {
        "own": _own("author"),
        "council": lambda principal: Q(council=principal.council) & ~Q(council="") & ~Q(state=State.WITHDRAWN.value),
        "released": lambda principal: Q(state=State.PUBLISHED.value),
    }

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[one.value for one in State]), name="readers_comment_state"),
            models.CheckConstraint(
                condition=~Q(state__in=("answered", "published")) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="readers_comment_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"Comment {self.pk}: {self.state}"

    @property
    def state_words(self) -> str:
        """The state as a person reads it."""
        return WORDS[State(self.state)]
