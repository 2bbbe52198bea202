"""The statement of a demonstration is agreed by its two commissioners, page by page, on the day of its records."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from careshape.accounts.demonstration import make_accounts
from careshape.accounts.models import Membership
from careshape.accounts.principals import principal_for
from careshape.audit.models import Event
from careshape.demo_year.written import agree_statement
from careshape.errors import CallError
from careshape.ledger import Ledger
from careshape.statement.content import content_folder, load_statement
from careshape.writing.brought import bring_in
from careshape.writing.models import Version
from careshape.writing.place import digest

DAY = date(2026, 3, 31)


@pytest.fixture
def two(tmp_path, settings, db):
    """The two commissioners of a demonstration council without records."""
    Ledger.create(tmp_path / "councils" / "thurrock", authority="thurrock", demonstration=True)
    settings.CARESHAPE_DIR = tmp_path
    make_accounts(["thurrock"], without_passwords=True)
    found = Membership.objects.filter(council__slug="thurrock", role="commissioner").order_by("pk")
    return [principal_for(one) for one in found]


def test_every_slot_with_words_is_agreed_by_two_people_and_its_words_stay(two, tmp_path):
    writer, second = two
    packaged = content_folder("thurrock")
    assert packaged is not None
    many = bring_in(writer, second, "thurrock", DAY)
    own = tmp_path / "councils" / "thurrock" / "statement"
    before, after = load_statement(packaged), load_statement(own)
    slots = [slot for segment in after.segments.values() for slot in segment.slots if slot.text]
    assert slots
    assert {slot.agreed for slot in slots} == {DAY}
    assert [one.text for one in after.segments.values()] == [one.text for one in before.segments.values()]
    assert {_name(one) for one in packaged.rglob("*") if one.is_file()} == {
        _name(one) for one in own.rglob("*") if one.is_file()
    }
    rows = Version.objects.filter(council="thurrock")
    assert len(rows) == many
    assert {(one.written_by_id, one.agreed_by_id) for one in rows} == {(writer.account, second.account)}
    for one in rows:
        assert digest((own.parent / one.file).read_text("utf-8")) == one.digest
    assert Event.objects.filter(chain="thurrock", act="writing.agree").count() == many


def test_what_a_council_has_changed_is_left_and_one_person_is_not_two(two):
    writer, second = two
    with pytest.raises(CallError, match="second person"):
        bring_in(writer, writer, "thurrock", DAY)
    assert bring_in(writer, second, "thurrock", DAY)
    assert bring_in(writer, second, "thurrock", date(2026, 4, 30)) == 0


def test_council_without_records_has_no_day_to_agree_on(two):
    assert agree_statement("thurrock") == 0


def _name(file: Path) -> str:
    return file.name
