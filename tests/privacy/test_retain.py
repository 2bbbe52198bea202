"""What was kept long enough goes, to the moment; what a legal hold covers stays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings

from careshape.accounts.models import Account, Invitation, Membership, Session
from careshape.audit.change import SYSTEM, tell
from careshape.audit.models import Event
from careshape.audit.retire import retirable, retire
from careshape.audit.verify import verify, verify_all
from careshape.errors import CallError
from careshape.ledger import Ledger
from careshape.people.models import Person
from careshape.privacy.classification import Rule, rules
from careshape.privacy.erase import is_erased
from careshape.privacy.hold import held, lift, place
from careshape.privacy.models import LegalHold
from careshape.privacy.retain import due_before, retain
from careshape.privacy.whose import mark_of
from tests.audit import tampers
from tests.flushing import without_triggers

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
YEAR = Rule(id="y", title="", years=1, basis="")


def invitation(people, email, expires_at, council="worcestershire"):
    return Invitation.objects.create(
        council=people.councils[council], email=email, role="analyst", token_digest=email, expires_at=expires_at
    )


def test_rows_go_at_the_very_moment_and_not_before(people, promise):
    period = timedelta(days=rules()["invitations"].days)
    made = {
        name: invitation(people, f"{name}@x.example", NOW - period + offset)
        for name, offset in (("early", MOMENT), ("exact", timedelta()), ("late", -MOMENT))
    }
    counted = retain(NOW, dry_run=True)
    assert [(one.table, one.rows) for one in counted] == [("accounts.Invitation", 2)]
    assert Invitation.objects.count() == 3, "a dry run lets nothing go"
    assert retain(NOW) == counted
    assert [one.pk for one in Invitation.objects.all()] == [made["early"].pk]
    assert retain(NOW + MOMENT)[0].rows == 1
    promise("R16 retention", "exact at the boundary: kept at -1 µs, gone at 0 and +1 µs; held rows stay")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2025, 11, 22, 12, tzinfo=UTC)),
        (datetime(2025, 2, 28, 12, tzinfo=UTC), datetime(2024, 2, 28, 12, tzinfo=UTC)),  # 29 February stays a day
        (datetime(2025, 3, 1, 0, tzinfo=UTC), datetime(2024, 3, 1, 0, tzinfo=UTC)),
        (datetime(2024, 2, 29, 12, tzinfo=UTC), datetime(2023, 3, 1, tzinfo=UTC) - MOMENT),
    ],
)
def test_a_year_is_one_of_the_calendar(now, until):
    assert due_before(YEAR, now) == until


def test_held_accounts_and_councils_stay_until_the_hold_ends(people):
    old = NOW - timedelta(days=400)
    broker, analyst = people.account("broker"), people.account("analyst")
    invitation(people, broker.email, old)
    invitation(people, analyst.email, old)
    invitation(people, "other@x.example", old, "thurrock")
    on_account = place("worcestershire", "account", str(broker.pk), "A claim")
    place("thurrock", "council", "", "An inquiry", until=NOW.date())
    (due,) = retain(NOW)
    assert (due.rows, due.held) == (1, 2)
    assert {one.email for one in Invitation.objects.all()} == {broker.email, "other@x.example"}
    lift(on_account)
    (due,) = retain(NOW + timedelta(days=1))
    assert (due.rows, due.held) == (2, 0), "the last day of a hold counts, and the next does not"


def test_held_person_stays_with_all_that_belongs_to_them(people, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "CARESHAPE_DIR", tmp_path / "data")
    monkeypatch.setenv("CARESHAPE_KEY_FILE", str(tmp_path / "keys" / "pseudonym.key"))
    ledger = Ledger.create(tmp_path / "data" / "councils" / "worcestershire", "worcestershire")
    closed = datetime(2010, 1, 1, tzinfo=UTC)
    for council, reference in (("worcestershire", "A-1"), ("worcestershire", "A-2"), ("thurrock", "A-1")):
        Person.objects.create(
            council=council, reference=reference, name="Synthetic person", born_on=date(1940, 5, 1), gender="female",
            client_group="older-people", support_reason="physical-personal-care", district="x", closed_at=closed,
        )  # fmt: skip
    hold = place("worcestershire", "person", mark_of(ledger, "a-1"), "A claim")
    other = place("thurrock", "person", "17", "A claim of a council whose records nobody can ask")
    (due,) = retain(NOW)
    assert (due.rows, due.held) == (1, 2)
    assert sorted(Person.objects.values_list("council", "reference")) == [
        ("thurrock", "A-1"),
        ("worcestershire", "A-1"),
    ]
    lift(hold)
    lift(other)
    (due,) = retain(NOW)
    assert (due.rows, due.held) == (2, 0)


def test_leavers_are_made_blank_after_their_time(people):
    account = people.account("broker")
    # Whenever this runs, they came before they left.
    Membership.objects.filter(account=account).update(began_at=datetime(2024, 1, 1, tzinfo=UTC))
    Account.objects.filter(pk=account.pk).update(left_at=datetime(2024, 11, 22, 12, 0, tzinfo=UTC), is_active=False)
    Session.objects.create(session_key="k", expire_date=NOW + timedelta(days=1), account=account.pk, device="Firefox")
    assert retain(NOW - MOMENT) == []
    assert [(one.table, one.rows) for one in retain(NOW)] == [("accounts.Account", 1)]
    account.refresh_from_db()
    assert is_erased(account)
    assert (account.name, Session.objects.count()) == ("Erased", 0)
    assert retain(NOW) == [], "once is enough"


@pytest.mark.parametrize(
    ("what", "reference", "why"), [("all", "", "x"), ("council", "3", "x"), ("account", "", "x"), ("council", "", " ")]
)
def test_hold_that_says_not_what_or_why_is_refused(db, what, reference, why):
    with pytest.raises(CallError):
        place("worcestershire", what, reference, why)
    assert not LegalHold.objects.exists()


def test_hold_of_another_council_does_not_cover(people):
    place("thurrock", "person", "17", "A claim")
    assert held("person", 17, ["worcestershire"], date(2026, 11, 22)) is None
    assert held("person", 17, ["thurrock"], date(2026, 11, 22)) is not None


@pytest.fixture
def told(db):
    for number in range(10):
        tell(SYSTEM, "audit.read", str(number), chain="worcestershire")


def test_old_events_go_from_the_beginning_and_the_chain_stays_whole(told):
    moment = datetime.fromisoformat(Event.objects.get(chain="worcestershire", number=4).at)
    assert retirable("worcestershire", moment) == 4
    assert retire("worcestershire", moment) == 4
    found = verify("worcestershire")
    assert (found.whole, found.events, found.number, found.retired) == (True, 7, 11, 4)
    assert retire("worcestershire", moment) == 0
    assert retire("worcestershire", datetime.now(UTC)) == 7
    tell(SYSTEM, "audit.read", "more", chain="worcestershire")
    assert all(one.whole for one in verify_all())


def test_events_of_a_held_account_stay_with_all_that_follow(told):
    with without_triggers():
        tampers.sql("UPDATE audit_event SET account = 7 WHERE chain = 'worcestershire' AND number = 6")
    assert retirable("worcestershire", datetime.now(UTC), {7}) == 5


def test_nobody_without_the_key_can_retire_events(told):
    link = Event.objects.get(chain="worcestershire", number=4).digest
    tampers.sql("UPDATE audit_head SET retired = 4, retired_digest = %s WHERE chain = 'worcestershire'", link)
    tampers.sql("DELETE FROM audit_event WHERE chain = 'worcestershire' AND number <= 4")
    assert "without the key" in verify("worcestershire").wrong
