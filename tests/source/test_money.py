"""Money of packages through the acts: whatever was told, paid less recovered is what is owed, to the penny."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from careshape.errors import CallError
from careshape.paying.periods import Span
from careshape.source.models import Package, Payment, PaymentRun
from careshape.source.money import payments
from careshape.source.money.owed import owed, to_pay
from careshape.source.money.payments import draft, pay
from careshape.source.packages import tellings
from careshape.source.packages.effect import effect
from careshape.source.packages.lines import standing
from careshape.source.packages.package import death_of
from careshape.source.packages.tellings import in_force, tell_of, told_of
from tests.paying.model import model
from tests.source.arranged import arranged
from tests.source.place import Place

pytestmark = pytest.mark.django_db
BEGINS = date(2024, 4, 1)


class Clock:
    """The day that it is for the acts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.day = BEGINS
        for module in (tellings, payments):
            monkeypatch.setattr(module, "uk_day", lambda _: self.day)
        monkeypatch.setattr("careshape.source.money.owed.uk_day", lambda _: self.day)
        monkeypatch.setattr("careshape.source.packages.package.uk_day", lambda _: self.day)
        monkeypatch.setattr("careshape.source.packages.promised.uk_day", lambda _: self.day)
        monkeypatch.setattr("careshape.source.packages.effect.uk_day", lambda _: self.day)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def _package(place: Place, contract: str = "care-home") -> Package:
    package = arranged(place, BEGINS)
    first = package.tellings.get()
    first.body = first.body.replace(standing(package)[0].starts_on.isoformat(), BEGINS.isoformat())
    first.known = BEGINS
    first.save()
    Package.objects.filter(pk=package.pk).update(contract=contract)
    package.refresh_from_db()
    return package


def _model(package: Package, run: date) -> dict:
    """What the slow model owes: it shares no code with what is tested."""
    terms = tellings.terms_of(package).model_dump()
    told = []
    for row in told_of(package):
        raw = tellings.as_told(row)
        one = {"id": raw["id"], "known": row.known, "kind": raw["kind"]}
        if "corrects" in raw:
            one["replaces"] = raw["corrects"]
        for name, other in (("from", "first"), ("to", "last"), ("on", "on"), ("given", "given")):
            if raw.get(name):
                one[other] = date.fromisoformat(raw[name])
        for name, other in (("units_per_week", "units"), ("price", "price"), ("percent", "percent")):
            if raw.get(name) is not None:
                one[other] = round(float(raw[name]) * 100)
        if raw["kind"] in ("line", "change"):
            funding = raw.get("funding")
            if funding or raw["kind"] == "line":
                funding = funding or {"council": "100"}
                one["funding"] = {who: int(float(funding.get(who, 0)) * 100) for who in ("council", "nhs", "person")}
            one["line"] = raw["line"]
        if "reason" in raw:
            one["reason"] = raw["reason"]
        told.append(one)
    return model(terms, told, run)


def _tell_something(draw: random.Random, package: Package, place: Place, day: date) -> bool:
    """Tell one thing of any kind, of a day that may be long past; whether it was taken."""
    on = BEGINS + timedelta(days=draw.randrange(0, max(1, (day - BEGINS).days + 20)))
    later = on + timedelta(days=draw.randrange(0, 40))
    standing_now = in_force(told_of(package))
    kind = draw.choice(["change", "change", "absence", "absence", "uplift", "ending", "hand-back", "death", "line",
                        "withdrawal", "correct"])  # fmt: skip
    replaces = None
    if kind in ("withdrawal", "correct"):
        row = draw.choice(standing_now)
        replaces, kind = row.number, "withdrawal" if kind == "withdrawal" and row.number > 1 else row.kind
    funding = draw.choice([None, {"council": "60", "nhs": "15", "person": "25"}, {"council": "33.33", "nhs": "66.67"}])
    raw = {
        "change": {"line": "core", "from": on.isoformat(), "price": f"{draw.randrange(100, 150000) / 100:.2f}",
                   "units_per_week": draw.choice([None, "0.50", "2.00"]), "funding": funding},
        "absence": {"from": on.isoformat(), "to": draw.choice([None, later.isoformat()]),
                    "reason": draw.choice(["hospital", "other"])},
        "uplift": {"from": on.isoformat(), "percent": f"{draw.randrange(-500, 1200) / 100:.2f}"},
        "ending": {"on": later.isoformat(), "given": draw.choice([None, on.isoformat()])},
        "hand-back": {"given": on.isoformat(), "on": draw.choice([None, later.isoformat()])},
        "death": {"on": later.isoformat()},
        "line": {"line": "core" if replaces else f"extra-{draw.randrange(3)}", "component": "core" if replaces else
                 draw.choice(["one-to-one", "double-up"]), "from": on.isoformat(), "units_per_week": "3.50",
                 "price": "19.99", "funding": funding},
        "withdrawal": {},
    }[kind]  # fmt: skip
    if kind == "line" and replaces:
        old = next(one for one in standing_now if one.number == replaces)
        raw |= {name: tellings.as_told(old)[name] for name in ("line", "component")}
    try:
        tell_of(place.who("broker"), package, kind, raw, replaces=replaces)
    except CallError:
        return False
    return True


