"""From the times of single questions to the figures of a benchmark, and whether they meet their goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from careshape.bench.goals import TOLERANCE, Goal
from careshape.errors import CareshapeError

SCAN: Final = Goal("scan_ratio is", high=2.0)
"""Processor time of all measures over that of bare scans of their columns."""
SCAN_LINES: Final = 1_000_000
"""On smaller ledgers the time to begin a question outweighs the time to scan anything."""
PANDAS: Final = Goal("pandas_ratio is", low=8.0, form=".1f")
"""Processor time of pandas over that of the measures, at PANDAS_LINES and more."""
PANDAS_LINES: Final = 50_000_000
MEMORY: Final = Goal("peak_mb is", high=1_500, form=",.0f")
"""Megabytes that the measuring process holds at most."""
GROWTH: Final = Goal("growth is", high=1.2)
"""How many times as fast as the number of lines processor time grows."""
IMPORT: Final = Goal("rows_per_cpu_second is", low=200_000, form=",.0f", tolerance=TOLERANCE)
"""CLD rows a second of processor time that an import with checking takes in."""
IMPORT_ROWS: Final = 500_000
"""In a smaller file the time to begin an import outweighs the time that its rows take."""


@dataclass(frozen=True)
class Timing:
    """What one question took, as known on one day."""

    measure: str
    by: str
    where: str
    periods: int
    known: str
    columns: int
    cells: int
    cpu: float
    scan_cpu: float
    plain_scan_cpu: float
    wall: float
    pandas_cpu: float | None = None

    @property
    def scan_ratio(self) -> float:
        """Processor time over that of the bare scan."""
        return self.cpu / self.scan_cpu


@dataclass(frozen=True)
class Measured:
    """All questions on a ledger of one size."""

    lines: int
    postings: int
    peak_mb: float
    timings: tuple[Timing, ...]

    @property
    def cpu(self) -> float:
        """Processor seconds of all measures."""
        return sum(one.cpu for one in self.timings)

    @property
    def scan_cpu(self) -> float:
        """Processor seconds of all bare scans."""
        return sum(one.scan_cpu for one in self.timings)

    @property
    def plain_scan_cpu(self) -> float:
        """Processor seconds of all scans that only add each column up."""
        return sum(one.plain_scan_cpu for one in self.timings)

    @property
    def pandas_cpu(self) -> float | None:
        """Processor seconds of pandas; None where it was left out."""
        found = [one.pandas_cpu for one in self.timings if one.pandas_cpu is not None]
        return sum(found) if len(found) == len(self.timings) else None

    @property
    def scan_ratio(self) -> float:
        """Sum of the measures' processor time over the sum of the scans'."""
        return self.cpu / self.scan_cpu

    @property
    def plain_scan_ratio(self) -> float:
        """The same over the scans that only add each column up."""
        return self.cpu / self.plain_scan_cpu

    @property
    def pandas_ratio(self) -> float | None:
        """Processor time of pandas over that of the measures."""
        return None if self.pandas_cpu is None else self.pandas_cpu / self.cpu

    def missed(self) -> list[str]:
        """The goals that this run missed, in words."""
        found = SCAN.missed(self.scan_ratio) if self.lines >= SCAN_LINES else []
        found += MEMORY.missed(self.peak_mb)
        if self.lines >= PANDAS_LINES and self.pandas_ratio is not None:
            found += PANDAS.missed(self.pandas_ratio)
        return found

    def as_json(self) -> dict[str, Any]:
        """The run for machines."""
        each = [{**asdict(one), "scan_ratio": one.scan_ratio} for one in self.timings]
        return {
            "lines": self.lines,
            "postings": self.postings,
            "measures": len(self.timings),
            "scan_ratio": self.scan_ratio,
            "plain_scan_ratio": self.plain_scan_ratio,
            "pandas_ratio": self.pandas_ratio,
            "peak_mb": self.peak_mb,
            "cpu_seconds": self.cpu,
            "scan_cpu_seconds": self.scan_cpu,
            "plain_scan_cpu_seconds": self.plain_scan_cpu,
            "pandas_cpu_seconds": self.pandas_cpu,
            "wall_seconds": sum(one.wall for one in self.timings),
            "missed": self.missed(),
            "each": each,
        }


def growth(runs: Sequence[Measured]) -> float | None:
    """Processor time a line on the largest ledger over that on the smallest: 1 is linear, less is better.

    None for a single size.
    """
    by_size = sorted(runs, key=lambda run: run.lines)
    if len(by_size) < 2 or by_size[0].lines == by_size[-1].lines:
        return None
    small, large = by_size[0], by_size[-1]
    return (large.cpu / large.lines) / (small.cpu / small.lines)


def by_measure(timings: Sequence[Timing]) -> list[dict[str, Any]]:
    """One row a measure: how often it was asked, and its processor seconds beside those of scans and of pandas."""
    found = []
    for name in dict.fromkeys(one.measure for one in timings):
        its = [one for one in timings if one.measure == name]
        cpu, scan = sum(one.cpu for one in its), sum(one.scan_cpu for one in its)
        pandas = sum(one.pandas_cpu or 0 for one in its)
        row = {"measure": name, "questions": len(its), "cpu": f"{cpu:.3f}", "scan_cpu": f"{scan:.3f}"}
        found.append({**row, "scan_ratio": f"{cpu / scan:.2f}", "pandas_cpu": f"{pandas:.3f}" if pandas else ""})
    return found


def check_same(question: str, ours: Mapping[str, str], theirs: Mapping[str, str]) -> None:
    """Raise CareshapeError where two answers to a question differ, naming the first cell that does."""
    for cell in sorted({*ours, *theirs}):
        if ours.get(cell) != theirs.get(cell):
            raise CareshapeError(
                f"The answers to {question} differ in the cell '{cell or 'all'}': careshape gives {ours.get(cell)}, "
                f"pandas {theirs.get(cell)}. A ratio of different answers says nothing, so none is given."
            )


@dataclass(frozen=True)
class Imported:
    """One file that was imported."""

    rows: int
    file_mb: float
    cpu: float
    wall: float
    peak_mb: float
    accepted: int
    repaired: int
    refused: int

    @property
    def rows_per_cpu_second(self) -> float:
        """Rows of the file a second of processor time."""
        return self.rows / self.cpu

    def missed(self) -> list[str]:
        """The goals that this run missed, in words."""
        return IMPORT.missed(self.rows_per_cpu_second) if self.rows >= IMPORT_ROWS else []

    def failed(self) -> list[str]:
        """Those that it missed so far that it fails."""
        return IMPORT.failed(self.rows_per_cpu_second) if self.rows >= IMPORT_ROWS else []

    def as_json(self) -> dict[str, Any]:
        """The run for machines."""
        return {
            "rows": self.rows,
            "rows_per_cpu_second": self.rows_per_cpu_second,
            "peak_mb": self.peak_mb,
            "cpu_seconds": self.cpu,
            "wall_seconds": self.wall,
            "file_mb": self.file_mb,
            "accepted": self.accepted,
            "repaired": self.repaired,
            "refused": self.refused,
            "missed": self.missed(),
            "failed": self.failed(),
        }
