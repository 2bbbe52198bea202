"""The locations of a demonstration council's market, and what the synthetic register of the regulator says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, cycle, repeat
from typing import Final

from careshape.accounts.models import Organisation
from careshape.catalogue import catalogue
from careshape.demo_year.acting import Acting
from careshape.demo_year.lists import DISTRICTS, on_list
from careshape.demo_year.market import Places
from careshape.providers.kinds import location_kinds, regulator_types
from careshape.providers.models import Location
from careshape.providers.register import Particulars, Where, add, keep_location

LANDLORD: Final = "Synthetic landlord"
NEWEST, SPAN, STEP = 40, 1_900, 173
"""Days since the newest rating, over how many more they are spread, and how far one is from the next."""


@dataclass(frozen=True)
class Placed:
    """A location with its plan, its number among those, and the row of the regulator's register that tells of it."""

    location: Location
    plan: Places
    number: int
    row: dict[str, str]

    @property
    def beds(self) -> int:
        """How many beds or places it has; 0 where it has none."""
        return size(self.plan.beds, self.number) if self.plan.beds else 0


def size(span: tuple[int, int], number: int) -> int:
    """One of the numbers from the first to the last of a span, spread over them."""
    return span[0] + number * 7 % (span[1] - span[0] + 1)


def place(acting: Acting, plan: Places, before: int, today: date) -> list[Placed]:
    """Record the locations of one plan, after so many of others, and say how the regulator rated each."""
    owners = cycle(_owners(acting, plan))
    wheres = cycle(_wheres(acting.council))
    landlords = [_landlord(acting, number) for number in range(1, plan.landlords + 1)]
    self_let = on_list(acting.council, plan.list)[-1] if landlords else None
    ratings = chain.from_iterable(_spread(plan))
    found = []
    for number, (owner, (district, outward), rating) in enumerate(
        zip(owners, wheres, chain(ratings, repeat("")), strict=False), 1
    ):
        if number > plan.many:
            break
        own = plan.own if number == 1 and owner == acting.provider else ""
        where = Where(
            own or f"{plan.called} {number:03}", plan.kind, outward=outward, district=district,
            services=plan.services, client_groups=plan.client_groups,
            regulator_id=f"SYN-{acting.council[:1].upper()}-L{before + number:04}" if plan.rated else "",
            registered_beds=size(plan.beds, number) if plan.beds and plan.registered else None,
        )  # fmt: skip
        if landlords:
            where = replace(where, landlord=owner if owner == self_let else landlords[number % len(landlords)])
        location = keep_location(acting.who("commissioner"), owner, where)
        found.append(Placed(location, plan, number, _row(location, rating, number, today)))
    return found


def _owners(acting: Acting, plan: Places) -> list[Organisation]:
    """Those on the list, and those on none who have such places too."""
    more = [kind for kind, many in plan.more.items() for _ in range(many)]
    return on_list(acting.council, plan.list) + [
        add(acting.who("commissioner"), Particulars(f"{plan.more_called} {number}", kind)).organisation
        for number, kind in enumerate(more, 1)
    ]


def _landlord(acting: Acting, number: int) -> Organisation:
    return add(acting.who("commissioner"), Particulars(f"{LANDLORD} {number}", "not-for-profit")).organisation


def _wheres(council: str) -> list[tuple[str, str]]:
    """Districts in turn, each time with another first half of a postcode of its zones."""
    codes = {
        district: [
            code for zone in catalogue().lists["zone"].entries if district in zone.districts
            for code in zone.postcode_districts
        ]
        for district in DISTRICTS[council]
    }  # fmt: skip
    longest = max(len(one) for one in codes.values())
    return [(district, one[turn % len(one)]) for turn in range(longest) for district, one in codes.items()]


def _spread(plan: Places) -> Iterator[list[str]]:
    """The ratings of a plan in turn, so that no rating stands in a row."""
    left = dict(plan.rated)
    while any(left.values()):
        turn = [one for one, many in left.items() if many]
        for one in turn:
            left[one] -= 1
        yield turn


def _row(location: Location, rating: str, number: int, today: date) -> dict[str, str]:
    """A row as the synthetic register holds it."""
    kind = location_kinds()[location.kind]
    published = today - timedelta(days=NEWEST + number * STEP % SPAN)
    named = next((one.named for one in regulator_types() if one.kind == location.kind), "")
    return {
        "location_id": location.regulator_id, "location_name": location.name,
        "care_home": "Y" if kind.beds else "N", "service_types": named,
        "rating": catalogue().lists["cqc_rating"].label(rating) if rating else "",
        "published": published.isoformat() if rating else "", "as_of": today.isoformat(),
    }  # fmt: skip
