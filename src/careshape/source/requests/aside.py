"""Let a provider be asked, or be awarded a request, although a rule bars it: a reason is given, and it is counted."""

from __future__ import annotations

from dataclasses import dataclass

from careshape.audit.change import change
from careshape.errors import CallError
from careshape.policy import Principal
from careshape.rules.judge import Finding
from careshape.source.judged import judging
from careshape.source.judged.gate import case_of
from careshape.source.lists.listed import standing_for
from careshape.source.models import Member, Request
from careshape.source.models.brokerage import Answer, Step
from careshape.source.requests.weighing import AWARD, OFFER, barred_and_judged, facts_for

YES = (Answer.YES.value, Answer.COUNTER.value)


@dataclass(frozen=True)
class Barred:
    """A provider and a rule that bars it."""

    member: Member
    finding: Finding

    @property
    def key(self) -> str:
        """Both as one word, as a form hands them back."""
        return f"{self.member.organisation_id}/{self.finding.rule}"


def barred_by_rules(row: Request) -> list[Barred]:
    """The providers that a rule alone keeps from being asked for a request, or from its award once it is out, by name;
    one for each of their rules. Where a rule is not known, nothing can be set aside: what it asks is said instead.
    """
    members = {one.organisation_id: one for one in _members(row)}
    _, found = barred_and_judged(_acts(row)[0], row, list(members.values()))
    made = [
        Barred(members[key], one)
        for key, findings in found.items()
        for one in findings
        if one.stops and one.state == "broken"
    ]
    return sorted(made, key=lambda one: (one.member.organisation.name, one.finding.number))


def set_aside(principal: Principal, row: Request, organisation: int, rule: str, reason: str) -> None:
    """Let a provider be asked for a request, or be awarded it, against a rule; it counts for this provider alone.

    What is set aside before it is asked counts for its award as well, as long as what the rule asks for stays so.

    Raises CallError where no rule of this name bars it, for a role or a person that may not, and without a reason.
    """
    with change(principal, judging.ACT, lock=[row]) as told:
        row.refresh_from_db(fields=["state", "told"])
        members = [one for one in _members(row) if one.organisation_id == organisation]
        if not members:
            raise CallError("This provider waits for no answer of the rules at this request.")
        extra = facts_for(row, members)[organisation]
        first, *later = [case_of(act, row, extra, organisation) for act in _acts(row)]
        judging.set_aside(told, first, rule, reason)
        for case in later:
            if any(one.rule == rule and one.stops for one in judging.findings(case)):
                judging.set_aside(told, case, rule, reason)
        told(row, set_aside=rule, provider=organisation, at=first.act)


def _acts(row: Request) -> tuple[str, ...]:
    return (OFFER, AWARD) if row.state == Step.OPEN.value else (AWARD,)


def _members(row: Request) -> list[Member]:
    """Of an open request those whom lists have for it; of one that is out those that said yes."""
    if row.state == Step.OPEN.value:
        return list(standing_for(row.person.council, row.service, row.starts_on).order_by("pk"))
    if row.state == Step.SENT.value:
        offers = row.offers.filter(answer__in=YES).select_related("member__organisation")
        return [one.member for one in offers]
    return []
