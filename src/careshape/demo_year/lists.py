"""The lists of a demonstration council, with the synthetic providers on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice, product
from typing import Final

from django.conf import settings

from careshape.accounts.models import Organisation
from careshape.catalogue import catalogue
from careshape.demo_year.acting import Acting
from careshape.demo_year.plan import Listed
from careshape.errors import CareshapeError
from careshape.evaluate.measure import measure
from careshape.home import Home
from careshape.market.zones import zones_of
from careshape.providers.register import Particulars, add
from careshape.source.lists.kinds import kinds
from careshape.source.lists.vehicles import admit, begin, end
from careshape.source.models import Member, Vehicle

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


def end_list(acting: Acting, title: str, on: date) -> None:
    """End a list on a day: the packages that came from it go on."""
    end(acting.who("commissioner"), Vehicle.objects.get(council=acting.council, title=title), on)


def on_list(council: str, title: str) -> list[Organisation]:
    """The providers of a list in the order in which they came, each once."""
    rows = Member.objects.filter(vehicle__council=council, vehicle__title=title).select_related("organisation__council")
    return list(dict.fromkeys(one.organisation for one in rows.order_by("pk")))


def _groups(given: Listed, number: int) -> list[str]:
    """The client groups for which a provider stands on a list; one empty: all."""
    return [group for group, (first, last) in given.groups.items() if first <= number <= last] or [""]


def zones(council: str) -> list[tuple[str, str]]:
    """Each home care zone of a council once, with a district in which it lies."""
    found = {zone: district for district in DISTRICTS[council] for zone in zones_of(district)}
    return [(district, zone) for zone, district in sorted(found.items())]


def _providers(acting: Acting, given: Listed) -> Iterator[Organisation]:
    """The providers of a list: the demonstration's own first where it is on it, then those that are known already, then
    new ones of each type.
    """
    types = [kind for kind, many in given.types.items() for _ in range(many)]
    if given.of:
        whole = on_list(acting.council, given.of)
        yield from islice(whole, 0, None, len(whole) // len(types))
        return
    if given.with_demonstration:
        yield acting.provider
    taken = int(given.with_demonstration)
    if given.as_recorded:
        for one in islice(recorded(acting.council, given.services[0]), len(types) - taken):
            taken += 1
            yield add(acting.who("commissioner"), one).organisation
    for number, kind in enumerate(islice(types, taken, None), 1):
        name = given.called if len(types) == 1 else f"{given.called} {number}"
        yield add(acting.who("commissioner"), Particulars(name, kind)).organisation


def recorded(council: str, service: str) -> list[Particulars]:
    """The providers that give a service at the end of the council's records, as those know them; who is in the register
    already is left out.
    """
    ledger = Home(settings.CARESHAPE_DIR).ledger(council)
    try:
        rows = measure(ledger, "people_supported", by=("provider",), where={"service": service}).rows
    except CareshapeError:  # nothing was imported yet
        return []
    names = {row["provider"] for row in rows}
    known = set(Organisation.objects.filter(council__slug=council).values_list("reference", flat=True))
    types = {one.code: one.id for one in catalogue().lists["provider_type"].entries}
    return [
        Particulars(one["name"], types.get(one["type"], "unknown"), one["reference"])
        for one in sorted(ledger.register("providers").values(), key=lambda one: str(one["reference"]))
        if one["name"] in names and one["reference"] not in known
    ]
