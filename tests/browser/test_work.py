"""Journeys in the place to work, in a real browser: a faulty file is mended, a figure followed back to its import."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import postgres, warm
from tests.accounts.provider import CLIENT, SECRET, Provider, serve
from tests.browser.conftest import site_over
from tests.browser.keyboard import WALKS, walk
from tests.browser.test_accounts import axe, sign_in, window  # noqa: F401  (the fixture window)
from tests.browser.waiting import follow
from tests.installation import new_database
from tests.once import copy_of
from tests.statement.sample import HEADER, look_ahead_in, make_sample
from tests.tables import FILE, sqlite_tables
from tests.work.files import FAULTY, MENDED, line

pytestmark = pytest.mark.browser
WORK = re.compile(r"/work/$")
URL = "CARESHAPE_DATABASE_URL"
KEY = "CARESHAPE_KEY_FILE"
ACCOUNTS = ("demonstration", "--new-passwords", "--format", "json")


PASSWORDS = "passwords.json"


def make_inhabited(home: Path) -> None:
    """Make the sample with its database and an account of each role, whose passwords lie beside it."""
    data = sqlite_tables(home / "data")
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv(URL, raising=False)
        patched.setenv(KEY, str(data / "key"))
        look_ahead_in(make_sample(data))
        (home / PASSWORDS).write_text(account(data, ACCOUNTS), "utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory of the sample, which these tests may change; the processes over it ask a database of its own,
    on the server of PostgreSQL where the tests run on that.
    """
    home = copy_of("sample-inhabited", tmp_path_factory.mktemp("place-to-work"), make_inhabited)
    made = home / "data"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(KEY, str(made / "key"))
        if os.environ.get("CARESHAPE_TEST_DATABASE") != "postgresql":
            yield made
            return
        (made / FILE).unlink()
        with new_database(os.environ[URL], postgres.TABLES) as url:
            patched.setenv(URL, url)
            (home / PASSWORDS).write_text(account(made, ACCOUNTS), "utf-8")
            yield made
            assert not (made / FILE).exists(), "nobody asked SQLite"


@pytest.fixture(scope="module")
def people_of(folder: Path) -> dict[str, str]:
    """Passwords of the demonstration's accounts by their address."""
    made = (folder.parent / PASSWORDS).read_text("utf-8")
    return {row["address"]: row["password"] for row in json.loads(made)}


def account(folder: Path, *calls: tuple[str, ...]) -> str:
    """Call ``careshape account``, as who runs the installation does; several times in one process."""
    whole = [["--dir", str(folder), "account", *one] for one in calls]
    script = f"from careshape.cli import main; import sys; sys.exit(max(main(one) or 0 for one in {whole!r}))"
    done = warm.run(script)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def place(browser: object, folder: Path, people_of: dict[str, str]):
    """The address of the site over the sample."""
    with site_over(folder) as address:
        yield address


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
    follow(page, "text=Imports")
    follow(page, "text=Bring a file")
    follow(page, "text=Check the file")
    expect(page.locator(".govuk-error-summary__list")).to_have_text("Select a file.")
    assert axe(page) == []
    page.set_input_files("#file", str(faulty))
    page.click("text=Check the file")
    page.wait_for_selector("text=Post 1 row to the ledger")
    expect(page.locator("table").first).to_contain_text("start_date")
    assert axe(page) == []
    follow(page, "a:has-text('Discard the file')")
    page.click("button:has-text('Discard it')")
    page.wait_for_selector("text=is discarded")
    follow(page, "text=Bring a file")
    page.set_input_files("#file", str(mended))
    page.click("text=Check the file")
    page.click("text=Post 3 rows to the ledger")
    page.wait_for_selector("text=is posted as posting 2")
    assert axe(page) == []
    page.click("a:has-text('posting 2')")
    page.wait_for_selector("h1:has-text('Posting 2')")
    expect(page.locator("main")).to_contain_text("Synthetic analyst")