@pytest.mark.parametrize("contract", ["care-home", "care-home-inclusive"])
@pytest.mark.parametrize("seed", [0, 2, 3, 4, 5])
def test_any_history_is_paid_to_the_penny(place, clock, contract, seed):
    draw = random.Random(f"{seed} {contract}")
    package, taken, runs = _package(place, contract), 0, 0
    finance = place.who("finance")
    for _ in range(24):
        clock.day += timedelta(days=draw.randrange(0, 15))
        taken += _tell_something(draw, package, place, clock.day)
        if draw.random() < 0.4:
            found = draft("worcestershire", clock.day)
            if found.payments:
                pay(finance, found.read)
                runs += 1
            package = Package.objects.get(pk=package.pk)
            paid: Counter = Counter()
            for one in Payment.objects.filter(package=package):
                paid[one.line, one.first, one.funder] += one.pence
            assert {key: pence for key, pence in paid.items() if pence} == _model(package, clock.day)
    assert taken > 5, "most of what is told fits"
    assert runs > 1


def test_run_counts_once_and_recovers_what_was_paid_too_much(place, clock):
    package, finance, broker = _package(place), place.who("finance"), place.who("broker")
    clock.day = date(2024, 5, 1)
    read = draft("worcestershire").read
    run = pay(finance, read)
    assert sum(run.payments.values_list("pence", flat=True)) == 4 * 95_000
    with pytest.raises(CallError, match="Nothing is to be paid now"):
        pay(finance, read)
    tell_of(broker, package, "absence", {"from": "2024-04-22", "to": "2024-04-29", "reason": "other"})
    with pytest.raises(CallError, match="has changed since you read it"):
        pay(finance, read)
    assert PaymentRun.objects.count() == 1
    second = pay(finance, draft("worcestershire").read)
    assert list(second.payments.values_list("pence", flat=True)) == [-95_000]
    assert to_pay(Package.objects.get(pk=package.pk)) == ()


def test_what_was_owed_on_an_earlier_day_is_known_still(place, clock):
    package, broker = _package(place), place.who("broker")
    clock.day = date(2024, 6, 1)
    tell_of(broker, package, "uplift", {"from": "2024-04-08", "percent": "10.00"})
    april = Span(date(2024, 4, 1), date(2024, 4, 28))
    package = Package.objects.get(pk=package.pk)
    assert owed(package, april, date(2024, 5, 31)).pence == 4 * 95_000
    assert owed(package, april, date(2024, 6, 1)).pence == 95_000 + 3 * 104_500


def test_effect_says_what_the_next_run_then_does(place, clock):
    package, broker, finance = _package(place), place.who("broker"), place.who("finance")
    clock.day = date(2024, 5, 1)
    pay(finance, draft("worcestershire").read)
    raw = {"line": "core", "from": "2024-04-15", "price": "1000.00", "funding": {"council": "50", "nhs": "50"}}
    shown = effect(package, "change", raw)
    assert (shown.week_before, shown.week_after, shown.next_run) == (95_000, 100_000, 10_000)
    assert package.tellings.count() == 1, "to show it tells nothing"
    tell_of(broker, package, "change", raw)
    assert draft("worcestershire").pence == 10_000
    assert draft("worcestershire").totals[package.organisation_id] == {"council": -90_000, "nhs": 100_000}


def test_what_is_told_twice_counts_once(place, clock):
    package, broker = _package(place), place.who("broker")
    raw = {"from": "2024-04-08", "percent": "10.00"}
    tell_of(broker, package, "uplift", raw)
    with pytest.raises(CallError, match="told already"):
        tell_of(broker, package, "uplift", raw)
    once = tell_of(broker, package, "uplift", {"from": "2024-05-08", "percent": "5.00"}, cause="uplift 1")
    assert tell_of(broker, package, "uplift", {"from": "2024-05-08", "percent": "5.00"}, cause="uplift 1") == once
    assert package.tellings.count() == 3


def test_lines_follow_from_an_absence_and_come_back(place, clock):
    package, broker = _package(place), place.who("broker")
    clock.day = date(2024, 4, 12)
    tell_of(broker, package, "absence", {"from": "2024-04-10", "reason": "hospital"})
    days = [
        (one.starts_on.isoformat(), one.ends_on and one.ends_on.isoformat(), one.price) for one in standing(package)
    ]
    # By nights the first fourteen are paid in full, the next twenty-eight by half, and then nothing is.
    assert days == [("2024-04-01", "2024-04-23", 95_000), ("2024-04-24", "2024-05-22", 47_500)]
    tell_of(
        broker, package, "absence", {"from": "2024-04-10", "to": "2024-04-20", "reason": "hospital"}, replaces=2
    )  # fmt: skip
    assert [(one.starts_on, one.ends_on) for one in standing(package)] == [(BEGINS, None)]


def test_death_ends_all_care_of_the_person(place, clock):
    first, second = _package(place), _package(place)
    clock.day = date(2024, 6, 1)
    death_of(place.who("broker"), place.person, date(2024, 5, 20))
    for one in (first, second):
        assert [line.ends_on for line in standing(one)] == [date(2024, 5, 20)]
    with pytest.raises(CallError, match="is to come"):
        death_of(place.who("broker"), place.person, date(2024, 6, 2))


def test_database_keeps_what_is_told_apart(place, clock):
    package, broker = _package(place), place.who("broker")
    tell_of(broker, package, "uplift", {"from": "2024-04-08", "percent": "10.00"})
    row = package.tellings.get(number=2)
    for fields in ({"number": 2}, {"number": 3, "replaces": 3}):
        row.pk = None
        for name, value in fields.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
