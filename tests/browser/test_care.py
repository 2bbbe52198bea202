"""A need becomes care, in a real browser: a rule stops the request, it is cleared, answered, awarded and ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.stated import speak_of, stated, until_stated
from tests.browser.test_accounts import axe, window  # noqa: F401  (the fixture window)
from tests.browser.test_work import enter, folder, people_of, place  # noqa: F401  (the sample, served)
from tests.browser.waiting import follow
from tests.source.place import today

pytestmark = [pytest.mark.browser, pytest.mark.database]
CONSIDERED = {
    "reablement-assessed": "would-not-help", "technology-assessed": "would-not-help",
    "equipment-assessed": "would-not-help", "home-considered": "would-not-do",
    "supported-living-considered": "would-not-do", "extra-care-considered": "would-not-do",
    "shared-lives-considered": "would-not-do",
}  # fmt: skip
"""What is looked at for a person before a care home, and what is found."""


def _day(after: int) -> str:
    return f"{today() + timedelta(days=after):%d/%m/%Y}"


def _send(page, button: str, said: str, **fields: str) -> None:
    """Fill the fields of a form, send it, and wait for what is said next."""
    for name, value in fields.items():
        field = page.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.check(f"[name={name}][value={value}]")
        elif field.evaluate("one => one.tagName") == "SELECT":
            page.select_option(f"[name={name}]", value)
        else:
            page.fill(f"[name={name}]", value)
    page.click(f"main button:has-text('{button}')")
    expect(page.locator("main")).to_contain_text(said)


WITHIN, AFTERWARDS = 20, 61
"""Days from today to one on which the care runs, and to one after its end."""


def test_a_need_becomes_care_and_ends(folder, place, people_of, window):  # noqa: F811
    days = [today() + timedelta(days=one) for one in (WITHIN, AFTERWARDS)]
    speak_of(folder, *days)
    reader = window()
    said = {one: stated(reader, place, one) for one in days}
    roles = ("commissioner", "practitioner", "broker", "provider")
    pages = {role: window() for role in roles}
    for role, page in pages.items():
        enter(page, place, people_of, role)
    begin_a_list(pages["commissioner"], place)
    person, request = ask_for_care(pages["practitioner"], place)
    pages["broker"].goto(request)
    expect(pages["broker"].locator("button:has-text('Send it')")).to_be_hidden()
    clear_the_rules(pages["practitioner"], person, request)
    measured = {after: in_care_homes(pages["commissioner"], place, after) for after in (WITHIN, AFTERWARDS)}
    package = offer_and_award(pages["broker"], pages["provider"], place, request)
    for after, before in measured.items():
        expect_in_care_homes(pages["commissioner"], place, after, before + 1)
    for one in days:
        until_stated(reader, place, one, said[one] + 1)
    change_and_end(pages["broker"], package)
    expect_in_care_homes(pages["commissioner"], place, WITHIN, measured[WITHIN] + 1)
    expect_in_care_homes(pages["commissioner"], place, AFTERWARDS, measured[AFTERWARDS])
    for one, people in zip(days, (said[days[0]] + 1, said[days[1]]), strict=True):
        until_stated(reader, place, one, people)


def in_care_homes(page, site, after: int) -> int:
    """The measure of people in care homes on a day to come, as its page shows it, with what is on its way."""
    on = today() + timedelta(days=after)
    page.goto(f"{site}/work/measures/?measure=care_home_people&period={on:%Y-%m-%d}")
    return int(page.locator(".cs-figure-value").inner_text().replace(",", ""))


def expect_in_care_homes(page, site, after: int, people: int) -> None:
    """The figure has moved as it should, without anybody typing it."""
    in_care_homes(page, site, after)
    expect(page.locator(".cs-figure-value")).to_have_text(f"{people:,}")


def begin_a_list(page, site) -> None:
    """A list to buy from, with a provider on it."""
    page.goto(f"{site}/work/lists/add/")
    _send(page, "Begin it", "is begun", title="Care homes", kind="accredited-list", begins_on=_day(-30))
    follow(page, "text=Admit a provider")
    page.select_option("[name=organisation]", index=1)
    _send(page, "Admit it", "is admitted", service="nursing", price="950")
    assert axe(page) == []


def ask_for_care(page, site) -> tuple[str, str]:
    """Add somebody and ask for care, which a rule stops; the addresses of the person and of the request."""
    page.goto(f"{site}/work/supported/add/")
    page.click("main button:has-text('Add')")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Enter reference")
    assert axe(page) == []
    _send(
        page, "Add", "is added", reference="P-4711", name="Synthetic person one", born_on="01/05/1940",
        gender="female", client_group="older-people", support_reason="physical-personal-care", district="wychavon",
    )  # fmt: skip
    person = page.url
    follow(page, "text=Ask for care")
    _send(
        page, "Make the request", "What the rules say", service="nursing", amount="1", starts_on=_day(7),
        long_term="yes", words="To be safe at night.",
    )  # fmt: skip
    expect(page.locator("main")).to_contain_text("Home First")
    assert axe(page) == []
    return person, page.url


def clear_the_rules(page, person, request) -> None:
    """Record what was looked at, and say what the rules ask for."""
    for fact, result in CONSIDERED.items():
        page.goto(f"{person}looked-at/{fact}/")
        _send(page, "Record", "It is recorded", on=_day(-1), result=result, why="It was tried for four weeks.")
    page.goto(request)
    follow(page, "a:has-text('Say what the rules ask for')")
    for group in page.locator("fieldset").all():
        group.locator("input[value=yes]").check()
    page.click("main button:has-text('Keep')")
    expect(page.locator("main")).to_contain_text("Who would be asked")


def offer_and_award(broker, provider, site, request) -> str:
    """Send it; the provider, who does not read who it is for, answers; award it. The package's address."""
    broker.goto(request)
    broker.click("button:has-text('Send it to 1 provider')")
    expect(broker.locator("main")).to_contain_text("It is sent")
    provider.goto(f"{site}/work/asked/")
    assert axe(provider) == []
    follow(provider, "main tbody a")
    expect(provider.locator("main")).to_contain_text("To be safe at night.")
    expect(provider.locator("main")).not_to_contain_text("Synthetic person one")
    _send(provider, "Send the answer", "Say why not", answer="no")
    _send(provider, "Send the answer", "has your answer", answer="no", code="price", reason="Nobody works for this.")
    broker.goto(request)
    expect(broker.locator("main")).to_contain_text("Nobody works for this.")
    expect(broker.locator("a:has-text('Award it to')")).to_have_count(0)
    _send(
        provider, "Send the answer", "has your answer", answer="counter", price="1010.50", can_start_on=_day(8),
        code="", reason="",
    )  # fmt: skip
    assert axe(provider) == []
    broker.goto(request)
    expect(broker.locator("main")).to_contain_text("£1,010.50 a week")
    assert axe(broker) == []
    follow(broker, "a:has-text('Award it to')")
    _send(broker, "Award it", "It is awarded to")
    provider.reload()
    expect(provider.locator("main")).to_contain_text("Synthetic person one")
    return broker.url


