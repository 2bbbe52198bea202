"""That every address that leads to a page is looked at in a browser; no browser is asked here."""

from __future__ import annotations

from django.urls import resolve

from careshape.policy.table import addresses
from tests.browser.kinds import ELSEWHERE, OF_AN_EDITION, OF_THE_DEMONSTRATION


def unseen(urls: list[str]) -> set[str]:
    """Those of the site's addresses that lead to a page and at which nothing looks."""
    looked = (*OF_THE_DEMONSTRATION.values(), *OF_AN_EDITION.values())
    routes = {resolve(one.partition("?")[0]).route for one in looked}
    pages = {one for one in urls if not one or one.endswith("/")}
    return {one for one in pages - routes if not one.startswith(tuple(ELSEWHERE))}


def test_every_kind_of_page_is_looked_at():
    urls = [one.url for one in addresses()]
    assert len(urls) > 500
    assert unseen(urls) == set()
    assert not [one for one in ELSEWHERE if not any(url.startswith(one) for url in urls)], "what is named is there"


def test_control_a_new_kind_of_page_is_noticed():
    assert unseen(["<slug:slug>/new-kind/<slug:of>/", "work/new/", "new.csv"]) == {"<slug:slug>/new-kind/<slug:of>/"}