def test_an_auditor_follows_a_figure_back_to_the_import_that_caused_it(place, people_of, window, tmp_path) -> None:  # noqa: F811
    """From the text of the statement to its card, to the posting that moved it, and to who brought which file."""
    file = tmp_path / "one more.csv"
    file.write_text(HEADER + line(901, service="nursing", start="2021-03-01"), "utf-8")
    analyst, auditor = window(), window()
    enter(analyst, place, people_of, "analyst")
    analyst.goto(f"{place}/work/imports/new/")
    analyst.set_input_files("#file", str(file))
    analyst.click("text=Check the file")
    analyst.click("text=Post 1 row to the ledger")
    analyst.wait_for_selector("text=is posted as posting")
    posting = analyst.inner_text("main a[href^='/work/postings/']")
    enter(auditor, place, people_of, "auditor")
    auditor.goto(f"{place}/worcestershire/statement/care-homes/")
    follow(auditor, "main a.cs-figure:has-text('1,823')")  # the 1,792 nights of the sample, and 31 of March 2021
    follow(auditor, "main a[href^='/work/figures/']")
    moved = auditor.locator("tr", has_text=posting[0].upper() + posting[1:])
    expect(moved.locator("td")).to_have_text(["one more.csv", "1,823", "Yes"])
    moved.locator("a").click()
    auditor.wait_for_selector("h2:has-text('What the audit log tells of it: event')")
    told = auditor.inner_text("main")
    assert "Synthetic analyst" in told
    assert hashlib.sha256(file.read_bytes()).hexdigest() in told
    assert "As it was when the file was posted." in told
    follow(auditor, "nav >> text=Audit log")
    auditor.click("text=Verify that the log is whole")
    auditor.wait_for_selector("text=The log is whole")
    auditor.select_option("#events-title", "Post a file to the ledger")
    follow(auditor, "button:has-text('Show')")
    expect(auditor.locator("tbody")).to_contain_text("Synthetic analyst")
    assert axe(auditor) == []


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
    posting = page.inner_text("main a[href^='/work/postings/']")
    press(page, posting, "A")
    press(page, "Withdraw this posting", "A")
    expect(page.locator("#said")).to_contain_text("Taken out of every figure from now on")
    press(page, f"Withdraw {posting}")
    page.wait_for_selector("h1:has-text('Withdraw a posting')")
    for _ in range(60):
        if page.locator("text=It made").count():
            break
        page.wait_for_timeout(500)
        press(page, "See how far it is", "A")  # what script does by itself
    press(page, "posting", "A")
    expect(page.locator("main")).to_contain_text(f"It withdraws {posting}")


@pytest.mark.parametrize("role", WALKS)
def test_a_role_works_by_keyboard_without_script(place, people_of, window, role) -> None:  # noqa: F811
    """From the front page through signing in; the analyst's and the commissioner's walks are tests of their own."""
    page, address = window(java_script_enabled=False), f"{role}@worcestershire.example.org"
    page.goto(place)
    walk(page, (("open", "Sign in"), ("type", "id_email", address), ("type", "id_password", people_of[address])))
    walk(page, (("press", "Sign in"), *WALKS[role]))


def test_what_the_keyboard_does_not_reach_is_noticed(place, window) -> None:  # noqa: F811
    page = window()
    page.goto(f"{place}/sign-in/")
    page.evaluate("document.querySelector('main button').tabIndex = -1")
    with pytest.raises(AssertionError, match="no BUTTON 'Sign in' is reached"):
        walk(page, (("press", "Sign in"),))
    # The content policy stops styles of a page's own, but not what is set through the object model.
    page.evaluate("Object.assign(document.querySelector('#id_email').style, {outline: 'none', boxShadow: 'none'})")
    with pytest.raises(AssertionError, match="nothing shows that id_email has the focus"):
        walk(page, (("type", "id_email", "x"),))


def test_person_signs_in_with_the_account_of_their_council(place, folder, window, tmp_path):  # noqa: F811
    provider = Provider(claims={"email": "sixth@example.org", "email_verified": True, "name": "Synthetic sixth"})
    provider.claims["amr"] = ["mfa"]
    server = serve(provider)
    try:
        secret = tmp_path / "secret"
        secret.write_text(SECRET, "utf-8")
        added = (
            "add-provider", "council", "--authority", "worcestershire", "--name", "Council account", "--issuer",
            provider.issuer, "--client-id", CLIENT, "--secret-file", str(secret), "--second-factor", "mfa",
        )  # fmt: skip
        invited = ("invite", "--authority", "worcestershire", "--role", "broker", "sixth@example.org")
        account(folder, added, invited)
        page = window()
        page.goto(f"{place}/sign-in/")
        page.click("text=Sign in with Council account")
        page.wait_for_url(WORK)
        expect(page.locator("header").first).to_contain_text("Synthetic sixth")
    finally:
        server.shutdown()
        server.server_close()


