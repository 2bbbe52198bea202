"""Figures of the market from what became of requests: offers refused, packages handed back, prices that rose, and how
far the home care of an area rests on few providers.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from django.db.models import Exists, OuterRef, Q

from careshape.evaluate.cost.market import index
from careshape.evaluate.numbers import rounded
from careshape.ledger.posting import uk_day
from careshape.market.alerts import Figure
from careshape.source.models import Award, Line, Offer, Package, Telling
from careshape.source.models.brokerage import Answer

QUARTER: Final = timedelta(days=91)
YEAR: Final = timedelta(days=365)
HOME_CARE: Final = "home-care"
FEWEST: Final = 10
"""Packages of home care in an area below which it is not told on whom it rests."""
BETWEEN: Final = "/"
"""Stands between the district and the service of a figure that is about both."""


def refusals(council: str, on: date) -> list[Figure]:
    """Of the offers that were answered in the last quarter, the share that was refused, by district."""
    answered: dict[str, list[bool]] = defaultdict(list)
    rows = Offer.objects.filter(
        request__person__council=council, answered_at__isnull=False, answered_at__date__gt=on - QUARTER
    ).values_list("request__district", "answer")
    for district, answer in rows:
        answered[district].append(answer == Answer.NO.value)
    return [
        Figure("refusal_rate", district, rounded(Fraction(sum(said), len(said)) * 100, 1), len(said), on)
        for district, said in sorted(answered.items())
    ]


def hand_backs(council: str, on: date) -> list[Figure]:
    """Of the packages that ran in the last quarter, the share that its provider handed back in it, by district."""
    running = Q(lines__withdrawn=False, lines__starts_on__lte=on) & (
        Q(lines__ends_on__isnull=True) | Q(lines__ends_on__gte=on - QUARTER)
    )
    ran = Package.objects.filter(running, person__council=council).values_list("pk", "district").distinct()
    taken_back = Telling.objects.filter(package=OuterRef("package"), replaces=OuterRef("number"))
    given = Telling.objects.filter(
        ~Exists(taken_back), kind="hand-back", package__person__council=council, known__gt=on - QUARTER, known__lte=on
    )
    back = set(given.values_list("package", flat=True))
    of: dict[str, list[bool]] = defaultdict(list)
    for package, district in ran:
        of[district].append(package in back)
    return [
        Figure("hand_back_rate", district, rounded(Fraction(sum(said), len(said)) * 100, 1), len(said), on)
        for district, said in sorted(of.items())
    ]


def prices(council: str, on: date) -> list[Figure]:
    """How far the mean price of what was awarded in the last year lies above that of the year before, by district and
    service; of as many prices as the year with fewer has.
    """
    found: dict[tuple[str, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    rows = Award.objects.filter(
        request__person__council=council, offer__price__gt=0, at__date__gt=on - 2 * YEAR
    ).values_list("request__district", "request__service", "offer__price", "at")
    for district, service, price, at in rows:
        found[district, service][uk_day(at) > on - YEAR].append(price)
    figures = []
    for (district, service), (before, now) in sorted(found.items()):
        rise: Decimal | None = None
        if before and now:
            rise = rounded((Fraction(sum(now), len(now)) / Fraction(sum(before), len(before)) - 1) * 100, 1)
        area = f"{district}{BETWEEN}{service}"
        figures.append(Figure("price_rise", area, rise, min(len(before), len(now)), on))
    return figures


def home_care(council: str, on: date) -> list[Figure]:
    """How far the weekly hours of home care that run on a day rest on few providers, by zone, or by district where no
    zone was asked for; those of one brand count as one.
    """
    hours: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    packages: dict[str, set[int]] = defaultdict(set)
    running = Line.objects.filter(
        package__person__council=council, package__service=HOME_CARE, withdrawn=False, starts_on__lte=on
    ).exclude(ends_on__lt=on)
    of = "package__"
    for package, zone, district, provider, brand, units in running.values_list(
        "package", f"{of}award__request__zone", f"{of}district", f"{of}organisation",
        f"{of}organisation__provider__brand", "units",
    ):  # fmt: skip
        area = (zone or district) + BETWEEN + HOME_CARE
        hours[area][brand or f"organisation {provider}"] += units
        packages[area].add(package)
    found = []
    for area, sizes in sorted(hours.items()):
        if len(packages[area]) >= FEWEST:
            shares = index(dict(sizes))
            found += [
                Figure(name, area, Decimal(shares[name]), shares["providers"], on)
                for name in ("hhi", "top_1_share", "top_3_share")
            ]
    return found


def figures(council: str, on: date) -> list[Figure]:
    """All of them."""
    return [*refusals(council, on), *hand_backs(council, on), *prices(council, on), *home_care(council, on)]
