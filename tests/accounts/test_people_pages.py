"""The list of people, and the registers of teams and organisations."""

from __future__ import annotations

import csv
import io
import re

import pytest

from careshape.accounts.end import end_access
from careshape.accounts.invite import invite
from careshape.accounts.models import Account, Invitation, Membership, Organisation, OrganisationLocation, Team
from careshape.audit.change import SYSTEM
from careshape.audit.models import Event
from tests.accounts.signing import signed_in


@pytest.fixture
def administrator(people):
    return signed_in(people.account("administrator"))


def names(client, asked: str = "") -> list[str]:
    page = client.get(f"/work/people/{asked}").content.decode()
    found = re.search(r"<tbody.*?</tbody>", page, re.DOTALL)
    return re.findall(r'scope="row"[^>]*><a[^>]*>([^<]+)</a>', found[0]) if found else []


def test_list_shows_the_people_of_the_council_and_nobody_elses(people, administrator):
    shown = names(administrator)
    assert len(shown) == 10
    assert "Broker worcestershire" in shown
    assert not any("thurrock" in one for one in shown)
    assert shown == sorted(shown, key=str.lower)
    assert Event.objects.filter(act="accounts.read", outcome="read", object="people").count() == 1


def test_list_is_searched_filtered_and_sorted(people, administrator):
    invite(SYSTEM, people.councils["worcestershire"], "invited@example.org", "broker")
    end_access(people.principal("administrator"), people.memberships["worcestershire", "finance"])
    invitation = f"Invitation {Invitation.objects.get().pk}"
    assert names(administrator, "?q=BROKER+worcestershire.example") == ["Broker worcestershire"]
    assert names(administrator, "?role=Broker") == ["Broker worcestershire", invitation]
    assert names(administrator, "?status=Invited") == [invitation] == names(administrator, "?q=invited@example")
    assert names(administrator, "?status=Access+ended") == ["Finance worcestershire"]
    assert "Finance worcestershire" not in names(administrator)
    assert names(administrator, "?q=finance") == ["Finance worcestershire"]
    assert names(administrator, "?q=zebra") == []
    assert b"None of 11 fits" in administrator.get("/work/people/?q=zebra").content
    down = names(administrator, "?sort=role&order=down")
    assert down[0] == "Voluntary organisation worcestershire"


@pytest.mark.parametrize("asked", ["page=9999999", "page=-1", "page=x", "sort=password", "role=%00", "q=%27%22%3C"])
def test_odd_questions_are_answered(administrator, asked):
    assert administrator.get(f"/work/people/?{asked}").status_code == 200


def test_list_comes_in_pages_of_few_queries(people, administrator, django_assert_max_num_queries):
    council = people.councils["worcestershire"]
    accounts = Account.objects.bulk_create(
        Account(email=f"p{number}@example.org", name=f"Person {number:03}", password="!") for number in range(60)
    )
    Membership.objects.bulk_create(Membership(account=one, council=council, role="broker") for one in accounts)
    with django_assert_max_num_queries(30):
        first = names(administrator)
    assert len(first) == 25
    assert len(names(administrator, "?page=3")) == 20
    assert not set(first) & set(names(administrator, "?page=2"))


def test_download_is_the_list_as_it_is_filtered_and_nothing_in_it_runs(people, administrator):
    account = people.account("broker")
    account.name = "=HYPERLINK(1)"
    account.save()
    answer = administrator.get("/work/people.csv?role=Broker")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["email"] for row in rows] == [account.email]
    assert rows[0]["name"] == "'=HYPERLINK(1)"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_names_are_shown_as_text(people, administrator):
    account = people.account("broker")
    account.name = "<script>alert(1)</script>"
    account.save()
    row = people.memberships["worcestershire", "broker"]
    for path in ("/work/people/", f"/work/people/{row.pk}/", f"/work/people/{row.pk}/end/"):
        assert b"<script>alert" not in administrator.get(path).content


def test_auditor_reads_and_changes_nothing(people):
    client = signed_in(people.account("auditor"))
    row = people.memberships["worcestershire", "broker"]
    page = client.get("/work/people/").content
    assert b"Invite a person" not in page
    assert b"End access" not in client.get(f"/work/people/{row.pk}/").content
    for path in (f"/work/people/{row.pk}/end/", "/work/people/invite/", "/work/teams/new/", "/work/organisations/new/"):
        assert client.post(path, {}).status_code == 403


def test_teams_are_added_renamed_and_removed(people, administrator):
    assert administrator.post("/work/teams/new/", {"name": "  East   side "}).status_code == 302
    team = Team.objects.get(name="East side")
    assert administrator.post("/work/teams/new/", {"name": "east SIDE"}).status_code == 422
    assert administrator.post(f"/work/teams/{team.pk}/", {"name": "West"}).status_code == 302
    assert administrator.post(f"/work/teams/{team.pk}/", {"remove": "yes"}).status_code == 302
    assert not Team.objects.filter(pk=team.pk).exists()
    peopled = people.teams["worcestershire"][0]
    assert administrator.post(f"/work/teams/{peopled.pk}/", {"remove": "yes"}).status_code == 422
    theirs = people.teams["thurrock"][0]
    assert administrator.post(f"/work/teams/{theirs.pk}/", {"name": "Ours"}).status_code == 404