def press(page, words: str, tag: str = "BUTTON") -> None:
    """Reach a button or a link with the tab key alone, and press it with the keyboard."""
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.locator(":focus")
        if found.count() and found.evaluate("e => e.tagName") == tag and words in found.inner_text():
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"No {tag} '{words}' is reached by the tab key.")


PAGES = {
    "analyst": (
        "", "imports/", "imports/new/", "imports/withdraw/", "postings/", "postings/1/", "registers/providers/",
        "registers/settings/?sort=people", "measures/", "measures/?measure=cost&by=service&by2=financial_year",
        "measures/?measure=none", "search/", "search/?q=nursing", "search/?q=zebra", "jobs/", "imports/columns/",
        "postings/1/withdraw/", "nothing/", "people/",
    ),
    "auditor": ("", "audit/", "search/?q=sign", "people/", "postings/1/"),
    "administrator": ("", "search/?q=broker", "privacy/"),
    "commissioner": ("",),
    "finance": ("", "postings/1/"),
    "broker": ("", "colleagues/", "audit/"),
    "practitioner": ("",),
    "quality-officer": ("",),
    "provider": ("", "organisation/", "colleagues/"),
    "voluntary": ("", "organisation/"),
}  # fmt: skip


@pytest.mark.parametrize("role", PAGES)
def test_axe_finds_nothing_on_pages_of_a_role(place, people_of, window, role) -> None:  # noqa: F811
    page = window()
    enter(page, place, people_of, role)
    found = []
    for path in (*(f"/work/{one}" for one in PAGES[role]), "/account/tokens/", "/api/v1/"):
        assert page.goto(place + path).status in (200, 400, 403, 404), path
        found += axe(page)
    if role == "analyst":
        page.goto(f"{place}/work/registers/providers/")
        follow(page, "tbody a >> nth=0")
        found += axe(page)
    assert found == []


def test_a_commissioner_writes_is_stopped_and_mends_and_a_second_person_agrees(place, people_of, window) -> None:  # noqa: F811
    """With the preview while typing, a figure from the finder at the cursor, and the page that reads anew."""
    page, second = window(), window()
    enter(page, place, people_of, "commissioner")
    follow(page, "nav >> text=Writing")
    assert axe(page) == []
    follow(page, "tbody a:has-text('Shared Lives') >> nth=0")
    follow(page, "a:has-text('Write'):has-text('What there is')")
    page.fill("#text", "There is room for 27 more.\n\nToday there are ")
    page.wait_for_selector("[data-preview-content] .cs-faults")
    expect(page.locator("[data-preview-content]")).to_contain_text("'27' is typed")
    page.fill("#why", "More is known of the room.")
    follow(page, "text=Propose it")
    page.wait_for_selector(".govuk-error-summary")
    assert axe(page) == []
    page.click("[data-preview-content] a[data-line]")
    expect(page.locator("#text")).to_be_focused()
    page.fill("#text", "There is room for more.\n\nToday there are ")
    page.click("button:has-text('Find a figure')")
    page.fill("#find-q", "people in care homes")
    page.keyboard.press("Enter")
    page.click("[data-finder] a[data-find] >> nth=0")
    page.fill("#find-period", "2021-03-31")
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-insert*="2021-03-31"]')
    assert axe(page) == []
    page.evaluate("document.querySelector('#text').setSelectionRange(99, 99)")
    page.click('[data-insert*="2021-03-31"]')
    expect(page.locator("#text")).to_have_value(re.compile(r'period="2021-03-31"\) }}$'))
    page.wait_for_selector("[data-preview-content] >> text=Nothing to put right")
    page.click("text=Propose it")
    page.wait_for_selector("text=You wrote it, so a second person agrees it.")
    enter(second, place, people_of, "analyst")
    follow(second, "main a:has-text('Pages to agree')")
    second.wait_for_selector("h2:has-text('What changes')")
    assert axe(second) == []
    follow(second, "text=Show it side by side")
    assert axe(second) == []
    second.click("button:has-text('Agree it')")
    second.wait_for_selector("text=It is agreed and in force.")
    page.goto(f"{place}/worcestershire/statement/shared-lives/")
    expect(page.locator("main")).to_contain_text("There is room for more.")
