"""Empty places that suit a request are counted for the rule that voids are filled before new services."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.accounts.models import Organisation
from careshape.errors import CallError
from careshape.providers.models import Room
from careshape.providers.rooms.keep import Description, keep_room, move_in
from careshape.rules.judge import Finding
from careshape.source.judged import gate
from careshape.source.lists.vehicles import admit
from careshape.source.models import Request
from tests.providers.homes import setting
from tests.source.place import Place, today

pytestmark = pytest.mark.database


def _room(place: Place, organisation: Organisation, name: str, **more: object) -> Room:
    """A place of a setting, empty for a month."""
    begins = today() - timedelta(days=30)
    told = Description(name, "supported-living-place", begins, **more)  # type: ignore[arg-type]
    return keep_room(place.who("commissioner"), setting(organisation, f"House of {name}"), told)


def _found(row: Request) -> Finding:
    return next(one for one in gate.findings(row) if one.rule == "voids-first")


def _say(place: Place, row: Request, **facts: object) -> None:
    gate.say(
        place.who("practitioner"), row, {name.replace("_", "-"): one for name, one in facts.items()}, "source.request"
    )


def _asked(place: Place) -> Request:
    first = place.people.organisations["worcestershire"][0]
    admit(place.who("commissioner"), place.vehicle, first, "supported-living", 1_900)
    return place.ask("supported-living")


def test_places_that_suit_are_counted_and_stop_a_new_service_until_they_are_filled(place: Place):
    row = _asked(place)
    first, second = place.people.organisations["worcestershire"][:2]
    suits = _room(place, first, "Flat 1")
    _room(place, first, "Flat 2", not_for=("women",))
    _room(place, second, "Flat 3")  # its provider is on no list for it
    assert _found(row).missing == ("new-service",), "only what could make a difference is asked"
    _say(place, row, new_service=True)
    assert _found(row).state == "broken"
    with pytest.raises(CallError, match="is counted from what is recorded"):
        _say(place, row, voids_that_suit=0)
    move_in(place.who("commissioner"), suits, today())
    assert _found(row).state == "met"


def test_request_for_a_service_that_there_is_goes_on_while_places_stand_empty(place: Place):
    row = _asked(place)
    _room(place, place.people.organisations["worcestershire"][0], "Flat 1")
    _say(place, row, new_service=False)
    assert _found(row).state == "not-applicable"


def test_number_is_said_only_while_no_place_is_told_of_and_then_counts_no_more(place: Place):
    row = _asked(place)
    _say(place, row, new_service=True)
    assert _found(row).missing == ("voids-that-suit",)
    _say(place, row, voids_that_suit=0)
    assert _found(row).state == "met"
    _room(place, place.people.organisations["worcestershire"][0], "Flat 1")
    assert _found(row).state == "broken", "what is recorded counts, whatever was said before"
