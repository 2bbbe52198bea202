"""The lists of a demonstration council, with the synthetic providers on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice, product
from typing import Final

from careshape.accounts.models import Organisation
from careshape.demo_year.acting import Acting
from careshape.demo_year.plan import Listed
from careshape.market.zones import zones_of
from careshape.providers.register import Particulars, add
from careshape.source.lists.kinds import kinds
from careshape.source.lists.vehicles import admit, begin

LASTS: Final = timedelta(days=2 * 365)
DISTRICTS: Final = {
    "worcestershire": ("worcester", "wychavon", "malvern-hills", "bromsgrove", "redditch", "wyre-forest"),
    "thurrock": ("thurrock",),
}


def begin_list(acting: Acting, given: Listed, on: date) -> None:
    """Begin a list on a day, and admit its providers."""
    commissioner = acting.who("commissioner")
    ends = on + LASTS if kinds()[given.kind].must_end else None
    vehicle = begin(commissioner, given.title, given.kind, on, ends, complex_needs=given.complex_needs)
    places = cycle(zones(acting.council) if given.by_zone else [("", "")])
    for number, (provider, (district, zone)) in enumerate(zip(_providers(acting, given), places, strict=False), 1):
        price = given.price + (number - 1) * given.step
        for service, group in product(given.services, _groups(given, number)):
            admit(
                commissioner, vehicle, provider, service, price, zone=zone, client_group=group, district=district,
            )  # fmt: skip


def _groups(given: Listed, number: int) -> list[str]:
    """The client groups for which a provider stands on a list; one empty: all."""
    return [group for group, (first, last) in given.groups.items() if first <= number <= last] or [""]


def zones(council: str) -> list[tuple[str, str]]:
    """Each home care zone of a council once, with a district in which it lies."""
    found = {zone: district for district in DISTRICTS[council] for zone in zones_of(district)}
    return [(district, zone) for zone, district in sorted(found.items())]


def _providers(acting: Acting, given: Listed) -> Iterator[Organisation]:
    """The providers of a list: the demonstration's own first where it is on it, then new ones of each type."""
    types = [kind for kind, many in given.types.items() for _ in range(many)]
    if given.with_demonstration:
        yield acting.provider
    for number, kind in enumerate(islice(types, int(given.with_demonstration), None), 1):
        name = given.called if len(types) == 1 else f"{given.called} {number}"
        yield add(acting.who("commissioner"), Particulars(name, kind)).organisation
