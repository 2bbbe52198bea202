"""A home fails, in a real browser: the drill, saying so, thirty requests sent, placed together, and accepted.

The figure of people in care homes falls by thirty and rises again, as measured and in the statement that everybody
reads, without anybody typing it.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import warm
from tests.browser.full_home import PEOPLE, say_yes
from tests.browser.stated import speak_of, until_stated
from tests.browser.test_accounts import axe, window  # noqa: F401  (the fixture window)
from tests.browser.test_care import in_care_homes
from tests.browser.test_work import enter, folder, people_of, place  # noqa: F401  (the sample, served)
from tests.browser.waiting import follow
from tests.source.place import today

LAST, AFTER = 14, 20
"""Days from today to the home's last day, and to one on which all live elsewhere."""
pytestmark = [pytest.mark.browser, pytest.mark.database]


def run(act: str, folder: Path) -> None:  # noqa: F811
    """Do something with the installation that is no part of the journey."""
    done = warm.run(f"from tests.browser.full_home import {act}; {act}({str(folder)!r})")
    assert done.returncode == 0, done.stderr


def until(page, address: str, said: str, there: bool = True) -> None:
    """Open a page anew until background work has come so far that something is said on it, or is not any more."""
    for _ in range(180):
        page.goto(address)
        if (said in page.inner_text("main")) is there:
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"{said} is {'not' if there else 'still'} said: {page.inner_text('main')}")


def test_a_home_fails_and_thirty_people_are_placed_anew(folder, place, people_of, window):  # noqa: F811
    run("furnish", folder)
    commissioner, broker, reader = window(), window(), window()
    after = today() + timedelta(days=AFTER)
    speak_of(folder, after)
    enter(commissioner, place, people_of, "commissioner")
    enter(broker, place, people_of, "broker")
    people = in_care_homes(commissioner, place, AFTER)
    until_stated(reader, place, after, people)  # as soon as the packages of the thirty are in the records
    failure = fails(commissioner, place)
    broker.goto(failure)
    assert axe(broker) == []
    broker.click("button:has-text('End its packages')")
    until(broker, failure, "Not sent yet", there=False)
    until_in_care_homes(commissioner, place, people - PEOPLE)
    until_stated(reader, place, after, people - PEOPLE)
    assert say_yes(place, folder) == 2 * PEOPLE, "each of the two other homes is asked for everybody"
    place_together(broker, failure)
    until_in_care_homes(commissioner, place, people)
    until_stated(reader, place, after, people)
    broker.goto(failure)
    for words, many in (("Placed anew", PEOPLE), ("Without care after it so far", 0)):
        row = broker.locator(".govuk-summary-list__row", has_text=words)
        expect(row.locator(".govuk-summary-list__value")).to_have_text(str(many))
    broker.goto(f"{place}/work/fairness/")
    expect(broker.locator("main")).to_contain_text("The first of the ranking was chosen.")
    assert axe(broker) == []


def until_in_care_homes(page, site: str, people: int) -> None:
    """Ask the measure anew until so many people are in care homes after the last day."""
    found = -1
    for _ in range(180):
        if (found := in_care_homes(page, site, AFTER)) == people:
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"{found} people are in care homes, and not {people}")


def fails(page, site: str) -> str:
    """See what it would mean, and say that it happens; the address of the failure."""
    page.goto(f"{site}/work/failures/drill/")
    page.select_option("[name=organisation]", label="Synthetic home A")
    follow(page, "main button:has-text('See it')")
    expect(page.locator("main")).to_contain_text(f"It would leave {PEOPLE} people")
    assert axe(page) == []
    follow(page, "a:has-text('It stops giving care')")
    page.fill("[name=last_day]", f"{today() + timedelta(days=LAST):%d/%m/%Y}")
    page.fill("[name=because]", "The owner closes it.")
    follow(page, "main button:has-text('It stops giving care')")
    return page.url


def place_together(page, failure: str) -> None:
    """Have the requests of a failure placed together, and accept all that is proposed."""
    page.goto(failure)
    follow(page, "a:has-text('Place them together')")
    follow(page, "main button:has-text('Place it')")
    address = page.url
    until(page, address, f"Accept all {PEOPLE}")
    assert axe(page) == []
    follow(page, f"a:has-text('Accept all {PEOPLE}')")
    follow(page, "main button:has-text('Accept')")
    until(page, address, "Accept all", there=False)
