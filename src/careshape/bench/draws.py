"""Draw the futures of a county, and of a region of such counties: processor seconds, in a process of their own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from careshape.bench.apart import run_apart
from careshape.bench.build import build_ledger
from careshape.bench.clock import peak_mb, timed
from careshape.bench.goals import TOLERANCE, Goal
from careshape.errors import CareshapeError
from careshape.evaluate.forecast.fit import fit
from careshape.evaluate.forecast.forecast import forecast
from careshape.evaluate.forecast.read import read_spells
from careshape.evaluate.forecast.spells import DIMENSIONS, Spells
from careshape.ledger import Ledger

DRAWS: Final = 1_000
MONTHS: Final = 120
COUNCILS: Final = 14
"""Counties in a region, as many as the West Midlands have councils with social care."""
COUNTY: Final = Goal("the county took", high=1.0, unit=" processor seconds", tolerance=TOLERANCE)
REGION: Final = Goal("the region took", high=20.0, form=".1f", unit=" processor seconds", tolerance=TOLERANCE)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Drawn:
    """What the draws of one county, and of a region, took."""

    cells: int
    """Areas x groups x services of the county in which anybody is, was or comes."""
    region_cells: int
    cpu_seconds: float
    """Expected course, draws of rates and of people, and intervals at the end of each of ten years, in every cell."""
    region_cpu_seconds: float
    fit_cpu_seconds: float
    """Reading the ledger and fitting the county's rates, which is done once for any number of forecasts."""
    region_fit_cpu_seconds: float
    peak_mb: float

    def missed(self) -> list[str]:
        """Goals that were missed, in words."""
        return [*COUNTY.missed(self.cpu_seconds), *REGION.missed(self.region_cpu_seconds)]

    def failed(self) -> list[str]:
        """Those that were missed so far that the benchmark fails."""
        return [*COUNTY.failed(self.cpu_seconds), *REGION.failed(self.region_cpu_seconds)]

    def as_json(self) -> dict[str, Any]:
        """Every figure, under the names that the reference lists."""
        return {"draws": DRAWS, "months": MONTHS, **asdict(self), "missed": self.missed(), "failed": self.failed()}


def bench_draws(folder: Path, lines: int, seed: int, say: Say, councils: int = COUNCILS) -> Drawn:
    """Build the synthetic county's ledger of ``lines`` lines in ``folder`` (or use it), and time its draws.

    councils: how many such counties are a region.
    """
    build_ledger(folder, lines, seed, say)
    say(f"Drawing {DRAWS:,} futures of {MONTHS // 12} years.")
    environment = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"
    )  # waiting threads count as processor time
    command = [sys.executable, "-m", "careshape.bench.draws", str(folder / "council"), str(councils)]
    (found,) = run_apart(command, "the draws", environment)
    return Drawn(**found)


def region_of(county: Spells, councils: int) -> Spells:
    """So many counties alike, each with areas and people of its own."""
    count, people = len(county), int(county.person.max(initial=0)) + 1
    if people * councils >= 2**63 // 2:
        _, numbers = np.unique(county.person, return_inverse=True)
        county, people = replace(county, person=numbers.astype(np.int64)), len(county)
    which = np.repeat(np.arange(councils), count)
    columns: dict[str, Any] = {
        name: np.tile(getattr(county, name), councils)
        for name in ("group", "service", "birth_month", "start", "end", "quantity", "weekly_cost")
    }
    return replace(
        county,
        **columns,
        person=np.tile(county.person, councils) + which * people,
        area=(np.tile(county.area, councils) + which * len(county.areas)).astype(np.int16),
        areas=tuple(f"synthetic-council-{number + 1:02}/{area}" for number in range(councils) for area in county.areas),
    )


def _draw(spells: Spells, seed: int) -> tuple[int, float, float]:
    """Cells in use, seconds for the draws, and seconds for the fit."""
    rates, fitting = timed(fit, spells)

    years = [*range(12, MONTHS + 1, 12)]

    def work() -> int:
        rows = forecast(rates, months=MONTHS, draws=DRAWS, seed=seed).table(by=DIMENSIONS, months=years)
        return len(rows) // len(years)

    live, drawing = timed(work)
    return live, drawing.cpu, fitting.cpu


def _measured(folder: str, councils: int) -> None:
    """County and region, in this process; prints what they took."""
    county, reading = timed(read_spells, Ledger.open(Path(folder)))
    cells, cpu, fitting = _draw(county, 1)
    region_cells, region_cpu, region_fitting = _draw(region_of(county, councils), 1)
    found = Drawn(cells, region_cells, cpu, region_cpu, reading.cpu + fitting, region_fitting, peak_mb())
    print(json.dumps(asdict(found)), flush=True)


if __name__ == "__main__":
    try:
        _measured(sys.argv[1], int(sys.argv[2]))
    except CareshapeError as error:
        sys.exit(str(error))
