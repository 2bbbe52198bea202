"""axe on every page of every role, wide and narrow: run by ``./soak``, since each look takes a second.

First as each role walks them over the sample; then a page of every address, those that name a council or a row among
them, as the server makes it in a world that has an object of every kind; then pages of every kind of the demonstration.
``./test`` looks at a page of each kind that the public reads (``kinds.py``) and at a choice of the others
(``test_work.py``, ``test_accounts.py``); CARESHAPE_TEST_EVERY_PAGE=1 asks for all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve
from playwright.sync_api import sync_playwright

from careshape.policy import roles
from careshape.policy.table import ALLOWED, NONE, OWN, addresses, table
from tests.accounts.signing import sign_in_at_once
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.looks import forced_colours
from tests.browser.test_accounts import axe, window  # noqa: F401  (the fixture window)
from tests.browser.test_work import enter, folder, people_of, place  # noqa: F401  (fixtures)
from tests.policy.sweep import PUBLIC, UNREAD, is_page, taken_back
from tests.policy.test_authorisation import world_beside
from tests.policy.world import HOME, path_of

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


STATIC = files("careshape.site") / "static"
"""What pages load."""
FEWEST = 200
"""Addresses with a page at the least."""


def made(world) -> dict[str, str]:
    """A page of every address by its pattern, as the first role is shown it that is shown one."""
    found: dict[str, str] = {}
    for role in roles():
        client = Client(SERVER_NAME="localhost", raise_request_exception=False)
        asker = None if role == PUBLIC else world.people.memberships[HOME, role]
        if asker:
            sign_in_at_once(client, asker.account)
        for one in addresses():
            url = f"/{one.url}"
            if url in found or url in UNREAD or not (url == "/" or url.endswith("/")):
                continue
            with taken_back():
                path = path_of(world, url, OWN if OWN in one.objects else NONE, asker)
                answer = None if path is None else client.get(path)
                shown = answer is not None and answer.status_code == 200 and not answer.streaming
                if shown and is_page(answer.content):
                    found[url] = answer.content.decode()
    return found


def looked_at(pages: dict[str, str]) -> list[str]:
    """What axe finds in pages, given by their address, in a browser of their own."""
    shown, found = {"page": ""}, []

    def answer(route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            route.fulfill(body=shown["page"], content_type="text/html")
        elif path.startswith("/static/") and (STATIC / path.removeprefix("/static/")).is_file():
            content = (STATIC / path.removeprefix("/static/")).read_bytes()
            kind = "text/javascript" if path.endswith(".mjs") else guess_type(path)[0]
            route.fulfill(body=content, content_type=kind)
        else:
            route.fulfill(status=204)

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = chromium.new_page()
        page.route("**/*", answer)
        for url, html in pages.items():
            shown["page"] = html
            page.goto("http://pages.test/")
            found += [f"{url}: {one}" for one in (*axe(page), *forced_colours(page))]
        chromium.close()
    return found


def test_axe_finds_nothing_on_a_page_of_every_address(tmp_path, people, settings) -> None:
    """The first of this file: once the browser of the others is there, its loop keeps Django from the database."""
    pages = made(world_beside(people, settings, tmp_path, open_other=False))
    assert len(pages) > FEWEST
    with ThreadPoolExecutor(1) as apart:
        assert apart.submit(looked_at, pages).result() == []


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


OF_A_KIND = 5
"""Pages of each kind and council of the demonstration that are looked at."""


def test_axe_finds_nothing_on_pages_of_every_kind_of_the_demonstration(served, demo: Path, window) -> None:  # noqa: F811
    site, kinds, found = demo / "site", defaultdict(list), []
    for file in sorted(site.rglob("index.html")):
        path = f"/{file.relative_to(site).parent}/".replace("/./", "/")
        kinds[path.split("/")[1], resolve(path).route].append(path)
    assert len(kinds) > 50
    page = window()
    for paths in kinds.values():
        for path in paths[:: max(1, len(paths) // OF_A_KIND)]:
            page.goto(served + path)
            found += [*axe(page), *forced_colours(page)]
    assert found == []
