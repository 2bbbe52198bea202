"""How somebody comes to follow a statement: from its pages, with or without an account, and what they are told then."""

from __future__ import annotations

import json
from html import unescape

import pytest
from django.test import Client

from careshape.accounts.models import Message
from careshape.accounts.sealed import opened
from careshape.editions.folders import MANIFEST, edition_path
from careshape.editions.models import Edition
from careshape.errors import CallError
from careshape.readers import tell
from careshape.readers.follow import Wish, areas_of, follow
from careshape.readers.models import Follow, Notice, What
from tests.readers.conftest import COUNCIL

PART = f"/{COUNCIL}/take-part/"


def read(path: str) -> str:
    answer = Client(SERVER_NAME="localhost").get(path)
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


def mails() -> list[str]:
    every = [json.loads(opened(row.content)) for row in Message.objects.order_by("pk")]
    return [one["text"] for one in every if "/work/editions/" not in one["text"]]


def test_who_has_no_account_learns_whom_to_ask_and_which_feed_needs_none(releases, home):
    text = home.council_path(COUNCIL) / "statement" / "statement.toml"
    releases(1)
    page = read(f"{PART}?do=follow&segment=care-homes")
    assert "Follow “Care homes”" in page
    assert f'href="/{COUNCIL}/editions/feed/care-homes.xml"' in page
    assert "The statement does not say whom to ask" in page, "it did not when it was released"
    assert "[contact]" not in text.read_text("utf-8")
    said = read(f"{PART}?do=comment&edition=1&section=care-homes/need")
    assert "Comment on “Care homes: What is needed”" in said
    assert "feed.xml" not in said.partition("<main")[2]
    assert "%2Fwork%2Fcomments%2Fnew%2F%3Fedition%3D1%26section%3Dcare-homes%252Fneed" in said, "and back to it"
    assert "Follow the statement" in read(f"{PART}?do=dance&segment=nowhere")


def test_contact_of_the_statement_is_the_one_to_ask(home, db):
    text = home.council_path(COUNCIL) / "statement" / "statement.toml"
    contact = '\n[contact]\nteam = "Adult commissioning team"\nemail = "market@council.example"\n'
    text.write_text(text.read_text("utf-8") + contact, "utf-8")
    assert "Adult commissioning team" in read(f"{PART}?do=follow")


def test_pages_lead_there_and_who_signed_in_is_sent_on(releases, signed_in):
    releases(1)
    edition = read(f"/{COUNCIL}/editions/1/statement/care-homes/")
    assert f'href="{PART}?do=follow&segment=care-homes"' in edition
    assert f'href="{PART}?do=comment&edition=1&section=care-homes/' in edition
    there = signed_in("provider").get(f"{PART}?do=follow&segment=care-homes").headers["Location"]
    assert there == "/work/following/add/?what=segment&segment=care-homes"
    elsewhere = signed_in("provider", "thurrock").get(f"{PART}?do=comment&edition=1&section=care-homes/need")
    assert "You are signed in, but not for" in elsewhere.content.decode()
    # Older pages lead to where one signs in, which says what for.
    asked = Client(SERVER_NAME="localhost").get("/work/following/add/?what=segment&segment=care-homes", follow=True)
    assert "To follow the statement you sign in first" in asked.content.decode()
    assert 'href="/help/#take-part"' in asked.content.decode()
    assert 'id="take-part"' in read("/help/")


def test_who_would_comment_is_led_on_from_the_open_statement_with_and_without_an_edition(releases, signed_in, home):
    """The pages of the day are no edition: a comment is made on the latest one, before the first nobody is stuck."""
    text = home.council_path(COUNCIL) / "statement" / "statement.toml"
    contact = '\n[contact]\nteam = "Adult commissioning team"\nemail = "market@council.example"\n'
    text.write_text(text.read_text("utf-8") + contact, "utf-8")
    assert f'href="{PART}?do=comment&section=care-homes/need"' in read(f"/{COUNCIL}/statement/care-homes/")
    client = signed_in("provider")
    stuck = client.get(f"{PART}?do=comment&section=care-homes/need", follow=True).content.decode()
    assert 'href="mailto:market@council.example"' in stuck
    assert 'href="/work/following/add/?what=statement"' in stuck
    releases(1)
    form = client.get(f"{PART}?do=comment&section=care-homes/need", follow=True).content.decode()
    assert '<option value="care-homes/need" selected' in form


