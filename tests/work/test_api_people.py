"""The API's acts of administration: people, teams, organisations, background work, and tokens of others."""

from __future__ import annotations

import secrets
from datetime import timedelta

import pytest
from django.utils import timezone

from careshape.accounts.models import Invitation, Membership, Message, OneTimeCodes, Organisation, Team
from careshape.accounts.sealed import sealed
from careshape.audit.change import lock_rows
from careshape.audit.models import Event
from careshape.errors import CallError
from careshape.jobs.models import Job
from careshape.work.models import Answer, Token
from careshape.work.tokens import GOOD, INACTIVE, make, principal_of_token, state_of
from tests.accounts.signing import SECRET
from tests.work.asking import ROOT, send


def test_a_person_is_invited_once_and_the_invitation_is_withdrawn(asking) -> None:
    client = asking("administrator")
    given = {"email": "New@Tests.Example", "role": "broker"}
    made = [send(client, "invitations", given, **{"Idempotency-Key": "a"}) for _ in range(2)]
    assert (made[0].status_code, made[1].content) == (201, made[0].content)
    invitation = Invitation.objects.get()
    assert made[0].json() == {"id": invitation.pk, "done": "invited"}
    assert Message.objects.count() == 1
    assert "tests.example" not in Answer.objects.get().body, "what is kept to be answered again says nothing of people"
    listed = client.get(f"{ROOT}/invitations").json()["items"]
    assert (listed[0]["email"], listed[0]["withdrawn"]) == ("new@tests.example", None)
    withdrawn = send(client, f"invitations/{invitation.pk}/withdraw")
    assert withdrawn.json()["done"] == "withdrawn"
    assert send(client, f"invitations/{invitation.pk}/withdraw").status_code == 409
    assert client.get(f"{ROOT}/invitations/{invitation.pk}").json()["withdrawn"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"email": "x", "role": "broker"}, "email: Enter an e-mail address"),
        ({"email": "x@tests.example", "role": "king"}, "role: "),
        ({"email": "x@tests.example", "role": "provider"}, "Choose the provider"),
        ({"email": "x@tests.example", "role": "broker", "team": 987654}, "team: "),
        ({"email": "x@tests.example\u0000", "role": "broker"}, "email: "),
        ({"role": "broker"}, "email"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said(asking, given, said) -> None:
    answer = send(asking("administrator"), "invitations", given)
    assert answer.status_code == 422
    assert said in str(answer.json()["detail"])
    assert not Invitation.objects.exists()


def test_a_team_of_another_council_cannot_be_given(asking, people) -> None:
    given = {"email": "x@tests.example", "role": "broker", "team": people.teams["thurrock"][0].pk}
    assert send(asking("administrator"), "invitations", given).status_code == 422
    given["team"] = people.teams["worcestershire"][0].pk
    assert send(asking("administrator", acts=["accounts.invite"]), "invitations", given).status_code == 201


def test_a_role_is_changed_and_access_ends_at_once(asking, people) -> None:
    client, theirs = asking("administrator"), asking("finance")
    member = people.memberships["worcestershire", "finance"]
    OneTimeCodes.objects.create(account=member.account, secret=sealed(SECRET))
    changed = send(client, f"people/{member.pk}/role", {"role": "analyst"})
    assert (changed.status_code, changed.json()["done"]) == (200, "changed")
    assert theirs.get(f"{ROOT}/me").json()["role"] == "analyst"
    assert send(client, f"people/{member.pk}/reset").json()["done"] == "reset"
    assert not OneTimeCodes.objects.exists()
    assert send(client, f"people/{member.pk}/end").json()["done"] == "ended"
    assert theirs.get(f"{ROOT}/me").status_code == 401
    assert send(client, f"people/{member.pk}/end").status_code == 404
    told = list(Event.objects.filter(chain="worcestershire").values_list("act", flat=True))
    assert {"accounts.change", "accounts.reset", "accounts.end"} <= set(told)


def test_nobody_ends_or_changes_their_own_access_over_the_api(asking, people) -> None:
    client, own = asking("administrator"), people.memberships["worcestershire", "administrator"].pk
    assert send(client, f"people/{own}/end").status_code == 409
    assert send(client, f"people/{own}/reset").status_code == 409
    assert send(client, f"people/{own}/role", {"role": "broker"}).status_code == 422
    assert Membership.objects.get(pk=own).ended_at is None


def test_who_sees_less_of_people_sees_less_over_the_api(asking, people) -> None:
    pk = people.memberships["worcestershire", "broker"].pk
    whole, cut = (asking(role).get(f"{ROOT}/people/{pk}").json() for role in ("administrator", "auditor"))
    assert whole["email"].endswith("@worcestershire.example")
    assert (cut["name"], cut["email"], cut["last_login"]) == (whole["name"], None, None)
    assert Event.objects.filter(act="accounts.read", outcome="read").count() == 2


def test_teams_and_organisations_are_kept(asking) -> None:
    client = asking("administrator")
    team = send(client, "teams", {"name": " West   team "}).json()["id"]
    assert send(client, "teams", {"name": "west team"}).status_code == 422
    assert send(client, f"teams/{team}", {"name": "Far west"}).status_code == 200
    assert Team.objects.get(pk=team).name == "Far west"
    assert send(client, f"teams/{team}/remove").json()["done"] == "removed"
    organisation = send(client, "organisations", {"name": "Synthetic provider W-900", "reference": "W-900"}).json()[
        "id"
    ]
    assert send(client, f"organisations/{organisation}/locations", {"name": "House"}).status_code == 201
    one = client.get(f"{ROOT}/organisations/{organisation}").json()
    assert (one["kind"], one["locations"][0]["name"]) == ("provider", "House")
    assert send(client, f"locations/{one['locations'][0]['id']}", {"name": "Barn"}).status_code == 200
    assert send(client, f"organisations/{organisation}", {"name": "Other", "kind": "club"}).status_code == 422
    assert Organisation.objects.get(pk=organisation).locations.get().name == "Barn"


def test_what_a_change_leaves_out_stays_as_it_is(asking, people) -> None:
    client, (first, second, voluntary) = asking("administrator"), people.organisations["worcestershire"]
    member, house = people.memberships["worcestershire", "provider"], first.locations.get()
    place = f"people/{member.pk}/role"

    def limited(**given: object) -> tuple[int, list[int]]:
        assert send(client, place, {"role": "provider", **given}).status_code == 200
        member.refresh_from_db()
        return member.organisation_id, list(member.locations.values_list("pk", flat=True))

    assert limited(locations=[house.pk]) == (first.pk, [house.pk])
    assert limited() == limited(organisation=first.pk) == (first.pk, [house.pk])
    assert limited(locations=[]) == (first.pk, [])
    assert limited(locations=[house.pk]) == (first.pk, [house.pk])
    assert limited(organisation=second.pk) == (second.pk, []), "other locations than those of another organisation"
    assert send(client, place, {"role": "voluntary"}).status_code == 422, "a provider is no voluntary organisation"
    assert send(client, place, {"role": "broker"}).status_code == 200
    assert send(client, place, {"role": "provider"}).status_code == 422, "a provider answers for an organisation"
    staff = people.memberships["worcestershire", "finance"]
    for given, team in (({}, staff.team_id), ({"team": None}, None)):
        assert send(client, f"people/{staff.pk}/role", {"role": "analyst", **given}).status_code == 200
        assert Membership.objects.get(pk=staff.pk).team_id == team
    place = f"organisations/{voluntary.pk}"
    assert send(client, place, {"name": "Helpers", "reference": "V-9"}).status_code == 200
    assert send(client, place, {"name": "Helpers of the county"}).status_code == 200
    voluntary.refresh_from_db()
    assert (voluntary.kind, voluntary.name, voluntary.reference) == ("voluntary", "Helpers of the county", "V-9")
    for given, reference in (({"reference": "L-1"}, "L-1"), ({}, "L-1"), ({"reference": ""}, "")):
        assert send(client, f"locations/{house.pk}", {"name": "House", **given}).status_code == 200
        house.refresh_from_db()
        assert house.reference == reference


def test_a_change_keeps_what_another_wrote_just_before_it(asking, people, monkeypatch) -> None:
    """What a change leaves out is read once nobody else can change it, and not when its row was first looked up."""
    client, (first, second, voluntary) = asking("administrator"), people.organisations["worcestershire"]
    member, house = people.memberships["worcestershire", "provider"], first.locations.get()

    others = {
        f"people/{member.pk}/role": lambda: Membership.objects.filter(pk=member.pk).update(organisation=second),
        f"organisations/{voluntary.pk}": lambda: Organisation.objects.filter(pk=voluntary.pk).update(reference="V-7"),
        f"locations/{house.pk}": lambda: first.locations.update(reference="L-7"),
    }
    for place, other in others.items():
        monkeypatch.setattr("careshape.work.api.given.lock_rows", lambda rows, other=other: other() and lock_rows(rows))
        sent = {"role": "provider"} if place.startswith("people") else {"name": "House"}
        assert send(client, place, sent).status_code == 200
    for row in (member, voluntary, house):
        row.refresh_from_db()
    assert (member.organisation_id, voluntary.reference, house.reference) == (second.pk, "V-7", "L-7")


def test_background_work_is_seen_cancelled_and_tried_again(asking, people) -> None:
    member = people.memberships["worcestershire", "analyst"]
    now = timezone.now()
    job = Job.objects.create(
        council="worcestershire", kind="work.nothing", key=secrets.token_hex(8), run_after=now, created_at=now,
        started_by=member.account, membership=member,
    )  # fmt: skip
    client = asking("administrator")
    assert [one["id"] for one in client.get(f"{ROOT}/jobs").json()["items"]] == [job.pk]
    assert send(client, f"jobs/{job.pk}/retry").status_code == 409
    assert send(client, f"jobs/{job.pk}/cancel").json()["state"] == "cancelled"
    assert send(asking("analyst"), f"jobs/{job.pk}/retry").json()["state"] == "queued"
    assert asking("broker").get(f"{ROOT}/jobs").json()["total"] == 0


def test_a_token_of_somebody_else_is_seen_and_revoked(asking, signed_in) -> None:
    theirs, client = asking("analyst"), asking("administrator")
    pk = Token.objects.earliest("pk").pk
    listed = client.get(f"{ROOT}/tokens").json()["items"]
    assert {one["state"] for one in listed} == {"Good"}
    assert "digest" not in str(listed)
    assert send(asking("auditor"), f"tokens/{pk}/revoke").status_code == 403
    assert theirs.get(f"{ROOT}/me").status_code == 200
    assert send(client, f"tokens/{pk}/revoke").json() == {"id": pk, "done": "revoked"}
    assert theirs.get(f"{ROOT}/me").status_code == 401


def test_tokens_of_others_have_a_page(asking, signed_in, people) -> None:
    theirs = asking("analyst")
    pk = Token.objects.get().pk
    client = signed_in("administrator")
    assert "Tokens of the council" in client.get("/work/people/tokens/").content.decode()
    assert b"Analyst worcestershire,Good" in client.get("/work/people/tokens.csv").content
    account = people.account("analyst")
    for active, status, state in ((False, 401, INACTIVE), (True, 200, GOOD)):
        account.is_active = active
        account.save()
        assert theirs.get(f"{ROOT}/me").status_code == status
        assert state_of(Token.objects.get(pk=pk)) == state
    assert "Do you want to revoke" in client.get(f"/work/people/tokens/{pk}/revoke/").content.decode()
    client.post(f"/work/people/tokens/{pk}/revoke/")
    assert theirs.get(f"{ROOT}/me").status_code == 401
    assert "is revoked" in client.get("/work/people/tokens/").content.decode()


def test_a_token_that_ends_access_is_good_for_a_short_time_only(people, data) -> None:
    principal = people.principal("administrator")
    with pytest.raises(CallError, match="30 days at most"):
        make(principal, "leavers", ["accounts.end"], 90)
    _, text = make(principal, "leavers", ["accounts.end"], 30)
    assert principal_of_token(text).acts == {"accounts.end"}
    assert Token.objects.get().expires_at < timezone.now() + timedelta(days=31)
