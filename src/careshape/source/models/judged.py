"""What the rules said of an act when it went ahead, what was set aside for it, and the facts that a council tells."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils import timezone

from careshape.accounts.models import Account
from careshape.people.models import Need, Person
from careshape.policy.scoped import Reach, Scoped
from careshape.source.models.brokerage import Request
from careshape.source.models.packages import Package

OF_COUNCIL: Final[dict[str, Reach]] = {
    "council": lambda principal: Q(council=principal.council) & ~Q(council="")
}  # fmt: skip


class SetAside(Scoped):
    """That an act may go ahead although a rule is not met: which, why, who decided it, and what they had read."""

    council = models.CharField(max_length=60)
    act = models.CharField(max_length=60)
    """An act of the rules, such as ``request.open``."""
    subject = models.CharField(max_length=120)
    """The row that is judged, as the audit log calls it; where it is about a provider with its key behind a stroke."""
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    request = models.ForeignKey(Request, on_delete=models.CASCADE, null=True, blank=True, related_name="set_aside")
    rule = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)
    read = models.CharField(max_length=64, blank=True)
    """Digest of the facts that the rule asks for, as they stood: where they are others, it counts no more."""
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    on = models.DateField()

    scopes: ClassVar[dict[str, Reach]] = OF_COUNCIL

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("council", "act", "subject", "rule", "read"), name="source_set_aside_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="source_set_aside_reason"),
        ]

    def __str__(self) -> str:
        return f"Set aside {self.pk}: {self.rule}"


class Judged(Scoped):
    """What every rule said of an act at the moment when it went ahead: the count of breaches comes from it."""

    council = models.CharField(max_length=60)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    found = models.TextField()
    """A list of rule, state and whether it was set aside, as JSON; without the rules that are not about it."""
    let_go = models.PositiveSmallIntegerField(default=0)
    """How many rules were set aside."""
    breached = models.PositiveSmallIntegerField(default=0)
    """How many gates it went against without that. There is no way to do so here: the target is none."""
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """Who did the act; none where the installation did it at its hour."""
    role = models.CharField(max_length=40)
    on = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = OF_COUNCIL

    class Meta:
        indexes: ClassVar = [models.Index(fields=("council", "on"), name="source_judged_on")]

    def __str__(self) -> str:
        return f"Judged {self.pk}: {self.act}"


class CouncilFact(Scoped):
    """A fact of the council itself that rules ask for, as it was known on a day. A later one is another row."""

    council = models.CharField(max_length=60)
    fact = models.CharField(max_length=60)
    value = models.CharField(max_length=60)
    """As JSON: true, false, a number, a day or one of the values of the fact."""
    on = models.DateField()
    why = models.CharField(max_length=500, blank=True)
    """Where it is laid down."""
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = OF_COUNCIL

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(council="") & ~Q(fact="") & ~Q(value=""), name="source_fact_whole"),
        ]

    def __str__(self) -> str:
        return f"Fact {self.pk}: {self.fact}"


class Settled(StrEnum):
    """How far the decision on a need is."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


SETTLED: Final = {
    Settled.PROPOSED: "Proposed", Settled.DECIDED: "Decided", Settled.WITHDRAWN: "Withdrawn",
}  # fmt: skip


class Decision(Scoped):
    """How a need is to be met, proposed and then decided once no rule stops it."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="decisions")
    service = models.CharField(max_length=60)
    """The care by which it is met; empty where it is met without any that the council arranges."""
    long_term = models.BooleanField()
    words = models.CharField(max_length=500)
    """How it is met, for the care and support plan."""
    told = models.TextField(default="{}")
    """What its maker said of it that the rules ask for: facts by name, as JSON."""
    state = models.CharField(max_length=10, choices=tuple((one.value, words) for one, words in SETTLED.items()))
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(need__person__council=principal.council) & ~Q(need__person__council="")
    }

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[one.value for one in Settled]), name="source_decision_state"),
            models.UniqueConstraint(
                fields=("need",), condition=Q(state__in=("proposed", "decided")), name="source_decision_once"
            ),
        ]

    def __str__(self) -> str:
        return f"Decision {self.pk}: {self.state}"


class Admission(Scoped):
    """That a person was admitted to a care home, for the package that pays for it. A package has one."""

    package = models.OneToOneField(Package, on_delete=models.CASCADE, related_name="admission")
    on = models.DateField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    scopes: ClassVar[dict[str, Reach]] = {
        "council": lambda principal: Q(package__person__council=principal.council) & ~Q(package__person__council="")
    }

    def __str__(self) -> str:
        return f"Admission {self.pk}"
