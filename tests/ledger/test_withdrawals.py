"""Lines and deliveries that were entered in error: taken back with a reason, and as known before as they were."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from careshape.errors import CallError, CareshapeError
from careshape.evaluate.measure import changed, measure, measures
from careshape.ledger import Ledger
from careshape.ledger.columns import DELIVERED, VISITS_DELIVERED, VISITS_PLANNED
from careshape.ledger.imports import import_file
from careshape.ledger.resolve import REINSTATED, WITHDRAWN
from tests.ledger.test_round_trips import lines
from tests.ledger.writing import delivery, event, package, write_csv

FIRST, THEN, LATER = date(2021, 6, 1), date(2021, 7, 1), date(2021, 8, 1)


def withdrawal(reference: str, **changes: str) -> dict[str, str]:
    """A row that says no more than which line is taken back."""
    return dict.fromkeys(package(reference), "") | {"line_reference": reference, "withdrawn": "yes"} | changes


def test_withdrawn_line_is_taken_back_with_its_reason_and_nothing_new(ledger: Ledger, write, standing) -> None:
    import_file(ledger, write("p.csv", [package("L-1"), package("L-2")]))
    report = import_file(ledger, write("w.csv", [withdrawal("L-1")]))
    assert (report.accepted, report.refused, report.appended) == (1, 0, 1)
    assert report.notes == ("Withdrawn as entered in error: 1 line. What was known before stays as it was.",)
    (row,) = ledger.changes(1).to_pylist()
    assert (row["sign"], row["reason"], row["weekly_cost"]) == (-1, WITHDRAWN, 70_000)
    assert len(standing(ledger)) == 1


def test_withdrawal_reads_the_whole_row_too_and_takes_none_of_it(ledger: Ledger, write, standing) -> None:
    import_file(ledger, write("p.csv", [package("L-1")]))
    row = package("L-1", weekly_cost="1.00", withdrawn="Y")
    assert import_file(ledger, write("w.csv", [row, package("L-2", withdrawn="no")])).accepted == 2
    assert [one["weekly_cost"] for one in standing(ledger)] == [70_000]
    assert {one["reason"] for one in ledger.changes(1).to_pylist() if one["sign"] < 0} == {WITHDRAWN}


def test_unknown_line_cannot_be_withdrawn(ledger: Ledger, write) -> None:
    import_file(ledger, write("p.csv", [package("L-1")]))
    report = import_file(ledger, write("w.csv", [withdrawal("L-9"), withdrawal("L-1")]))
    assert (report.accepted, report.refused) == (1, 1)
    (finding,) = report.findings
    assert (finding.line, finding.column, finding.rule) == (2, "line_reference", "withdrawn-unknown")
    assert "never posted" in finding.message


def test_withdrawal_into_an_empty_ledger_is_refused(ledger: Ledger, write) -> None:
    assert import_file(ledger, write("w.csv", [withdrawal("L-1")])).refused == 1


def test_repeated_withdrawal_changes_nothing(ledger: Ledger, write, standing) -> None:
    import_file(ledger, write("p.csv", [package("L-1"), package("L-2")]))
    import_file(ledger, write("w.csv", [withdrawal("L-1")]))
    again = import_file(ledger, write("again.csv", [withdrawal("L-1", service="nursing")]))
    assert (again.unchanged, again.appended, again.notes) == (1, 0, ())
    assert len(standing(ledger)) == 1


def test_contradicting_and_unreadable_withdrawals_are_refused(ledger: Ledger, write, standing) -> None:
    import_file(ledger, write("p.csv", [package("L-1"), package("L-2")]))
    rows = [package("L-1", withdrawn="yes"), package("L-1"), package("L-2", withdrawn="perhaps")]
    report = import_file(ledger, write("w.csv", rows))
    assert (report.refused, report.by_rule) == (3, {"line-contradicted": 2, "value-unreadable": 1})
    assert "yes or no" in next(one for one in report.findings if one.column == "withdrawn").message
    assert len(standing(ledger)) == 2


def test_row_that_withdraws_nothing_still_needs_its_cells(ledger: Ledger, write) -> None:
    import_file(ledger, write("p.csv", [package("L-1")]))
    report = import_file(ledger, write("w.csv", [withdrawal("L-1", withdrawn="no"), withdrawal("", withdrawn="yes")]))
    assert report.refused == 2
    assert {one.column for one in report.findings} == {"line_reference", "service", "start_date"}


def test_line_posted_again_is_reinstated_with_its_deliveries(ledger: Ledger, write, standing) -> None:
    import_file(ledger, write("p.csv", [package("L-1"), package("L-2")]))
    import_file(ledger, write("d.csv", [delivery("L-1"), delivery("L-2")]))
    before = standing(ledger)
    report = import_file(ledger, write("w.csv", [withdrawal("L-1")]))
    assert report.notes[0].startswith("Withdrawn as entered in error: 1 line, with 1 delivery.")
    assert len(standing(ledger)) == 4, "the other line and its three records"
    assert import_file(ledger, write("e.csv", [delivery("L-1", delivered_units="1")])).refused == 1
    back = import_file(ledger, write("q.csv", [package("L-1")]))
    assert back.notes == ("Reinstated after they were withdrawn: 1 line.",)
    assert standing(ledger) == before
    rows = ledger.changes(3).to_pylist()
    assert [(row["sign"], row["reason"]) for row in rows] == [(1, REINSTATED)] * 4


def test_client_level_data_that_reports_a_withdrawn_line_reinstates_it(ledger: Ledger, write, standing) -> None:
    import_file(ledger, write("c.csv", [event("E-1"), event("E-2")]))
    import_file(ledger, write("w.csv", [withdrawal("E-1")]))
    import_file(ledger, write("d.csv", [event("E-1", Unit_Cost="710.00"), event("E-2")]))
    assert [row["reason"] for row in ledger.changes(2).to_pylist()] == [REINSTATED]
    assert len(standing(ledger)) == 2


def test_withdrawn_delivery_takes_its_visits_along_unless_another_has_them(ledger: Ledger, write, standing) -> None:
    import_file(ledger, write("p.csv", [package("L-1", service="home-care")]))
    sessions = delivery("L-1", unit="session", delivered_units="2", visits_planned="", visits_delivered="")
    import_file(ledger, write("d.csv", [delivery("L-1"), sessions, delivery("L-1", period_start="2020-06-02")]))
    rows = {"line_reference": "L-1", "period_start": "2020-06-01", "period_end": "", "delivered_units": ""}

    def records() -> list[int]:
        return sorted(row["record"] for row in standing(ledger) if row["record"] != 1 and row["start_day"] == 18414)

    assert records() == [DELIVERED, DELIVERED, VISITS_PLANNED, VISITS_DELIVERED]
    report = import_file(ledger, write("w.csv", [rows | {"unit": "hour", "withdrawn": "yes"}]))
    assert "1 delivery." in report.notes[0]
    assert records() == [DELIVERED, VISITS_PLANNED, VISITS_DELIVERED]
    import_file(ledger, write("v.csv", [rows | {"unit": "session", "withdrawn": "yes"}]))
    assert records() == []
    assert len(standing(ledger)) == 4, "the line, and the other period with its visits"
    assert import_file(ledger, write("u.csv", [rows | {"unit": "session", "withdrawn": "y"}])).unchanged == 1
    assert import_file(ledger, write("t.csv", [rows | {"unit": "mile", "withdrawn": "y"}])).refused == 1
    import_file(ledger, write("s.csv", [delivery("L-1", visits_planned="", visits_delivered="")]))
    assert ledger.changes(6).to_pylist()[0]["reason"] == REINSTATED


def test_changes_show_the_withdrawal_and_its_reason(ledger: Ledger, write) -> None:
    import_file(ledger, write("p.csv", [package("L-1"), package("L-2")]), recorded_at=FIRST)
    import_file(ledger, write("w.csv", [withdrawal("L-1")]), recorded_at=THEN)
    import_file(ledger, write("q.csv", [package("L-1")]), recorded_at=LATER)
    (change,) = changed(ledger, "line_items", known_from=FIRST, known_to=THEN, period="2020-06-01")
    assert (change.before, change.after, change.reasons) == (2, 1, [(2, "withdrawn", -1)])
    (change,) = changed(ledger, "line_items", known_from=THEN, period="2020-06-01")
    assert change.reasons == [(3, "reinstated", 1)]


def figures(ledger: Ledger, known_on: date) -> dict[str, object]:
    """One measure of each kind of counting, as known on a day."""
    found: dict[str, object] = {}
    kinds = {entry.kind: entry for entry in measures().values() if entry.population is None}
    for entry in kinds.values():
        try:
            cells = measure(ledger, entry.id, by=("service",), period="2019/20:2020/21", known_on=known_on).cells
            found[entry.id] = [(cell.key, cell.exact) for cell in cells]
        except CallError as error:
            found[entry.id] = str(error)
        except CareshapeError:
            found[entry.id] = "nothing"
    return found


@settings(max_examples=3, deadline=None)
@given(rows=lines(), data=st.data())
def test_withdrawal_leaves_the_past_and_then_is_as_if_the_line_had_never_been(rows, data) -> None:
    taken = data.draw(st.sets(st.sampled_from([row["line_reference"] for row in rows]), min_size=1))
    kept = [row for row in rows if row["line_reference"] not in taken]
    with tempfile.TemporaryDirectory() as folder:

        def posted(name: str, *files: tuple[date, list[dict[str, str]]]) -> Ledger:
            ledger = Ledger.create(Path(folder) / name / "councils" / "w", "worcestershire", demonstration=True)
            for number, (day, content) in enumerate(files):
                path = write_csv(Path(folder) / f"{name}-{number}", content)
                assert import_file(ledger, path, recorded_at=day).refused == 0
            return ledger

        everything = (FIRST, [*rows, package("L-99")])
        deliveries = (FIRST, [delivery(row["line_reference"]) for row in rows])
        alone = posted("alone", everything, deliveries)
        others = [delivery(row["line_reference"]) for row in kept]
        never = posted("never", (FIRST, [*kept, package("L-99")]), *([(FIRST, others)] if others else []))
        both = posted("both", everything, deliveries, (THEN, [withdrawal(reference) for reference in taken]))
        assert figures(both, FIRST) == figures(alone, FIRST)
        assert figures(both, THEN) == figures(never, THEN)
        meaning = "* EXCLUDE (sign, reason, posting)"
        query = f"SELECT {meaning} FROM {{}} GROUP BY ALL HAVING sum(sign) <> 0"
        left, right = (duckdb.sql(query.format(one.table.relation())).fetchall() for one in (both, never))
        assert sorted(left) == sorted(right)


def test_dry_run_of_a_withdrawal_changes_nothing(ledger: Ledger, write, standing) -> None:
    import_file(ledger, write("p.csv", [package("L-1")]))
    report = import_file(ledger, write("w.csv", [withdrawal("L-1")]), dry_run=True)
    assert (report.accepted, report.posting, len(standing(ledger))) == (1, None, 1)
