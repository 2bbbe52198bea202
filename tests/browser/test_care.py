"""A need becomes care, in a real browser: a rule stops the request, it is cleared, answered, awarded and ended."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.test_accounts import axe, window  # noqa: F401  (the fixture window)
from tests.browser.test_work import enter, folder, people_of, place  # noqa: F401  (the sample, served)
from tests.browser.waiting import follow
from tests.source.place import today

pytestmark = pytest.mark.browser
CONSIDERED = {
    "reablement-assessed": "would-not-help", "technology-assessed": "would-not-help",
    "equipment-assessed": "would-not-help", "home-considered": "would-not-do",
    "supported-living-considered": "would-not-do", "extra-care-considered": "would-not-do",
    "shared-lives-considered": "would-not-do",
}  # fmt: skip
"""What is looked at for a person before a care home, and what is found."""


def _day(after: int) -> str:
    return f"{today() + timedelta(days=after):%d/%m/%Y}"


def _shot(page, name: str) -> None:
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)
        page.set_viewport_size({"width": 390, "height": 800})
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}-390.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})


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


def test_a_need_becomes_care_and_ends(place, people_of, window):  # noqa: F811
    commissioner, worker, broker, provider = window(), window(), window(), window()
    enter(commissioner, place, people_of, "commissioner")
    commissioner.goto(f"{place}/work/lists/add/")
    _send(commissioner, "Begin it", "is begun", title="Care homes", kind="accredited-list", begins_on=_day(-30))
    follow(commissioner, "text=Admit a provider")
    commissioner.select_option("[name=organisation]", index=1)
    _shot(commissioner, "admit")
    _send(commissioner, "Admit it", "is admitted", service="nursing", price="950")
    assert axe(commissioner) == []
    _shot(commissioner, "list")

    enter(worker, place, people_of, "practitioner")
    worker.goto(f"{place}/work/supported/add/")
    worker.click("main button:has-text('Add')")
    expect(worker.locator(".govuk-error-summary")).to_contain_text("Enter reference")
    assert axe(worker) == []
    _shot(worker, "add")
    _send(
        worker, "Add", "is added", reference="P-4711", name="Synthetic person one", born_on="01/05/1940",
        gender="female", client_group="older-people", support_reason="physical-personal-care", district="wychavon",
    )  # fmt: skip
    person = worker.url
    follow(worker, "text=Ask for care")
    _shot(worker, "ask")
    _send(
        worker, "Make the request", "What the rules say", service="nursing", amount="1", starts_on=_day(7),
        long_term="yes", words="To be safe at night.",
    )  # fmt: skip
    expect(worker.locator("main")).to_contain_text("Home First")
    assert axe(worker) == []
    request = worker.url
    _shot(worker, "stopped")
    enter(broker, place, people_of, "broker")
    broker.goto(request)
    expect(broker.locator("button:has-text('Send it')")).to_be_hidden()

    for fact, result in CONSIDERED.items():
        worker.goto(f"{person}looked-at/{fact}/")
        _send(worker, "Record", "It is recorded", on=_day(-1), result=result, why="It was tried for four weeks.")
    _shot(worker, "person")
    worker.goto(request)
    while worker.locator("a:has-text('Say what the rules ask for')").count():
        follow(worker, "a:has-text('Say what the rules ask for')")
        _shot(worker, "say")
        for group in worker.locator("fieldset").all():
            group.locator("input[value=yes]").check()
        worker.click("main button:has-text('Keep')")
        expect(worker.locator("h2:has-text('What the rules say')")).to_be_visible()
    expect(worker.locator("main")).to_contain_text("Who would be asked")
    _shot(worker, "cleared")

    broker.goto(request)
    broker.click("button:has-text('Send it to 1 provider')")
    expect(broker.locator("main")).to_contain_text("It is sent")
    enter(provider, place, people_of, "provider")
    provider.goto(f"{place}/work/asked/")
    assert axe(provider) == []
    _shot(provider, "asked-list")
    follow(provider, "main tbody a")
    expect(provider.locator("main")).to_contain_text("To be safe at night.")
    expect(provider.locator("main")).not_to_contain_text("Synthetic person one")
    _send(provider, "Send the answer", "Say why not", answer="no")
    _shot(provider, "answer")
    _send(provider, "Send the answer", "has your answer", answer="counter", price="1010.50", can_start_on=_day(8))
    assert axe(provider) == []

    broker.goto(request)
    expect(broker.locator("main")).to_contain_text("£1,010.50 a week")
    _shot(broker, "offers")
    assert axe(broker) == []
    follow(broker, "a:has-text('Award it to')")
    _shot(broker, "award")
    _send(broker, "Award it", "It is awarded to")
    package = broker.url
    _shot(broker, "package")
    provider.reload()
    expect(provider.locator("main")).to_contain_text("Synthetic person one")
    broker.goto(f"{package}change/")
    _send(broker, "Change it", "It is changed", on=_day(30), price="1100")
    broker.goto(f"{package}end/")
    _send(broker, "End it", "Its end is recorded", on=_day(60), because="Moved to live with family.")
    for _ in range(60):  # the lines go into the records in the background
        broker.goto(package)
        if "On its way" not in broker.inner_text("main"):
            break
        broker.wait_for_timeout(1000)
    expect(broker.locator("tbody")).to_contain_text("Posting")
    assert axe(broker) == []
    _shot(broker, "package-ended")
