"""Client Level Data pairs to services and back."""

from __future__ import annotations

import pytest

from careshape.catalogue import catalogue, cld_values, service_of, services_by_pair
from careshape.errors import CallError


@pytest.mark.parametrize(
    ("service_type", "component", "service"),
    [
        ("long-term-community", "home-support", "home-care"),
        ("long-term-nursing", "long-term-nursing", "nursing"),
        ("other-short-term", "short-term-nursing", "post-hospital-step-down"),
        ("carer-cared-for", "short-term-nursing", "replacement-care"),  # the type tells the two apart
        ("carer-direct", "direct-payment", "carers-direct-payments"),
        ("long-term-community", "direct-payment", "direct-payments"),
        # pairs that the specification does not have
        ("long-term-nursing", "long-term-residential", "nursing"),  # the type decides
        ("long-term-prison", "meals", "prison-home-care"),
        ("st-max", "meals", "meals"),  # the component decides
        ("unknown", "unknown", "unknown"),
    ],
)
def test_service_follows_type_and_component(service_type: str, component: str, service: str) -> None:
    assert service_of(service_type, component) == service


def test_value_that_is_not_national_is_an_error() -> None:
    with pytest.raises(CallError, match="cld_component"):
        service_of("st-max", "cinema")


def test_table_has_every_pair() -> None:
    book = catalogue()
    assert len(services_by_pair()) == len(book.lists["cld_service_type"].entries) * len(
        book.lists["cld_component"].entries
    )
    unread = {pair for pair, service in services_by_pair().items() if service == "unknown"}
    assert {component for _, component in unread} == {"unknown"}


def test_services_that_are_read_come_back_as_themselves() -> None:
    book = catalogue()
    back = 0
    for service in book.lists["service"].entries:
        for match in service.cld:
            if match.reads:
                back += 1
                assert service_of(match.service_type, match.component) == service.id
    assert back > 40


@pytest.mark.parametrize("release", [1, 2])
def test_written_values_are_found_when_read(release: int) -> None:
    book = catalogue()
    for service in book.lists["service"].entries:
        values = cld_values(service.id, 1 if release == 1 else 2)
        if service.cld:
            assert values is not None
            found = [
                book.lists[name].find(text)
                for name, text in zip(("cld_service_type", "cld_component"), values, strict=True)
            ]
            assert [entry.id for entry in found if entry] == [service.cld[0].service_type, service.cld[0].component]
        else:
            assert values is None
