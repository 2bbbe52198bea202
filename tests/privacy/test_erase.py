"""What was erased is nowhere: not in the database's files, the ledger, the reports, the messages, the output."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from careshape.accounts.models import Account, Invitation, Session
from careshape.audit.models import Event
from careshape.audit.verify import verify_all
from careshape.cli import main
from careshape.errors import CallError
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.people.models import Person
from careshape.privacy.access import access_account, access_person
from careshape.privacy.erase import erase_account, erase_person, is_erased
from careshape.privacy.hold import lift, place
from careshape.privacy.whose import mark_of
from tests import warm
from tests.privacy import canary_rig as rig

ROOT = Path(__file__).parents[2]
OF_ACCOUNT = (rig.EMAIL, rig.EMAIL.upper(), rig.NAME, rig.DEVICE)
OF_PERSON = (rig.PERSON, rig.REFERENCE, rig.POSTCODE, rig.BIRTH)
OF_SUPPORTED = (rig.SUPPORTED, rig.SUPPORTED_NAME)


def run(folder: Path, what: str) -> str:
    """Do it in a process of its own; what it printed."""
    environment = {name: value for name, value in os.environ.items() if name != "CARESHAPE_DATABASE_URL"}
    script = "import sys; from tests.privacy import canary_rig; canary_rig.main_(*sys.argv[1:])"
    done = warm.run(script, folder, what, env=environment, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def hits(folder: Path, words: tuple[str, ...]) -> dict[str, set[str]]:
    """Word -> files of a folder that hold it."""
    contents = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return {
        word: {file.name for file, content in contents.items() if word.encode() in content}
        for word in words
        if any(word.encode() in content for content in contents.values())
    }


def test_erasure_leaves_nothing_behind(tmp_path, promise):
    printed = run(tmp_path, "fill")
    before = hits(tmp_path, OF_ACCOUNT)
    assert set(before) == set(OF_ACCOUNT), "the rig finds what is there"
    assert {"careshape.sqlite3", "1.log"} <= set().union(*before.values())
    assert set(hits(tmp_path, OF_SUPPORTED)) == set(OF_SUPPORTED), "who is supported is there by name"
    assert hits(tmp_path, OF_PERSON) == {}, "of a person of the ledger nothing is kept from the start"
    assert [word for word in (*OF_PERSON, rig.NAME) if word in printed] == [], "reports on the terminal mask them"
    # The control: rows made blank alone leave older versions in the database's files.
    run(tmp_path, "blank-only")
    left = hits(tmp_path, OF_ACCOUNT)
    assert left
    assert set().union(*left.values()) <= {"careshape.sqlite3", "careshape.sqlite3-wal"}
    # (The control has made the account blank: it is filled anew in another folder, and erased whole.)
    whole = tmp_path / "whole"
    run(whole, "fill")
    printed = run(whole, "erase")
    assert hits(whole, (*OF_ACCOUNT, *OF_PERSON, *OF_SUPPORTED)) == {}
    assert rig.NAME not in printed
    assert (whole / "data" / "mail" / "2.log").exists(), "others' messages stay"
    looked_for = len((*OF_ACCOUNT, *OF_PERSON, *OF_SUPPORTED))
    promise("R16 erasure", f"0 of {looked_for} canaries left; control without scrubbing: {len(left)}")


def test_erased_account_keeps_what_was_done_under_a_key_that_leads_to_nobody(people):
    account = people.account("broker")
    address = account.email
    Invitation.objects.create(
        council=people.councils["worcestershire"], email=address.upper(), role="analyst", token_digest="x",
        expires_at="2026-11-22T00:00Z",
    )  # fmt: skip
    Session.objects.create(session_key="k", expire_date="2026-11-22T00:00Z", account=account.pk)
    done = erase_account(account)
    assert {name: many for name, many in done.items() if many} == {
        "accounts.Account": 1, "accounts.Invitation": 1, "accounts.Session": 1,
    }  # fmt: skip
    account.refresh_from_db()
    assert is_erased(account)
    assert not account.is_active
    assert not account.has_usable_password()
    assert not account.memberships.filter(ended_at__isnull=True).exists()
    event = Event.objects.get(act="privacy.erase")
    assert (event.chain, event.object) == ("worcestershire", f"accounts.account:{account.pk}")
    assert address not in event.detail
    assert all(one.whole for one in verify_all())
    assert Account.objects.filter(email=people.account("analyst").email).exists()


def test_hold_keeps_an_account_from_being_erased(people):
    account = people.account("broker")
    place("worcestershire", "account", str(account.pk), "A claim")
    with pytest.raises(CallError, match="until it is lifted"):
        erase_account(account)
    account.refresh_from_db()
    assert not is_erased(account)


@pytest.fixture
def ledger(db, tmp_path, monkeypatch) -> Ledger:
    monkeypatch.setenv("CARESHAPE_KEY_FILE", str(tmp_path / "keys" / "pseudonym.key"))
    monkeypatch.setenv("CARESHAPE_DIR", str(tmp_path / "data"))
    made = Ledger.create(tmp_path / "data" / "councils" / "worcestershire", "worcestershire")
    (tmp_path / "p.csv").write_text(rig.FILE, "utf-8")
    import_file(made, tmp_path / "p.csv")
    return made


def test_person_of_the_ledger_is_erased_once_no_hold_covers_them(ledger):
    number = ledger.person(rig.PERSON)
    hold = place("worcestershire", "person", str(number), "A claim")
    with pytest.raises(CallError, match="until it is lifted"):
        erase_person(ledger, rig.PERSON)
    assert ledger.person(rig.PERSON) == number
    hold.delete()
    assert erase_person(ledger, rig.PERSON)["keys"] == 2
    with pytest.raises(CallError, match="knows nobody"):
        erase_person(ledger, rig.PERSON)
    told = Event.objects.get(act="privacy.erase")
    assert str(number) not in told.detail + told.object


def supported(reference: str = rig.SUPPORTED, **more: object) -> Person:
    """Somebody whom only the database knows."""
    return Person.objects.create(
        council="worcestershire", reference=reference, name="Synthetic person", born_on=date(1940, 5, 1),
        gender="female", client_group="older-people", support_reason="physical-personal-care", district="wychavon",
        **more,
    )  # fmt: skip


@pytest.mark.parametrize("what", ["council", "person"])
def test_hold_keeps_somebody_whom_only_the_database_knows(ledger, what):
    supported()
    hold = place("worcestershire", what, mark_of(ledger, f" {rig.SUPPORTED.lower()}") if what == "person" else "", "x")
    with pytest.raises(CallError, match="until it is lifted"):
        erase_person(ledger, rig.SUPPORTED)
    assert Person.objects.count() == 1
    lift(hold)
    assert erase_person(ledger, rig.SUPPORTED)["people.Person"] == 1
    with pytest.raises(CallError, match="knows nobody"):
        mark_of(ledger, rig.SUPPORTED)


def test_hold_that_was_placed_before_the_ledger_knew_them_covers_their_lines(ledger, tmp_path):
    supported()
    place("worcestershire", "person", mark_of(ledger, rig.SUPPORTED), "A claim")
    (tmp_path / "later.csv").write_text(rig.FILE.replace(rig.PERSON, rig.SUPPORTED), "utf-8")
    import_file(ledger, tmp_path / "later.csv")
    number = ledger.person(rig.SUPPORTED)
    assert number is not None
    Person.objects.all().delete()
    with pytest.raises(CallError, match="until it is lifted"):
        erase_person(ledger, rig.SUPPORTED)
    assert ledger.person(rig.SUPPORTED) == number


def test_person_is_found_with_blanks_around_and_in_any_letters(ledger):
    supported(rig.PERSON)
    asked = f" {rig.PERSON.lower()} "
    assert "people.Person.csv" in read(access_person(ledger, asked))
    done = erase_person(ledger, asked)
    assert (done["keys"], done["people.Person"]) == (2, 1)
    assert not Person.objects.exists()


def test_what_must_end_first_stops_an_erasure_while_nothing_comes_into_the_records(ledger, monkeypatch):
    supported()
    asked = []

    def stop(council: str, identifier: str) -> str:
        with (ledger.path / "council.toml").open() as file, pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        asked.append((council, identifier))
        return "Package 7 runs." if len(asked) == 1 else ""

    monkeypatch.setattr("careshape.privacy.stops.STOPS", [stop])
    with pytest.raises(CallError, match=r"Package 7 runs\. Nothing was erased\."):
        erase_person(ledger, rig.SUPPORTED)
    assert Person.objects.count() == 1
    erase_person(ledger, f"{rig.SUPPORTED} ")
    assert asked == [("worcestershire", rig.SUPPORTED)] * 2


def read(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name).decode("utf-8") for name in file.namelist()}


def test_access_shows_everything_that_is_held_about_an_account(people):
    account = people.account("broker")
    Session.objects.create(
        session_key="proves-who", expire_date="2026-11-22T00:00Z", account=account.pk, device="=Firefox on Windows"
    )
    files = read(access_account(account, people.principal("administrator")))
    assert {"index.html", "accounts.Account.csv", "accounts.Membership.json", "accounts.Session.csv"} <= set(files)
    assert json.loads(files["accounts.Account.json"])[0]["email"] == account.email
    (session,) = csv.DictReader(io.StringIO(files["accounts.Session.csv"]))
    assert session["device"] == "'=Firefox on Windows"
    everything = "".join(files.values())
    assert "proves-who" not in everything
    assert account.password not in everything
    for name in files:
        if name != "index.html":
            assert f"href='{name}'" in files["index.html"]
    other = people.account("analyst")
    assert other.email not in everything
    assert Event.objects.get(act="privacy.access").object == f"accounts.account:{account.pk}"


def test_access_shows_a_persons_care_in_words(ledger):
    files = read(access_person(ledger, f" {rig.PERSON.lower()}"))
    (line,) = csv.DictReader(io.StringIO(files["lines.csv"]))
    assert (line["service"], line["start_day"], line["end_day"]) == ("Nursing care", "2020-05-01", "still open")
    assert (line["end_month"], line["close_month"]) == ("still open", "still open")
    assert line["weekly_cost"].startswith("£")
    assert line["weekly_cost"][-3] == "."
    assert (line["birth_month"], line["postcode_district"]) == ("1931-02", "WR11")
    assert "p.csv" in files["files.csv"]
    with pytest.raises(CallError, match="knows nobody"):
        access_person(ledger, "NOBODY")


def test_commands_answer_in_sentences(ledger, people, tmp_path, capsys):
    home = ["--dir", str(tmp_path / "data"), "privacy"]
    assert main([*home, "access", "--out", str(tmp_path / "a.zip")]) == 2
    assert main([*home, "access", "--account", "nobody@x.example", "--out", str(tmp_path / "a.zip")]) == 2
    assert main([*home, "access", "--person", rig.PERSON, "--out", str(tmp_path / "a.zip")]) == 0
    assert (tmp_path / "a.zip").stat().st_mode & 0o077 == 0
    assert main([*home, "access", "--person", rig.PERSON, "--out", str(tmp_path / "a.zip")]) == 2, "no overwriting"
    assert main([*home, "hold", "place", "--person", rig.PERSON, "--why", "A claim"]) == 0
    assert main([*home, "erase", "--person", rig.PERSON, "--yes"]) == 2
    assert main([*home, "hold", "list", "--format", "json"]) == 0
    assert main([*home, "hold", "lift", "77"]) == 2
    assert main([*home, "retain", "--dry-run", "--format", "csv"]) == 0
    assert main([*home, "fields", "--format", "csv"]) == 0
    said = capsys.readouterr()
    assert "accounts.Account,email,personal,account,blank" in said.out
    for words in ("--account EMAIL", "There is no account", "never overwrite", "until it is lifted", "No hold 77"):
        assert words in said.err, words
