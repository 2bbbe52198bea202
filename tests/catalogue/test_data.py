"""The packaged data: codes never change, nothing is missing, and published figures find what they name."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from careshape.catalogue import catalogue
from careshape.catalogue.entries import SCHEMAS, SMALL_LISTS
from careshape.catalogue.load import OWN_CODES_FROM

HERE = Path(__file__).parent
PUBLISHED = HERE.parents[2] / "shared" / "published"
REFERENCE = HERE.parents[1] / "docs" / "reference" / "catalogue.md"

# column of a published file -> lists of which one has its values
LISTS_OF_COLUMN = {
    "service": ("service", "topic"),
    "registration_type": ("service",),
    "provision": ("component",),
    "provision_type": ("provision_type",),
    "client_group": ("client_group", "cohort", "cost_centre"),
    "district": ("district",),
    "zone": ("rate_zone",),
    "placement_location": ("placement_area",),
    "locality_team": ("team",),
    "purchase_type": ("purchase_type",),
    "purchasing_route": ("topic",),
    "booking_type": ("booking_type",),
    "funding_route": ("delivery_mechanism",),
    "cqc_overall_rating": ("cqc_rating",),
    "unit": ("figure_unit",),
}


def test_codes_that_a_release_had_stay_as_they_were() -> None:
    # The ledger stores codes, so this file only ever grows: a line is added for a new entry and none is ever changed.
    with (HERE / "permanent_codes.csv").open(encoding="utf-8", newline="") as file:
        kept = {(row["list"], int(row["code"]), row["id"]) for row in csv.DictReader(file)}
    now = {(one.name, entry.code, entry.id) for one in catalogue().lists.values() for entry in one.entries}
    assert kept - now == set(), "codes that were given away or entries that were taken out"
    assert now - kept == set(), "new entries: add them to permanent_codes.csv"


def test_codes_of_packaged_entries_leave_room_for_a_council() -> None:
    for one in catalogue().lists.values():
        limit = 127 if one.name in SMALL_LISTS else OWN_CODES_FROM - 1
        assert max(one.by_code) <= limit, one.name


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_list_says_what_it_is_and_starts_with_unknown(name: str) -> None:
    one = catalogue().lists[name]
    assert one.title
    assert one.description
    assert (one.entries[0].id, one.entries[0].code) == ("unknown", 0)


def test_every_list_and_field_is_in_the_reference() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    headings = {name.strip() for line in text.splitlines() if line.startswith("#### ") for name in line[5:].split(",")}
    assert set(SCHEMAS) - headings == set()
    fields = {field for schema in SCHEMAS.values() for field in schema.model_fields}
    assert {field for field in fields if f"`{field}`" not in text} == set()


def test_services_say_what_a_reader_of_the_statement_needs() -> None:
    for service in catalogue().lists["service"].entries[1:]:
        assert service.description.endswith("."), service.id
        assert service.settings, service.id
        assert service.unit != "unknown", service.id
        assert service.systems or service.source == "Client Level Data", service.id


def test_services_counted_by_nights_are_where_people_sleep() -> None:
    asleep = {"care-home", "nursing-home", "shared-lives-household"}
    for service in catalogue().lists["service"].entries:
        assert not service.counts_nights or asleep & set(service.settings), service.id


def test_services_hold_each_area_of_the_statements_from_advocacy_to_transport() -> None:
    # Systems of the inventory that arrange something for a person, by its parts G to N: each is part of some service.
    wanted = {
        *(f"S-{number:03}" for number in (98, 99, 100, 101, 103, 106, 107, 108, 109)),  # prevention, advice, community
        *(f"S-{number:03}" for number in (111, 114, 115, 116, 117)),  # carers
        *(f"S-{number:03}" for number in (119, 120, 121, 123, 124, 126, 127, 130, 131, 133, 134, 135)),  # home first
        *(f"S-{number:03}" for number in (138, 140, 141, 142, 143, 144)),  # direct payments
        *(f"S-{number:03}" for number in (149, 152, 154, 156, 157, 161, 163, 166)),  # housing
        *(f"S-{number:03}" for number in (167, 168, 173, 175, 177, 214)),  # day, work, transport
        *(f"S-{number:03}" for number in (22, 26, 178, 188, 189, 191, 192)),  # care homes and breaks
    }
    held = {system for service in catalogue().lists["service"].entries for system in service.systems}
    assert wanted - held == set()


def test_places_are_as_many_as_the_statements_say() -> None:
    book = catalogue()

    def of_worcestershire(name: str) -> list[str]:
        return [one.id for one in book.lists[name].entries if one.authority == "worcestershire"]

    assert len(of_worcestershire("district")) == 6
    assert len(of_worcestershire("zone")) == 10
    assert len(of_worcestershire("rate_zone")) == 4
    assert len(of_worcestershire("locality")) == 6
    assert set(book.members("team", "north") + book.members("team", "south")) == set(of_worcestershire("team"))
    assert [book.entry("authority", name).ons_code for name in ("worcestershire", "thurrock")] == [
        "E10000034",
        "E06000034",
    ]


def test_zones_are_labelled_as_invented() -> None:
    for zone in catalogue().lists["zone"].entries:
        if zone.authority:
            assert zone.boundary == "invented", zone.id
            assert zone.source.startswith("invented"), zone.id
    assert "INVENTED" in catalogue().lists["zone"].description


def test_national_values_are_found_in_both_releases() -> None:
    for name, of_release in {
        "cld_service_type": ("Long Term Support: Community", "Long term support: Community"),
        "cld_component": ("Carer Respite", "Unpaid carer respite"),
        "support_reason": ("Physical Support: Access & mobility only", "Physical support: Access and mobility only"),
        "client_type": ("Carer", "Unpaid carer"),
        "delivery_mechanism": ("CASSR Managed Personal Budget", "CASSR managed personal budget"),
    }.items():
        first, second = (catalogue().lists[name].find(value) for value in of_release)
        assert first is not None
        assert first is second


def published_values() -> set[tuple[str, str]]:
    values = set()
    for path in sorted(PUBLISHED.glob("*/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                values |= {(column, row[column]) for column in LISTS_OF_COLUMN if row.get(column)}
    return values


@pytest.mark.data
def test_every_coded_value_that_was_published_is_in_the_catalogue() -> None:
    if not PUBLISHED.is_dir():
        pytest.skip("the published figures do not stand beside the checkout")
    book = catalogue()
    lost = {
        (column, value)
        for column, value in published_values()
        if value != "all"
        and not any(
            book.lists[name].find(value) is not None or value in book.lists[name].groups
            for name in LISTS_OF_COLUMN[column]
        )
    }
    assert lost == set()


@pytest.mark.data
def test_every_national_value_seen_in_official_sql_is_in_the_catalogue() -> None:
    path = PUBLISHED.parent / "data" / "cld" / "cld_field_values_seen_in_official_sql.csv"
    if not path.is_file():
        pytest.skip("the list of national values does not stand beside the checkout")
    lists = {
        "Service_Type": "cld_service_type",
        "Service_Component": "cld_component",
        "Delivery_Mechanism": "delivery_mechanism",
        "Primary_Support_Reason": "support_reason",
        "Client_Type": "client_type",
        "Gender": "gender",
        "Event_Type": "event_type",
    }
    not_values = {"Total", "All"}  # names of totals in the same SQL
    seen = 0
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["field"] in lists and "%" not in row["value"] and row["value"] not in not_values:
                seen += 1
                assert catalogue().lists[lists[row["field"]]].find(row["value"]) is not None, row
    assert seen > 20
