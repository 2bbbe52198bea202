"""A release in a real browser: the gate refuses one that leaks, the mended one goes out, who follows is told by mail,
comments and is answered, and it is rebuilt. (That a commissioner is stopped by the lint, and a second person agrees,
is in ``test_work``.)
"""

from __future__ import annotations

import json
import re
from email import message_from_string
from email.policy import default
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests import warm
from tests.browser.conftest import site_over
from tests.browser.test_accounts import axe, window  # noqa: F401  (the fixture window)
from tests.browser.test_work import account, enter
from tests.browser.waiting import follow
from tests.editions.conftest import RULE, make_prepared
from tests.installation import until
from tests.once import copy_of
from tests.readers.conftest import COUNCIL, more_come
from tests.statement.sample import set_key

pytestmark = pytest.mark.browser

FIRST = """
import json
from dataclasses import replace
from pathlib import Path
from careshape.cli.recording import database_of
from careshape.home import Home
home = Home(Path({data!r}))
database_of(home)
from careshape.audit.change import SYSTEM
from careshape.disclosure import Published
from careshape.editions.begin import record
from careshape.editions.counted import from_json
from careshape.editions.folders import COUNTED, FIGURES, MANIFEST, digest, edition_path
from careshape.editions.gate import system_of
from careshape.editions.settle import release

folder = edition_path(home, {council!r}, 1)
published = Published.from_json((folder / FIGURES).read_text("utf-8"))
true = system_of(from_json((folder / COUNTED).read_text("utf-8")))[0]
small = published.rule.protected(true)

def bare(one):
    value = true.by_id[one.id].value
    return one if one.id in small or not true.by_id[one.id].printed else replace(
        one, shown=value, least=value, greatest=value
    )

starred = replace(published, figures=tuple(bare(one) for one in published.figures)).to_json()
assert starred != published.to_json()
(folder / FIGURES).write_text(starred, "utf-8")
manifest = json.loads((folder / MANIFEST).read_text("utf-8")) | {{"figures": digest(starred.encode())}}
(folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")
release(SYSTEM, record(SYSTEM, {council!r}, 1, home.ledger({council!r}).postings()[0], True))
"""
"""Release the first edition, as the command line does, with figures of which only the small ones are starred: who has
them can subtract. Nothing that comes after it by the same rule can take that back.
"""
REFUSED = ("The gate refused it", "Or choose a stricter rule", "the table “", "can only be 2", "printed (edition 1)")
SAID = "We could take four more people in Redditch."
PREPARED = 180_000
"""Milliseconds that a worker is given to prepare an edition."""
STRICTER = RULE.replace("width = 2", "width = 3")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with one edition released, after which more people came."""
    data = tmp_path_factory.mktemp("release")
    set_key(data)
    copy_of("editions-prepared", data, make_prepared)
    more_come(data)
    return data


@pytest.fixture(scope="module")
def people_of(folder: Path) -> dict[str, str]:
    """Passwords of the demonstration's accounts by their address."""
    made = account(folder, ("demonstration", "--new-passwords", "--format", "json"))
    done = warm.run(FIRST.format(data=str(folder), council=COUNCIL))
    assert done.returncode == 0, done.stderr
    return {row["address"]: row["password"] for row in json.loads(made)}


@pytest.fixture(scope="module")
def place(browser: object, folder: Path, people_of: dict[str, str]):
    """The address of the site over it."""
    with site_over(folder) as address:
        yield address


