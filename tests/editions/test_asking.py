"""The latest edition can be asked: it answers with what the gate let be shown when it was made, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from careshape.accounts.signing_in import CONFIRMED
from careshape.editions.begin import record
from careshape.editions.bound import NOT_HELD, _bound, bound
from careshape.editions.folders import LIVE, MANIFEST, PAGES, digest, edition_path
from careshape.editions.settle import agree, release
from careshape.home import Home
from careshape.statement.council import open_council
from careshape.statement.design.wanted import _in_one_place
from careshape.statement.figures import FigureBook
from careshape.statement.formatting import Withheld

COUNCIL = "worcestershire"
EDITION = f"/{COUNCIL}/editions/1/"
HOUSING = "service=extra-care-housing"


@pytest.fixture
def edition(home, prepared, people):
    """Edition 1, prepared and agreed."""
    shutil.copytree(edition_path(Home(prepared), COUNCIL, 1), edition_path(home, COUNCIL, 1))
    row = record(people.principal("analyst"), COUNCIL, 1, home.ledger(COUNCIL).postings()[-1], True)
    agree(people.principal("commissioner"), row)
    return row


@pytest.fixture
def released(edition, people):
    release(people.principal("commissioner"), edition)
    return edition


def made(home: Home, name: str) -> bytes:
    """A file of the edition as it was made."""
    return (edition_path(home, COUNCIL, 1) / PAGES / name).read_bytes()


def read(path: str, status: int = 200) -> str:
    response = Client(SERVER_NAME="localhost").get(f"{EDITION}{path}")
    assert response.status_code == status
    return response.content.decode()


def test_reader_asks_the_latest_edition_whether_they_may_build(home, released):
    page = read(f"may-i-build/?{HOUSING}")
    assert 'id="answer"' in page
    assert f'<form method="get" action="{EDITION}may-i-build/"' in page
    assert "Edition 1" in page
    assert read(f"may-i-build/index.html?{HOUSING}") == page, "the edition's own links name the file"
    assert "<form" in read("opportunities/index.html")
    assert "Sign in" not in page, "the page is the same for everybody, and is kept by caches"
    # Every link within the council leads to what the edition holds.
    held = json.loads((edition_path(home, COUNCIL, 1) / MANIFEST).read_text("utf-8"))["pages"]
    beside = {"editions/", "feed.xml", "editions/1/search/", "take-part/"}
    inner = set(re.findall(rf'(?:href|action)="/{COUNCIL}/([^"?#]*)', page)) - beside
    assert len(inner) > 5
    for one in inner:
        name = one.removeprefix("editions/1/")
        assert one.startswith("editions/1/"), one
        assert (f"{name}index.html" if not name or name.endswith("/") else name) in held or name.endswith("xlsx"), name
    assert "is not in the list" in read("may-i-build/?service=castles", 400)


def test_rows_that_are_asked_for_are_taken_as_a_file_too(released):
    """The sample is too small for an outlook: that the rows are those asked for is tested of the same view's pages."""
    assert "What is wanted here" in read("opportunities/")
    assert read("opportunities.csv?wanted=Grow").splitlines()[0] == read("opportunities.csv").splitlines()[0]
    client = Client(SERVER_NAME="localhost")
    assert "spreadsheetml" in client.get(f"{EDITION}opportunities.xlsx").headers["Content-Type"]
    there = client.get(f"/{COUNCIL}/latest/opportunities/?wanted=Grow").headers["Location"]
    assert there == f"{EDITION}opportunities/?wanted=Grow", "what is asked is kept on the way to the latest"


