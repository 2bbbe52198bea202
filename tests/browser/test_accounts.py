"""Journeys of people who sign in, in a real browser: invited, with one-time codes, with a passkey, and leaving."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests import warm
from tests.accounts.signing import code_now
from tests.browser.looks import WIDTHS
from tests.browser.looks import look as axe
from tests.browser.waiting import PATIENCE, follow

pytestmark = pytest.mark.browser

PASSWORD = "quiet lamp under the stairs"
WORK = re.compile(r"/work/$")
SIGN_IN = re.compile("/sign-in/")


@pytest.fixture(scope="module")
def site(served: str) -> str:
    """The served demonstration by the name under which browsers allow passkeys without HTTPS."""
    return served.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def call(demo: Path, served: str):
    """Calls ``careshape account`` beside the server, as who runs an installation does."""

    def called(*arguments: str) -> str:
        done = warm.careshape("--dir", demo, "account", *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return called


@pytest.fixture(scope="module")
def passwords(call) -> dict[str, str]:
    """Passwords of the demonstration's accounts by their address."""
    made = json.loads(call("demonstration", "--new-passwords", "--format", "json"))
    return {row["address"]: row["password"] for row in made}


@pytest.fixture
def window(browser):
    """Opens windows that share nothing; fails where the content policy stopped anything."""
    opened, stopped = [], []

    def open_one(width: str = "desktop", **options):
        wide, high = WIDTHS[width]
        context = browser.new_context(viewport={"width": wide, "height": high}, **options)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: "Content Security" in message.text and stopped.append(message.text))
        opened.append(context)
        return page

    yield open_one
    for context in opened:
        context.close()
    assert stopped == []


def invited(call, email: str, role: str, *more: str) -> str:
    """The path of the link that an invitation prints."""
    return urlsplit(call("invite", "--authority", "worcestershire", "--role", role, *more, email).split()[-1]).path


def sign_in(page, site: str, email: str, password: str) -> None:
    page.goto(f"{site}/sign-in/")
    page.fill("#id_email", email)
    page.fill("#id_password", password)
    follow(page, "main button")


def accept(page, site: str, path: str, name: str) -> None:
    page.goto(site + path)
    page.fill("#id_name", name)
    page.fill("#id_password", PASSWORD)
    follow(page, "main button")


def set_up_codes(page) -> str:
    """Set one-time codes up; returns their key."""
    follow(page, "text=One-time codes")
    key = page.inner_text("#key").replace(" ", "")
    page.fill("#id_code", code_now(key))
    page.click("main button")
    page.wait_for_selector("text=Keep your recovery codes")
    return key


def test_invited_person_sets_up_codes_signs_in_and_out_and_in_again(site, call, window):
    page = window()
    accept(page, site, invited(call, "first@example.org", "administrator"), "Synthetic first")
    expect(page).to_have_url(re.compile("/sign-in/set-up/$"))
    page.goto(f"{site}/work/")
    expect(page).to_have_url(SIGN_IN)
    page.goto(f"{site}/sign-in/set-up/")
    key = set_up_codes(page)
    page.click("text=I have kept them")
    page.wait_for_url(WORK)
    follow(page, "text=Sign out")
    expect(page).to_have_title(re.compile("^You are signed out"))
    sign_in(page, site, "first@example.org", PASSWORD)
    page.fill("#id_code", code_now(key, ahead=1))
    page.click("main button")
    page.wait_for_url(WORK)


def test_journey_works_without_script_and_by_keyboard_at_phone_width(site, call, window):
    page = window("phone", java_script_enabled=False)
    page.goto(site + invited(call, "second@example.org", "analyst"))
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    page.locator("#id_name").focus()
    page.keyboard.type("Synthetic second")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("set-up/$"))
    page.locator("a", has_text="One-time codes").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#key")
    key = page.inner_text("#key").replace(" ", "")
    page.locator("#id_code").focus()
    page.keyboard.type(code_now(key))
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Keep your recovery codes")
    page.locator("text=I have kept them").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(WORK)


