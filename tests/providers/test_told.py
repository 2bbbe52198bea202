"""What the register tells those who ask: facts of the rules, ratings with their age, and minutes."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from careshape.errors import CallError
from careshape.home import Home
from careshape.ledger.posting import uk_day
from careshape.providers import facts
from careshape.providers.models import Location
from careshape.providers.quality import ratings_of
from careshape.providers.register import Where, keep_location
from careshape.providers.standing import begin_tender, decide, grade
from careshape.providers.travel import FILE, minutes_to
from careshape.records.official import add_file
from careshape.rules.facts import told as checked
from tests.accounts.people import People
from tests.market.synthetic import ACTIVE, ENDED, GONE, JULY, as_csv

HERE = "worcestershire"
ON = date(2026, 11, 22)


def today() -> date:
    return uk_day(timezone.now())


def home(people: People, name: str, number: int = 0, **more: Any) -> Location:
    given = {"kind": "residential-home", "services": ("residential",), **more}
    return keep_location(people.principal("quality-officer"), people.organisations[HERE][number], Where(name, **given))


def told(people: People, service: str = "home-care", **more: Any) -> dict[str, object]:
    organisation = people.organisations[HERE][0].pk
    found = facts.of(HERE, [organisation, people.organisations[HERE][1].pk], service, today(), **more)[organisation]
    checked(found)
    return found


def test_nothing_recorded_is_nothing_known(people: People, data: Path) -> None:
    assert told(people) == {}
    assert told(people, "supported-living") == {}


def test_newest_grade_that_has_begun_counts(people: People, data: Path) -> None:
    officer, organisation = people.principal("quality-officer"), people.organisations[HERE][0]
    grade(officer, organisation, "gold", today() - timedelta(days=9), "Visited.")
    grade(officer, organisation, "silver", today(), "Visited again.")
    grade(officer, organisation, "bronze", today() + timedelta(days=9), "From the new year.")
    assert told(people) == {"provider-grade": "silver"}
    with pytest.raises(CallError, match="Choose from gold, silver, bronze"):
        grade(officer, organisation, "platinum", today(), "No.")
    with pytest.raises(CallError, match="Say why"):
        grade(officer, organisation, "gold", today(), " ")


def test_tender_is_undecided_then_won_or_lost(people: People, data: Path) -> None:
    commissioner, (first, second, _) = people.principal("commissioner"), people.organisations[HERE]
    row = begin_tender(commissioner, "Home care 2026", "home-care")
    assert told(people) == {"home-care-tender-decided": False}
    with pytest.raises(CallError, match="to come"):
        decide(commissioner, row, today() + timedelta(days=1), {first: True})
    with pytest.raises(CallError, match="nobody won"):
        decide(commissioner, row, today(), {first: False})
    with pytest.raises(CallError, match="Only organisations of the council's register"):
        decide(commissioner, row, today(), {people.organisations["thurrock"][0]: True})
    decide(commissioner, row, today(), {first: False, second: True})
    assert told(people) == {"home-care-tender-decided": today(), "provider-won-home-care-tender": False}
    decide(commissioner, row, today(), {first: True})
    assert told(people)["provider-won-home-care-tender"] is True
    assert told(people, "nursing") == {}, "the tender was for home care"
    with pytest.raises(CallError, match="already"):
        begin_tender(commissioner, "home care 2026", "home-care")


def test_landlord_is_told_of_where_every_setting_says_the_same(people: People, data: Path) -> None:
    setting = {"kind": "supported-living-setting", "services": ("supported-living",)}
    own, other, _ = people.organisations[HERE]
    apart = home(people, "Setting A", **setting, landlord=other)
    assert told(people, "supported-living") == {"landlord-provides-support": False}
    same = home(people, "Setting B", **setting, landlord=own)
    assert told(people, "supported-living") == {}, "which setting is meant is not known"
    assert told(people, "supported-living", setting=apart.pk) == {"landlord-provides-support": False}
    assert told(people, "supported-living", setting=same.pk) == {"landlord-provides-support": True}
    home(people, "Setting C", **setting)
    assert told(people, "supported-living", setting=apart.pk) == {"landlord-provides-support": False}


def test_rating_is_that_of_the_location_that_would_serve(people: People, data: Path) -> None:
    directory = [
        ACTIVE | {"Location ID": "1-101", "Location Name": "Home A", "Location Latest Overall Rating": "Good"},
        ACTIVE | {"Location ID": "1-102", "Location Name": "Home B", "Location Latest Overall Rating": "Inadequate"},
        ACTIVE | {"Location ID": "1-103", "Location Name": "Home C", "Location Latest Overall Rating": "Outstanding",
                  "Publication Date": "20/08/2021"},
    ]  # fmt: skip
    add_file(Home(data), as_csv(data / f"{JULY}.csv", directory))
    organisation = people.organisations[HERE][0].pk
    ask = [HERE, [organisation, people.organisations[HERE][1].pk], ON]
    assert ratings_of(*ask) == {}
    home(people, "Home A", regulator_id="1-101", district="worcester")
    home(people, "Home B", regulator_id="1-102", district="wychavon")
    home(people, "Home C", regulator_id="1-103", kind="nursing-home", services=("nursing",))
    assert ratings_of(*ask, "residential")[organisation].rating == "inadequate", "the worst of those that could serve"
    near = ratings_of(*ask, "residential", "worcester")[organisation]
    assert (near.rating, near.rated_on, near.location) == ("good", date(2020, 8, 20), "Home A")
    assert near.words == "rated Good 75 months ago"
    assert ratings_of(*ask, "home-care")[organisation].rating == "outstanding", "none gives it: the newest"
    assert ratings_of(HERE, [organisation], date(2020, 8, 19), "residential") == {}, "it was published after the day"


def test_home_is_followed_through_a_new_registration(people: People, data: Path) -> None:
    gone = ENDED | {"Location ID": "1-090", "Location Name": "Synthetic home 1", "Location HSCA End Date": "31/01/2021"}
    add_file(Home(data), as_csv(data / f"{GONE}.csv", [gone]))
    add_file(Home(data), as_csv(data / f"{JULY}.csv", [ACTIVE | {"Location HSCA start date": "01/02/2021"}]))
    home(people, "Home A", regulator_id="1-090")
    found = ratings_of(HERE, [people.organisations[HERE][0].pk], ON, "residential")[people.organisations[HERE][0].pk]
    assert (found.rating, found.followed) == ("good", True)


def test_minutes_are_from_the_nearest_location_that_gives_the_service(people: People, data: Path) -> None:
    organisation = people.organisations[HERE][0].pk
    ask: list[Any] = [HERE, [organisation], "WR2", "home-care"]
    home(people, "Office", kind="office", services=(), outward="WR3")
    assert minutes_to(*ask) == {organisation: None}, "no outlines are kept"
    square = {"WR1": -2.30, "WR2": -2.22, "WR3": -2.23}
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [
            [[x, 52.0], [x + 0.01, 52.0], [x + 0.01, 52.01], [x, 52.01], [x, 52.0]]]}}
        for name, x in square.items()
    ]  # fmt: skip
    (data / "councils" / HERE / FILE).write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert minutes_to(*ask) == {organisation: 13}, "the office is all that there is"
    home(people, "Branch", kind="home-care-branch", services=("home-care",), outward="WR1")
    assert minutes_to(*ask) == {organisation: 17}, "5.5 km: 12.8 + 0.8 x 5.5, from the branch"
    assert minutes_to(HERE, [organisation], "WR1", "home-care") == {organisation: None}, "within one district"
    assert minutes_to(HERE, [organisation], "", "home-care") == {organisation: None}


def test_asking_for_300_providers_is_a_query_a_table(
    people: People, data: Path, django_assert_num_queries: Any
) -> None:
    add_file(Home(data), as_csv(data / f"{JULY}.csv", [ACTIVE]))
    with django_assert_num_queries(3):
        facts.of(HERE, range(1, 301), "home-care", today())
    with django_assert_num_queries(1):
        ratings_of(HERE, range(1, 301), today(), "home-care")
