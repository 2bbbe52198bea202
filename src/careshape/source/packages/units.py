"""The unit in which a service is bought, in words."""

from __future__ import annotations

from careshape.catalogue import catalogue


def unit_of(service: str) -> str:
    """The unit of a service: hour."""
    entry = catalogue().lists["service"].by_id[service]
    return str(catalogue().lists["unit"].by_id[entry.unit].label).lower()
