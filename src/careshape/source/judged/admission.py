"""Record that a person was admitted to a care home: an act of its own, which the rules judge once more."""

from __future__ import annotations

from datetime import date
from typing import Final

from careshape.audit.change import change, named
from careshape.errors import CallError
from careshape.policy import Principal
from careshape.rules.judge import Finding
from careshape.source.judged import gate, judging
from careshape.source.judged.judging import Case, today
from careshape.source.models import Admission, Package, SetAside

ADMIT: Final = "admission"
"""The act of the rules."""
ACT: Final = "source.admit"
HOMES: Final = ("nursing", "residential")
"""The services by which a person is admitted to a care home."""


def awaits(package: Package) -> bool:
    """Whether a package is one for which a person is admitted to a care home, and they were not yet."""
    return package.service in HOMES and not Admission.objects.filter(package=package).exists()


def case_of(package: Package) -> Case:
    """An admission as the rules are asked about it: by the facts of the request that led to the package."""
    request = package.award.request
    facts = {**gate.facts_of(request), "service": package.service}
    return Case(ADMIT, package.person.council, named(package), facts, today(), request.made_by_id, package.person)


def findings(package: Package) -> tuple[Finding, ...]:
    """What every rule says of an admission today, with what was set aside for it."""
    return judging.findings(case_of(package))


def admit(principal: Principal, package: Package, on: date) -> Admission:
    """Record that the person was admitted on a day; what the rules said of it is kept.

    Raises CallError where a rule stops it, for a package of other care, a day to come, and where it is recorded.
    """
    if package.service not in HOMES:
        raise CallError("Nobody is admitted to a care home for this package.")
    if on > today():
        raise CallError("This day is to come. Record the admission once it has happened.")
    with change(principal, ACT, lock=[package.person, package]) as told:
        if not awaits(package):
            raise CallError("The admission is recorded already.")
        case = case_of(package)
        found = judging.findings(case)
        judging.keep(told, case, found)
        row = Admission.objects.create(package=package, on=on, by_id=principal.account)
        told(row, package=package.pk, set_aside=[one.rule for one in found if one.overridden])
    return row


def take_back(principal: Principal, row: Admission) -> None:
    """Take back an admission that one recorded by mistake. Raises CallError for somebody else's."""
    with change(principal, ACT, lock=[row.package]) as told:
        if row.by_id != principal.account:
            raise CallError("Somebody else recorded this admission. Ask them to take it back.")
        told(row, taken_back=row.package_id)
        row.delete()


def set_aside(principal: Principal, package: Package, rule: str, reason: str) -> SetAside:
    """Let an admission go ahead against a rule: it counts as not kept. Raises CallError as ``judging.set_aside``."""
    with change(principal, judging.ACT, lock=[package]) as told:
        made = judging.set_aside(told, case_of(package), rule, reason)
        told(package, set_aside=rule, at=ADMIT)
    return made