def test_a_leak_is_refused_the_mended_edition_goes_out_a_reader_is_told_and_it_is_rebuilt(
    place,
    people_of,
    window,  # noqa: F811
    folder,
):
    writer, second, provider = window(), window(), window()
    enter(provider, place, people_of, "provider")
    provider.goto(f"{place}/work/following/add/?what=segment&segment=care-homes")
    provider.click("main form button")
    provider.wait_for_selector("text=You follow it: care homes")

    enter(writer, place, people_of, "commissioner")
    writer.goto(f"{place}/work/editions/")
    follow(writer, "button:has-text('Prepare an edition')")
    writer.click("a:has-text('Go to edition 2')", timeout=PREPARED)
    for words in REFUSED:
        expect(writer.locator("main")).to_contain_text(words)
    assert axe(writer) == []
    expect(writer.locator("button:has-text('Agree it')")).to_be_hidden()

    assert STRICTER != RULE
    (folder / "councils" / COUNCIL / "disclosure.toml").write_text(STRICTER, "utf-8")
    follow(writer, "button:has-text('Prepare another edition')")
    writer.click("a:has-text('Go to edition 3')", timeout=PREPARED)
    expect(writer.locator("main")).to_contain_text("a second person agrees it")

    enter(second, place, people_of, "commissioner-2")
    follow(second, "main a:has-text('Editions to agree')")
    second.goto(f"{place}/work/editions/3/")
    second.click("button:has-text('Agree it')")
    second.wait_for_selector("text=It is agreed")
    writer.goto(f"{place}/work/editions/3/")
    follow(writer, "text=Release it")
    expect(writer.locator("main")).to_contain_text("1 person follows the statement")
    assert axe(writer) == []
    writer.click("button:has-text('Release it now, for good')")
    writer.wait_for_selector("text=It is released")

    mail = mailed(folder, people_of, "provider", "what changed with edition 3")
    assert "was 5 (4 more)" in mail
    provider.goto(place + addressed(mail, f"/{COUNCIL}/editions/3/changes/"))
    expect(provider.locator("main")).to_contain_text("was 5 (4 more)")
    assert axe(provider) == []
    comments_and_is_answered(place, people_of, folder, provider, writer)

    again = warm.careshape("--dir", folder, "edition", "rebuild", "3", "--authority", COUNCIL)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "byte for byte" in again.stdout


def comments_and_is_answered(place: str, people_of: dict[str, str], folder: Path, provider: Page, writer: Page) -> None:
    """A provider comments on a section, a commissioner answers, and the provider reads that by the link in its mail."""
    provider.goto(f"{place}/work/comments/new/?edition=3&section=care-homes/need")
    provider.fill("textarea", SAID)
    provider.click("main form button")
    provider.wait_for_selector("text=Waits for an answer")

    writer.goto(f"{place}/work/")
    expect(writer.locator("main")).to_contain_text("1 comment waits for your answer")
    follow(writer, "main a:has-text('What readers say')")
    follow(writer, f"tr:has-text('{SAID}') a >> nth=0")
    writer.fill("#answer", "Thank you. We will call you this week.")
    writer.check("input[name=publish][value=yes]")
    writer.click("main button:has-text('Answer') >> nth=0")
    for words in ("Published with the answer", "by Synthetic commissioner"):
        expect(writer.locator("main")).to_contain_text(words)
    mail = mailed(folder, people_of, "provider", "The council has answered your comment")
    provider.goto(place + addressed(mail, "/work/comments/"))
    expect(provider.locator("main")).to_contain_text("We will call you this week.")


def mailed(folder: Path, people_of: dict[str, str], role: str, subject: str) -> str:
    """The text of the mail to a role of Worcestershire that a worker hands over under some subject."""
    to, found = f"{role}@{COUNCIL}.example.org", list[str]()

    def there() -> bool:
        # A line ends each: what follows the last one is still being written.
        texts = [file.read_text("utf-8", "replace").split(f"\n{'-' * 79}\n") for file in (folder / "mail").glob("*")]
        every = [message_from_string(one, policy=default) for whole in texts for one in whole[:-1]]
        found[:] = [one.get_content() for one in every if one["To"] == to and subject in str(one["Subject"])]
        return bool(found)

    assert to in people_of
    assert until(there), f"nobody wrote to {to} of “{subject}”"
    return found[0]


def addressed(mail: str, path: str) -> str:
    """The path of the one link in a mail that leads below some path."""
    (found,) = {urlsplit(one).path for one in re.findall(r"https?://\S+", mail) if path in one}
    return str(found)
