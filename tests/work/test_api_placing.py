"""Weeks placed together and providers that fail, over the API: the acts of the pages, their refusals, and replays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careshape.audit.models import Event
from careshape.jobs.models import Job
from careshape.source.failing.act import place_anew
from careshape.source.models import Award, Failure, Package, Placing
from careshape.source.together.accept import accept
from careshape.source.together.propose import work_out
from careshape.source.together.weeks import week_of_day
from tests.source.place import today
from tests.source.test_failing import full_home
from tests.source.test_together import WEEK, offered, place  # noqa: F401  (the fixture)
from tests.work.asking import send

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = "/api/v1"


def test_week_is_begun_read_and_agreed_in_part_and_whole(place, asking):  # noqa: F811
    requests = offered(place, 3)
    broker = asking("broker")
    wrong = send(broker, "rounds", {"week": "2027-05"})
    assert (wrong.status_code, "is not a week" in wrong.json()["detail"]) == (409, True)
    week = {"week": week_of_day(today() + WEEK)}
    begun = [send(broker, "rounds", week, **{"Idempotency-Key": "one-week"}) for _ in range(2)]
    assert [one.status_code for one in begun] == [202, 202]
    placing = Placing.objects.get()
    assert begun[1].json() == {"id": placing.pk, "done": "begun"}
    assert Job.objects.get(kind="source.place").arguments == {"placing": placing.pk}
    early = send(broker, f"rounds/{placing.pk}/accept")
    assert (early.status_code, "being placed still" in early.json()["detail"]) == (409, True)
    work_out(placing)
    shown = broker.get(f"{ROOT}/rounds/{placing.pk}").json()["items"]
    assert {one["number"] for one in shown} == {one.pk for one in requests}
    first = next(one for one in shown if one["number"] == requests[0].pk)
    assert (first["became"], first["points"] > 0) == ("Proposed", True)
    part = send(broker, f"rounds/{placing.pk}/accept", {"proposals": [first["id"]]})
    assert (part.status_code, part.json()["done"]) == (202, "1 accepted")
    strange = send(broker, f"rounds/{placing.pk}/accept", {"proposals": [999_999]})
    assert (strange.status_code, "999999 does not wait" in strange.json()["detail"]) == (409, True)
    accept(place.who("broker"), placing, Job.objects.get(kind="source.accept").arguments["only"])
    assert Award.objects.get().request == requests[0]
    assert send(broker, f"rounds/{placing.pk}/accept").json()["done"] == "2 accepted"
    assert send(asking("commissioner"), "rounds", week).status_code == 403
    assert send(asking("broker", "thurrock"), f"rounds/{placing.pk}/accept").status_code == 404


def test_failure_is_drilled_said_and_everybody_placed_anew(place, asking):  # noqa: F811
    home = full_home(place, 3).organisation
    commissioner, broker = asking("commissioner"), asking("broker")
    hits = commissioner.get(f"{ROOT}/failures/drill/{home.pk}").json()
    assert hits["total"] == 3
    assert all(one["could"] and one["proposed"] != "Nobody" for one in hits["items"])
    assert not Failure.objects.exists(), "a drill changes nothing"
    assert Event.objects.filter(act="source.failures", outcome="read").exists(), "it names people: that is told"
    stops = {"provider": home.pk, "last_day": f"{today() + timedelta(days=14)}", "because": "The owner closes it."}
    assert send(broker, "failures", stops).status_code == 403
    past = send(commissioner, "failures", stops | {"last_day": f"{today() - timedelta(days=1)}"})
    assert (past.status_code, "is past" in past.json()["detail"]) == (409, True)
    assert send(commissioner, "failures", stops | {"provider": 999_999}).status_code == 422
    said = [send(commissioner, "failures", stops, **{"Idempotency-Key": "it-stops"}) for _ in range(2)]
    assert [one.status_code for one in said] == [201, 201]
    failure = Failure.objects.get()
    assert commissioner.get(f"{ROOT}/failures").json()["items"][0]["people"] == 3
    left = broker.get(f"{ROOT}/failures/{failure.pk}").json()["items"]
    assert [one["state"] for one in left] == ["Not sent yet"] * 3
    for _ in range(2):
        assert send(broker, f"failures/{failure.pk}/anew").status_code == 202
    assert Job.objects.filter(kind="source.place_anew").count() == 1, "asked twice it is done once"
    place_anew(place.who("broker"), failure)
    ends = Package.objects.filter(organisation=home).values_list("lines__ends_on", flat=True)
    assert set(ends) == {failure.last_day}
    assert asking("practitioner").get(f"{ROOT}/failures").status_code == 403
