"""A walk through the demonstration in a real browser: every kind of page, wide and narrow, with script and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.kinds import OF_NO_STATEMENT
from tests.browser.kinds import OF_THE_DEMONSTRATION as KINDS
from tests.browser.looks import WIDTHS, forced_colours, look, resize, violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tab(browser):
    """One tab for all pages of the walk, which share what was fetched, and what the browser complained of in it."""
    context, complaints = browser.new_context(), []
    opened = context.new_page()

    def hear(said):
        if said.type in ("error", "warning"):
            complaints.append(f"{said.location['url']}: {said.text}")

    opened.on("console", hear)
    opened.on("pageerror", lambda error: complaints.append(f"{opened.url}: {error}"))
    yield opened, complaints
    context.close()
    assert complaints == [], "after the last test"


@pytest.fixture
def page(tab):
    """That tab, wide, which fails the test on any complaint of the browser, a blocked style among them.

    No page is put in its place in between, which would start a process anew: what the last page of a test complains of
    later fails the next one, and says of which address it is.
    """
    opened, complaints = tab
    resize(opened, "desktop")
    yield opened
    # The browser itself complains of the pages that a test asks for knowing that they are not there, or no more.
    found = [said for said in complaints if not said.endswith(("404 (Not Found)", "410 (Gone)"))]
    complaints.clear()
    assert found == []


@pytest.fixture
def narrow(page):
    """The same tab, as wide as a phone."""
    resize(page, "phone")
    return page


TITLE = re.compile(r"(\(draft\)|Page not found – careshape)$")
"""How the titles of the pages end."""


def assert_good(page, where: str, draft: bool = True) -> None:
    """Wide and narrow: no violation and nothing to scroll sideways; a title and one first heading."""
    assert look(page) == [], where
    expect(page.locator("h1")).to_have_count(1)
    # A page of the statement is a draft; what says that there is no such page is none.
    expect(page).to_have_title(TITLE if draft else re.compile(r"\w"))


@pytest.mark.parametrize("kind", list(KINDS))
def test_page_kind_has_no_violation_in_either_theme_and_fits(page, served, kind):
    page.goto(served + KINDS[kind])
    assert_good(page, kind, draft=kind not in OF_NO_STATEMENT)
    assert forced_colours(page) == []


def test_figure_opens_its_card_and_the_card_leads_back(page, served):
    page.goto(served + KINDS["segment with table"])
    figure = page.locator("a.cs-figure[href*='/figures/']").first
    said = figure.inner_text()
    figure.click()
    expect(page.locator(".cs-figure-value")).to_have_text(said)
    expect(page.locator("main")).to_contain_text("As known on")
    assert_good(page, "card of a figure")
    page.get_by_role("link", name="Home care", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Home care")


def test_figure_worked_out_from_others_shows_them(page, served):
    page.goto(served + KINDS["segment with chart"])
    page.get_by_role("link", name="%").first.click()
    expect(page.locator("main")).to_contain_text("Worked out from")
    assert_good(page, "card of a change")


@pytest.mark.parametrize("council", ["worcestershire", "thurrock"])
def test_every_segment_has_no_violation_and_fits(page, served, council):
    for link in walked(page, f"{served}/{council}/", "main a[href*='/statement/']"):
        page.goto(link)
        assert_good(page, link)


@pytest.mark.parametrize("council", ["worcestershire", "thurrock"])
def test_every_table_page_fits_its_window(page, served, council):
    for link in walked(page, f"{served}/{council}/tables/", "main a[href*='/tables/']"):
        resize(page, "desktop")
        page.goto(link)
        for name in WIDTHS:
            resize(page, name)
            wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
            assert wide <= window, (name, link)
        expect(page.locator("table"), link).to_have_count(1)


def walked(page, start: str, pattern: str) -> list[str]:
    """The pages that a page links to, each once."""
    page.goto(start)
    links = page.eval_on_selector_all(pattern, "all => all.map(one => one.href)")
    found = [link for link in dict.fromkeys(links) if link.endswith("/")]
    assert len(found) >= 10, start
    return found


def test_table_scrolls_in_a_region_that_the_keyboard_reaches(narrow, served):
    page = narrow
    page.goto(served + KINDS["table of observations"])
    region = page.locator(".cs-scroll")
    region.focus()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"


def test_filters_and_sorting_work_by_hand(narrow, served):
    page = narrow
    page.goto(served + "/worcestershire/intentions/")
    whole = page.locator("tbody tr").count()
    page.get_by_label("Direction").select_option("Reduce")
    with page.expect_navigation():
        page.get_by_role("button", name="Show").click()
    part = page.locator("tbody tr").count()
    assert 0 < part < whole
    with page.expect_navigation():
        page.locator("thead a").first.click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
    expect(page.locator("tbody tr")).to_have_count(part)


def test_menu_folds_on_a_phone_and_opens_by_keyboard(browser, served):
    context = browser.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto(served + "/worcestershire/")
    menu = page.get_by_role("button", name="Menu")
    about = page.locator("nav a", has_text="About").first
    expect(about).to_be_hidden()
    menu.focus()
    page.keyboard.press("Enter")
    expect(about).to_be_visible()
    assert violations(page) == []
    context.close()


def test_pages_work_without_script(browser, served):
    context = browser.new_context(viewport={"width": 375, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(served + "/worcestershire/")
    expect(page.locator("nav a", has_text="About").first).to_be_visible()
    page.get_by_label("Search this statement").fill("home care")
    page.get_by_role("button", name="Search").click()
    page.locator("main li a", has_text="Home care").first.click()
    expect(page.locator("h1")).to_have_count(1)
    page.locator("a.cs-figure").first.click()
    expect(page.locator(".cs-figure-value")).to_be_visible()
    context.close()


def test_skip_link_is_the_first_stop_of_the_keyboard(page, served):
    page.goto(served + "/worcestershire/statement/home-care/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"


def test_static_export_walks_like_the_served_pages(page, exported):
    page.goto(exported + "/index.html")
    page.get_by_role("link", name="Worcestershire", exact=False).first.click()
    assert_good(page, "exported home")
    page.locator("main a[href*='statement/home-care']").first.click()
    assert_good(page, "exported segment")
    page.locator("a.cs-figure[href*='figures/']").first.click()
    assert_good(page, "exported card")
    page.get_by_role("link", name="A to Z").first.click()
    assert_good(page, "exported A to Z")
    page.locator("main a[href*='outlook/home-care/']").first.click()
    assert_good(page, "exported outlook")
    page.get_by_role("link", name="A to Z").first.click()
    page.locator("main a[href*='tables/']").first.click()
    assert_good(page, "exported table")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").first.click()
    assert download.value.suggested_filename.endswith(".csv")


PRINTED = (
    "/worcestershire/tables/ethnicity/",
    "/worcestershire/check/",
    "/worcestershire/statement/care-home-costs/",
    "/worcestershire/outlook/",
    "/worcestershire/outlook/supported-living/",
    "/worcestershire/costs/",
    "/worcestershire/supply/",
    "/worcestershire/housing/",
)
A4_INSIDE = 680
"""Width of a sheet of A4 between its margins, in the pixels of a style sheet."""


@pytest.mark.parametrize("path", PRINTED)
def test_page_prints_whole_without_addresses_and_navigation(browser, served, path):
    page = browser.new_page(viewport={"width": A4_INSIDE, "height": 900})
    page.emulate_media(media="print")
    page.goto(served + path)
    after = "[...document.querySelectorAll('a[href]')].map(one => getComputedStyle(one, '::after').content)"
    assert set(page.evaluate(after)) <= {"none", "normal", '""'}
    assert page.evaluate("document.documentElement.scrollWidth") <= A4_INSIDE
    cut = "[...document.querySelectorAll('.cs-scroll')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
    assert page.evaluate(cut) == 0
    for selector in (".govuk-service-navigation", ".cs-filter", ".cs-footer__links", ".govuk-pagination"):
        expect(page.locator(selector).first).to_be_hidden()  # so is what is not there
    colour = "getComputedStyle(document.querySelector('.govuk-generic-header__homepage-link')).color"
    assert page.evaluate(colour) == "rgb(11, 12, 12)"
    page.close()


def test_caption_wraps_on_a_phone_and_a_wide_table_shows_that_it_scrolls(browser, served):
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.goto(served + "/worcestershire/statement/care-home-costs/")
    for caption in page.locator(".cs-caption").all():
        box = caption.bounding_box()
        assert box["x"] + box["width"] <= 375
    page.goto(served + "/worcestershire/tables/ethnicity/")
    region = page.locator(".cs-scroll").first
    assert region.evaluate("one => one.scrollWidth > one.clientWidth")
    assert "gradient" in region.evaluate("one => getComputedStyle(one).backgroundImage")
    page.close()


def test_wide_table_is_not_cut_on_a_desktop(browser, served):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(served + "/worcestershire/statement/ethnicity/")
    assert page.locator(".cs-scroll").first.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
    page.close()
