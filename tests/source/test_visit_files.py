"""Files of visits: matched to packages, paid as delivered within the tolerance, and every refused row told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from careshape.errors import CallError
from careshape.source.models import Package, Visit, VisitFile
from careshape.source.money.owed import known_packages, owed
from careshape.source.money.visit_files import refused_of, take_in
from careshape.source.packages.tellings import tell_of
from tests.source.arranged import arranged
from tests.source.test_money import BEGINS, Clock, _package, clock  # noqa: F401  (the fixture clock)

pytestmark = pytest.mark.django_db
HEADER = "visit_reference,package,day,planned_minutes,delivered_minutes,reason"


def _file(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows]).encode()


def test_visits_are_paid_as_delivered_and_a_later_file_counts(place, clock: Clock):  # noqa: F811
    package, broker, finance = _package(place, "home-care"), place.who("broker"), place.who("finance")
    tell_of(broker, package, "line", {"line": "visits", "component": "visits", "from": BEGINS.isoformat(),
                                      "units_per_week": "7.00", "price": "24.00"})  # fmt: skip
    clock.day = date(2024, 4, 30)
    number = package.pk
    first = take_in(finance, "visits.csv", _file(
        f"v1,{number},2024-04-01,60,58,", f"v2,{number},2024-04-02,60,30,", f"v3,{number},2024-04-03,60,0,missed",
        f"v4,{number},2024-04-04,60,0,no-answer",
    ))  # fmt: skip
    VisitFile.objects.update(at=datetime(2024, 4, 29, tzinfo=UTC))
    assert (first.taken, first.refused) == (4, 0)
    entries = [one for one in owed(_known(package)).entries if one.line == "visits"]
    # 60 minutes as planned (58 are within five of it), 30 as delivered, none missed, 60 as nobody opened: 2.5 hours.
    assert [one.pence for one in entries] == [6_000]
    take_in(finance, "later.csv", _file(f"v2,{number},2024-04-02,60,60,"))
    VisitFile.objects.filter(name="later.csv").update(at=datetime(2024, 4, 30, tzinfo=UTC))
    assert [one.pence for one in owed(_known(package)).entries if one.line == "visits"] == [7_200]
    assert [one.pence for one in owed(_known(package), known=date(2024, 4, 29)).entries if one.line == "visits"] == [
        6_000
    ]
    with pytest.raises(CallError, match="taken in before"):
        take_in(finance, "again.csv", _file(f"v2,{number},2024-04-02,60,60,"))


def test_rows_that_are_wrong_are_refused_and_told(place, clock: Clock):  # noqa: F811
    package, broker, finance = _package(place, "home-care"), place.who("broker"), place.who("finance")
    other = arranged(place)
    tell_of(broker, package, "line", {"line": "visits", "component": "visits", "from": BEGINS.isoformat(),
                                      "units_per_week": "7.00", "price": "24.00"})  # fmt: skip
    number = package.pk
    file = take_in(finance, "visits.csv", _file(
        f"v1,{number},2024-04-01,60,58,", "v2,999999,2024-04-01,60,60,", f"v3,{number},1 April,60,60,",
        f"v4,{number},2024-04-01,an hour,60,", f"v5,{number},2024-04-01,60,60,because",
        f"v1,{number},2024-04-01,60,60,",
        f"v6,{other.pk},2024-04-01,60,60,", f"v7,{number},2200-01-01,60,60,",
    ))  # fmt: skip
    assert (file.taken, file.refused) == (1, 7)
    assert [(one.row, one.column) for one in refused_of(file)] == [
        (3, "package"), (4, "day"), (5, "planned_minutes"), (6, "reason"), (7, "visit_reference"), (8, "package"),
        (9, "day"),
    ]  # fmt: skip
    assert Visit.objects.count() == 1
    with pytest.raises(CallError, match="has no column package"):
        take_in(finance, "other.csv", b"visit_reference,day,planned_minutes\n")
    with pytest.raises(CallError, match="not a CSV file"):
        take_in(finance, "other.csv", b"\xff\xfe\x00")


def _known(package: Package) -> Package:
    found: Package = known_packages(Package.objects.filter(pk=package.pk)).get()
    return found
