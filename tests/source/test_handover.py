"""The box from which lines go into the records: what they refuse is told and tried again, and what is left is found."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from careshape.jobs.models import Job
from careshape.jobs.work import Work
from careshape.source.background import hand_lines_over
from careshape.source.models import Handover
from careshape.source.packages.handover import HAND_OVER, _batch, hand_over, not_taken, waiting
from careshape.source.packages.tellings import tell_of
from careshape.work.care.waiting import lines_not_taken
from careshape.work.desk import Desk
from tests.source.arranged import arranged
from tests.source.place import today

pytestmark = pytest.mark.django_db(transaction=True)
COUNCIL = "worcestershire"


def test_line_that_the_records_refuse_is_told_and_goes_in_once_its_day_can_be_taken(place):
    desk = Desk(place.who("broker"))
    taken, refused = arranged(place), arranged(place, today() + timedelta(days=500), 1)
    assert lines_not_taken(desk) is None
    assert hand_over(COUNCIL) == 1, "only what went into the records is counted"
    assert not waiting(COUNCIL)
    assert [one.line.package_id for one in not_taken(COUNCIL)] == [refused.pk]
    found = lines_not_taken(desk)
    assert (found.count, found.link) == (1, f"/work/packages/{refused.pk}/")
    assert f"package {refused.pk}" in found.said
    assert hand_over(COUNCIL) == 0, "it is not tried at every page"
    assert _daily() == 0
    assert not_taken(COUNCIL).count() == 1, "they refuse it again, and it is told still"
    # Its day has come within the year.
    row = not_taken(COUNCIL).get()
    row.row = row.row.replace((today() + timedelta(days=500)).isoformat(), today().isoformat())
    row.save()
    assert _daily() == 1
    assert not not_taken(COUNCIL).exists()
    assert lines_not_taken(desk) is None
    assert Handover.objects.filter(line__package=taken).count() == 1


def test_line_that_was_put_right_is_no_longer_told(place):
    package = arranged(place, today() + timedelta(days=500))
    hand_over(COUNCIL)
    first = package.tellings.get()
    sooner = json.loads(first.body) | {"from": today().isoformat()}
    tell_of(place.who("broker"), package, "line", sooner, replaces=first.number)
    assert not not_taken(COUNCIL).exists()
    assert hand_over(COUNCIL) == 1
    assert set(Handover.objects.values_list("row", flat=True)) == {""}, "the box keeps nothing of the person"


def test_line_that_is_taken_back_before_it_went_anywhere_goes_nowhere(place):
    package = arranged(place, today() + timedelta(days=500))
    hand_over(COUNCIL)
    assert not_taken(COUNCIL).count() == 1
    tell_of(place.who("broker"), package, "withdrawal", {}, replaces=1)
    assert not not_taken(COUNCIL).exists()
    assert not waiting(COUNCIL)
    assert not Handover.objects.exists()


def test_oldest_batch_goes_first_and_one_that_another_worker_wrote_down_is_none(place):
    arranged(place)
    one, first = _batch(COUNCIL)
    arranged(place)
    Handover.objects.filter(batch=None).update(batch=one + 1)
    assert _batch(COUNCIL) == (one, first)
    Handover.objects.update(posting=1)
    assert _batch(COUNCIL) is None


def test_council_that_has_a_log_and_nobody_yet_has_nothing_to_hand_over(place):
    assert hand_over("nowhere") == 0


def _daily() -> int:
    """The rows that the work of a morning handed over."""
    job = Job(council=COUNCIL, kind=HAND_OVER, arguments={"day": today().isoformat()})
    return hand_lines_over(Work(job, "a test", HAND_OVER))["rows"]
