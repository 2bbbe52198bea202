"""A figure that is asked for at once after an award has the award, though nothing was posted yet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.source.packages.handover import hand_over, waiting
from careshape.source.packages.tellings import tell_of
from careshape.statement.council import open_council
from careshape.work.asking import Question, ask
from careshape.work.unposted import context_with_waiting
from tests.source.arranged import arranged
from tests.source.place import today

pytestmark = pytest.mark.django_db(transaction=True)
COUNCIL = "worcestershire"


def test_figure_has_what_waits_and_stays_the_same_once_it_is_posted(place, data):
    day = today() + timedelta(days=20)

    def figure() -> int:
        council = open_council(data, COUNCIL)
        return int(ask(council, Question("care_home_people", period=day.isoformat())).value or 0)

    before, posted = figure(), open_council(data, COUNCIL).ledger.posting_on()
    package = arranged(place)
    assert waiting(COUNCIL)
    assert figure() == before + 1
    assert context_with_waiting(open_council(data, COUNCIL))[1] == 1
    assert open_council(data, COUNCIL).ledger.posting_on() == posted, "nothing was posted for it"
    hand_over(COUNCIL)
    assert figure() == before + 1
    tell_of(place.who("broker"), package, "ending", {"on": (day - timedelta(days=5)).isoformat()})
    assert figure() == before
    hand_over(COUNCIL)
    assert figure() == before
