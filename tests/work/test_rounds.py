"""A week placed together, on pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from careshape.jobs.models import Job
from careshape.source.models import Award, Placing
from careshape.source.together.accept import accept
from careshape.source.together.propose import work_out
from careshape.source.together.weeks import week_of_day
from tests.source.place import Place, today
from tests.source.test_together import WEEK, offered, place  # noqa: F401  (the fixture)

pytestmark = pytest.mark.django_db(transaction=True)
Sign = Callable[..., Client]


def test_week_is_placed_shown_and_accepted_in_part_and_whole(place: Place, signed_in: Sign):  # noqa: F811
    requests = offered(place, 3)
    broker = signed_in("broker")
    wrong = broker.post("/work/rounds/add/", {"week": "2027-05"})
    assert wrong.status_code == 422
    assert "is not a week" in wrong.content.decode()
    made = broker.post("/work/rounds/add/", {"week": week_of_day(today() + WEEK)})
    placing = Placing.objects.get()
    assert made["Location"] == f"/work/rounds/{placing.pk}/"
    assert "It is being worked out" in broker.get(made["Location"]).content.decode()
    assert Job.objects.filter(kind="source.place").count() == 1
    work_out(placing)
    shown = broker.get(made["Location"]).content.decode()
    assert "Accept all 3" in shown
    assert "This is the best plan there is, which is proven" in shown
    one = placing.proposals.get(request=requests[0])
    explained = broker.get(f"/work/proposals/{one.pk}/").content.decode()
    assert "Price: £950.00 a week: 15 of 15" in explained
    taken = broker.get(f"/work/rounds/{placing.pk}/proposals.csv").content.decode()
    assert taken.count("\n") == 4
    broker.post(f"/work/rounds/{placing.pk}/accept/", {"only": f"{one.pk},999,x"})
    part = Job.objects.get(kind="source.accept")
    assert part.arguments == {"placing": placing.pk, "only": [one.pk]}
    broker.post(f"/work/rounds/{placing.pk}/accept/", {"only": str(one.pk)})
    assert Job.objects.filter(kind="source.accept").count() == 1, "sent twice it is done once"
    accept(place.who("broker"), placing, only=[one.pk])
    assert Award.objects.count() == 1
    asked = broker.get(f"/work/rounds/{placing.pk}/accept/").content.decode()
    assert "Accept 2 of what is proposed?" in asked
    assert signed_in("practitioner").get(f"/work/rounds/{placing.pk}/").status_code == 403
    assert signed_in("auditor").get(f"/work/rounds/{placing.pk}/").status_code == 200