def test_section_is_followed_by_its_title_before_a_first_edition(signed_in, home):
    client = signed_in("provider")
    page = client.get("/work/following/add/?what=segment&segment=care-homes").content.decode()
    assert '<option value="care-homes" selected' in page
    assert "No edition has been released yet" in page
    made = client.post("/work/following/add/", {"what": "segment", "segment": "care-homes"}, follow=True)
    assert "You follow it: care homes." in made.content.decode()
    assert "care-homes" not in made.content.decode().partition("<main")[2]
    wrong = client.post("/work/following/add/", {"what": "segment", "segment": "castles"})
    assert "no such section" in wrong.content.decode()


def test_areas_are_those_of_the_council_with_its_zones(signed_in, people):
    page = signed_in("provider").get("/work/following/add/").content.decode()
    assert '<option value="redditch"' in page
    assert '<option value="bromsgrove-zone"' in page
    assert '<option value="thurrock"' not in page
    assert '<option value="adur"' not in page
    zone = follow(people.principal("provider"), Wish(What.WANTED, service="home-care", area="bromsgrove-zone"))
    assert "Bromsgrove zone" in signed_in("provider").get(f"/work/following/{zone.pk}/").content.decode()
    with pytest.raises(CallError, match="no such area"):
        follow(people.principal("provider"), Wish(What.WANTED, service="home-care", area="thurrock"))
    assert [one for one, _ in areas_of("thurrock")] == ["thurrock"] or dict(areas_of("thurrock"))


def test_mail_of_a_first_edition_says_what_it_holds_of_what_one_follows(releases, people):
    provider = people.principal("provider")
    follow(provider, Wish(What.STATEMENT))
    follow(provider, Wish(What.SEGMENT, segment="care-homes"))
    follow(provider, Wish(What.SEGMENT, segment="castles"))
    follow(provider, Wish(What.WANTED, service="home-care", area="redditch"))
    assert tell.tell(releases(1)) == 1
    (text,) = mails()
    assert "- Care homes\n" in text
    assert f"/{COUNCIL}/editions/1/statement/care-homes/" in text
    assert "- The whole statement:" in text
    assert f"/{COUNCIL}/editions/1/may-i-build/?service=home-care&area=redditch" in text
    assert "castles: it is not in it" in text
    assert Notice.objects.get().changes == 3


def test_home_page_tells_of_an_edition_that_touches_what_one_follows_until_it_is_read(releases, signed_in, people):
    first = releases(1)
    follow(people.principal("provider"), Wish(What.SEGMENT, segment="care-homes"))
    follow(people.principal("voluntary"), Wish(What.WANTED, service="day-services"))
    tell.tell(first)
    client = signed_in("provider")
    assert "in what you follow." not in client.get("/work/").content.decode(), "it was released before they followed"
    assert tell.tell(releases(2)) == 1
    assert "Edition 2 changes" in client.get("/work/").content.decode()
    assert f'href="/{COUNCIL}/editions/2/changes/"' in client.get("/work/following/").content.decode()
    assert "Edition 2 changes" not in signed_in("voluntary").get("/work/").content.decode(), "nothing of theirs changed"
    client.post("/work/following/")
    assert "Edition 2 changes" not in client.get("/work/").content.decode()
    assert "I have read" not in client.get("/work/following/").content.decode()
    assert Follow.objects.count() == Edition.objects.count() == 2


def test_page_that_an_edition_does_not_have_leads_to_the_one_that_has(releases, home):
    """A page was taken out between two editions: the older one keeps it."""
    file = edition_path(home, COUNCIL, 2) / MANIFEST
    manifest = json.loads(file.read_text("utf-8"))
    del manifest["pages"]["statement/shared-lives/index.html"]
    file.write_text(json.dumps(manifest), "utf-8")
    releases(1)
    releases(2)
    client = Client(SERVER_NAME="localhost")
    gone = client.get(f"/{COUNCIL}/latest/statement/shared-lives/", follow=True)
    assert gone.status_code == 404
    page = gone.content.decode()
    assert "This page is not in edition 2" in page
    assert f'href="/{COUNCIL}/editions/1/statement/shared-lives/"' in page
    assert "Shared Lives" in read(f"/{COUNCIL}/editions/1/statement/shared-lives/")
    nowhere = client.get(f"/{COUNCIL}/editions/2/statement/nowhere/")
    assert nowhere.status_code == 404
    assert "is not in edition" not in nowhere.content.decode()
