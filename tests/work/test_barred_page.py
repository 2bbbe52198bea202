"""The page on which a rule is set aside for one provider of a request, and the same over the API."""

from __future__ import annotations

import pytest

from careshape.source.models import SetAside
from tests.source.place import Place, after_tender
from tests.source.test_aside import REASON, RULE
from tests.work.asking import ROOT, send

pytestmark = pytest.mark.django_db


def test_page_names_provider_and_rule_and_keeps_what_was_typed(place: Place, signed_in):
    request_of = after_tender(place)
    here = f"/work/requests/{request_of.pk}/barred/"
    lost = place.people.organisations["worcestershire"][1]
    commissioner = signed_in("commissioner")
    shown = commissioner.get(here).content.decode()
    assert f"{lost.name}: This provider was not successful in the home care tender." in shown
    assert here in commissioner.get(f"/work/requests/{request_of.pk}/").content.decode()
    refused = commissioner.post(here, {"which": f"{lost.pk}/{RULE}", "reason": "Because."})
    assert refused.status_code == 422
    assert "Because." in refused.content.decode()
    assert "Choose the rule and the provider" in commissioner.post(here, {"reason": REASON}).content.decode()
    said = commissioner.post(here, {"which": f"{lost.pk}/{RULE}", "reason": REASON}, follow=True).content.decode()
    assert f"was set aside for {lost.name}" in said
    assert said.count(REASON) == 1, "for its asking and its award once"
    assert "No rule that you may set aside" in commissioner.get(here, follow=True).content.decode()
    assert "No rule that you may set aside" in signed_in("practitioner").get(here, follow=True).content.decode()


def test_programs_see_who_is_barred_and_set_aside_alike(place: Place, asking):
    request_of, lost = after_tender(place), place.people.organisations["worcestershire"][1]
    found = asking("broker").get(f"{ROOT}/requests/{request_of.pk}/barred").json()
    assert [(one["provider"], one["rule"]) for one in found] == [(lost.pk, RULE)]
    body = {"provider": lost.pk, "rule": RULE, "reason": REASON}
    assert send(asking("practitioner"), f"requests/{request_of.pk}/set-aside", body).status_code == 409
    assert send(asking("commissioner"), f"requests/{request_of.pk}/set-aside", body).status_code == 200
    assert {one.act for one in SetAside.objects.all()} == {"request.offer", "award"}
    assert asking("broker").get(f"{ROOT}/requests/{request_of.pk}/barred").json() == []
