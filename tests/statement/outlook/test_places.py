"""A search that names a service and a place leads to what is wanted there, with the filters set."""

from __future__ import annotations

from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from careshape.statement.places import named, with_leads
from careshape.statement.search import search


def asked(council, text: str):
    return with_leads(council, text, search(council, text))


@pytest.mark.parametrize(
    ("text", "service", "group", "area"),
    [
        ("Redditch supported living", "supported-living", "", "redditch"),
        ("supported living for learning disability in Redditch", "supported-living", "learning-disability", "redditch"),
        ("home care", "home-care", "", ""),
        ("care homes", "residential-and-nursing", "", ""),
        ("nursing homes in Malvern Hills", "nursing", "", "malvern-hills"),
        ("wychavon", "", "", "wychavon"),
    ],
)
def test_search_names_service_people_and_place(council, text, service, group, area):
    found = named(council, text.casefold().split())
    assert (found.service, found.group, found.area) == (service, group, area)


@pytest.mark.parametrize("text", ["supported living to come", "fees 2021", "learning disability", ""])
def test_search_that_says_more_names_nothing(council, text):
    assert named(council, text.split()) is None
    assert asked(council, text) == search(council, text)


def test_search_leads_to_pages_with_the_filters_set(council, client):
    wanted, may, outlook, intentions, *_ = [hit.entry for hit in asked(council, "Redditch supported living")]
    filters = {"segment": ["Supported living"], "client_group": ["Learning disability"], "area": ["Redditch"]}
    assert parse_qs(urlsplit(wanted.href).query) == filters  # nobody else is in it here
    assert parse_qs(urlsplit(may.href).query) == {"service": ["supported-living"], "area": ["redditch"]}
    assert "/outlook/supported-living/" in outlook.href
    for one in (wanted, may, outlook, intentions):
        text = unescape(client.get(one.href).content.decode())
        assert "There is a problem" not in text
    assert "Supported living" in text
    assert "Showing" in text
    assert "Home care" not in text[text.index("<tbody") :]


def test_search_for_a_service_alone_begins_with_what_was_found(council):
    plain = search(council, "home care")
    assert plain
    found = asked(council, "home care")
    assert found[0] == plain[0]
    assert found[1].entry.title == "What is wanted here: home care"
    assert len({hit.entry.href for hit in found}) == len(found)