def test_organisations_and_their_locations_are_kept(people, administrator):
    given = {"kind": "provider", "name": "Synthetic provider W-009", "reference": "W-009"}
    answer = administrator.post("/work/organisations/new/", given)
    row = Organisation.objects.get(name="Synthetic provider W-009")
    assert answer.headers["Location"] == f"/work/organisations/{row.pk}/"
    assert administrator.post("/work/organisations/new/", given).status_code == 422
    place = {"name": "Second house", "reference": ""}
    assert administrator.post(f"/work/organisations/{row.pk}/locations/new/", place).status_code == 302
    location = OrganisationLocation.objects.get(organisation=row)
    assert administrator.post(f"/work/locations/{location.pk}/", {**place, "name": "Third house"}).status_code == 302
    page = administrator.get(f"/work/organisations/{row.pk}/").content
    assert b"Third house" in page
    assert b"Synthetic provider W-009" in administrator.get("/work/organisations/?q=w-009").content
    assert "W-009" in administrator.get("/work/organisations.csv").content.decode()
    answered = people.memberships["worcestershire", "provider"].organisation
    changed = {"kind": "voluntary", "name": answered.name, "reference": ""}
    assert administrator.post(f"/work/organisations/{answered.pk}/change/", changed).status_code == 422


def test_organisations_of_another_council_are_not_there(people, administrator):
    theirs = people.organisations["thurrock"][0]
    place = theirs.locations.get()
    for path in (f"/work/organisations/{theirs.pk}/", f"/work/organisations/{theirs.pk}/change/",
                 f"/work/organisations/{theirs.pk}/locations/new/", f"/work/locations/{place.pk}/"):  # fmt: skip
        assert administrator.get(path).status_code == 404


def test_person_is_invited_for_locations_of_an_organisation(people, administrator, mailoutbox):
    owner = people.organisations["worcestershire"][0]
    place = owner.locations.get()
    page = administrator.get(f"/work/people/invite/?organisation={owner.pk}").content.decode()
    assert place.name in page
    answer = administrator.post(
        f"/work/people/invite/?organisation={owner.pk}",
        {"email": "house@example.org", "role": "provider", "organisation": owner.pk, "locations": [place.pk]},
    )
    assert answer.status_code == 302, answer.content.decode()
    path = re.search(r"(/sign-in/invitation/\S+)", mailoutbox[0].body)[1]
    from django.test import Client

    Client().post(path, {"name": "House Keeper", "password": "a new password of tests"})
    assert list(Membership.objects.get(account__email="house@example.org").locations.all()) == [place]


def test_colleagues_are_those_of_ones_own_team_or_organisation_without_their_particulars(people):
    council, (north, south) = people.councils["worcestershire"], people.teams["worcestershire"]
    stranger = Account.objects.create_user("stranger@example.org", None, name="Somebody of the south")
    away = Membership.objects.create(account=stranger, council=council, role="broker", team=south)
    broker = signed_in(people.account("broker"))
    text = broker.get("/work/colleagues/").content.decode()
    assert "Finance worcestershire" in text
    assert "Somebody of the south" not in text
    assert "finance@worcestershire.example" not in text
    assert broker.get(f"/work/colleagues/{away.pk}/").status_code == 404
    assert broker.get(f"/work/colleagues/{people.memberships['thurrock', 'broker'].pk}/").status_code == 404
    assert broker.get("/work/colleagues.csv").content.decode().splitlines()[0] == "name,role"
    Membership.objects.filter(account=people.account("broker")).update(team=None)
    nobody = Membership.objects.create(
        account=Account.objects.create_user("x@example.org", None, name="Also in no team"), council=council,
        role="finance",
    )  # fmt: skip
    assert b"You are in no team yet" in broker.get("/work/colleagues/").content, "none shares a team with none"
    assert broker.get(f"/work/colleagues/{nobody.pk}/").status_code == 404
    assert north.memberships.exists()


def test_who_answers_for_one_location_does_not_see_the_others(people):
    row = people.memberships["worcestershire", "provider"]
    first = row.organisation.locations.get()
    second = OrganisationLocation.objects.create(organisation=row.organisation, name="Second location")
    client = signed_in(row.account)
    assert b"Second location" in client.get("/work/organisation/").content, "limited to none, they answer for all"
    row.locations.set([first])
    text = client.get("/work/organisation/").content.decode()
    assert "First location" in text
    assert "Second location" not in text
    assert second.organisation == first.organisation


def test_auditor_sees_who_had_access_and_no_particulars(people):
    invite(SYSTEM, people.councils["worcestershire"], "invited@example.org", "broker")
    broker = people.memberships["worcestershire", "broker"]
    pages = {}
    for role in ("auditor", "administrator"):
        client = signed_in(people.account(role))
        paths = ("/work/people/", "/work/people.csv", f"/work/people/{broker.pk}/",
                 f"/work/people/invitations/{Invitation.objects.get().pk}/",
                 "/work/people/?q=broker@worcestershire", "/work/search/?q=broker@worcestershire")  # fmt: skip
        pages[role] = [client.get(path).content.decode() for path in paths]
    for text in pages["auditor"]:
        assert "broker@worcestershire.example" not in text
        assert "invited@example.org" not in text
        assert "Last signed in" not in text
    assert "Broker worcestershire" in pages["auditor"][0]
    assert "Broker worcestershire" not in "".join(pages["auditor"][4:]), "nobody is found by what is not shown"
    assert "broker@worcestershire.example" in pages["administrator"][1]
    assert "Last signed in" in pages["administrator"][2]
    assert "invited@example.org" in pages["administrator"][3]
    assert "Broker worcestershire" in pages["administrator"][5]
