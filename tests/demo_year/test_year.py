"""The year of finding care that a demonstration has: it is all there, it is labelled, and no figure moves with it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from careshape.accounts.demonstration import make_accounts
from careshape.accounts.models import Account, Membership, Organisation
from careshape.accounts.principals import principal_for
from careshape.audit.models import Event
from careshape.demo_year.clock import as_if
from careshape.demo_year.forward import bring_forward
from careshape.demo_year.year import write_year
from careshape.errors import CallError
from careshape.jobs.models import Job
from careshape.ledger import Ledger
from careshape.market.capacity.occupancy import capacity_by
from careshape.market.ratings import homes_by_rating
from careshape.people.models import Person
from careshape.providers.alerts import returned_figures
from careshape.providers.capacity.free import is_fresh
from careshape.providers.capacity.standing import SEE, standing
from careshape.providers.models import (
    Evidence,
    Grade,
    Location,
    Newest,
    Return,
    Room,
    Stay,
    Taking,
    Tender,
    TenderOutcome,
)  # fmt: skip
from careshape.providers.quality import rating_of
from careshape.providers.regulator import kept_of
from careshape.records import observations
from careshape.source.models import (
    Admission,
    Award,
    CouncilFact,
    Decision,
    Failure,
    Handover,
    Member,
    Offer,
    Package,
    PaymentRun,
    Proposal,
    Request,
    SetAside,
    Visit,
    VisitFile,
)  # fmt: skip
from careshape.source.models.packages import Telling

pytestmark = pytest.mark.database


def _published(authority: str):
    """Asks the packaged observations of a council's statement for one figure of its prose."""

    def said(measure: str, service: str, **more: str) -> Decimal:
        return observations(authority).one(table="prose-figures", measure=measure, service=service, **more).value

    return said


PUBLISHED = {authority: _published(authority) for authority in ("worcestershire", "thurrock")}


@pytest.fixture
def data(tmp_path: Path, settings) -> Path:
    """An installation of two demonstration councils without records."""
    for slug in ("worcestershire", "thurrock"):
        Ledger.create(tmp_path / "councils" / slug, authority=slug, demonstration=True)
    settings.CARESHAPE_DIR = tmp_path
    return tmp_path


def test_the_year_has_everything_and_each_role_sees_it(data, db):
    packages = write_year("thurrock")
    assert packages == Package.objects.count() == Award.objects.count()
    _occupancy("thurrock", 100 - PUBLISHED["thurrock"]("care-home-void-rate", "residential"))
    states = Counter(Request.objects.values_list("state", flat=True))
    assert states == {"awarded": packages, "withdrawn": 2, "open": 3, "sent": 2}
    kinds = set(Telling.objects.values_list("kind", flat=True))
    assert kinds == {"line", "change", "absence", "uplift", "ending", "hand-back", "death"}
    noes = set(Offer.objects.filter(answer="no").values_list("reason_code", flat=True))
    assert len(noes) >= 4
    assert PaymentRun.objects.count() == 2
    assert SetAside.objects.exists()
    moved = [one.request.state for one in Failure.objects.get().affected.all()]
    assert len(moved) > 1
    assert set(moved) == {"awarded"}
    assert all(name.startswith("Synthetic ") for name in Person.objects.values_list("name", flat=True))
    assert all("ynthetic" in name for name in Organisation.objects.values_list("name", flat=True))
    assert not [one.email for one in Account.objects.all() if one.has_usable_password()]
    by_role = {one.role: one for one in make_accounts(["thurrock"])}
    assert all(one.password for one in by_role.values())
    for role, address in (
        ("broker", "/work/requests/"), ("broker", "/work/packages/"), ("practitioner", "/work/supported/"),
        ("provider", "/work/asked/"), ("commissioner", "/work/lists/"), ("finance", "/work/packages/"),
    ):  # fmt: skip
        client = Client()
        assert client.post("/sign-in/", {"email": by_role[role].email, "password": by_role[role].password})
        page = client.get(address)
        assert page.status_code == 200, (role, address)
        assert b"<tbody" in page.content, (role, address)


