"""A reader in a real browser asks the latest edition about a district: whether they may build there, what is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import warm
from tests.browser.conftest import site_over
from tests.browser.kinds import OF_AN_EDITION
from tests.browser.looks import forced_colours
from tests.browser.test_accounts import axe, window  # noqa: F401  (the fixture window)
from tests.browser.test_release import FIRST
from tests.browser.waiting import follow
from tests.editions.conftest import make_prepared
from tests.editions.planted import COUNCIL, plant
from tests.once import copy_of
from tests.reading import faults
from tests.statement.sample import set_key
from tests.tables import sqlite_tables

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def place(browser: object, tmp_path_factory: pytest.TempPathFactory):
    """The address of the site over the sample with one edition released, which expects something of districts."""
    data: Path = tmp_path_factory.mktemp("asking")
    set_key(data)
    copy_of("editions-prepared", data, make_prepared)
    plant(sqlite_tables(data))
    done = warm.run(FIRST.format(data=str(data), council=COUNCIL))
    assert done.returncode == 0, done.stderr
    with site_over(data) as address:
        yield address


def test_reader_asks_the_latest_edition_of_a_district(place, window):  # noqa: F811
    reader = window()
    reader.goto(f"{place}/{COUNCIL}/latest/may-i-build/")
    reader.select_option("#ask-service", label="Residential care")
    reader.select_option("#ask-client_group", label="Older people")
    reader.select_option("#ask-area", label="Redditch")
    follow(reader, "main button:has-text('Ask')")
    expect(reader.locator("#answer")).to_contain_text("Redditch")
    expect(reader.locator("#answer")).to_contain_text("about 15 more places")
    assert axe(reader) == []

    follow(reader, "header a:has-text('What is wanted')")
    rows = reader.locator("main table tbody tr")
    expect(rows).to_contain_text("+21")
    reader.select_option("#filter-area", label="Redditch")
    follow(reader, "main button:has-text('Show')")
    expect(rows).to_contain_text("+15")
    expect(rows).to_contain_text("whole area only")
    expect(rows).not_to_contain_text("not known")
    expect(reader.locator("main")).to_contain_text("Where: Redditch")
    assert axe(reader) == []
    reader.set_viewport_size({"width": 390, "height": 800})
    assert reader.evaluate("document.documentElement.scrollWidth") <= 390
    # Asked of another district by the address that a colleague sent.
    reader.goto(f"{place}/{COUNCIL}/latest/opportunities/?area=wychavon")
    expect(rows).to_contain_text("+6")


def test_page_kinds_of_an_edition_have_no_violation_in_either_theme(place, window):  # noqa: F811
    reader, found = window(), []
    for path in OF_AN_EDITION.values():
        answer = reader.goto(place + path)
        assert answer.status == 200, path
        found += [*axe(reader), *forced_colours(reader), *(f"{path}: {one}" for one in faults(reader.content()))]
    assert found == []
