"""What it would cost to buy from gold and silver providers alone: looked at before the rule is given its first day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings

from careshape.accounts.models import Organisation
from careshape.home import Home
from careshape.providers.capacity.free import free_of
from careshape.providers.facts import of as facts_of
from careshape.rules.entries import rules
from careshape.source.lists.listed import in_force
from careshape.source.models import Line, Member
from careshape.source.models.vehicles import Standing

RULE: Final = "only-gold-and-silver"
GOOD: Final = ("gold", "silver")


@dataclass(frozen=True)
class Graded:
    """A provider on the lists for a service, and what would be lost of it.

    Attributes:
        grade: gold, silver, bronze or ungraded; empty where none is recorded.
        free: hundredths a week of the service's unit that it could begin, wherever; None where no fresh return says so.
        packages: how many run with it, which it would keep.
    """

    organisation: Organisation
    service: str
    grade: str
    free: int | None
    packages: int

    @property
    def lost(self) -> bool:
        """Whether it would get no new work. Who has no grade stops at the rule too, until one is recorded."""
        return self.grade not in GOOD


def graded(council: str, on: date) -> list[Graded]:
    """Every provider that may be asked from a list in force, by service, with its grade and what it could begin."""
    members = Member.objects.filter(in_force(on), vehicle__council=council, state=Standing.ADMITTED.value)
    by_service: dict[str, dict[int, Organisation]] = {}
    for one in members.select_related("organisation").order_by("service", "organisation__name", "pk"):
        by_service.setdefault(one.service, {})[one.organisation_id] = one.organisation
    found = []
    for service, organisations in by_service.items():
        grades = facts_of(council, organisations, service, on)
        free = free_of(council, organisations, service, "", on)
        runs = _running(council, service, on)
        for key, organisation in organisations.items():
            about = free.get(key)
            begin = about.units + about.elsewhere if about is not None else None
            grade = str(grades.get(key, {}).get("provider-grade", ""))
            found.append(Graded(organisation, service, grade, begin, runs.get(key, 0)))
    return found


def first_day(council: str) -> date | None:
    """The day from which the rule binds the council; None while it awaits one, or is not the council's."""
    rule = rules(council, Home(settings.CARESHAPE_DIR).council_path(council)).get(RULE)
    return rule.from_ if rule is not None and (not rule.councils or council in rule.councils) else None


def _running(council: str, service: str, on: date) -> dict[int, int]:
    """Packages of a service that run on a day, by organisation."""
    lines = Line.objects.filter(
        package__person__council=council, package__service=service, withdrawn=False, starts_on__lte=on
    ).exclude(ends_on__lt=on)  # fmt: skip
    pairs = set(lines.values_list("package__organisation", "package"))
    found: dict[int, int] = {}
    for organisation, _ in pairs:
        found[organisation] = found.get(organisation, 0) + 1
    return found