def test_passkey_is_set_up_and_signs_in_without_a_password(site, call, window):
    page = window()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                     "isUserVerified": True, "automaticPresenceSimulation": True}},
    )  # fmt: skip
    accept(page, site, invited(call, "third@example.org", "broker"), "Synthetic third")
    follow(page, "text=A passkey")
    page.fill("#id_name", "Synthetic laptop")
    page.click("main button")
    page.wait_for_selector("text=Keep your recovery codes")
    page.click("text=I have kept them")
    page.wait_for_url(WORK)
    follow(page, "text=Sign out")
    sign_in(page, site, "third@example.org", PASSWORD)
    page.click("text=Use a passkey")
    page.wait_for_url(WORK)
    follow(page, "text=Sign out")
    page.goto(f"{site}/sign-in/passkey/")
    page.click("text=Use a passkey")
    page.wait_for_url(WORK)
    page.goto(f"{site}/account/")
    expect(page.locator("main")).to_contain_text("Synthetic laptop")


def test_passkey_of_a_device_that_did_not_check_its_holder_is_refused(site, call, window):
    page = window()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "usb", "hasUserVerification": False,
                     "automaticPresenceSimulation": True}},
    )  # fmt: skip
    accept(page, site, invited(call, "fourth@example.org", "broker"), "Synthetic fourth")
    follow(page, "text=A passkey")
    page.fill("#id_name", "Synthetic key")
    page.click("main button")
    page.wait_for_selector("text=The device gave no passkey")
    page.goto(f"{site}/work/")
    expect(page).to_have_url(SIGN_IN)


def test_leaver_loses_access_at_once(site, call, passwords, window):
    leaver, administrator = window(), window()
    accept(leaver, site, invited(call, "leaver@example.org", "broker"), "Synthetic leaver")
    set_up_codes(leaver)
    leaver.click("text=I have kept them")
    leaver.wait_for_url(WORK)
    address = "administrator@worcestershire.example.org"
    sign_in(administrator, site, address, passwords[address])
    administrator.wait_for_url(WORK)
    administrator.goto(f"{site}/work/people/?q=leaver")
    follow(administrator, "text=Synthetic leaver")
    follow(administrator, "text=End access")
    administrator.click("main button")
    administrator.wait_for_selector("text=The access of Synthetic leaver has ended.")
    leaver.goto(f"{site}/account/")
    expect(leaver).to_have_url(SIGN_IN)
    sign_in(leaver, site, "leaver@example.org", PASSWORD)
    expect(leaver.locator("main")).to_contain_text("is not right")


def test_every_page_of_accounts_passes_axe_wide_and_narrow(site, call, passwords, window, promise):
    page = window()
    found, pages = [], 0
    for path in ("/sign-in/", "/sign-in/passkey/", "/sign-in/forgotten/", "/sign-in/second/", "/sign-in/reset/x/",
                 invited(call, "fifth@example.org", "provider", "--organisation",
                         "Synthetic provider of the demonstration")):  # fmt: skip
        page.goto(site + path)
        found += axe(page)
        pages += 1
    address = "administrator@worcestershire.example.org"
    sign_in(page, site, address, passwords[address])
    page.wait_for_url(WORK)
    for path in ("/account/", "/account/password/", "/account/confirm/", "/account/codes/", "/account/passkeys/",
                 "/account/recovery/", "/work/people/", "/work/people/?q=zebra", "/work/people/invite/", "/work/teams/",
                 "/work/teams/new/", "/work/organisations/", "/work/organisations/new/"):  # fmt: skip
        page.goto(site + path)
        found += axe(page)
        pages += 1
    page.goto(f"{site}/work/people/?q=broker")
    follow(page, "main tbody a")
    for what in ("", "role/", "end/"):
        person = page.url
        page.goto(person + what)
        found += axe(page)
        pages += 1
        page.goto(person)
    for home in ("/work/teams/", "/work/organisations/"):
        page.goto(site + home)
        follow(page, "main tbody a")
        found += axe(page)
        pages += 1
    page.goto(f"{site}/work/people/invite/")
    page.fill("#id_email", "no address")
    page.click("main button")
    expect(page.locator(".govuk-error-summary a")).to_have_count(2)
    found += axe(page)
    assert found == []
    promise(
        "R15 pages of accounts", f"axe finds 0 on {pages + 1} pages, wide and narrow; nothing is stopped by the policy"
    )
