"""A provider's insurance lapses, in a real browser: it is suspended by itself, reads why, and comes back by itself.

The figures of the list move with it. That of people in care homes in the statement stays: care that runs goes on.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.stated import speak_of, stated
from tests.browser.test_accounts import axe, window  # noqa: F401  (the fixture window)
from tests.browser.test_work import enter, folder, people_of, place  # noqa: F401  (the sample, served)
from tests.browser.waiting import follow
from tests.source.place import today

pytestmark = [pytest.mark.browser, pytest.mark.database]


def _day(after: int) -> str:
    return f"{today() + timedelta(days=after):%d/%m/%Y}"


def test_provider_is_suspended_when_its_insurance_lapses_and_comes_back(folder, place, people_of, window):  # noqa: F811
    speak_of(folder, today())
    commissioner, provider, reader = window(), window(), window()
    people = stated(reader, place, today())
    enter(commissioner, place, people_of, "commissioner")
    enter(provider, place, people_of, "provider")
    provider.goto(f"{place}/work/standing/")
    expect(provider.locator("main")).to_contain_text("You are on no list")
    member, register = admit(commissioner, place, provider)
    expect_on_list(commissioner, place, admitted=1, suspended=0)
    show(commissioner, register, begins=_day(-400), last=_day(-1))
    until(commissioner, member, "Suspended")
    expect(commissioner.locator("main")).to_contain_text("Public liability insurance lapsed")
    _look(commissioner, "member")
    assert axe(commissioner) == []
    expect_on_list(commissioner, place, admitted=0, suspended=1)
    provider.reload()
    expect(provider.locator("tbody")).to_contain_text("Public liability insurance lapsed")
    _look(provider, "standing")
    assert axe(provider) == []
    show(commissioner, register, begins=_day(-1), last=_day(300))
    until(commissioner, member, "Admitted")
    expect(commissioner.locator("tbody")).to_contain_text("Itself, by its evidence")
    expect_on_list(commissioner, place, admitted=1, suspended=0)
    assert stated(reader, place, today()) == people


def admit(page, site, provider) -> tuple[str, str]:
    """Begin a list and admit the provider's organisation; addresses of where it stands, and of its record."""
    page.goto(f"{site}/work/lists/add/")
    page.fill("[name=title]", "Nursing homes")
    page.check("[name=kind][value=dynamic-market]")
    page.fill("[name=begins_on]", _day(-30))
    page.click("main button:has-text('Begin it')")
    expect(page.locator("main")).to_contain_text("is begun")
    _look(page, "list")
    follow(page, "text=Admit a provider")
    page.select_option("[name=organisation]", index=1)
    register = page.locator("[name=organisation]").input_value()
    page.select_option("[name=service]", "nursing")
    page.fill("[name=price]", "950")
    page.check("[name=by][value=admit]")
    page.click("main button:has-text('Admit it')")
    expect(page.locator("main")).to_contain_text("is admitted")
    assert axe(page) == []
    follow(page, "main tbody a")
    return page.url, f"{site}/work/providers/{register}/show/"


def expect_on_list(page, site, *, admitted: int, suspended: int) -> None:
    """How many providers of the list may be asked, and how many not for now, as the page of all lists counts them."""
    page.goto(f"{site}/work/lists/")
    row = page.locator("main tbody tr", has_text="Nursing homes")
    expect(row.locator("td").nth(-2)).to_have_text(str(admitted))
    expect(row.locator("td").nth(-1)).to_have_text(str(suspended))


def show(page, register, *, begins: str, last: str) -> None:
    """Record the insurance of the provider."""
    page.goto(register)
    page.select_option("[name=kind]", "public-liability-insurance")
    page.fill("[name=begins_on]", begins)
    page.fill("[name=last_on]", last)
    page.click("main button:has-text('Record it')")
    expect(page.locator("main")).to_contain_text("Public liability insurance")


def until(page, member, state: str) -> None:
    """Look at where it stands until the background has seen the evidence."""
    for _ in range(60):
        page.goto(member)
        if state in page.locator("main .govuk-tag").first.inner_text():
            break
        page.wait_for_timeout(1000)
    expect(page.locator("main .govuk-tag").first).to_contain_text(state)


def _look(page, name: str) -> None:
    """Keep pictures of a page in two widths where a folder for them is named."""
    if folder_of := os.environ.get("PICTURES"):
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{folder_of}/{name}-{width}.png", full_page=True)
