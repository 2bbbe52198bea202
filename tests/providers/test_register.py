"""The register: providers and their locations, added, corrected and refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from careshape.accounts.models import Organisation, OrganisationLocation
from careshape.audit.models import Event
from careshape.errors import CareshapeError
from careshape.providers.models import Location, Provider
from careshape.providers.register import Particulars, Where, add, correct, keep_location
from tests.accounts.people import People

pytestmark = pytest.mark.usefixtures("data")
HOME: dict[str, Any] = {"name": "Example home A", "kind": "residential-home", "registered_beds": 40}


def test_provider_without_accounts_is_added_corrected_and_told_of(people: People) -> None:
    officer = people.principal("quality-officer")
    row = add(officer, Particulars("Example Care A", "micro-enterprise", "W-900", 9, "1-200", "Example group"))
    assert row.organisation.kind == "provider"
    assert not row.organisation.memberships.exists()
    correct(officer, row.organisation, Particulars("Example Care A", "private", "W-900", 10))
    row.refresh_from_db()
    assert (row.type, row.staff, row.regulator_id) == ("private", 10, "")
    told = Event.objects.filter(act="providers.keep").order_by("pk")
    assert [one.object for one in told] == [f"accounts.organisation:{row.organisation_id}"] * 2
    assert '"type"' in told[1].detail


def test_what_an_organisation_of_the_accounts_is_can_be_told_later(people: People) -> None:
    known = people.organisations["worcestershire"][0]
    assert not Provider.objects.filter(organisation=known).exists()
    correct(people.principal("commissioner"), known, Particulars(known.name, "not-for-profit"))
    assert Provider.objects.get(organisation=known).type == "not-for-profit"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": " "}, "has a name"),
        ({"name": "synthetic PROVIDER w-001"}, "already"),
        ({"type": "limited"}, "limited"),
        ({"type": "micro-enterprise", "staff": 10}, "at most 9 staff, and this one has 10"),
        ({"staff": -1}, "no number of staff"),
        ({"regulator_id": "see website"}, "no id of the regulator"),
        ({"regulator_id": "1-200"}, "is that of Example Care A"),
        ({"reference": "w-900"}, "is that of Example Care A"),
    ],
)
def test_provider_that_cannot_be_is_refused_in_a_sentence(people: People, given: dict[str, Any], said: str) -> None:
    officer = people.principal("quality-officer")
    add(officer, Particulars("Example Care A", reference="W-900", regulator_id="1-200"))
    before = Organisation.objects.count()
    with pytest.raises(CareshapeError, match=said):
        add(officer, Particulars(**{"name": "Example Care B", **given}))
    assert Organisation.objects.count() == before


def test_council_has_its_own_register(people: People) -> None:
    add(people.principal("commissioner", "worcestershire"), Particulars("Example Care A", regulator_id="1-200"))
    add(people.principal("commissioner", "thurrock"), Particulars("Example Care A", regulator_id="1-200"))
    reached = Provider.objects.reached(people.principal("auditor", "thurrock"), "providers.see")
    assert {one.organisation.council.slug for one in reached.select_related("organisation__council")} == {"thurrock"}


def test_provider_and_broker_may_not_keep_the_register(people: People) -> None:
    for role in ("provider", "broker", "auditor"):
        with pytest.raises(PermissionDenied):
            add(people.principal(role), Particulars("Example Care A"))


def test_location_keeps_the_first_part_of_its_postcode_and_its_district(people: People) -> None:
    officer, organisation = people.principal("quality-officer"), people.organisations["worcestershire"][0]
    row = keep_location(officer, organisation, Where(**HOME, outward="wr1 1aa", services=("residential",)))
    assert (row.outward, row.services) == ("WR1", ["residential"])
    assert row.district == "worcester"


def test_place_that_accounts_are_limited_to_is_gone_on_from(people: People) -> None:
    """A location of the accounts has a name and no more: telling what it is makes no second place."""
    officer, organisation = people.principal("quality-officer"), people.organisations["worcestershire"][0]
    row = keep_location(officer, organisation, Where("First location", "home-care-branch", services=("home-care",)))
    assert OrganisationLocation.objects.filter(organisation=organisation).get() == row.place
    moved = keep_location(officer, organisation, Where("Branch A", "home-care-branch"), row)
    assert (moved.pk, moved.name) == (row.pk, "Branch A")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": " "}, "has a name"),
        ({"name": "example HOME a"}, "Correct that one"),
        ({"kind": "castle"}, "no kind of location"),
        ({"outward": "Worcester"}, "no postcode"),
        ({"registered_beds": 0}, "no number of beds"),
        ({"kind": "home-care-branch"}, "no beds are registered"),
        ({"district": "atlantis"}, "atlantis"),
        ({"services": ("magic",)}, "magic"),
        ({"regulator_id": "1-101"}, "is Example home A of Synthetic provider W-001 already"),
        ({"opened_on": date(2020, 2, 1), "closed_on": date(2020, 1, 1)}, "closed before it opened"),
        ({"opened_on": date(2220, 2, 1)}, "more than a year ahead"),
    ],
)
def test_location_that_cannot_be_is_refused_in_a_sentence(people: People, given: dict[str, Any], said: str) -> None:
    officer, organisation = people.principal("quality-officer"), people.organisations["worcestershire"][0]
    keep_location(officer, organisation, Where(**HOME, regulator_id="1-101"))
    with pytest.raises(CareshapeError, match=said):
        keep_location(officer, organisation, Where(**{**HOME, "name": "Example home B", **given}))
    assert Location.objects.count() == 1


def test_landlord_is_an_organisation_of_the_same_council(people: People) -> None:
    officer, organisation = people.principal("quality-officer"), people.organisations["worcestershire"][0]
    setting = {"name": "Setting A", "kind": "supported-living-setting", "services": ("supported-living",)}
    with pytest.raises(CareshapeError, match="register"):
        keep_location(officer, organisation, Where(**setting, landlord=people.organisations["thurrock"][1]))
    with pytest.raises(CareshapeError, match="Nobody rents"):
        keep_location(officer, organisation, Where("Branch", "home-care-branch", landlord=organisation))
    row = keep_location(officer, organisation, Where(**setting, landlord=people.organisations["worcestershire"][1]))
    assert row.landlord == people.organisations["worcestershire"][1]


def test_provider_limited_to_a_location_reaches_that_one_alone(people: People) -> None:
    officer, organisation = people.principal("quality-officer"), people.organisations["worcestershire"][0]
    first = keep_location(officer, organisation, Where("Branch A", "home-care-branch"))
    keep_location(officer, organisation, Where("Branch B", "home-care-branch"))
    member = people.memberships["worcestershire", "provider"]
    reach = Location.objects.reached(people.principal("provider"), "providers.see")
    assert reach.count() == 2
    member.locations.set([first.place])
    assert list(reach.all()) == [first]
