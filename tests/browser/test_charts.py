"""Charts in a real browser, under the pages' own policy: what the script adds works, and nothing complains of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looks import violations

pytestmark = pytest.mark.browser

BARS = "/worcestershire/statement/home-care/"
LINES = "/worcestershire/statement/population/"
PEOPLE = "/worcestershire/people/"
FAN = "/worcestershire/outlook/home-care/"


@pytest.fixture
def page(browser):
    """A page that fails the test on any complaint of the browser, such as of a script or style that is not allowed."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    opened, complaints = context.new_page(), []
    opened.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def chart(page, address: str):
    page.goto(address)
    found = page.locator(".cs-chart", has=page.locator(".cs-chart__stage")).first
    found.locator(".cs-chart__stage").wait_for()
    return found


def begins(words: str) -> re.Pattern[str]:
    """What text that begins with these words matches."""
    return re.compile(f"^{re.escape(words)}")


def test_keys_walk_from_value_to_value_in_words(page, served):
    one = chart(page, served + BARS)
    stage, said = one.locator(".cs-chart__stage"), one.get_by_role("status")
    stage.focus()
    page.keyboard.press("Home")
    rows = page.locator(".cs-scroll[aria-labelledby='caption-home-care-hours'] tbody tr")
    first = [rows.nth(0).locator("th").inner_text(), *rows.nth(0).locator("td").all_inner_texts()]
    heads = page.locator(".cs-scroll[aria-labelledby='caption-home-care-hours'] thead th").all_inner_texts()
    # What is said is what the table holds.
    expect(said).to_have_text(f"{first[0]}, {heads[1]}: {first[1]}")
    page.keyboard.press("ArrowDown")
    expect(said).to_have_text(f"{first[0]}, {heads[2]}: {first[2]}")
    page.keyboard.press("ArrowRight")
    expect(said).to_have_text(begins(f"{rows.nth(1).locator('th').inner_text()}, {heads[2]}: "))
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    expect(said).to_have_text(begins("Unknown district, "))
    expect(one.locator(".cs-chart__tip")).to_be_visible()
    expect(one.locator(".cs-chart__rings")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(one.locator(".cs-chart__tip")).to_be_hidden()
    assert violations(page) == []


def test_pointer_shows_the_value_it_points_at_and_a_line_is_singled_out(page, served):
    one = chart(page, served + LINES)
    mark = one.locator("path[data-at='2030'][data-series='Wychavon']")
    mark.hover(force=True)
    expect(one.locator(".cs-chart__tip")).to_have_text(f"2030, Wychavon: {mark.get_attribute('data-text')}")
    button = one.get_by_role("button", name="Wychavon")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    pale = one.locator("[data-series].cs-pale")
    others = one.locator("[data-series]:not([data-series=Wychavon])")
    expect(others).not_to_have_count(0)
    expect(pale).to_have_count(others.count())
    button.click()
    expect(pale).to_have_count(0)


def test_map_and_pyramid_are_walked_by_pointer_and_keys(page, served):
    page.goto(served + PEOPLE)
    pyramid, areas = page.locator(".cs-chart").nth(0), page.locator(".cs-chart").nth(1)
    areas.locator(".cs-chart__tip").wait_for(state="attached")  # the script is there: the page stands before it
    mark = areas.locator("path[data-at='Wychavon']")
    mark.hover(force=True)  # over what is written on it
    expect(areas.locator(".cs-chart__tip")).to_have_text(f"Wychavon: {mark.get_attribute('data-text')}")
    # The line runs along the border of the area: its box would lie across its neighbours.
    expect(areas.locator(".cs-chart__ring").first).to_have_attribute("d", mark.get_attribute("d"))
    for one, first, second in ((pyramid, "0 to 4, Women", "5 to 9, Women"), (areas, "Bromsgrove: ", "Malvern Hills: ")):
        one.locator(".cs-chart__stage").focus()
        page.keyboard.press("Home")
        expect(one.get_by_role("status")).to_have_text(begins(first))
        page.keyboard.press("ArrowRight")
        expect(one.get_by_role("status")).to_have_text(begins(second))
    assert violations(page) == []


def test_fan_is_walked_on_a_phone_where_words_say_that_it_scrolls(page, served):
    page.set_viewport_size({"width": 390, "height": 844})
    one = chart(page, served + FAN)
    expect(one.locator(".cs-chart__hint")).to_be_visible()
    one.locator(".cs-chart__stage").focus()
    page.keyboard.press("End")
    said = one.get_by_role("status")
    expect(said).to_contain_text("expected, 80% interval")
    tip = one.locator(".cs-chart__tip")
    expect(tip).to_have_text(said.inner_text())
    box = tip.bounding_box()
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(one.locator(".cs-chart__hint")).to_be_hidden()


def test_reader_chooses_chart_or_table(page, served):
    one = chart(page, served + BARS)
    table = page.locator(".cs-scroll[aria-labelledby='caption-home-care-hours']")
    expect(table).to_be_visible()
    one.get_by_role("button", name="Chart alone").click()
    expect(table).to_be_hidden()
    expect(one.locator("svg")).to_be_visible()
    one.get_by_role("button", name="Table alone").click()
    expect(table).to_be_visible()
    expect(one.locator("svg")).to_be_hidden()
    assert violations(page) == []
    one.get_by_role("button", name="Chart and table").click()
    expect(table).to_be_visible()
    expect(one.locator("svg")).to_be_visible()


def test_chart_is_whole_without_script(browser, served):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served + BARS)
    one = page.locator(".cs-chart").first
    expect(one.locator("svg")).to_be_visible()
    expect(one.locator(".cs-chart__summary")).to_have_text(begins("Bar chart of "))
    expect(one.locator("button")).to_have_count(0)
    expect(page.get_by_role("link", name="The values of this chart as CSV").first).to_be_visible()
    context.close()


def test_what_is_pointed_at_is_seen_in_forced_colours(browser, served):
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    one = chart(page, served + BARS)
    one.locator(".cs-chart__stage").focus()
    page.keyboard.press("ArrowRight")
    stroke, canvas = page.evaluate(
        "[getComputedStyle(document.querySelector('.cs-chart__ring')).stroke,"
        " getComputedStyle(document.body).backgroundColor]"
    )
    assert stroke != canvas
    context.close()