def test_who_asks_an_edition_for_a_district_learns_why_it_is_silent_and_what_answers(home):
    """One that was made before editions told of districts; of a place that is none the choices are told, as ever."""
    council = replace(open_council(home.path, COUNCIL), edition="Edition 1")
    found = _in_one_place(council, "redditch", {"area": "no choice"})
    assert "for the whole area only" in found["area"]
    assert "in Redditch is answered under “May I build this here?”" in found["area"]
    assert _in_one_place(council, "atlantis", {"area": "no choice"}) == {}
    assert _in_one_place(replace(council, edition=""), "redditch", {"area": "no choice"}) == {}
    assert _in_one_place(council, "", {}) == {}


def test_edition_answers_with_what_the_gate_let_be_shown_and_with_nothing_else(home, released):
    """The control asks the ledger itself: it has a number where the edition says that it does not hold it."""
    council = bound(home, released)
    asked = ("care_home_people", (), {"district": "wychavon"}, "2020-09-30")
    withheld = council.book.result(*asked).value
    assert isinstance(withheld, Withheld)
    assert withheld.reason == NOT_HELD
    assert FigureBook(council.sources, council.book.read).result(*asked).value > 0
    shown = json.loads((edition_path(home, COUNCIL, 1) / LIVE).read_text("utf-8"))["shown"]
    prints = [council.book.figure(one) for one in council.calls() if not one.block]
    withheld = [one for one in prints if isinstance(one.value, Withheld) and one.value.reason == NOT_HELD]
    assert not withheld, "all that its pages ask it holds"
    assert any(isinstance(one, dict) for one in shown.values()), "something of it is suppressed"


def test_edition_whose_folder_was_away_for_a_moment_is_asked_again(home, released, caplog):
    live = edition_path(home, COUNCIL, 1) / LIVE
    _bound.cache_clear()
    away = live.rename(live.with_name("away"))
    assert bound(home, released) is None
    assert "Edition 1 of worcestershire cannot be asked" in caplog.text
    away.rename(live)
    assert bound(home, released) is not None


@pytest.mark.parametrize("what", ["not released", "changed", "of an early version", "not the latest"])
def test_edition_that_cannot_be_asked_gives_its_pages_as_they_were_made(home, edition, people, what):
    commissioner = people.principal("commissioner")
    folder = edition_path(home, COUNCIL, 1)
    client = Client(SERVER_NAME="localhost")
    if what == "not released":
        client.force_login(people.account("commissioner"))
        session = client.session
        session.update({"factor": "code", CONFIRMED: timezone.now().isoformat()})
        session.save()
    else:
        release(commissioner, edition)
    if what == "changed":
        (folder / LIVE).write_text((folder / LIVE).read_text("utf-8").replace('"shown"', '"Shown"'), "utf-8")
    elif what == "of an early version":
        (folder / LIVE).unlink()
    elif what == "not the latest":
        shutil.copytree(folder, folder.with_name("2"))
        later = record(people.principal("analyst"), COUNCIL, 2, home.ledger(COUNCIL).postings()[-1], True)
        agree(commissioner, later)
        release(commissioner, later)
    answer = client.get(f"{EDITION}may-i-build/?{HOUSING}")
    if what == "not released":
        assert 'id="answer"' not in answer.content.decode()
    else:
        assert made(home, "may-i-build/index.html")[-500:] in answer.content
    assert digest(made(home, "opportunities.csv")) == digest(client.get(f"{EDITION}opportunities.csv").content)


def test_edition_is_searched_and_says_what_it_holds(home, released):
    assert f'action="{EDITION}search/"' in read("")
    found = read("search/?q=shared+lives")
    assert f'<a class="govuk-link" href="{EDITION}statement/shared-lives/">Shared Lives' in found
    assert 'value="shared lives"' in found
    assert "Search edition 1</title>" in found
    assert "&lt;script&gt;" in read("search/?q=%3Cscript%3E")
    assert "of edition 1 found for “zebra”" in read("search/?q=zebra")
    # What it leads to is there, as it lies: the frame of the results is that of a page beside them.
    for href in re.findall(r'<a class="govuk-link" href="(?!/|#|\?|https?:)([^"]+)"', found):
        read(href.removeprefix("../"))
