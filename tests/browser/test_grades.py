"""Only gold and silver on a list, in a real browser: the loss is read, it is proposed, agreed to, and switched off."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_accounts import axe, window  # noqa: F401  (the fixture window)
from tests.browser.test_lists import _look, admit
from tests.browser.test_work import enter, folder, people_of, place  # noqa: F401  (the sample, served)
from tests.browser.waiting import follow
from tests.source.place import today

pytestmark = pytest.mark.browser


def test_only_gold_and_silver_is_switched_on_with_the_loss_in_sight_and_off_again(place, people_of, window):  # noqa: F811
    commissioner, officer = window(), window()
    enter(commissioner, place, people_of, "commissioner")
    enter(officer, place, people_of, "quality-officer")
    admit(commissioner, place, None)
    commissioner.goto(f"{place}/work/lists/")
    follow(commissioner, "main tbody a:has-text('Nursing homes')")
    expect(commissioner.locator("main")).to_contain_text("providers of every grade are asked")
    follow(commissioner, "main a[href$='/grades/']")
    expect(commissioner.locator("main")).to_contain_text("1 of 1")
    _look(commissioner, "list-grades")
    assert axe(commissioner) == []
    follow(commissioner, "text=Propose to switch it on")
    commissioner.fill("[name=begins_on]", f"{today():%d/%m/%Y}")
    commissioner.click("main button:has-text('Propose it')")
    expect(commissioner.locator(".govuk-error-summary")).to_contain_text("Enter why")
    expect(commissioner.locator("[name=begins_on]")).to_have_value(f"{today():%d/%m/%Y}")
    _look(commissioner, "switch-new")
    assert axe(commissioner) == []
    commissioner.fill("[name=why]", "The council buys from the best alone.")
    commissioner.click("main button:has-text('Propose it')")
    expect(commissioner.locator("main")).to_contain_text("You proposed it. Somebody else has to agree.")
    _look(commissioner, "switch-own")
    switch = commissioner.url
    officer.goto(f"{place}/work/")
    follow(officer, f"main a[href='{switch.removeprefix(place)}']")
    expect(officer.locator("main")).to_contain_text("What was shown before it was proposed")
    officer.check("[name=move][value=agree]")
    _look(officer, "switch-agree")
    assert axe(officer) == []
    officer.click("main button:has-text('Do it')")
    expect(officer.locator("main .govuk-tag").first).to_have_text("Switched on")
    officer.check("[name=move][value=switch-off]")
    officer.fill("[name=why]", f"Too few are left on {today():%d/%m/%Y}.")
    officer.click("main button:has-text('Do it')")
    expect(officer.locator("main .govuk-tag").first).to_have_text("Switched off")
    _look(officer, "switch-off")
