"""How providers know the person when they are ranked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.source.models import Line
from careshape.source.requests.ranked import ranked
from tests.source.arranged import arranged, sent, yes
from tests.source.place import today

pytestmark = pytest.mark.django_db
TODAY = "supports the person today"
BEFORE = "has supported the person within the last year"
NEW = "is new to the person"


@pytest.mark.parametrize(
    ("first", "last", "fact", "points"),
    [
        (-40, None, TODAY, 2500),
        (-40, 30, TODAY, 2500),  # an end is planned
        (-40, 0, TODAY, 2500),
        (-40, -1, BEFORE, 1250),
        (-900, -365, BEFORE, 1250),
        (-900, -366, NEW, 0),
        (7, None, NEW, 0),  # arranged, and not begun
    ],
)
def test_who_supports_the_person_is_not_new_to_them(place, first, last, fact, points):
    ends = None if last is None else today() + timedelta(days=last)
    Line.objects.filter(package=arranged(place)).update(starts_on=today() + timedelta(days=first), ends_on=ends)
    assert _continuity(place) == [(fact, points), (NEW, 0)]


def test_line_that_was_taken_back_is_no_support(place):
    package = arranged(place)
    Line.objects.filter(package=package).update(starts_on=today(), withdrawn=True)
    assert _continuity(place) == [(NEW, 0), (NEW, 0)]


def test_request_that_was_awarded_is_not_what_its_provider_knows_the_person_by(place):
    package = arranged(place)
    Line.objects.filter(package=package).update(starts_on=today())
    (line,) = ranked(package.award.request).lines
    assert line.terms[0].fact == NEW


def _continuity(place) -> list[tuple[str, int]]:
    request = sent(place)
    asked = [str(yes(request, member).pk) for member in place.vehicle.members.order_by("pk")]
    lines = {line.provider: line.terms[0] for line in ranked(request).lines}
    return [(lines[one].fact, lines[one].points) for one in asked]
