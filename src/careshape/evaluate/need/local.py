"""What a council itself observed: counts that adjust a national rate, and diagnoses that are set beside it.

`observed.csv` in the council's folder `prevalence/`, one row a count:

    condition,area,year,ages,count,kind,source

`kind` is "complete" where everybody with the condition was counted (a register), which makes a local factor, or
"recorded" where only those diagnosed or known were, which is set beside the expected number and adjusts nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from careshape.errors import InputError
from careshape.evaluate.population.grid import Ages, Population, ages_label, parse_ages

COLUMNS = ("condition", "area", "year", "ages", "count", "kind", "source")
KINDS = ("complete", "recorded")
PRIOR = 100.0
"""How many expected people the national rate counts for (n0): k' = (n0 + observed) / (n0 + expected).

With 100, a place of 25 expected people moves a fifth of the way to what it observed, one of 900 nine tenths. It says
that places differ from the national rate by about a tenth (one standard deviation), other things equal.
"""


@dataclass(frozen=True)
class Observed:
    """A count of people with a condition in an area and year."""

    condition: str
    area: str
    year: int
    ages: Ages
    count: int
    kind: str
    source: str


def read_observed(path: Path) -> list[Observed]:
    """The counts of a council; empty where it has no such file.

    Raises:
        InputError: a column is missing or unknown, or a value is not what it must be.
    """
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise InputError(f"{path.name} must have the columns {','.join(COLUMNS)}, in this order.")
        return [_row(path.name, number, row) for number, row in enumerate(reader, start=2)]


def _row(file: str, line: int, row: dict[str, str]) -> Observed:
    def fault(column: str, rule: str) -> InputError:
        return InputError(f"{file}, line {line}, column {column}: '{row[column]}'. {rule}")

    if row["kind"] not in KINDS:
        raise fault("kind", f"It must be {' or '.join(KINDS)}.")
    if not row["source"]:
        raise fault("source", "A count says where it comes from.")
    for column in ("year", "count"):
        if not row[column].isdigit():
            raise fault(column, "It must be a whole number, 0 or more.")
    return Observed(
        row["condition"],
        row["area"],
        int(row["year"]),
        parse_ages(row["ages"]),
        int(row["count"]),
        row["kind"],
        row["source"],
    )


def check_counts(counts: Iterable[Observed], people: Population) -> None:
    """Refuse a count of more people than live there: its rate would be above 1.

    Raises:
        InputError: there is such a count. CallError: its area, year or ages are not in the population.
    """
    for one in counts:
        living = people.total(one.area, one.year, one.ages)
        if one.count > living:
            raise InputError(
                f"observed.csv counts {one.count:,} people with {one.condition} in {one.area} in {one.year}, of "
                f"{ages_label(one.ages)}: only {living:,.0f} of these ages live there. Correct the count, area or ages."
            )


def shrunk(observed: float, expected: float, prior: float = PRIOR) -> float:
    """The local factor k' = (n0 + observed) / (n0 + expected).

    >>> shrunk(30, 25, 100)
    1.04
    """
    return (prior + observed) / (prior + expected)
