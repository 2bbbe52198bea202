"""Evidence: shown, looked at, counted for its days, lapsed and taken back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.providers.evidence import lapsed, lapsing, missing, states
from careshape.providers.kinds import evidence_kinds
from careshape.providers.models import Evidence, Location
from careshape.providers.register import Where, keep_location
from careshape.providers.show import Shown, check, show, withdraw
from tests.accounts.people import People

HERE = "worcestershire"
INSURED = "public-liability-insurance"
pytestmark = pytest.mark.usefixtures("data")


def today() -> date:
    return uk_day(timezone.now())


def given(people: People, kind: str = INSURED, *, role: str = "quality-officer", **more: Any) -> Evidence:
    organisation = people.organisations[HERE][0]
    return show(people.principal(role), organisation, Shown(kind, **{"begins_on": today(), **more}))


def lapsed_now(people: People, service: str = "home-care", on: date | None = None) -> tuple[str, ...]:
    organisation = people.organisations[HERE][0]
    return lapsed(HERE, [organisation.pk], service, on or today()).get(organisation.pk, ())


def test_what_names_no_last_day_counts_for_the_months_of_its_kind(people: People) -> None:
    row = given(people, begins_on=date(2026, 4, 1))
    assert row.last_on == date(2027, 3, 31)
    assert given(people, "accounts", begins_on=date(2025, 8, 31)).last_on == date(2027, 2, 27)  # 18 months


def test_last_day_counts_whole_and_the_next_has_lapsed(people: People) -> None:
    last = today() + timedelta(days=3)
    given(people, last_on=last)
    assert lapsed_now(people, on=last) == ()
    (said,) = lapsed_now(people, on=last + timedelta(days=1))
    assert said == f"Public liability insurance lapsed: its last day was {last:%d/%m/%Y}"


def test_newer_evidence_goes_on_from_what_lapsed_from_its_first_day(people: People) -> None:
    given(people, begins_on=today() - timedelta(days=400), last_on=today() - timedelta(days=10))
    assert lapsed_now(people)
    given(people, begins_on=today() + timedelta(days=2))
    assert lapsed_now(people), "it has not begun"
    assert lapsed_now(people, on=today() + timedelta(days=2)) == ()


def test_what_was_never_shown_has_not_lapsed_and_is_missing(people: People) -> None:
    organisation = people.organisations[HERE][0]
    assert lapsed_now(people) == ()
    assert "Public liability insurance" in missing(HERE, [organisation.pk], "home-care", today())[organisation.pk]
    given(people)
    assert INSURED not in missing(HERE, [organisation.pk], "home-care", today())[organisation.pk]


def test_what_a_provider_records_counts_once_the_council_looked_at_it(people: People) -> None:
    given(people, begins_on=today() - timedelta(days=400), last_on=today() - timedelta(days=10))
    row = given(people, role="provider")
    assert lapsed_now(people), "a provider cannot take its suspension away by itself"
    assert states([row], today()) == {row.pk: "waiting"}
    with pytest.raises(PermissionDenied):
        check(people.principal("provider"), row)
    check(people.principal("quality-officer"), row)
    assert lapsed_now(people) == ()
    with pytest.raises(CallError, match="looked at it already"):
        check(people.principal("commissioner"), row)
    with pytest.raises(CallError, match="Ask the council"):
        withdraw(people.principal("provider"), row, "A mistake")


def test_what_is_taken_back_counts_for_nothing_and_stays(people: People) -> None:
    old = given(people, begins_on=today() - timedelta(days=400), last_on=today() - timedelta(days=10))
    new = given(people)
    with pytest.raises(CallError, match="Say why"):
        withdraw(people.principal("quality-officer"), new, " ")
    withdraw(people.principal("quality-officer"), new, "It is another provider's")
    assert lapsed_now(people)
    assert states([old, new], today()) == {old.pk: "lapsed", new.pk: "withdrawn"}
    with pytest.raises(CallError, match="already"):
        withdraw(people.principal("quality-officer"), new, "Once more")
    with pytest.raises(CallError, match="taken back"):
        check(people.principal("quality-officer"), new)


def test_location_that_still_has_it_speaks_for_the_service(people: People) -> None:
    officer, organisation = people.principal("quality-officer"), people.organisations[HERE][0]
    homes = [
        keep_location(officer, organisation, Where(f"Home {name}", "nursing-home", services=("nursing",)))
        for name in "AB"
    ]
    with pytest.raises(CallError, match="choose which"):
        given(people, "regulator-registration")
    for number, home in enumerate(homes):
        given(
            people, "regulator-registration", begins_on=today() - timedelta(days=900), location=home,
            last_on=today() - timedelta(days=1) if number == 0 else None,
        )  # fmt: skip
    assert lapsed_now(people, "nursing") == ()
    Location.objects.filter(pk=homes[1].pk).update(closed_on=today() - timedelta(days=1))
    assert lapsed_now(people, "nursing") == (
        f"Registration with the Care Quality Commission of Home A lapsed: its last day was "
        f"{today() - timedelta(days=1):%d/%m/%Y}",
    )
    assert lapsed_now(people, "day-services") == (), "a day service needs no registration"


def test_another_provider_s_location_and_impossible_days_are_refused(people: People) -> None:
    officer = people.principal("quality-officer")
    other = keep_location(officer, people.organisations[HERE][1], Where("Home C", "nursing-home"))
    for more, said in (
        ({"kind": "regulator-registration", "location": other}, "none of Synthetic provider W-001"),
        ({"kind": "a-promise"}, "not asked of providers"),
        ({"last_on": today() - timedelta(days=1)}, "before its first"),
        ({"last_on": today() + timedelta(days=5000)}, "ten years"),
        ({"begins_on": today() + timedelta(days=500)}, "year ahead"),
    ):
        with pytest.raises(CallError, match=said):
            given(people, **more)
    assert not Evidence.objects.exists()


def test_what_lapses_soon_is_what_nothing_goes_on_from(people: People) -> None:
    soon = given(people, last_on=today() + timedelta(days=20))
    assert lapsing(Evidence.objects.select_related("organisation"), today(), today() + timedelta(days=30)) == [soon]
    given(people, begins_on=today() + timedelta(days=20), last_on=today() + timedelta(days=300))
    assert lapsing(Evidence.objects.select_related("organisation"), today(), today() + timedelta(days=30)) == []


def test_asking_for_300_providers_is_one_query(people: People, django_assert_num_queries: Any) -> None:
    given(people, last_on=today())
    with django_assert_num_queries(1):
        lapsed(HERE, range(1, 301), "home-care", today())


def test_council_asks_for_its_own_evidence(people: People, data: Path) -> None:
    own = data / "councils" / HERE / "providers" / "evidence.toml"
    own.write_text('[[evidence]]\nid = "welsh"\ntitle = "Speaks Welsh"\nof = "organisation"\nbasis = "Its choice."\n')
    assert "welsh" in evidence_kinds(data / "councils" / HERE)
    assert INSURED in evidence_kinds(data / "councils" / HERE)
    assert given(people, "welsh").last_on is None
