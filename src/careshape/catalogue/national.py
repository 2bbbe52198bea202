"""From Client Level Data to services and back: a service is told by a service type and a component together."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from careshape.catalogue.book import Catalogue, catalogue
from careshape.catalogue.entries import Service


def service_of(service_type: str, component: str, book: Catalogue | None = None) -> str:
    """Service that a pair of Client Level Data values stands for, all by catalogue ids.

    A pair that a service reads gives that service. Councils also combine the two in ways that the specification does
    not have: then long-term care in a home or in prison is told by its type, and anything else by its component.

    Raises CallError where a value is not in the catalogue.
    """
    chosen = book or catalogue()
    chosen.entry("cld_service_type", service_type)
    chosen.entry("cld_component", component)
    return services_by_pair(chosen)[service_type, component]


def services_by_pair(book: Catalogue | None = None) -> dict[tuple[str, str], str]:
    """Service of every pair of service type and component, by catalogue ids: ``service_of`` as a table."""
    return _table(book or catalogue())


def cld_values(service: str, release: Literal[1, 2], book: Catalogue | None = None) -> tuple[str, str] | None:
    """Service type and component under which a service is written to a file; None where it has no equivalent."""
    chosen = book or catalogue()
    entry: Service = chosen.lists["service"].entry(service)
    if not entry.cld:
        return None
    service_type = chosen.lists["cld_service_type"].by_id[entry.cld[0].service_type]
    component = chosen.lists["cld_component"].by_id[entry.cld[0].component]
    if release == 1:
        return service_type.release_1, component.release_1
    return service_type.release_2, component.release_2


@lru_cache(maxsize=4)
def _table(book: Catalogue) -> dict[tuple[str, str], str]:
    table = {}
    for service_type in book.lists["cld_service_type"].entries:
        for component in book.lists["cld_component"].entries:
            table[service_type.id, component.id] = service_type.service or component.service
    for service in book.lists["service"].entries:
        table.update({(match.service_type, match.component): service.id for match in service.cld if match.reads})
    return table
