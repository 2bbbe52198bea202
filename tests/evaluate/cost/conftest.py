"""Statistics and ledgers for the tests of costs: small files in the layouts as published, rows as kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from careshape.records.official import add_file
from tests.evaluate.measure.conftest import RowLedger, table

OWN = ("E10000034", "Worcestershire", "West Midlands")
OTHERS = [(f"E060000{n:02d}", f"Council {n:02d}", "West Midlands" if n <= 4 else "South East") for n in range(1, 13)]


@dataclass
class Place:
    """A data folder: statistics and councils."""

    path: Path

    @property
    def statistics_path(self) -> Path:
        return self.path / "statistics"

    def council_path(self, authority: str) -> Path:
        return self.path / "councils" / authority


@dataclass
class NamedLedger(RowLedger):
    """A ledger of rows whose providers have names."""

    names: dict[int, str] = field(default_factory=dict)

    def register(self, kind: str, posting: int) -> dict[int, dict[str, Any]]:
        return {number: {"name": name, "reference": name} for number, name in self.names.items()}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def ledger_of(tmp_path: Path):
    """Return a function from rows to a ledger of them whose providers 1 to 9 are called after their numbers."""

    def make(rows: list[dict[str, int]]) -> NamedLedger:
        file = tmp_path / f"rows-{len(list(tmp_path.glob('*.parquet')))}.parquet"
        pq.write_table(table(rows), file)
        return NamedLedger(file, {1: date(2030, 1, 1)}, names={n: f"Synthetic provider {n}" for n in range(1, 10)})

    return make


@pytest.fixture
def load_unit_costs(place: Place):
    """Return a function that keeps a file of table 52 (nursing, 65+) from values by area and year."""

    def load(values: dict[str, dict[str, str]]) -> Place:
        head = "geography_code,la_code,la_name,region_code,region_name,year,setting,age_band,gbp_per_week"
        lines = [head]
        for code, name, region in (OWN, *OTHERS):
            for year, figures in values.items():
                if name in figures:
                    lines.append(f"{code},1,{name},E12,{region},{year},Nursing,65 and Over,{figures[name]}")
        lines.append("E92000001,,,E92000001,England,2021-22,Nursing,65 and Over,700")
        file = place.path / "t52.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        add_file(place, file)
        return place

    return load


@pytest.fixture
def load_admissions(place: Place):
    """Return a function that keeps a file of the framework (2A2 of 2020-21) from (admissions, people) by area."""

    def load(values: dict[str, tuple[str, str]]) -> Place:
        head = (
            "Geographical Code,Geographical Description,Geographical Level,ONS Code,ASCOF Measure Code,"
            "Disaggregation Level,Measure Type,Measure Value,Measure Group,Measure Group Description"
        )
        lines = [head]
        for code, name, _ in (OWN, *OTHERS):
            if name not in values:
                continue
            above, below = values[name]
            rate = above if above.startswith("[") else f"{100000 * float(above) / float(below):.1f}"
            for kind, value in (("Outcome", rate), ("Numerator", above), ("Denominator", below)):
                lines.append(f"1,{name},Council,{code},2A2,Total,{kind},{value},2A2,Admissions")
        file = place.path / "ascof-2020-21.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        add_file(place, file)
        return place

    return load
