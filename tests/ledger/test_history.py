"""Two times: what was known then, what changed since, and why."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, date, datetime

import duckdb
import pytest

from careshape.catalogue import catalogue
from careshape.errors import CallError, InputError
from careshape.ledger import Ledger
from careshape.ledger.columns import DELIVERED, VISITS_DELIVERED, VISITS_PLANNED
from careshape.ledger.imports import import_file
from careshape.ledger.resolve import CLOSED, CORRECTION, DETAIL, FIRST, LATE
from tests.ledger.writing import delivery, package


def weekly(ledger: Ledger, posting: int) -> int:
    """Weekly cost of everything, in pence, as known after a posting."""
    query = (
        f"SELECT coalesce(sum(sign * weekly_cost), 0)::BIGINT FROM {ledger.table.relation()} WHERE posting <= {posting}"
    )
    return duckdb.sql(query).fetchall()[0][0]


def test_posting_on_a_day_is_the_last_one_recorded_by_its_end(ledger, write) -> None:
    assert ledger.posting_on() == ledger.posting_on(date(2021, 1, 1)) == 0
    import_file(ledger, write("a.csv", [package("L-1")]), recorded_at=datetime(2021, 4, 1, 9, tzinfo=UTC))
    import_file(ledger, write("b.csv", [package("L-2")]), recorded_at=date(2021, 5, 1))
    assert [ledger.posting_on(date(2021, *day)) for day in ((3, 31), (4, 1), (4, 30), (5, 1))] == [0, 1, 1, 2]
    assert ledger.posting_on(datetime(2021, 4, 1, 8, tzinfo=UTC)) == 0
    first = ledger.postings()[0]
    assert (first.number, first.source, first.kind, first.counts["accepted"], first.rows) == (
        1,
        "a.csv",
        "packages",
        1,
        1,
    )


def test_posting_is_never_recorded_before_an_earlier_one(ledger, write) -> None:
    import_file(ledger, write("a.csv", [package("L-1")]), recorded_at=date(2021, 5, 1))
    with pytest.raises(CallError, match="lies before the latest posting"):
        import_file(ledger, write("b.csv", [package("L-2")]), recorded_at=date(2021, 4, 1))
    assert len(ledger.postings()) == 1


def test_figure_as_known_then_stays_after_a_correction(ledger, write, standing) -> None:
    import_file(ledger, write("a.csv", [package("L-1"), package("L-2", weekly_cost="500.00")]))
    import_file(ledger, write("b.csv", [package("L-1", weekly_cost="710.00"), package("L-2", weekly_cost="500.00")]))
    assert (weekly(ledger, 1), weekly(ledger, 2)) == (120_000, 121_000)
    changes = ledger.changes(1).to_pylist()
    assert [(row["sign"], row["weekly_cost"], row["reason"]) for row in changes] == [
        (-1, 70_000, CORRECTION),
        (1, 71_000, CORRECTION),
    ]
    assert sum(row["sign"] * row["weekly_cost"] for row in changes) == weekly(ledger, 2) - weekly(ledger, 1)
    assert len(standing(ledger)) == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"end_date": "2021-01-31"}, CLOSED),
        ({"end_date": "2021-01-31", "weekly_cost": "701.00"}, CORRECTION),
        ({"start_date": "2020-05-02"}, CORRECTION),
        ({"zone": "unknown", "team": "north-nursing"}, DETAIL),
    ],
)
def test_reason_says_why_a_line_was_recorded_again(ledger, write, changes, reason) -> None:
    import_file(ledger, write("a.csv", [package("L-1")]))
    import_file(ledger, write("b.csv", [package("L-1", **changes)]))
    assert [(row["sign"], row["reason"]) for row in ledger.changes(1).to_pylist()] == [(-1, reason), (1, reason)]


def test_line_that_an_earlier_file_should_have_held_is_late(ledger, write) -> None:
    rows = [package("L-1", start_date="2020-04-01"), package("L-2", start_date="2020-12-01")]
    import_file(ledger, write("a.csv", rows))
    late = [
        package("L-3", start_date="2020-08-01"),
        package("L-4", start_date="2021-01-01"),
        package("L-5", start_date="2020-08-01", service="home-care"),
    ]
    import_file(ledger, write("b.csv", late))
    reasons = {row["start_day"]: row["reason"] for row in ledger.changes(1).to_pylist() if row["service"] == 1}
    assert sorted(reasons.values()) == [FIRST, LATE]
    assert reasons[min(reasons)] == LATE


def test_blank_cell_keeps_what_is_known_and_blank_end_is_open(ledger, write, standing) -> None:
    import_file(ledger, write("a.csv", [package("L-1", end_date="2021-01-31")]))
    report = import_file(ledger, write("b.csv", [package("L-1", district="", weekly_cost="", end_date="2021-01-31")]))
    assert report.unchanged == 1
    reopened = import_file(ledger, write("c.csv", [package("L-1")]))
    assert reopened.accepted == 1
    assert standing(ledger)[0]["weekly_cost"] == 70_000


def test_delivery_takes_person_and_place_from_its_line(ledger, write, standing) -> None:
    import_file(ledger, write("p.csv", [package("L-1", service="home-care", unit="hour")]))
    import_file(ledger, write("d.csv", [delivery("L-1")]))
    planned, *delivered = standing(ledger)
    assert {row["record"]: row["quantity"] for row in delivered} == {
        DELIVERED: 950,
        VISITS_PLANNED: 1_400,
        VISITS_DELIVERED: 1_300,
    }
    for row in delivered:
        assert all(row[name] == planned[name] for name in ("line", "person", "service", "district", "provider"))
        assert (row["weekly_cost"], row["one_off_cost"]) == (0, 0)


def test_corrected_delivery_replaces_and_another_week_is_added(ledger, write, standing) -> None:
    import_file(ledger, write("p.csv", [package("L-1", service="home-care")]))
    import_file(ledger, write("d.csv", [delivery("L-1")]))
    week = {"period_start": "2020-06-08", "period_end": "2020-06-14"}
    report = import_file(ledger, write("e.csv", [delivery("L-1", delivered_units="8"), delivery("L-1", **week)]))
    assert report.accepted == 2
    hours = [row["quantity"] for row in standing(ledger) if row["record"] == DELIVERED]
    assert hours == [800, 950]


def test_deliveries_follow_a_corrected_line(ledger, write, standing) -> None:
    import_file(ledger, write("p.csv", [package("L-1", service="home-care")]))
    import_file(ledger, write("d.csv", [delivery("L-1")]))
    import_file(ledger, write("q.csv", [package("L-1", service="home-care", district="malvern-hills")]))
    district = catalogue().code("district", "malvern-hills")
    assert {row["district"] for row in standing(ledger)} == {district}
    assert sum(row["record"] == DELIVERED for row in standing(ledger)) == 1


def test_same_file_twice_changes_nothing(ledger, write, tmp_path) -> None:
    file = write("a.csv", [package("L-1")])
    import_file(ledger, file)
    before = snapshot(tmp_path / "data")
    report = import_file(ledger, file)
    assert (report.unchanged, report.posting, report.appended) == (1, None, 0)
    assert "posting 1" in report.notes[0]
    assert snapshot(tmp_path / "data") == before


def test_dry_run_changes_no_byte(ledger, write, tmp_path) -> None:
    import_file(ledger, write("a.csv", [package("L-1")]))
    before = snapshot(tmp_path / "data")
    report = import_file(ledger, write("b.csv", [package("L-1", weekly_cost="1.00"), package("L-2")]), dry_run=True)
    assert (report.accepted, report.posting, report.dry_run) == (2, None, True)
    assert snapshot(tmp_path / "data") == before


def snapshot(folder) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_import_waits_for_another_writer(ledger, write) -> None:
    """The lock is held by another process: the import comes when that lets go."""
    script = (
        "import sys; from pathlib import Path; from careshape.ledger.store import write_lock\n"
        "with write_lock(Path(sys.argv[1])):\n    print('held', flush=True); sys.stdin.read()"
    )
    file, lock = write("a.csv", [package("L-1")]), ledger.path / "ledger.lock"
    held = [sys.executable, "-c", script, str(lock)]
    with subprocess.Popen(held, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        waits = threading.Thread(target=import_file, args=(ledger, file))
        waits.start()
        waits.join(0.5)
        assert waits.is_alive()
        assert ledger.postings() == []
        other.communicate(timeout=60)  # it lets go
        waits.join(60)
    assert [one.number for one in ledger.postings()] == [1]


def test_changes_wants_postings_in_order(ledger, write) -> None:
    import_file(ledger, write("a.csv", [package("L-1")]))
    with pytest.raises(CallError, match="not after posting 5"):
        ledger.changes(5)


def test_ledger_of_another_council_is_not_opened_as_one_s_own(ledger) -> None:
    with pytest.raises(CallError, match="already holds the ledger of worcestershire"):
        Ledger.create(ledger.path, "thurrock", demonstration=True)
    with pytest.raises(InputError, match=r"no council\.toml"):
        Ledger.open(ledger.path.parent)
    assert Ledger.create(ledger.path, "worcestershire", demonstration=True) == ledger
