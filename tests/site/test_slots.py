"""The pages of slots and of a council's statements, over the sample council."""

from __future__ import annotations

from careshape.statement.slots import SLOTS


def test_the_page_says_what_is_empty_and_what_is_overdue(client):
    page = client.get("/worcestershire/statement/care-homes/").content.decode()
    assert page.count("Nothing has been written here yet.") == 5
    assert page.count("Overdue") == 1  # the price is too, but there is nothing there that could be wrong
    assert "This was to be looked at again by 30 June 2022." in page
    assert "/worcestershire/slots/" in page


def test_the_list_of_slots_has_a_row_for_each_with_its_state(client):
    records = client.get("/worcestershire/slots.json").json()["rows"]
    assert len(records) == 2 * len(SLOTS)
    assert {one["state"] for one in records} == {"written", "empty", "overdue"}
    assert [one["slot"] for one in records if one["state"] == "overdue"] == ["support", "support"]
    page = client.get("/worcestershire/slots/?state=Empty&sort=4").content.decode()
    assert "What is open to providers" in page
    assert "Nothing has been written" not in page
    assert client.get("/worcestershire/slots.csv").content.decode().startswith("segment,slot,state,owner,review,agreed")


def test_a_statement_of_a_subject_lists_its_pages_in_its_order(client):
    home = client.get("/worcestershire/").content.decode()
    assert "Planned for April 2022." in home
    page = client.get("/worcestershire/statements/older-people/").content.decode()
    assert "What is to come for older people." in page
    assert "/worcestershire/statement/care-homes/" in page
    assert "/worcestershire/statement/shared-lives/" not in page
    assert client.get("/worcestershire/statements/nobody/").status_code == 404
    assert (
        "What stands here may change with it." in client.get("/worcestershire/statement/care-homes/").content.decode()
    )
    assert "/worcestershire/statements/older-people/" in client.get("/worcestershire/index/").content.decode()


def test_a_council_without_a_text_has_no_slots_and_says_so(client):
    page = client.get("/thurrock/slots/")
    assert page.status_code == 200
    assert "There is nothing to show." in page.content.decode()
