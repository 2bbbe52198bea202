"""The capacity of a provider that a package holds: more is taken where it grows, and given back where it ends."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from careshape.audit.change import SYSTEM, Told, change
from careshape.ledger.posting import uk_day
from careshape.market.capacity.fields import capacity
from careshape.providers.capacity.free import held
from careshape.providers.capacity.take import Asked, change_to, give_back
from careshape.providers.rooms.keep import follow
from careshape.source.models import Package
from careshape.source.packages.components import CORE

HAND_OVER = "source.hand_over"


def reference_of(package: Package) -> str:
    """By which name its capacity is promised: that of the award."""
    return f"award {package.award_id}"


def promised(package: Package, on: date | None = None) -> int:
    """Hundredths a week of the core that it has at the most from a day on, today by default; nought once it is over."""
    on = on or uk_day(timezone.now())
    lines = package.lines.filter(withdrawn=False, component=CORE).exclude(ends_on__lt=on)
    return max(lines.values_list("units", flat=True), default=0)


def keep_promise(told: Told, package: Package, before: int) -> None:
    """Let what is promised follow what the package has now, within the caller's change.

    before: what it had. A package of which nothing was promised, as its provider sent no return, takes nothing.
    Raises CallError where it grows beyond what is free.
    """
    if capacity().kind_of(package.service) == "beds":
        follow(told, reference_of(package), *_days(package))
    now, reference = promised(package), reference_of(package)
    if now == before or not held().filter(reference=reference).exists():
        return
    if not now:
        give_back(told, reference)
        return
    request = package.award.request
    asked = Asked(package.organisation_id, package.service, now, package.district, getattr(request, "zone", ""))
    change_to(told, asked, before, reference)


def _days(package: Package) -> tuple[date | None, date | None]:
    """From when to when its core lasts; no first day where it was taken back whole, and no last where none is known."""
    lines = list(package.lines.filter(withdrawn=False, component=CORE).values_list("starts_on", "ends_on"))
    ends = [end for _, end in lines]
    return min((start for start, _ in lines), default=None), None if not ends or None in ends else max(ends)


def give_back_ended(council: str) -> int:
    """Give back what packages hold that are over by now; how many."""
    wanted = set(held().filter(reference__startswith="award ").values_list("reference", flat=True))
    numbers = [int(one.removeprefix("award ")) for one in wanted if one.removeprefix("award ").isdigit()]
    found = Package.objects.filter(person__council=council, award__in=numbers).order_by("pk")
    over = [one for one in found if not promised(one)]
    for one in over:
        with change(SYSTEM, HAND_OVER, lock=[one], chain=council) as told:
            told(one, given_back=give_back(told, reference_of(one)))
    return len(over)
