"""A whole posting that was a mistake: withdrawn in one commit, and the ledger as if it had never been posted."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careshape.errors import CallError
from careshape.evaluate.measure import measure
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.ledger.resolve import REINSTATED, WITHDRAWN
from careshape.ledger.reversals import withdraw_posting, would_withdraw
from tests.ledger.test_round_trips import lines
from tests.ledger.test_withdrawals import withdrawal
from tests.ledger.writing import delivery, event, package, write_csv, year

FIRST, THEN, LATER = date(2021, 6, 1), date(2021, 7, 1), date(2021, 8, 1)


def people(ledger: Ledger, known_on: date | None = None) -> int:
    return measure(ledger, "people_supported", period="2021-03-31", known_on=known_on).value


def test_a_withdrawn_posting_counts_no_more_and_is_known_as_of_then(ledger: Ledger, write) -> None:
    import_file(ledger, write("p.csv", [package("L-1")]), recorded_at=FIRST)
    mistake = [package("L-2", person_id="P-2", provider_reference="W-099"), package("L-1", weekly_cost="800.00")]
    import_file(ledger, write("q.csv", mistake), recorded_at=THEN)
    assert "W-099" in str(ledger.register("providers"))
    found = would_withdraw(ledger, 2)
    assert (found.lines, found.restored, found.people, found.kept) == (1, 1, 1, 0)
    assert found.said == [
        "Taken out of every figure from now on: 1 line of 1 person.",
        "Standing again as before: 1 line.",
        "Care that is open costs £800.00 a week less.",
    ]
    made = withdraw_posting(ledger, 2, recorded_at=LATER)
    assert (made.number, made.reverses, made.rows) == (3, 2, 3)
    assert made.counts == {"withdrawn": 1, "restored": 1, "deliveries": 0, "kept": 0}
    assert {(row["sign"], row["reason"]) for row in ledger.changes(2).to_pylist()} == {(-1, WITHDRAWN), (1, REINSTATED)}
    assert [people(ledger, day) for day in (FIRST, THEN, LATER)] == [1, 2, 1]
    assert measure(ledger, "weekly_cost", period="2021-03-31").value == 700
    assert "W-099" not in str(ledger.register("providers"))
    assert "W-099" in str(ledger.register("providers", 2)), "as known before, the name is known"


def test_what_was_withdrawn_is_posted_again_as_new(ledger: Ledger, write) -> None:
    path = write("p.csv", [package("L-1"), package("L-2", person_id="P-2")])
    import_file(ledger, path, recorded_at=FIRST)
    withdraw_posting(ledger, 1, recorded_at=THEN)
    assert people(ledger) == 0
    report = import_file(ledger, path, recorded_at=LATER)
    assert (report.accepted, report.unchanged, report.posting) == (2, 0, 3)
    assert people(ledger) == 2
    assert ledger.register("providers") != {}
    withdraw_posting(ledger, 3, recorded_at=LATER)
    assert people(ledger) == 0


def test_lines_that_a_later_file_changed_stay_as_that_file_says(ledger: Ledger, write) -> None:
    import_file(ledger, write("p.csv", [package("L-1"), package("L-2", person_id="P-2")]))
    import_file(ledger, write("q.csv", [package("L-2", person_id="P-2", weekly_cost="800.00")]))
    found = would_withdraw(ledger, 1)
    assert (found.lines, found.kept, found.later) == (1, 1, (2,))
    withdraw_posting(ledger, 1)
    assert people(ledger) == 1
    assert ledger.register("providers") != {}, "a line that stays keeps the name of its provider"
    import_file(ledger, write("q2.csv", [package("L-1", weekly_cost="800.00")]))
    with pytest.raises(CallError, match="Posting 1 was withdrawn already, by posting 3"):
        would_withdraw(ledger, 1)


def test_the_latest_first_withdraws_everything(ledger: Ledger, write) -> None:
    import_file(ledger, write("p.csv", [package("L-1")]))
    import_file(ledger, write("d.csv", [delivery("L-1")]))
    with pytest.raises(CallError, match=r"changed by later postings \(2\)"):
        withdraw_posting(ledger, 1)
    assert would_withdraw(ledger, 2).deliveries == 1
    withdraw_posting(ledger, 2)
    assert withdraw_posting(ledger, 1).counts["withdrawn"] == 1
    assert people(ledger) == 0


def test_a_withdrawal_of_lines_is_withdrawn_and_the_lines_stand_again(ledger: Ledger, write, standing) -> None:
    import_file(ledger, write("p.csv", [package("L-1")]))
    import_file(ledger, write("w.csv", [withdrawal("L-1")]))
    assert standing(ledger) == []
    assert would_withdraw(ledger, 2).weekly_cost < 0
    withdraw_posting(ledger, 2)
    assert len(standing(ledger)) == 1


def test_a_posting_is_withdrawn_once_and_a_withdrawal_never(ledger: Ledger, write) -> None:
    import_file(ledger, write("p.csv", [package("L-1")]))
    assert withdraw_posting(ledger, 1) == withdraw_posting(ledger, 1)
    with pytest.raises(CallError, match="Posting 2 is itself a withdrawal"):
        withdraw_posting(ledger, 2)
    with pytest.raises(CallError, match="no posting 7"):
        would_withdraw(ledger, 7)


def test_a_withdrawn_file_of_a_later_period_neither_closed_nor_reported(ledger: Ledger, write, standing) -> None:
    import_file(ledger, write("a.csv", [event("E-1"), event("E-2")]))
    before = standing(ledger)
    import_file(ledger, write("b.csv", [event("E-3", **year(2021))]))
    assert standing(ledger) != before
    withdraw_posting(ledger, 2)
    assert standing(ledger) == before
    report = import_file(ledger, write("c.csv", [event("E-1", **year(2021))]))
    assert any("vanished" in note for note in report.notes), "the period of the withdrawn file counts no more"


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_a_withdrawn_posting_leaves_the_ledger_as_if_it_had_not_been(data: st.DataObject) -> None:
    """Three files, the second one withdrawn before the third: what stands is what files one and three alone give."""
    files = [data.draw(lines()) for _ in range(3)]
    with tempfile.TemporaryDirectory() as folder:
        stood = []
        for withdrawn in (True, False):
            one = Ledger.create(Path(folder) / str(withdrawn), "worcestershire", demonstration=True)
            for number, rows in enumerate(files):
                if number == 1 and not withdrawn:
                    continue
                import_file(one, write_csv(Path(folder) / f"{withdrawn} {number}.csv", rows))
                if number == 1 and withdraw(one):
                    assert one.postings()[-1].reverses == 2
            stood.append(standing_values(one))
        assert stood[0] == stood[1]


def withdraw(ledger: Ledger) -> bool:
    try:
        withdraw_posting(ledger, 2)
    except CallError:
        return False
    return True


def standing_values(ledger: Ledger) -> list[tuple[object, ...]]:
    """What stands: every version whose signs do not cancel out, without its history."""
    count: dict[tuple[object, ...], int] = {}
    for row in ledger.changes(0).to_pylist():
        version = tuple(value for name, value in row.items() if name not in ("sign", "reason", "posting"))
        count[version] = count.get(version, 0) + row["sign"]
    assert set(count.values()) <= {0, 1}
    return sorted(version for version, many in count.items() if many)
