"""The front page leads to what was released, whether or not the draft is open, and to what a provider comes for."""

from __future__ import annotations

import shutil

import pytest
from django.test import Client

from careshape.editions.begin import record
from careshape.editions.folders import edition_path
from careshape.editions.settle import agree, release
from careshape.home import Home

COUNCIL = "worcestershire"
EDITION = f"/{COUNCIL}/editions/1/"


@pytest.fixture
def released(home, prepared, people):
    shutil.copytree(edition_path(Home(prepared), COUNCIL, 1), edition_path(home, COUNCIL, 1))
    row = record(people.principal("analyst"), COUNCIL, 1, home.ledger(COUNCIL).postings()[-1], True)
    agree(people.principal("commissioner"), row)
    release(people.principal("commissioner"), row)
    return row


def read(path: str) -> str:
    response = Client(SERVER_NAME="localhost").get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_front_page_leads_with_the_latest_edition_and_with_what_providers_come_for(home, released):
    text = read("/")
    places = [text.index(f'href="{one}"') for one in
              (EDITION, f"/{COUNCIL}/opportunities/", f"/{COUNCIL}/may-i-build/", f"/{COUNCIL}/outlook/")]  # fmt: skip
    assert places == sorted(places)
    text = read(f"/{COUNCIL}/")
    assert text.index(f'href="{EDITION}"') < text.index('id="for-providers"') < text.index('id="contents"')


def test_front_page_leads_to_the_edition_of_a_council_whose_draft_is_closed(home, released):
    settings = home.council_path(COUNCIL) / "council.toml"
    settings.write_text(settings.read_text("utf-8").replace("demonstration = true", "demonstration = false"), "utf-8")
    text = read("/")
    assert f'href="{EDITION}"' in text
    assert f'href="{EDITION}opportunities/"' in text
    assert f'href="/{COUNCIL}/opportunities/"' not in text
    assert read(f"{EDITION}opportunities/")


def test_front_page_without_an_edition_names_no_closed_council(home):
    settings = home.council_path(COUNCIL) / "council.toml"
    settings.write_text(settings.read_text("utf-8").replace("demonstration = true", "demonstration = false"), "utf-8")
    assert COUNCIL.title() not in read("/")
