"""axe on every page of every role, wide and narrow: run by ``./soak``, since each look takes a second.

``./test`` looks at a choice of them (``test_work.py``, ``test_accounts.py``); CARESHAPE_TEST_EVERY_PAGE=1 asks for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from careshape.policy import roles
from careshape.policy.table import ALLOWED, NONE, table
from tests.browser.test_accounts import axe, window  # noqa: F401  (the fixture window)
from tests.browser.test_work import enter, folder, people_of, place  # noqa: F401  (fixtures)

pytestmark = pytest.mark.browser
ELSEWHERE = ("/sign-", "/health/", "/favicon", "/api/v1/openapi.json", "/help/", "/accessibility/")
"""Beginnings of what is no page of a role."""
MEMBERS = tuple(role.id for role in roles().values() if role.kind != "public")


def pages_of(role: str) -> list[str]:
    """The addresses that a role may read and that name nothing."""
    mine = {row["url"] for row in table() if (row["role"], row["method"], row["expected"]) == (role, "GET", ALLOWED)
            and row["object"] == NONE}  # fmt: skip
    return sorted(url for url in mine if "<" not in url and url != "/" and not url.startswith(ELSEWHERE))


def below(page: object, path: str) -> Iterator[str]:
    """What the first row of a list leads to, and what lies below a page of one row."""
    links = page.eval_on_selector_all("main a[href]", "all => all.map(one => one.getAttribute('href'))")
    rows = page.eval_on_selector_all("main tbody a[href]", "all => all.map(one => one.getAttribute('href'))")
    yield from (one for one in rows[:1] if one.startswith("/work/") and not one.endswith((".csv", ".xlsx")))
    yield from (one for one in links if one.startswith(path) and one != path and one.endswith("/"))


@pytest.mark.parametrize("role", MEMBERS)
def test_axe_finds_nothing_on_any_page_of_a_role(place, people_of, window, role) -> None:  # noqa: F811
    page = window()
    enter(page, place, people_of, role)
    waiting, done, found = pages_of(role), set(), []
    while waiting:
        path = waiting.pop(0)
        if path in done:
            continue
        done.add(path)
        answer = page.goto(place + path)
        assert answer.status < 500, (path, answer.status)  # what says that something is not there is a page too
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        found += axe(page)
        waiting += [one for one in below(page, urlsplit(page.url).path) if one not in done]
    assert found == []
    assert len(done) > 1, "the walk went beyond the first page"
