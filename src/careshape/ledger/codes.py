"""Coded values: from what a file says to the permanent code of a catalogue entry, and near matches where nothing
fits.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Final

from careshape.catalogue import catalogue, services_by_pair
from careshape.catalogue.lists import names_of, normalise

UNREADABLE: Final = -1
"""Code of a value that no entry has: kept out of the ledger by the checks."""

SERVICE_EVENT: Final = 3
EVENT_TYPES: Final[Mapping[str, int]] = {"request": 1, "assessment": 2, "service": SERVICE_EVENT, "review": 4}
"""Event types of Client Level Data; the national processing looks for the word anywhere in the value."""

CARER, KNOWN_BY_ASSOCIATION = 2, 3
CLIENT_TYPES: Final[Mapping[str, int]] = {
    "serviceuser": 1,
    "carer": CARER,
    "unpaidcarer": CARER,
    "carerknownbyassociation": KNOWN_BY_ASSOCIATION,
    "unpaidcarerknownbyassociation": KNOWN_BY_ASSOCIATION,
    "unknown": 0,
}
"""Client types of both releases of Client Level Data, normalised."""


NEARLY: Final = 0.1
"""How much less alike than the best match another one may be."""


def code_of(list_name: str) -> Callable[[str], int]:
    """The function that gives the code of a value of a list, or ``UNREADABLE``."""
    special: dict[str, Callable[[str], int]] = {
        "event_type": _event_type,
        "client_type": lambda value: CLIENT_TYPES.get(normalise(value), UNREADABLE),
    }
    if list_name in special:
        return special[list_name]
    entries = catalogue().list(list_name)

    def find(value: str) -> int:
        entry = entries.find(value)
        return int(entry.code) if entry else UNREADABLE

    return find


def spellings(list_name: str) -> list[str]:
    """Values of a list as files usually spell them."""
    if list_name in ("event_type", "client_type"):
        return []
    return [name for entry in catalogue().list(list_name).entries for name in names_of(entry)]


def near(list_name: str, value: str) -> list[str]:
    """Up to three labels that look like a value."""
    if list_name == "event_type":
        return ["Request", "Assessment", "Service", "Review"]
    if list_name == "client_type":
        return ["Service user", "Unpaid carer"]
    names = {normalise(name): entry.label for entry in catalogue().list(list_name).entries for name in names_of(entry)}
    wanted = normalise(value)
    close = difflib.get_close_matches(wanted, names, n=6, cutoff=0.6)
    alike = {match: difflib.SequenceMatcher(None, wanted, match).ratio() for match in close}
    best = max(alike.values(), default=0)
    return list(dict.fromkeys(names[match] for match in close if alike[match] > best - NEARLY))[:3]


def _event_type(value: str) -> int:
    plain = normalise(value)
    return next((code for word, code in EVENT_TYPES.items() if word in plain), UNREADABLE)


def service_table() -> tuple[int, list[int]]:
    """Codes of the services that pairs of Client Level Data stand for, as the catalogue tells them: number of
    components, and the services in rows.

    The service of a pair stands at (code of the service type * number of components + code of the component).
    """
    book = catalogue()
    kinds, components = book.list("cld_service_type"), book.list("cld_component")
    width = max(components.by_code) + 1
    rows = [0] * (width * (max(kinds.by_code) + 1))
    for (kind, component), service in services_by_pair().items():
        rows[kinds.entry(kind).code * width + components.entry(component).code] = book.code("service", service)
    return width, rows
