"""What people bring to the ledger, the tokens by which programs ask, and the answers that requests were given."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import Q

from careshape.accounts.models import Account, Council, Membership
from careshape.policy.scoped import Reach, Scoped

STATES: Final = (
    ("waiting", "Waiting to be checked"),
    ("checking", "Being checked"),
    ("checked", "Checked, waiting for you to post it"),
    ("unreadable", "Cannot be read"),
    ("posting", "Being posted"),
    ("posted", "Posted"),
    ("discarded", "Discarded"),
    ("failed", "Stopped by a fault of ours"),
)
PURPOSES: Final = (("records", "Records"), ("withdrawal", "Lines taken back"))
BUSY: Final = ("waiting", "checking", "posting")
"""States in which something is being done with a file."""
OPEN: Final = (*BUSY, "checked", "failed")
"""States in which the file itself is still kept."""


class Import(Scoped):
    """A file of records that somebody brought: checked first, then posted to the ledger or discarded.

    The file lies in the data folder from when it came until it is posted, discarded or found unreadable.
    """

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    """Who brought it."""
    file_name = models.CharField(max_length=120)
    """Name of the file as it came, without its folder and without what no file name should hold."""
    folder = models.CharField(max_length=40, unique=True)
    """Name of the folder, made by chance, in which the file lies."""
    size = models.PositiveBigIntegerField()
    checksum = models.CharField(max_length=64)
    """SHA-256 of the file's bytes."""
    reader = models.CharField(max_length=20, blank=True)
    """Kind of records that was chosen; blank where the columns decide."""
    purpose = models.CharField(max_length=20, default="records", choices=PURPOSES)
    brought_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=20, default="waiting", choices=STATES)
    stage = models.CharField(max_length=200, blank=True)
    """What is being done, as it was last told."""
    told_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)
    """Why the file cannot be read or posted, and what to do; it quotes no record."""
    report = models.TextField(blank=True)
    """The checking report as JSON, without what cells say that could name somebody."""
    rows = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    posting = models.PositiveIntegerField(null=True, blank=True)
    """Number of the posting in the council's ledger."""
    posted_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was posted, discarded or found unreadable."""

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(council__slug=principal.council),
        "own": lambda principal: Q(council__slug=principal.council, account=principal.account),
    }

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[name for name, _ in STATES]), name="work_import_state"),
            models.CheckConstraint(condition=~Q(state="posted") | Q(posting__isnull=False), name="work_import_posting"),
        ]
        indexes: ClassVar = [models.Index(fields=("council", "state"), name="work_import_waiting")]

    def __str__(self) -> str:
        return f"Import {self.pk}"

    @property
    def busy(self) -> bool:
        """Whether something is being done with it."""
        return self.state in BUSY

    @property
    def settled(self) -> bool:
        """Whether it is done with, and its file removed."""
        return self.state not in OPEN


class Token(Scoped):
    """A token by which a program asks the API, for one membership of its owner, limited to some acts."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    """What it is for, in its owner's words."""
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token: the database does not hold the token."""
    acts: Any = models.JSONField(default=list)
    """Acts of the policy to which it is limited."""
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    """When it was last used, to the minute."""
    revoked_at = models.DateTimeField(null=True, blank=True)

    scopes: ClassVar[dict[str, Reach]] = {
        "own": lambda principal: Q(membership__account=principal.account, membership=principal.membership),
        "council": lambda principal: Q(membership__council__slug=principal.council),
    }

    def __str__(self) -> str:
        return f"Token {self.pk}"


class Answer(models.Model):
    """The answer to a request that carried an idempotency key: the same request is answered with it again."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    asked = models.CharField(max_length=64)
    """SHA-256 of method, address and body."""
    asked_at = models.DateTimeField(auto_now_add=True)
    status = models.PositiveSmallIntegerField(null=True)
    """Null while the request is being answered."""
    body = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("token", "key"), name="work_answer_once"),
        ]

    def __str__(self) -> str:
        return f"Answer {self.pk}"
