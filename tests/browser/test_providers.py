"""A provider is registered, shows its insurance, is looked at and graded: in a real browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.test_accounts import axe, window  # noqa: F401  (the fixture window)
from tests.browser.test_care import _send
from tests.browser.test_work import enter, folder, people_of, place  # noqa: F401  (the sample, served)
from tests.browser.waiting import follow
from tests.source.place import today

pytestmark = pytest.mark.browser


def _day(after: int) -> str:
    return f"{today() + timedelta(days=after):%d/%m/%Y}"


def test_a_provider_is_registered_shows_and_is_graded(place, people_of, window):  # noqa: F811
    officer, provider = window(), window()
    enter(officer, place, people_of, "quality-officer")
    enter(provider, place, people_of, "provider")
    register(officer, place)
    show(provider, place)
    look_and_grade(officer, place)
    provider.reload()
    expect(provider.locator("main")).to_contain_text("Counts")


def register(page, site) -> None:
    """A provider without accounts, with a branch; what is refused stays as it was typed."""
    page.goto(f"{site}/work/providers/")
    follow(page, "text=Add a provider")
    _send(page, "Add it", "at most 9 staff", name="Example Care A", type="micro-enterprise", staff="12")
    assert axe(page) == []
    expect(page.locator("[name=name]")).to_have_value("Example Care A")
    _send(page, "Add it", "None is recorded yet", staff="9")
    follow(page, "text=Record a location")
    page.check("[name=services][value=home-care]")
    assert axe(page) == []
    _send(page, "Record it", "Branch of home care", name="Branch A", kind="home-care-branch", outward="WR1 1AA")
    expect(page.locator("main")).to_contain_text("Worcester, WR1")
    assert axe(page) == []


def show(page, site) -> None:
    """A provider records its insurance from its own page; it waits."""
    page.goto(f"{site}/work/organisation/")
    follow(page, "text=What the register holds of it")
    follow(page, "text=Record what you show")
    _send(
        page, "Record it", "Waits to be looked at", kind="public-liability-insurance", begins_on=_day(-3),
        last_on=_day(20), reference="P-1",
    )  # fmt: skip
    assert axe(page) == []


def look_and_grade(page, site) -> None:
    """The council looks at it, and grades the provider."""
    page.goto(f"{site}/work/")
    expect(page.locator("main")).to_contain_text("waits to be looked at")
    page.goto(f"{site}/work/shown/")
    assert axe(page) == []
    follow(page, "text=Public liability insurance")
    page.click("main button:has-text('I have looked at it')")
    expect(page.locator("main")).to_contain_text("Counts")
    assert axe(page) == []
    follow(page, "main p >> text=Synthetic provider of the demonstration")
    follow(page, "text=Grade it")
    _send(page, "Grade it", "Gold from", grade="gold", on=_day(0), why="Visited in the spring.")