def test_it_is_dated_through_the_year_reaches_no_record_and_is_written_once(data, db):
    now = datetime(2028, 2, 29, 9, tzinfo=UTC)  # whatever the day is, even this one, before ten in the morning
    with as_if(now):
        packages = write_year("thurrock")
        assert write_year("thurrock") == 0
    assert Package.objects.count() == packages
    awards = sorted(Award.objects.values_list("at", flat=True))
    assert awards[0] < datetime(2027, 5, 1, tzinfo=UTC)
    assert awards[-1] <= now
    assert not Package.objects.filter(made_at__gt=now).exists()
    assert not Handover.objects.exists()
    assert Ledger.open(data / "councils" / "thurrock").postings() == []
    assert not Job.objects.exclude(kind="source.step", run_after__gt=now).exists()
    assert min(Event.objects.values_list("at", flat=True)) > "2026"  # the log keeps when it was done in truth
    assert timezone.now() < now
    _returns_are_brought_forward(now)


def _returns_are_brought_forward(now: datetime) -> None:
    """Three weeks later as many are fresh again as there were; what was promised or sent since stays as it was."""

    def fresh() -> dict[int, bool]:
        return {one.pk: is_fresh(one, timezone.localdate()) for one in Newest.objects.select_related("given")}

    with as_if(now):
        before, first = fresh(), Newest.objects.filter(kind="beds").order_by("pk")[0]
        assert set(before.values()) == {True, False}
        assert bring_forward("thurrock") == 0, "nothing has grown old"
        part = first.given.lines.get().part
        Taking.objects.create(
            location=first.location, kind="beds", part=part, units=100, reference="award 0", taken_at=now
        )
    with as_if(now + timedelta(days=21)):
        assert not any(fresh().values())
        figures = {one.pk: _figures(one) for one in Newest.objects.all()}
        promised = set(Newest.objects.filter(location=first.location).values_list("pk", flat=True))
        assert bring_forward("thurrock") == sum(was for key, was in before.items() if key not in promised)
        assert fresh() == {key: was and key not in promised for key, was in before.items()}
        assert {one.pk: _figures(one) for one in Newest.objects.all()} == figures
        assert bring_forward("thurrock") == 0


def _figures(one: Newest) -> list[tuple[str, str, dict, str]]:
    return sorted(one.given.lines.values_list("part", "band", "figures", "closed_reason"), key=repr)


def test_the_market_of_worcestershire_is_as_its_statement_prints_it(data, db):
    assert write_year("worcestershire")
    said = PUBLISHED["worcestershire"]
    standing = Member.objects.filter(vehicle__council="worcestershire")
    on = {
        title: standing.filter(vehicle__title=title).values("organisation").distinct().count()
        for title in ("Home care before the tender", "Home care by zone", "Supported living", "Complex needs")
    }
    assert on == {
        "Home care before the tender": said("dps-providers", "home-care"),
        "Home care by zone": said("preferred-providers", "home-care"),
        "Supported living": said("dps-providers", "supported-living"),
        "Complex needs": said("closed-framework-providers", "complex-needs-framework"),
    }
    zones = standing.filter(vehicle__title="Home care by zone").values("zone").distinct().count()
    assert zones == said("delivery-zones", "home-care")
    _day_services(standing, said)
    _settings(said)
    _ratings(timezone.localdate())
    _occupancy("worcestershire", said("care-home-occupancy", "residential-and-nursing"))
    _after_the_tender(standing)
    _no_list_is_empty("worcestershire")
    _thirty_are_placed_anew()


def _day_services(standing, said) -> None:
    groups: dict[int, set[str]] = {}
    for key, group in standing.filter(vehicle__title="Day services").values_list("organisation", "client_group"):
        groups.setdefault(key, set()).add(group)
    kinds = Counter(tuple(sorted(one)) for one in groups.values())
    others = "older-people-physical-disability-sensory-impairment"
    assert kinds == {
        ("learning-disability",): said("dps-providers", "day-services", client_group="learning-disability"),
        ("older-people",): said("dps-providers", "day-services", client_group=others),
        ("learning-disability", "older-people"): said("dps-providers-on-both", "day-services"),
    }
    assert len(groups) == said("dps-providers", "day-services", client_group="all")


def _settings(said) -> None:
    """As many settings as are published, all of those on the list; landlords are others, but of one provider."""
    rows = Location.objects.filter(kind="supported-living-setting").select_related("place__organisation", "landlord")
    assert len(rows) == said("settings-with-commissioned-packages", "supported-living")
    assert len({one.organisation for one in rows}) == said("dps-providers", "supported-living")
    assert len({one.organisation for one in rows if one.organisation == one.landlord}) == 1
    assert Counter(one.kind for one in Location.objects.all())["home-care-branch"] == 30


