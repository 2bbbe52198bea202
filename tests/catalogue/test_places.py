"""Where towns and postcodes lie."""

from __future__ import annotations

from datetime import date

import pytest

from careshape.catalogue import authority_of, catalogue, place_of_postcode, place_of_town
from careshape.catalogue.places import NOWHERE_KNOWN, Whereabouts
from careshape.errors import CallError


def test_town_lies_in_district_zones_and_locality() -> None:
    assert place_of_town("Tenbury") == Whereabouts(
        authority="worcestershire",
        district="malvern-hills",
        zone="tenbury-zone",
        rate_zone="evesham-malvern-pershore-and-tenbury",
        locality="malvern",
    )
    assert place_of_town("tilbury").rate_zone == "not-applicable"


@pytest.mark.parametrize(
    ("town", "rate_zone"),
    [
        # the towns that the names of Table 8's zones hold
        ("Redditch", "redditch-and-bromsgrove"),
        ("Bromsgrove", "redditch-and-bromsgrove"),
        ("Worcester", "worcester-and-droitwich"),
        ("Droitwich", "worcester-and-droitwich"),
        ("Kidderminster", "wyre-forest"),
        ("Evesham", "evesham-malvern-pershore-and-tenbury"),
        ("Malvern", "evesham-malvern-pershore-and-tenbury"),
        ("Pershore", "evesham-malvern-pershore-and-tenbury"),
        ("Tenbury", "evesham-malvern-pershore-and-tenbury"),
    ],
)
def test_town_leads_to_the_rate_zone_that_names_it(town: str, rate_zone: str) -> None:
    assert place_of_town(town).rate_zone == rate_zone


def test_town_is_in_no_district_before_there_was_one() -> None:
    assert place_of_town("Evesham", on=date(1997, 1, 1)).district == "unknown"
    assert place_of_town("Evesham", on=date(2021, 3, 31)).district == "wychavon"


def test_town_that_is_not_there_is_answered_with_near_ones() -> None:
    with pytest.raises(CallError, match="evesham"):
        place_of_town("evsham")


@pytest.mark.parametrize("postcode", ["WR11", "wr11 1aa", "WR111AA", " WR11 "])
def test_postcode_is_read_whole_or_outward(postcode: str) -> None:
    assert place_of_postcode(postcode).district == "wychavon"


def test_postcode_outside_every_zone_is_unknown_and_not_guessed() -> None:
    assert place_of_postcode("M1 1AA") == NOWHERE_KNOWN


@pytest.mark.parametrize("postcode", ["", "W", "WR11 1AA Worcester", "WR-11"])
def test_what_is_no_postcode_is_refused(postcode: str) -> None:
    with pytest.raises(CallError, match="not a postcode"):
        place_of_postcode(postcode)


def test_every_postcode_district_of_a_zone_leads_back_to_it() -> None:
    held = 0
    for zone in catalogue().lists["zone"].entries:
        for outward in zone.postcode_districts:
            held += 1
            assert place_of_postcode(outward).zone == zone.id
            assert place_of_postcode(f"{outward} 9ZZ").zone == zone.id
    assert held > 30


def test_district_that_is_not_known_has_no_authority() -> None:
    assert authority_of("unknown") == "unknown"
    assert authority_of("thurrock") == "thurrock"
