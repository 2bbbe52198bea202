"""The services that somebody may ask about, sorted by what a provider would have to set up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from careshape.catalogue import catalogue
from careshape.design.may_build import leaves

Option = tuple[str, str]
"""An id and its label."""

BUILDINGS: Final = frozenset(
    {"care-home", "nursing-home", "supported-living-setting", "extra-care-scheme", "day-centre"}
)
"""Settings that are a place of its own."""
REMOTE: Final = "remote"
TITLES: Final = {
    "places": "Homes, housing and day services",
    "support": "Care and support where people are",
    "other": "Plans, advice and ways of paying: nothing to build",
}


def by_kind(options: Iterable[Option]) -> list[tuple[str, list[Option]]]:
    """The services under the title of their kind, in their order; a kind of which there is none is left out."""
    found: dict[str, list[Option]] = {kind: [] for kind in TITLES}
    for id_, label in options:
        found[kind_of(id_)].append((id_, label))
    return [(TITLES[kind], ones) for kind, ones in found.items() if ones]


def kind_of(id_: str) -> str:
    """Which of ``TITLES`` a service, a group of services or other words that an intention uses is."""
    services = catalogue().lists["service"]
    settings = [set(services.by_id[one].settings or ()) for one in leaves("service", id_) if one in services.by_id]
    if any(one & BUILDINGS for one in settings):
        return "places"
    topic = catalogue().lists["topic"].by_id.get(id_)
    if (topic is not None and not settings) or (settings and all(REMOTE in one for one in settings)):
        return "other"
    return "support"