def tell(page, address, button: str, said: str, **fields: str) -> None:
    """Tell something of a package: see what it does to the money first, and then do it."""
    page.goto(address)
    _send(page, "Show what it does", "What it does to the money", **fields)
    assert axe(page) == []
    page.click(f"main button:has-text('{button}')")
    expect(page.locator("body")).to_contain_text(said)


def change_and_end(page, package) -> None:
    """Change the package, suspend it, take it up again, raise it, end it, and see its lines reach the records."""
    tell(page, f"{package}tell/change/", "Change it", "It is changed", line="core", first=_day(30), price="1100")
    tell(page, f"{package}tell/away/", "Suspend it", "It is suspended", reason="other", first=_day(40))
    tell(page, f"{package}tell/back/", "They are back", "they are back is recorded", last=_day(44))
    tell(page, f"{package}tell/uplift/", "Raise it", "The price is raised", first=_day(50), percent="4.5")
    tell(page, f"{package}tell/end/", "End it", "Its end is recorded", on=_day(60), why="Moved to live with family.")
    for _ in range(60):  # the lines go into the records in the background
        page.goto(package)
        if "On its way" not in page.inner_text("main"):
            break
        page.wait_for_timeout(1000)
    expect(page.locator("tbody").first).to_contain_text("Posting")
    assert axe(page) == []
