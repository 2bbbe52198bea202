"""A provider that fails, on pages: the drill, saying that it stops, and placing everybody anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from careshape.audit.models import Event
from careshape.jobs.models import Job
from careshape.source.models import Failure
from tests.source.place import Place, today
from tests.source.test_failing import full_home
from tests.source.test_together import place  # noqa: F401  (the fixture)

pytestmark = pytest.mark.django_db(transaction=True)
Sign = Callable[..., Client]


def test_home_is_drilled_fails_and_everybody_is_asked_for_anew(place: Place, signed_in: Sign):  # noqa: F811
    home = full_home(place, 3).organisation
    commissioner, broker = signed_in("commissioner"), signed_in("broker")
    nothing = commissioner.get("/work/failures/drill/?organisation=")
    assert nothing.status_code == 422
    chosen = commissioner.get(f"/work/failures/drill/?organisation={home.pk}")
    assert chosen["Location"] == f"/work/failures/drill/{home.pk}/"
    shown = commissioner.get(chosen["Location"]).content.decode()
    assert "It would leave 3 people" in shown
    assert "For each of them somebody is found" in shown
    told = Event.objects.filter(act="source.failures").count()
    taken = commissioner.get(f"/work/failures/drill/{home.pk}.csv").content.decode()
    assert taken.count("Synthetic person") == 3
    assert Event.objects.filter(act="source.failures").count() == told + 1, "the report names people: it is told"
    assert not Failure.objects.exists(), "a drill changes nothing"
    stops = f"/work/failures/drill/{home.pk}/stops/"
    assert broker.get(stops).status_code == 403
    faulty = commissioner.post(stops, {"last_day": "tomorrow", "because": ""})
    assert faulty.status_code == 422
    assert "Enter a day such as" in faulty.content.decode()
    day = today() + timedelta(days=14)
    made = commissioner.post(stops, {"last_day": f"{day:%d/%m/%Y}", "because": "The owner closes it."})
    failure = Failure.objects.get()
    assert made["Location"] == f"/work/failures/{failure.pk}/"
    seen = broker.get(made["Location"]).content.decode()
    assert "End its packages and send the requests" in seen
    assert seen.count("Not sent yet") >= 3
    broker.post(f"/work/failures/{failure.pk}/anew/")
    broker.post(f"/work/failures/{failure.pk}/anew/")
    assert Job.objects.filter(kind="source.place_anew").count() == 1, "sent twice it is done once"
    assert "The owner closes it." in commissioner.get("/work/failures/").content.decode()
    assert commissioner.get("/work/failures.xlsx").status_code == 200
    assert broker.get(f"/work/failures/{failure.pk}/affected.csv").content.decode().count("Synthetic person") == 3
    asked = broker.get("/work/rounds/add/?week=2027-W09").content.decode()
    assert 'value="2027-W09"' in asked
