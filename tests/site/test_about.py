"""Each page of those who are signed in says what it is for, and leads on to pages that its reader may open."""

from __future__ import annotations

from importlib.resources import files

import pytest

from careshape.site.about import pages
from tests.accounts.signing import sign_in_at_once

FRAMES = ("work/frame.html", "accounts/work.html")
ROOMS = ("work", "accounts", "editions")
NO_PAGE = {"accounts/passkey.html"}


def templates() -> dict[str, str]:
    """Templates of pages of the place to work."""
    found = {}
    for room in ROOMS:
        folder = files(f"careshape.{room}").joinpath("templates", room)
        for file in folder.iterdir() if folder.is_dir() else ():
            text = file.read_text("utf-8") if file.name.endswith(".html") else ""
            if any(f'extends "{frame}"' in text for frame in FRAMES):
                found[f"{room}/{file.name}"] = text
    return found


def test_every_page_of_the_place_to_work_says_what_it_is_for() -> None:
    assert set(templates()) - set(FRAMES) - set(pages()) == set()


def test_what_is_said_is_said_of_pages_that_there_are() -> None:
    there = {
        f"{room}/{file.name}" for room in ("work", "accounts")
        for file in files(f"careshape.{room}").joinpath("templates", room).iterdir()
    }  # fmt: skip
    assert {one for one in pages() if one.split("/")[0] in ("work", "accounts")} <= there
    for one in pages().values():
        assert 40 < len(one.text) < 400
        assert one.text.endswith(".")


@pytest.mark.django_db
def test_a_page_tells_it_in_a_fold_and_sends_nobody_where_they_may_not_go(client, people, data) -> None:
    sign_in_at_once(client, people.account("auditor"))
    text = client.get("/work/postings/").content.decode()
    assert "About this page</span>" in text
    assert "The history of the ledger" in text
    assert "About this page</span>" not in client.get("/help/").content.decode()
