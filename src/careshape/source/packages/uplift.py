"""One price uplift for all packages of a provider or of a list: its effect first, then done in the background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from careshape.audit.change import change
from careshape.errors import CallError, CareshapeError
from careshape.jobs.enqueue import enqueue
from careshape.jobs.models import Job
from careshape.jobs.work import Work
from careshape.paying.words import hundredths
from careshape.policy import Principal
from careshape.source.models import Package
from careshape.source.packages.effect import weekly
from careshape.source.packages.tellings import history, laid_on, new_row, tell_of, terms_of, told_of

ACT: Final = "source.uplift"
PROVIDER, LIST = "provider", "list"


@dataclass(frozen=True)
class Raised:
    """A package that would be raised: pence a week on the day before and after, or why it is not."""

    package: Package
    before: int
    after: int
    why_not: str = ""


def packages_of(council: str, whose: str) -> QuerySet[Package]:
    """Packages of a group as an address names it: ``provider-12`` or ``list-3``. Raises CallError for no such name."""
    kind, _, key = whose.partition("-")
    if kind not in (PROVIDER, LIST) or not key.isdigit():
        raise CallError("Choose a provider or a list.")
    found = Package.objects.filter(person__council=council).select_related("person", "organisation").order_by("pk")
    return found.filter(organisation=key) if kind == PROVIDER else found.filter(award__offer__member__vehicle=key)


def raw_of(first: date, percent: int) -> dict[str, Any]:
    """An uplift as it is told. percent: hundredths of one, which may be below nought."""
    sign = "-" if percent < 0 else ""
    return {"from": first.isoformat(), "percent": f"{sign}{hundredths(abs(percent))}"}


def effects(council: str, whose: str, first: date, percent: int) -> list[Raised]:
    """What it would do to each package of a group; those that do not run on the day are named with why."""
    return [_raised(one, raw_of(first, percent), first) for one in packages_of(council, whose)]


def _raised(package: Package, raw: Mapping[str, Any], first: date) -> Raised:
    rows, terms = told_of(package), terms_of(package)
    before = history(package, rows)
    try:
        after = laid_on(package, rows, new_row(package, rows, "uplift", raw, None))
    except CareshapeError as error:
        return Raised(package, 0, 0, str(error))
    return Raised(package, weekly(before, terms, first), weekly(after, terms, first))


def start(principal: Principal, whose: str, first: date, percent: int, why: str, key: str) -> Job:
    """Have all packages of a group raised in the background. Asked for twice with one key it is done once.

    Raises CallError where no package of the group runs on the day.
    """
    found = effects(principal.council, whose, first, percent)
    if not any(not one.why_not for one in found):
        raise CallError("No package of it runs on that day: there is nothing to raise.")
    given = {"whose": whose, "first": first.isoformat(), "percent": percent, "why": why[:500], "key": key}
    with change(principal, ACT) as told:
        told(f"source.uplift:{whose}", percent=percent, first=first.isoformat(), packages=len(found))
        return enqueue(principal, ACT, given, key=f"{ACT} {key}", told=told)


def raise_all(work: Work) -> dict[str, int]:
    """Raise each package of a group: one that was raised by this already, before a kill, is not raised again."""
    given, principal = work.arguments, work.principal()
    packages = list(packages_of(work.council, given["whose"]))
    raw = raw_of(date.fromisoformat(given["first"]), int(given["percent"]))
    raised = 0
    for number, one in enumerate(packages):
        work.progress(number, len(packages), "raising")
        try:
            tell_of(principal, one, "uplift", raw, why=given["why"], cause=f"uplift {given['key']}"[:80], act=ACT)
            raised += 1
        except CallError:  # it does not run on the day, as was shown
            continue
    work.progress(len(packages), len(packages), "raising")
    return {"packages": len(packages), "raised": raised}
