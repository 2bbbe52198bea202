"""A provider follows a section, is told what changed in words, comments, and is answered."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from html import unescape
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from careshape.accounts.end import end_access
from careshape.accounts.models import Account, Message
from careshape.accounts.sealed import opened
from careshape.audit.models import Event
from careshape.editions.folders import edition_path
from careshape.errors import CallError
from careshape.jobs.models import Job
from careshape.privacy.erase import erase_account
from careshape.readers import background, feed_views, tell
from careshape.readers import follow as follow_module
from careshape.readers import released as released_module
from careshape.readers.comment import A_DAY
from careshape.readers.feed import ATOM, Entry, atom
from careshape.readers.follow import Wish, follow, stop, token
from careshape.readers.models import Comment, Follow, Notice, What
from tests.readers.conftest import COUNCIL

CHANGES = f"/{COUNCIL}/editions/2/changes/"
MOVED = "People in long-term care homes, 31 March 2021: 9, was 5 (4 more)"


@pytest.fixture
def provider(people):
    return people.principal("provider")


def mails() -> list[dict[str, str]]:
    """The mails to readers: not those to who must agree or release an edition."""
    every = [json.loads(opened(row.content)) for row in Message.objects.order_by("pk")]
    return [one for one in every if "/work/editions/" not in one["text"]]


def test_provider_is_told_of_a_change_comments_and_is_answered(releases, signed_in, people, home):
    client = signed_in("provider")
    first = releases(1)
    page = client.get("/work/following/add/?what=segment&segment=care-homes").content.decode()
    assert '<option value="care-homes" selected' in page
    answer = client.post("/work/following/add/", {"what": "segment", "segment": "care-homes"}, follow=True)
    assert "You follow it: care homes" in answer.content.decode()
    assert tell.tell(first) == 0, "it was released before anybody followed"

    second = releases(2)
    assert tell.tell(second) == 1
    (mail,) = mails()
    assert mail["to"] == people.account("provider").email
    assert f"{CHANGES}\n" in mail["text"]
    assert "There is much more" not in mail["text"], "of another section"
    assert "People in long-term care homes, Wychavon, 31 March 2021: 7, was 3 (4 more)" in mail["text"]
    assert mail["text"].count(MOVED) == 1, "it stands in the text and in a table, and is told once"

    shown = client.get(f"/{COUNCIL}/editions/2/statement/care-homes/").content.decode()
    assert f'href="{CHANGES}?section=Care' in shown
    said = {"edition": "2", "section": "care-homes/need", "text": "We could take four more people in Redditch."}
    answer = client.post("/work/comments/new/", said, follow=True)
    assert "Waits for an answer" in answer.content.decode()
    assert said["text"] not in Client().get(f"/{COUNCIL}/editions/2/comments/").content.decode()

    staff = signed_in("commissioner")
    assert "1 comment waits for your answer" in staff.get("/work/").content.decode()
    row = Comment.objects.get()
    assert said["text"] in staff.get(f"/work/answers/{row.pk}/").content.decode()
    bad = staff.post(f"/work/answers/{row.pk}/", {"answer": "Thank you for this.", "publish": ""})
    assert "Choose who may read it." in bad.content.decode()
    staff.post(f"/work/answers/{row.pk}/", {"answer": "Thank you, we will call you.", "publish": "yes"})
    public = Client().get(f"/{COUNCIL}/editions/2/comments/").content.decode()
    assert "A provider" in public
    assert "We could take four more people" in public
    assert "we will call you" in public
    assert people.account("provider").name not in public
    assert people.organisations[COUNCIL][0].name not in public
    assert mails()[-1]["to"] == mail["to"]
    assert "The council has answered" in mails()[-1]["subject"]
    assert "we will call you" in client.get(f"/work/comments/{row.pk}/").content.decode()
    staff.post(f"/work/answers/{row.pk}/settle/")
    assert "we will call you" not in Client().get(f"/{COUNCIL}/editions/2/comments/").content.decode()


def test_one_mail_a_follower_and_edition_however_often_it_is_tried(releases, provider, people, monkeypatch):
    releases(1)
    follow(provider, Wish(What.STATEMENT))
    follow(provider, Wish(What.SEGMENT, segment="care-homes"))
    follow(people.principal("voluntary"), Wish(What.STATEMENT))
    row = releases(2)
    background._started.clear()
    background.start_telling()
    background._started.clear()
    background.start_telling()
    assert Job.objects.filter(kind=background.KIND, arguments={"edition": 2}).count() == 1
    whole, calls = tell.tell_one, []

    def killed(*given):
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(*given)

    monkeypatch.setattr(tell, "tell_one", killed)
    with pytest.raises(KeyboardInterrupt):
        tell.tell(row)
    assert len(mails()) == 1
    monkeypatch.setattr(tell, "tell_one", whole)
    assert [tell.tell(row), tell.tell(row)] == [1, 0]
    assert len({mail["to"] for mail in mails()}) == len(mails()) == 2
    # Another worker that has the list from before does nothing either.
    assert not tell.tell_one(provider.account, row, None, tell.said(tell.Home(tell.settings.CARESHAPE_DIR), COUNCIL, 2))
    assert Event.objects.filter(act=tell.ACT).count() == Notice.objects.count() == 2


def test_nobody_is_written_to_of_what_did_not_change_for_them_or_after_they_stopped_or_left(releases, people, provider):
    releases(1)
    wishes = {
        "provider": Wish(What.SEGMENT, segment="population"),
        "voluntary": Wish(What.STATEMENT),
        "broker": Wish(What.STATEMENT),
        "finance": Wish(What.WANTED, service="day-services"),
        "analyst": Wish(What.WANTED, service="nursing", area="wychavon"),
    }
    rows = {role: follow(people.principal(role), wish) for role, wish in wishes.items()}
    stop(people.principal("voluntary"), rows["voluntary"])
    end_access(people.principal("administrator"), people.memberships[COUNCIL, "broker"])
    row = releases(2)
    assert tell.tell(row) == 1
    assert [one["to"] for one in mails()] == [people.account("analyst").email]
    assert sorted(Notice.objects.values_list("account__email", "changes"))[1:] == [
        (people.account("finance").email, 0), (people.account("provider").email, 0)
    ]  # fmt: skip


def test_who_stops_while_mails_are_written_and_what_was_followed_later_are_left_alone(releases, provider):
    first = releases(1)
    said = tell.said(tell.Home(tell.settings.CARESHAPE_DIR), COUNCIL, 1)
    row = follow(provider, Wish(What.STATEMENT))
    assert not tell.tell_one(provider.account, first, None, said), "it was released before"
    Follow.objects.update(began_at=first.released_at)
    stop(provider, row)
    assert not tell.tell_one(provider.account, first, None, said), "it was stopped meanwhile"
    assert mails() == []


def test_following_can_be_stopped_when_the_folder_of_the_edition_is_gone(releases, signed_in, provider, home):
    releases(1)
    row = follow(provider, Wish(What.SEGMENT, segment="care-homes"))
    shutil.rmtree(edition_path(home, COUNCIL, 1))
    client = signed_in("provider")
    assert client.get(f"/work/following/{row.pk}/").status_code == 200
    assert client.post(f"/work/following/{row.pk}/stop/", follow=True).status_code == 200
    assert Follow.objects.get().stopped_at is not None


def test_mails_stop_by_the_link_in_one_and_go_on_again(releases, provider, home, monkeypatch):
    releases(1)
    follow(provider, Wish(What.STATEMENT))
    address = f"/following/stop/{token(provider.account, COUNCIL)}/"
    client = Client()
    assert "Do you want no more of these mails?" in client.get(address).content.decode()
    assert Follow.objects.get().stopped_at is None, "a look changes nothing: mail programs open links"
    early = follow(provider, Wish(What.SEGMENT, segment="care-homes"))
    stop(provider, early)
    early.refresh_from_db()
    page = client.post(address).content.decode()
    assert "The mails are stopped" in page
    assert Follow.objects.filter(stopped_at__isnull=True).count() == 0
    early_stop = early.stopped_at
    early.refresh_from_db()
    assert early.stopped_at == early_stop, "what was stopped before keeps its day"
    back = re.search(r'name="back"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="back"', page)
    assert back is not None
    value = unescape(back[1] or back[2])
    assert "Send me these mails again" not in client.get(address).content.decode()
    client.post(address, {"back": "1"})
    assert Follow.objects.filter(stopped_at__isnull=True).count() == 0, "no more is taken back than was stopped here"
    with monkeypatch.context() as later:
        later.setattr(follow_module, "BACK_FOR", timedelta(seconds=-1))
        client.post(address, {"back": value})
        assert Follow.objects.filter(stopped_at__isnull=True).count() == 0
    assert "again" in client.post(address, {"back": value}).content.decode()
    assert [one.what for one in Follow.objects.filter(stopped_at__isnull=True)] == ["statement"]
    assert client.get(f"{address[:-3]}xx/").status_code == 410


def test_changes_page_is_everybodys_says_what_moved_and_can_be_downloaded(releases, home):
    client = Client()
    releases(1)
    assert client.get(CHANGES).status_code == 404
    assert "This is the first edition." in client.get(f"/{COUNCIL}/editions/1/changes/").content.decode()
    releases(2)
    page = client.get(f"{CHANGES}?since=1&section=Shared+Lives").content.decode()
    assert "There is much more than there was." in page
    assert "It said: There is some." in page
    text = client.get(f"/{COUNCIL}/editions/2/changes.csv").content.decode("utf-8-sig")
    assert text.startswith("section,change,kind,was,now,")
    assert "Care homes" in text
    assert client.get(f"/{COUNCIL}/editions/2/changes.exe").status_code == 404
    assert client.get("/thurrock/editions/2/changes/").status_code == 404


def test_feeds_are_atom_with_names_that_stay_and_answer_unchanged(releases, home):
    releases(1)
    client = Client()
    first = client.get(f"/{COUNCIL}/feed.xml")
    releases(2)
    answer = client.get(f"/{COUNCIL}/feed.xml")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed, early = (ElementTree.fromstring(one.content) for one in (answer, first))
    entries = feed.findall(f"{{{ATOM}}}entry")
    for one in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{{{ATOM}}}{name}")) == 1
    names = [one.findtext(f"{{{ATOM}}}id") for one in entries]
    assert len(set(names)) == 2
    assert names[1] == early.findtext(f"{{{ATOM}}}entry/{{{ATOM}}}id"), "the name of an entry stays"
    assert next(one.get("href") for one in feed.findall(f"{{{ATOM}}}link") if one.get("rel") == "self").endswith(
        f"/{COUNCIL}/feed.xml"
    )
    assert "There is much more than there was." in entries[0].findtext(f"{{{ATOM}}}summary")
    assert client.get(f"/{COUNCIL}/feed.xml", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    # A segment in which nothing changed has no entry of the second edition.
    still = ElementTree.fromstring(client.get(f"/{COUNCIL}/editions/feed/population.xml").content)
    assert len(still.findall(f"{{{ATOM}}}entry")) == 1
    assert client.get(f"/{COUNCIL}/editions/feed/nothing.xml").status_code == 404


def test_feed_that_has_not_changed_reads_no_edition_and_compares_none_twice(releases, home, monkeypatch):
    releases(1)
    releases(2)
    client = Client()
    etag = client.get(f"/{COUNCIL}/feed.xml")["ETag"]
    monkeypatch.setattr(released_module, "changes", None)
    assert client.get(f"/{COUNCIL}/feed.xml").status_code == 200, "it is known what changed"
    monkeypatch.setattr(feed_views, "compared", None)
    assert client.get(f"/{COUNCIL}/feed.xml", headers={"If-None-Match": etag}).status_code == 304


def test_feed_is_well_formed_whatever_an_edition_says():
    entry = Entry("urn:x", "A\x08B", datetime(2026, 1, 1, tzinfo=UTC), "/", "C\x00\ufffeD\ntwo")
    content = atom("urn:y", "T", "Council", "/feed.xml", "/", entry.updated, [entry])
    (found,) = ElementTree.fromstring(content).findall(f"{{{ATOM}}}entry")
    assert (found.findtext(f"{{{ATOM}}}title"), found.findtext(f"{{{ATOM}}}summary")) == ("AB", "CD\ntwo")


def test_comments_are_limited_in_length_number_and_place(releases, signed_in, people):
    releases(1)
    client = signed_in("provider")
    good = {"edition": "1", "section": "care-homes/need"}
    for text, said in (("short", "10 characters or more"), ("x" * 2001, "has 2,001 characters"), ("\x00" * 30, "more")):
        answer = client.post("/work/comments/new/", {**good, "text": text})
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    answer = client.post("/work/comments/new/", {**good, "section": "nothing/need", "text": "Is it there at all?"})
    assert "no such section" in answer.content.decode()
    for n in range(A_DAY):
        client.post("/work/comments/new/", {**good, "text": f"<b>Comment</b> {n} of this day"})
    answer = client.post("/work/comments/new/", {**good, "text": "One comment more of this day"})
    assert "Write on tomorrow" in answer.content.decode()
    assert Comment.objects.count() == A_DAY
    row = Comment.objects.first()
    assert "&lt;b&gt;Comment&lt;/b&gt;" in client.get(f"/work/comments/{row.pk}/").content.decode()
    Comment.objects.update(made_at=timezone.now() - timedelta(days=2))
    again = client.post("/work/comments/new/", {**good, "text": "<b>Comment</b> 1 of this day"})
    assert "said this already" in again.content.decode()


def test_own_comments_are_ones_own_and_can_be_taken_back(releases, signed_in, people):
    releases(1)
    client = signed_in("provider")
    client.post(
        "/work/comments/new/", {"edition": "1", "section": "care-homes/need", "text": "Something to be said of it."}
    )
    row = Comment.objects.get()
    assert signed_in("voluntary").get(f"/work/comments/{row.pk}/").status_code == 404
    assert signed_in("provider", "thurrock").get(f"/work/comments/{row.pk}/").status_code == 404
    assert signed_in("provider").get(f"/work/answers/{row.pk}/").status_code == 403
    client.post(f"/work/comments/{row.pk}/withdraw/")
    assert signed_in("commissioner").get(f"/work/answers/{row.pk}/").status_code == 404
    client.post(f"/work/comments/{row.pk}/withdraw/", {"back": "1"})
    assert signed_in("commissioner").get(f"/work/answers/{row.pk}/").status_code == 200


def test_what_somebody_follows_and_said_goes_with_their_account(releases, signed_in, people, provider):
    releases(1)
    follow(provider, Wish(What.STATEMENT))
    signed_in("provider").post(
        "/work/comments/new/", {"edition": "1", "section": "care-homes/need", "text": "Something to be said of it."}
    )
    tell.tell(releases(2))
    erase_account(Account.objects.get(pk=provider.account))
    assert [one.objects.count() for one in (Follow, Notice, Comment)] == [0, 0, 0]
    assert mails() == [], "what waited was taken back"


def test_what_cannot_be_followed_is_said(releases, signed_in, provider):
    releases(1)
    client = signed_in("provider")
    for given, said in (
        ({}, "Choose what you wish to follow."),
        ({"what": "segment"}, "Choose the section"),
        ({"what": "segment", "segment": "nothing"}, "no such section"),
        ({"what": "wanted", "service": "nothing"}, "Choose the service"),
        ({"what": "wanted", "service": "nursing", "area": "nowhere"}, "no such area"),
    ):
        answer = client.post("/work/following/add/", given)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), given
    with pytest.raises(CallError):
        Wish(What.WANTED)
    assert Follow.objects.count() == 0


def test_all_that_is_wrong_with_a_comment_is_told_at_once(releases, signed_in):
    releases(1)
    answer = signed_in("provider").post("/work/comments/new/", {"edition": "1", "text": "Short"})
    content = answer.content.decode()
    assert answer.status_code == 422
    for said in ("Choose the section that your comment is about", "Write your comment in"):
        assert content.count(said) == 2, "in the summary, and at its field"
    assert Comment.objects.count() == 0


def test_edition_has_the_page_to_find_care_with_figures_that_passed_the_gate(releases, home):
    releases(1)
    content = Client().get(f"/{COUNCIL}/editions/1/find-care/").content.decode()
    assert "A care home with nurses" in content
    assert "People who had it: 4" in content
    # One person has care at home, which the rule of these tests keeps back.
    assert "People who had it: suppressed" in content
