"""Measure all measures of the statements on a ledger of a given size, beside bare scans and beside pandas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from careshape.bench.build import build_ledger
from careshape.bench.figures import Measured, Timing, check_same
from careshape.bench.questions import chosen
from careshape.bench.worker import Line, run
from careshape.errors import CallError
from careshape.evaluate.published import Ask

Say = Callable[[str], None]


def bench_measures(folder: Path, lines: int, seed: int, pandas: bool, say: Say, many: int = 0) -> Measured:
    """Build a ledger of ``lines`` lines in ``folder`` (or use the one there) and time every question of the statements.

    ``many`` leaves only so many of the questions, spread evenly over them; 0 is all. ``pandas`` adds the comparison
    with pandas, whose answers must be the same.
    Raises CareshapeError where they are not, and CallError where pandas is not installed.
    """
    if pandas and not find_spec("pandas"):
        raise CallError("The comparison needs the package pandas: pip install pandas, or ask with --no-pandas.")
    ledger = build_ledger(folder, lines, seed, say)
    every = chosen(many)
    arguments = (str(folder / "council"), str(many))
    ours = _collect("measures", arguments, len(every), say)
    theirs = _collect("pandas", arguments, len(every), say) if pandas else {}
    peak = ours.pop(("", -1))["peak_mb"]
    theirs.pop(("", -1), None)
    for key, line in theirs.items():
        check_same(_name(every[key[1]]), ours[key]["cells"], line["cells"])
    timings = tuple(_timing(every[key[1]], line, theirs.get(key)) for key, line in ours.items())
    return Measured(lines, len(ledger.postings()), peak, timings)


def _collect(work: str, arguments: Sequence[str], questions: int, say: Say) -> dict[tuple[str, int], Line]:
    """What a process printed, by day as known and number of the question; what belongs to neither at ('', -1)."""
    found: dict[tuple[str, int], Line] = {}
    for line in run(work, *arguments):
        found[line.get("known", ""), line.get("number", -1)] = line
        if "number" in line and (line["number"] + 1) % 10 == 0:
            say(f"{work.capitalize()}: {line['number'] + 1} of {questions} questions, as known {line['known']}.")
    return found


def _timing(ask: Ask, line: Line, other: Line | None) -> Timing:
    return Timing(
        measure=ask.measure,
        by=",".join(ask.by),
        where=" ".join(f"{name}={value}" for name, value in ask.where.items()),
        periods=len(ask.periods),
        known=line["known"],
        columns=len(line["columns"]),
        cells=len(line["cells"]),
        cpu=line["cpu"],
        scan_cpu=line["scan_cpu"],
        plain_scan_cpu=line["plain_scan_cpu"],
        wall=line["wall"],
        pandas_cpu=other["cpu"] if other else None,
    )


def _name(ask: Ask) -> str:
    return f"{ask.measure} by {', '.join(ask.by) or 'nothing'}"
