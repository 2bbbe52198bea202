"""Properties of the import: what goes in comes out, however it is written, split, ordered or repeated."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from careshape.catalogue import catalogue
from careshape.catalogue.periods import day_number
from careshape.ledger import Ledger
from careshape.ledger.columns import OPEN_DAY
from careshape.ledger.imports import import_file
from careshape.ledger.pseudonym import DEMONSTRATION_KEY
from tests.ledger.numbers import line_number, person_number, public_number
from tests.ledger.writing import Rows, package, write_csv

FEW = settings(max_examples=6, deadline=None)
EPOCH = date(2018, 4, 1)
IDS = {
    name: [entry.id for entry in catalogue().list(name).entries]
    for name in ("service", "district", "purchase_type", "gender", "cost_centre")
}


@st.composite
def lines(draw: st.DrawFn) -> list[dict[str, str]]:
    """Package lines of synthetic people, in the one spelling that files are written in."""
    rows = []
    for number in range(draw(st.integers(1, 8))):
        start = EPOCH + timedelta(days=draw(st.integers(0, 1000)))
        end = draw(st.none() | st.integers(0, 600).map(lambda days, start=start: start + timedelta(days=days)))
        row = package(
            f"L-{number}",
            person_id=f"P-{draw(st.integers(0, 4))}",
            provider_reference=draw(st.sampled_from(["W-1", "W-2", 'Ünïcode, "quoted"\nprovider'])),
            start_date=start.isoformat(),
            end_date=end.isoformat() if end else "",
            weekly_cost=f"{draw(st.integers(0, 500_000)) / 100:.2f}",
            units_per_week=f"{draw(st.integers(0, 16_800)) / 100:.2f}",
            **{name: draw(st.sampled_from(ids)) for name, ids in IDS.items()},
        )
        # Whether a setting is somebody's home is told by its services, so that a place with several would be known by
        # another number in a file that holds only some of them.
        row["setting_reference"] = f"Synthetic place for {row['service']}"
        rows.append(row)
    return rows


def integers(row: dict[str, str]) -> dict[str, int]:
    """The fields of a row as the ledger must hold them, worked out without the import."""
    code = catalogue().code
    day = {
        name: day_number(date.fromisoformat(row[name])) if row[name] else OPEN_DAY
        for name in ("start_date", "end_date")
    }
    return {
        "line": line_number(DEMONSTRATION_KEY, "worcestershire", row["line_reference"]),
        "person": person_number(DEMONSTRATION_KEY, "worcestershire", row["person_id"]),
        "provider": public_number(row["provider_reference"]),
        "start_day": day["start_date"],
        "end_day": day["end_date"],
        "weekly_cost": round(float(row["weekly_cost"]) * 100),
        "quantity": round(float(row["units_per_week"]) * 100),
        **{name: code(name, row[name]) for name in IDS},
    }


def standing(ledger: Ledger, columns: str = "*") -> list[tuple[int, ...]]:
    meaning = "* EXCLUDE (sign, reason, posting)"
    query = f"SELECT {columns} FROM (SELECT {meaning}, sum(sign) AS n FROM {ledger.table.relation()}"
    return sorted(duckdb.sql(f"{query} GROUP BY ALL HAVING sum(sign) <> 0)").fetchall())


def posted(folder: Path, *files: Callable[[Path], Path]) -> Ledger:
    """A new ledger with files posted one after the other."""
    ledger = Ledger.create(folder / "councils" / "w", "worcestershire", demonstration=True)
    for number, make in enumerate(files):
        report = import_file(ledger, make(folder / str(number)), "packages")
        assert sum(report.counts.values()) == report.rows
        assert report.refused == 0
    return ledger


def as_csv(rows: Rows, **options: str) -> Callable[[Path], Path]:
    return lambda path: write_csv(path, rows, **options)


def as_parquet(rows: Rows) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        pq.write_table(pa.Table.from_pylist(list(rows)), path)
        return path

    return make


@FEW
@given(rows=lines())
def test_ledger_holds_what_the_file_says(rows: list[dict[str, str]]) -> None:
    wanted = [integers(row) for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        ledger = posted(Path(folder), as_csv(rows))
        assert standing(ledger, ", ".join(wanted[0])) == sorted(tuple(one.values()) for one in wanted)


@FEW
@given(rows=lines(), data=st.data())
def test_ledger_is_the_same_however_the_file_is_written_split_and_ordered(rows, data) -> None:
    shuffled = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(rows)))
    halves = [part for part in (shuffled[:cut], shuffled[cut:]) if part]
    slashed = [row | {"start_date": date.fromisoformat(row["start_date"]).strftime("%d/%m/%Y")} for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        ways = (
            [as_csv(rows)],
            [as_parquet(shuffled)],
            [as_csv(part) for part in halves],
            [as_csv(slashed, delimiter=";", newline="\n", encoding="utf-8-sig")],
        )
        found = [standing(posted(Path(folder) / str(number), *way)) for number, way in enumerate(ways)]
    assert all(one == found[0] for one in found)


@FEW
@given(first=lines(), second=lines())
def test_latest_file_is_what_stands_and_nothing_of_the_past_is_lost(first, second) -> None:
    with tempfile.TemporaryDirectory() as folder:
        both = posted(Path(folder) / "both", as_csv(first), as_csv(second))
        alone = posted(Path(folder) / "alone", as_csv(first))
        known_then = duckdb.sql(f"SELECT * EXCLUDE (posting) FROM {both.table.relation()} WHERE posting = 1").fetchall()
        assert sorted(known_then) == sorted(
            duckdb.sql(f"SELECT * EXCLUDE (posting) FROM {alone.table.relation()}").fetchall()
        )
        corrected = {row["line_reference"]: row for row in [*first, *second]}
        wanted = [integers(row) for row in corrected.values()]
        assert standing(both, ", ".join(wanted[0])) == sorted(tuple(one.values()) for one in wanted)


@FEW
@given(rows=lines(), times=st.integers(1, 2))
def test_file_posted_again_under_another_form_changes_nothing(rows, times) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = posted(Path(folder), as_csv(rows))
        before = standing(ledger)
        for number in range(times):
            path = as_csv(rows, newline="\n" if number % 2 else "\r\n", delimiter=";|"[number % 2])(
                Path(folder) / f"again-{number}"
            )
            report = import_file(ledger, path, "packages")
            assert (report.unchanged, report.appended) == (len(rows), 0)
        assert standing(ledger) == before
