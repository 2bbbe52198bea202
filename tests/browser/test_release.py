"""A release in a real browser: the gate refuses one that leaks, the mended one goes out, who follows is told, and it is
rebuilt a year later. (That a commissioner is stopped by the lint, and a second person agrees, is in ``test_work``.)
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import warm
from tests.browser.conftest import site_over
from tests.browser.test_accounts import axe, window  # noqa: F401  (the fixture window)
from tests.browser.test_work import account, enter
from tests.browser.waiting import follow
from tests.editions.conftest import make_prepared
from tests.once import copy_of
from tests.readers.conftest import COUNCIL, more_come
from tests.statement.sample import set_key

pytestmark = pytest.mark.browser

FIRST = """
from pathlib import Path
from careshape.cli.recording import database_of
from careshape.home import Home
home = Home(Path({data!r}))
database_of(home)
from careshape.audit.change import SYSTEM
from careshape.editions.begin import record
from careshape.editions.settle import release
release(SYSTEM, record(SYSTEM, {council!r}, 1, home.ledger({council!r}).postings()[0], True))
"""
"""Release the first edition, as the command line does."""
CARELESS = """
from dataclasses import replace
from careshape.editions import gate
real = gate.protect

def naive(tables, rule, before=(), number=None, secret="", **more):
    found = real(tables, rule, before=before, number=number, secret=secret, **more)
    small = rule.protected(tables)
    def bare(one):
        value = tables.by_id[one.id].value
        return replace(one, shown=value, least=value, greatest=value)
    shown = tuple(one if one.id in small or not one.printed else bare(one) for one in found.published.figures)
    return replace(found, published=replace(found.published, figures=shown))

gate.protect = naive
from careshape.cli import main
raise SystemExit(main(["--dir", {data!r}, "edition", "prepare", "--authority", {council!r}]))
"""
"""Prepare an edition whose protection hides the small figures alone, and leaves the totals to subtract from."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with one edition released, after which more people came."""
    data = tmp_path_factory.mktemp("release")
    set_key(data)
    copy_of("editions-prepared", data, make_prepared)
    more_come(data)
    return data


@pytest.fixture(scope="module")
def people_of(folder: Path) -> dict[str, str]:
    """Passwords of the demonstration's accounts by their address."""
    made = account(folder, ("demonstration", "--new-passwords", "--format", "json"))
    for script in (FIRST, CARELESS):
        done = warm.run(script.format(data=str(folder), council=COUNCIL))
        assert done.returncode == (script == CARELESS), done.stderr
    return {row["address"]: row["password"] for row in json.loads(made)}


@pytest.fixture(scope="module")
def place(browser: object, folder: Path, people_of: dict[str, str]):
    """The address of the site over it."""
    with site_over(folder) as address:
        yield address


def test_a_leak_is_refused_the_mended_edition_goes_out_a_reader_is_told_and_it_is_rebuilt(
    place,
    people_of,
    window,  # noqa: F811
    folder,
):
    writer, second, provider = window(), window(), window()
    enter(provider, place, people_of, "provider")
    provider.goto(f"{place}/work/following/add/?what=segment&segment=care-homes")
    provider.click("main form button")
    provider.wait_for_selector("text=You follow it: care homes")

    enter(writer, place, people_of, "commissioner")
    writer.goto(f"{place}/work/editions/2/")
    for words in ("The gate refused it", "the table “", "can only be"):
        expect(writer.locator("main")).to_contain_text(words)
    assert axe(writer) == []
    expect(writer.locator("button:has-text('Agree it')")).to_be_hidden()

    writer.goto(f"{place}/work/editions/")
    follow(writer, "button:has-text('Prepare an edition')")
    writer.click("a:has-text('Go to edition 3')", timeout=180_000)
    expect(writer.locator("main")).to_contain_text("a second person agrees it")

    enter(second, place, people_of, "commissioner-2")
    follow(second, "main a:has-text('Editions to agree')")
    second.goto(f"{place}/work/editions/3/")
    second.click("button:has-text('Agree it')")
    second.wait_for_selector("text=It is agreed")
    writer.goto(f"{place}/work/editions/3/")
    follow(writer, "text=Release it")
    expect(writer.locator("main")).to_contain_text("1 person follows the statement")
    assert axe(writer) == []
    writer.click("button:has-text('Release it now, for good')")
    writer.wait_for_selector("text=It is released")

    provider.goto(f"{place}/{COUNCIL}/latest/statement/care-homes/")
    follow(provider, "a[href*='/editions/3/changes/'] >> nth=0")
    expect(provider.locator("main")).to_contain_text("was 5 (4 more)")
    assert axe(provider) == []
    provider.goto(f"{place}/work/comments/new/?edition=3&section=care-homes/need")
    provider.fill("textarea", "We could take four more people in Redditch.")
    provider.click("main form button")
    provider.wait_for_selector("text=Waits for an answer")

    writer.goto(f"{place}/work/")
    expect(writer.locator("main")).to_contain_text("1 comment waits for your answer")
    again = warm.careshape("--dir", folder, "edition", "rebuild", "3", "--authority", COUNCIL)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "byte for byte" in again.stdout
