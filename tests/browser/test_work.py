"""Journeys in the place to work, in a real browser: a faulty file is mended, a figure followed back to its import."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import _server
from tests.browser.test_accounts import axe, sign_in, window  # noqa: F401  (the fixture window)
from tests.statement.sample import make_sample
from tests.work.files import FAULTY, MENDED

pytestmark = pytest.mark.browser
WORK = re.compile(r"/work/$")
START = "from careshape.cli import main; import sys; sys.exit(main())"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory of the sample, which these tests may change."""
    return make_sample(tmp_path_factory.mktemp("place-to-work"))


@pytest.fixture(scope="module")
def people_of(folder: Path) -> dict[str, str]:
    """Passwords of the demonstration's accounts by their address."""
    command = [sys.executable, "-c", START, "--dir", str(folder), "account", "demonstration", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return {row["address"]: row["password"] for row in json.loads(done.stdout)}


@pytest.fixture(scope="module")
def place(browser: object, folder: Path, people_of: dict[str, str]):
    """The address of the site over the sample."""
    script = f"from careshape.site.serve import serve; serve({str(folder)!r}, '127.0.0.1', {{port}})"
    yield from _server(lambda port: [sys.executable, "-c", script.format(port=port)])


def enter(page, place: str, people_of: dict[str, str], role: str) -> None:
    """Sign in as a role of Worcestershire."""
    address = f"{role}@worcestershire.example.org"
    sign_in(page, place, address, people_of[address])
    page.wait_for_url(WORK)


def test_a_faulty_file_is_told_mended_and_posted(place, people_of, window, tmp_path) -> None:  # noqa: F811
    faulty, mended = tmp_path / "packages.csv", tmp_path / "packages mended.csv"
    faulty.write_bytes(FAULTY)
    mended.write_bytes(MENDED)
    page = window()
    enter(page, place, people_of, "analyst")
    page.click("text=Imports")
    page.click("text=Bring a file")
    page.click("text=Check the file")
    assert page.inner_text(".govuk-error-summary__list") == "Select a file."
    assert axe(page) == []
    page.set_input_files("#file", str(faulty))
    page.click("text=Check the file")
    page.wait_for_selector("text=Post 1 row to the ledger")
    assert "start_date" in page.inner_text("table")
    assert axe(page) == []
    page.click("a:has-text('Discard the file')")
    page.click("button:has-text('Discard it')")
    page.wait_for_selector("text=is discarded")
    page.click("text=Bring a file")
    page.set_input_files("#file", str(mended))
    page.click("text=Check the file")
    page.click("text=Post 3 rows to the ledger")
    page.wait_for_selector("text=is posted as posting 2")
    assert axe(page) == []
    page.click("a:has-text('posting 2')")
    page.wait_for_selector("h1:has-text('Posting 2')")
    assert "Synthetic analyst" in page.inner_text("main")


def test_an_auditor_follows_a_figure_back_to_its_import(place, people_of, window) -> None:  # noqa: F811
    page = window()
    enter(page, place, people_of, "auditor")
    page.goto(f"{place}/work/measures/")
    page.select_option("#measure", "people_supported")
    page.fill("#period", "2021-03-31")
    page.click("main button:has-text('Ask')")
    page.click("text=Follow this figure back")
    page.click("text=Posting 1")
    page.wait_for_selector("h1:has-text('Posting 1')")
    assert "lines.csv" in page.inner_text("main")
    page.click("nav >> text=Audit log")
    page.click("text=Verify that the log is whole")
    page.wait_for_selector("text=The log is whole")


def test_a_file_is_brought_and_posted_by_keyboard_without_script(place, people_of, window, tmp_path) -> None:  # noqa: F811
    page = window(java_script_enabled=False)
    enter(page, place, people_of, "analyst")
    file = tmp_path / "by keyboard.csv"
    file.write_bytes(MENDED.replace(b"L101", b"L401").replace(b"P101", b"P401"))
    page.goto(f"{place}/work/imports/new/")
    page.set_input_files("#file", str(file))
    press(page, "Check the file")
    page.wait_for_selector("text=to the ledger")
    press(page, "Post")
    page.wait_for_selector("text=is posted as posting")


def press(page, words: str) -> None:
    """Reach a button with the tab key alone, and press it with the keyboard."""
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.locator(":focus")
        if found.count() and found.evaluate("e => e.tagName") == "BUTTON" and words in found.inner_text():
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"No button '{words}' is reached by the tab key.")


PAGES = {
    "analyst": (
        "", "imports/", "imports/new/", "imports/withdraw/", "postings/", "postings/1/", "registers/providers/",
        "registers/settings/?sort=people", "measures/", "measures/?measure=cost&by=service&by2=financial_year",
        "measures/?measure=none", "search/", "search/?q=nursing", "search/?q=zebra", "jobs/",
    ),
    "auditor": ("", "audit/", "search/?q=sign"),
    "administrator": ("", "search/?q=broker"),
    "commissioner": ("",),
    "finance": ("",),
    "provider": ("", "organisation/"),
    "voluntary": ("", "organisation/"),
}  # fmt: skip


@pytest.mark.parametrize("role", PAGES)
def test_axe_finds_nothing_on_pages_of_a_role(place, people_of, window, role) -> None:  # noqa: F811
    page = window()
    enter(page, place, people_of, role)
    found = []
    for path in (*(f"/work/{one}" for one in PAGES[role]), "/account/tokens/", "/api/v1/"):
        assert page.goto(place + path).status in (200, 400), path
        found += axe(page)
    if role == "analyst":
        page.goto(f"{place}/work/registers/providers/")
        page.click("tbody a >> nth=0")
        found += axe(page)
    assert found == []
