"""Home pages: each role sees what waits for it, and nothing that it may not."""

from __future__ import annotations

import pytest

from careshape.policy import roles

MEMBERS = [role.id for role in roles().values() if role.kind != "public"]


@pytest.mark.parametrize("role", MEMBERS)
def test_home_shows_every_member_what_waits(role, signed_in) -> None:
    answer = signed_in(role).get("/work/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "What waits for you" in text
    assert text.count('class="cs-card') >= 1, role


def test_home_asks_who_is_not_signed_in_to_sign_in(client, data) -> None:
    answer = client.get("/work/", SERVER_NAME="localhost")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=%2Fwork%2F"


def test_home_of_a_council_without_records_says_so(signed_in) -> None:
    text = signed_in("analyst", "thurrock").get("/work/").content.decode()
    assert "No records have been imported yet." in text


def test_cards_show_counts_of_the_sample(signed_in) -> None:
    text = signed_in("finance").get("/work/").content.decode()
    assert "6 people have care that the council arranged. It costs £" in text
