"""The year of finding care that a demonstration has: it is all there, it is labelled, and no figure moves with it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from careshape.accounts.demonstration import make_accounts
from careshape.accounts.models import Account, Organisation
from careshape.audit.models import Event
from careshape.demo_year.clock import as_if
from careshape.demo_year.year import write_year
from careshape.errors import CallError
from careshape.jobs.models import Job
from careshape.ledger import Ledger
from careshape.people.models import Person
from careshape.source.models import Award, Failure, Handover, Member, Offer, Package, PaymentRun, Request, SetAside
from careshape.source.models.packages import Telling

pytestmark = pytest.mark.database


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
    states = Counter(Request.objects.values_list("state", flat=True))
    assert states == {"awarded": packages, "withdrawn": 2, "open": 3, "sent": 2}
    kinds = set(Telling.objects.values_list("kind", flat=True))
    assert kinds == {"line", "change", "absence", "uplift", "ending", "hand-back", "death"}
    noes = set(Offer.objects.filter(answer="no").values_list("reason_code", flat=True))
    assert len(noes) >= 4
    assert PaymentRun.objects.count() == 2
    assert SetAside.objects.exists()
    moved = [one.request.state for one in Failure.objects.get().affected.all()]
    assert moved == ["awarded", "awarded"]
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


def test_providers_of_worcestershire_are_as_many_as_its_statement_says(data, db):
    assert write_year("worcestershire")
    standing = Member.objects.filter(vehicle__council="worcestershire")
    on = {
        title: standing.filter(vehicle__title=title).values("organisation").distinct().count()
        for title in ("Home care by zone", "Supported living", "Complex needs", "Day services")
    }
    assert on == {"Home care by zone": 30, "Supported living": 64, "Complex needs": 11, "Day services": 46}
    assert standing.filter(vehicle__title="Home care by zone").values("zone").distinct().count() == 10
    groups: dict[int, set[str]] = {}
    for key, group in standing.filter(vehicle__title="Day services").values_list("organisation", "client_group"):
        groups.setdefault(key, set()).add(group)
    kinds = Counter(tuple(sorted(one)) for one in groups.values())
    assert kinds == {
        ("learning-disability",): 28, ("older-people",): 11, ("learning-disability", "older-people"): 7
    }  # fmt: skip


def test_a_council_that_is_no_demonstration_gets_no_year(data, db):
    Ledger.create(data / "councils" / "essex", authority="essex")
    with pytest.raises(CallError, match="no demonstration"):
        write_year("thurrock")
    assert not Person.objects.exists()
