"""Coded values: from what a file says to the permanent code of a catalogue entry, and near matches where nothing fits."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from careshape.catalogue import Catalogue, catalogue
from careshape.catalogue.entries import Service
from careshape.catalogue.lists import names_of, normalise

UNREADABLE: Final = -1
"""Code of a value that no entry has: kept out of the ledger by the checks."""
JOINT: Final = "\x1f"
"""Between the values of a field that several columns give together."""

SERVICE_EVENT: Final = 3
EVENT_TYPES: Final[Mapping[str, int]] = {"request": 1, "assessment": 2, "service": SERVICE_EVENT, "review": 4}
"""Event types of Client Level Data; the national processing looks for the word anywhere in the value."""

CARER: Final = 2
CLIENT_TYPES: Final[Mapping[str, int]] = {
    "serviceuser": 1,
    "carer": CARER,
    "unpaidcarer": CARER,
    "carerknownbyassociation": 3,
    "unpaidcarerknownbyassociation": 3,
    "unknown": 0,
}
"""Client types of both releases of Client Level Data, normalised."""


def code_of(list_name: str) -> Callable[[str], int]:
    """The function that gives the code of a value of a list, or ``UNREADABLE``."""
    special: dict[str, Callable[[str], int]] = {
        "event_type": _event_type,
        "client_type": lambda value: CLIENT_TYPES.get(normalise(value), UNREADABLE),
        "cld_service": _cld_service,
    }
    if list_name in special:
        return special[list_name]
    entries = catalogue().list(list_name)

    def find(value: str) -> int:
        entry = entries.find(value)
        return int(entry.code) if entry else UNREADABLE

    return find


def near(list_name: str, value: str) -> list[str]:
    """Up to three labels that look like a value."""
    if list_name == "event_type":
        return ["Request", "Assessment", "Service", "Review"]
    if list_name == "client_type":
        return ["Service user", "Unpaid carer"]
    if list_name == "cld_service":
        return []
    names = {normalise(name): entry.label for entry in catalogue().list(list_name).entries for name in names_of(entry)}
    close = difflib.get_close_matches(normalise(value), names, n=6, cutoff=0.6)
    return list(dict.fromkeys(names[match] for match in close))[:3]


def _event_type(value: str) -> int:
    plain = normalise(value)
    return next((code for word, code in EVENT_TYPES.items() if word in plain), UNREADABLE)


def _cld_service(value: str) -> int:
    """Code of the service that a service type and a component of Client Level Data stand for."""
    book = catalogue()
    parts = value.split(JOINT)
    kind, component = (book.list(name).find(part) for name, part in zip(_CLD_LISTS, parts, strict=True))
    pairs, components = _cld_services(book)
    if component is None:
        return UNREADABLE
    return pairs.get((kind.id if kind else "", component.id), components.get(component.id, UNREADABLE))


_CLD_LISTS: Final = ("cld_service_type", "cld_component")


@lru_cache(maxsize=4)
def _cld_services(book: Catalogue) -> tuple[Mapping[tuple[str, str], int], Mapping[str, int]]:
    """Services by pair of service type and component, and by component alone where it means one service only."""
    pairs: dict[tuple[str, str], int] = {}
    by_component: dict[str, set[int]] = {}
    for service in book.list("service").entries:
        assert isinstance(service, Service)
        for match in service.cld:
            if match.reads:
                pairs.setdefault((match.service_type, match.component), service.code)
                by_component.setdefault(match.component, set()).add(service.code)
    single = {component: next(iter(codes)) for component, codes in by_component.items() if len(codes) == 1}
    return pairs, single
