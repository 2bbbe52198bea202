"""In a real browser: a provider is registered, shows its insurance, is looked at and graded; a home returns its beds,
and the alert that follows is answered.
"""

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
SENT = "The return of Home A is in. It counts from now."


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


@pytest.mark.database
def test_a_home_returns_its_beds_an_alert_is_raised_and_the_officer_has_it_answered(place, people_of, window):  # noqa: F811
    officer, provider = window(), window()
    enter(officer, place, people_of, "quality-officer")
    enter(provider, place, people_of, "provider")
    record_a_home(officer, place)
    returns(provider, place, "41 beds in use are more than the 40", in_use="41")
    expect(provider.locator("[name='0-in_use']")).to_have_value("41")
    returns(provider, place, SENT)
    officer.goto(f"{place}/work/alerts/")
    alert = officer.locator("tr", has_text="Wychavon").filter(has_text="Beds into which someone could move")
    expect(alert).to_contain_text("Act")
    expect(alert).to_contain_text("beds that stand closed")
    assert axe(officer) == []
    look_at_it(officer, place)
    returns(provider, place, SENT, closed="0", admittable="4")
    officer.goto(f"{place}/work/alerts/")
    expect(officer.locator("h1")).to_have_text("Alerts of the market")
    expect(alert).to_have_count(0)


def record_a_home(page, site) -> None:
    """The council records a home of a provider in its register."""
    page.goto(f"{site}/work/providers/")
    follow(page, "main a:has-text('Synthetic provider of the demonstration')")
    follow(page, "text=Record a location")
    page.check("[name=services][value=nursing]")
    _send(page, "Record it", "Home A", name="Home A", kind="nursing-home", outward="WR10 1AA", registered_beds="40")


def returns(page, site, said: str, **typed: str) -> None:
    """The provider types the beds of its home, of which none can be moved into unless that is typed, and sends them."""
    page.goto(f"{site}/work/returns/")
    follow(page, "main a[href$='/beds/']:has-text('Home A')")
    given = {"maximum": "40", "in_use": "36", "reserved": "0", "admittable": "0", "closed": "4"} | typed
    page.select_option("[name='0-bed_type']", "general-nursing")
    page.select_option("[name='0-closed_reason']", "staffing" if given["closed"] != "0" else "")
    for name, value in given.items():
        page.fill(f"[name='0-{name}']", value)
    follow(page, "main button:has-text('Send the return')")
    expect(page.locator("main")).to_contain_text(said)
    assert axe(page) == []


def look_at_it(page, site) -> None:
    """The officer finds out which home it is, and why nobody can move in."""
    page.goto(f"{site}/work/capacity/beds/?by=location")
    follow(page, "main a:has-text('Home A')")
    expect(page.locator("tbody tr").first).to_contain_text("Too few staff")
    assert axe(page) == []
