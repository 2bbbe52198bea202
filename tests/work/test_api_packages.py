"""Packages and their money through the API: the same acts, the same sentences, and a replay counts once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from careshape.source.models import PaymentRun
from tests.source.arranged import arranged
from tests.source.place import today

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = "/api/v1"


def test_package_is_changed_owed_and_paid(place, asking):
    package = arranged(place, today() + timedelta(days=8))
    first = package.tellings.get()
    begins = today() - timedelta(days=70)
    first.body = json.dumps(json.loads(first.body) | {"from": begins.isoformat()})
    first.save()
    broker, finance = asking("broker"), asking("finance")
    home = f"{ROOT}/packages/{package.pk}"
    listed = broker.get(f"{ROOT}/packages")
    assert listed.status_code == 200, listed.content
    assert listed.json()["items"][0]["id"] == package.pk
    more = {"kind": "change", "line": "core", "first": (begins + timedelta(days=7)).isoformat(), "price": 100_000}
    key = {"Idempotency-Key": "one"}
    for _ in range(2):
        told = broker.post(f"{home}/tellings", more, content_type="application/json", headers=key)
        assert (told.status_code, told.json()["number"]) == (201, 2)
    again = broker.post(f"{home}/tellings", more, content_type="application/json")
    assert (again.status_code, again.json()["detail"]) == (
        409,
        "This is told already, and in force: nothing would change.",
    )
    assert len(broker.get(f"{home}/tellings").json()) == 2
    owed = finance.get(f"{home}/owed").json()
    assert owed
    read = finance.get(f"{ROOT}/payments/draft").json()
    assert read["pence"] == sum(one["owed"] for one in owed)
    paid = finance.post(f"{ROOT}/payments", {"read": read["read"]}, content_type="application/json")
    assert (paid.status_code, paid.json()["pence"]) == (201, read["pence"])
    twice = finance.post(f"{ROOT}/payments", {"read": read["read"]}, content_type="application/json")
    assert twice.status_code == 409
    assert PaymentRun.objects.count() == 1
    assert broker.post(f"{ROOT}/payments", {"read": ""}, content_type="application/json").status_code == 403
    assert [one["left"] for one in finance.get(f"{home}/owed").json()] == [0] * len(owed)