def _ratings(today: date) -> None:
    """Homes by rating, in the shape of the published table, are that table."""
    found = [rating for rating in kept_of("worcestershire").rated.values() if rating.kind]
    table = {(one["registration_type"], one["cqc_overall_rating"]): one["value"]
             for one in homes_by_rating(found, "Worcestershire")}  # fmt: skip
    published = observations("worcestershire").find(table="table-15", measure="care-homes")
    assert table == {(one.get("registration_type"), one.get("cqc_overall_rating")): one.value for one in published}
    homes = Location.objects.filter(kind__in=("nursing-home", "residential-home")).select_related("place")
    assert {one.regulator_id for one in homes} == {one.id for one in found}
    assert rating_of(kept_of("worcestershire"), homes[0], today).words.startswith("rated ")


def _occupancy(council: str, published: Decimal) -> None:
    """Of the beds of older people's homes as many are in use as is published, by what they returned."""
    lines = standings_of(council)
    older = [one for one in lines if one.part[0].startswith(("general-", "dementia-"))]
    (all_of_them,) = capacity_by(older, "beds", timezone.localdate())
    assert round(all_of_them["occupancy"]) == published
    assert all_of_them["stale_locations"]
    assert all_of_them["void"] > all_of_them["admittable"] > 0


def standings_of(council: str):
    who = principal_for(Membership.objects.get(council__slug=council, role="quality-officer"))
    return standing(who, SEE, "beds").lines


def _after_the_tender(standing) -> None:
    """Who was not successful keeps what it gives, and is asked for nothing since."""
    won = set(TenderOutcome.objects.filter(won=True).values_list("organisation", flat=True))
    assert won == set(standing.filter(vehicle__title="Home care by zone").values_list("organisation", flat=True))
    decided = Tender.objects.get().decided_on
    kept = Package.objects.filter(service="home-care", award__at__date__lt=decided).exclude(organisation__in=won)
    asked = Offer.objects.filter(member__vehicle__title="Home care before the tender")
    assert asked.count() == 300
    assert all(one.asked_at.date() <= decided for one in asked)
    assert kept.exists()


def _thirty_are_placed_anew() -> None:
    """Homes close on which thirty people depend, and a round finds a place with others for all of them."""
    failure = Failure.objects.get()
    moved = [one.request for one in failure.affected.select_related("request__award__offer", "package")]
    assert len({one.person_id for one in moved}) >= 30
    assert {one.service for one in moved} <= {"residential", "nursing"}
    assert {one.state for one in moved} == {"awarded"}
    became = Proposal.objects.filter(request__in=moved).values_list("placing", "became")
    assert {became for _, became in became} == {"awarded"}
    assert len({placing for placing, _ in became}) == 1
    taken = {one.award.offer.organisation_id for one in moved}
    assert failure.organisation_id not in taken
    assert len(taken) > 3


def _no_list_is_empty(council: str) -> None:
    """What each list of the pages is made of."""
    assert Evidence.objects.filter(checked_at__isnull=True).exists()
    assert Member.objects.filter(by_evidence=True).exists()
    assert Visit.objects.exclude(reason="").exists()
    assert VisitFile.objects.filter(refused__gt=0).exists()
    assert set(Decision.objects.values_list("state", flat=True)) == {"proposed", "decided"}
    assert set(Proposal.objects.values_list("became", flat=True)) >= {"awarded", "proposed"}
    assert {row.grade for row in Grade.objects.all()} == {"gold", "silver", "bronze", "ungraded"}
    assert Admission.objects.exists()
    assert Room.objects.filter(rent__gt=0).exists()
    assert Stay.objects.filter(reference__startswith="award ").exists()
    assert set(Return.objects.values_list("kind", flat=True)) == {"beds", "hours", "staff"}
    owner = principal_for(Membership.objects.get(council__slug=council, role="quality-officer"))
    assert returned_figures(owner, timezone.localdate())
    assert CouncilFact.objects.count() > 10


def test_a_council_that_is_no_demonstration_gets_no_year(data, db):
    Ledger.create(data / "councils" / "essex", authority="essex")
    with pytest.raises(CallError, match="no demonstration"):
        write_year("thurrock")
    assert not Person.objects.exists()
