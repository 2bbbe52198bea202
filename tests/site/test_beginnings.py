"""Addresses in groups by how they begin: each request is answered as by the plain row of all addresses."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.urls import Resolver404, URLResolver, path
from django.urls.resolvers import RegexPattern

from careshape.policy.table import addresses
from careshape.site.beginnings import by_beginning
from careshape.site.urls import IN_ORDER, urlpatterns

PARTS: dict[str, Callable[[], str]] = {
    "int": lambda: "7",
    "uuid": lambda: str(UUID(int=7)),
    "path": lambda: "one/two.html",
}


def met(patterns: list[Any], address: str) -> tuple[Any, ...] | None:
    """What is found at an address: view, route, parts, name and namespaces; None where there is nothing."""
    try:
        found = URLResolver(RegexPattern("^/"), patterns).resolve(address)
    except Resolver404:
        return None
    return found.func, found.route, found.kwargs, found.url_name, found.namespaces


def said(patterns: list[Any]) -> list[tuple[str, list[str]]]:
    """Each address with its parts."""
    return sorted((one.url, list(one.parts)) for one in addresses(patterns))


def filled(route: str) -> str:
    """A route with something in each of its parts."""
    words = (f"word-{number}" for number in itertools.count())
    return "/" + re.sub(r"<(\w+):\w+>", lambda part: PARTS.get(part[1], lambda: next(words))(), route)


def test_every_address_leads_where_it_led_in_the_plain_row() -> None:
    routes = [one.url for one in addresses(IN_ORDER)]
    assert said(IN_ORDER) == said(urlpatterns), "the same addresses, each once, with the same parts to fill in"
    differ = [one for one in routes if met(IN_ORDER, filled(one)) != met(urlpatterns, filled(one))]
    assert not differ
    # What nobody has, and what goes on behind an address.
    for one in ("/work/nothing/", "/word-0/nothing/at/all/", "/nothing", *(f"{filled(route)}x" for route in routes)):
        assert met(IN_ORDER, one) == met(urlpatterns, one), one


def test_groups_are_passed_over() -> None:
    assert len(urlpatterns) < len(list(addresses(IN_ORDER))) / 5


@pytest.mark.parametrize("address", ["/a/one/", "/a/two/", "/a/three/", "/a/", "/a/7/", "/council/a/", "/a.csv"])
def test_what_begins_with_a_part_stays_behind_what_begins_with_a_word(address: str) -> None:
    def view(name: str) -> Callable[..., HttpResponse]:
        return lambda request, **parts: HttpResponse(name)

    row = [
        path("a/", view("a")), path("a/one/", view("one")), path("a/two/", view("two")), path("a/<int:pk>/", view("7")),
        path("a.csv", view("csv")), path("<slug:slug>/<slug:name>/", view("slugs")),
    ]  # fmt: skip
    assert met(row, address) == met(by_beginning(row), address)
    # The control: a row in another order answers otherwise.
    assert met(row, "/a/one/") != met(list(reversed(row)), "/a/one/")
