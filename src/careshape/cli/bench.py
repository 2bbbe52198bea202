"""``careshape bench``: what measuring and importing cost, as ratios that hold on any machine."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import click

from careshape.bench.figures import GROWTH, Imported, Measured, by_measure, growth
from careshape.bench.importing import bench_import
from careshape.bench.measuring import bench_measures
from careshape.cli.options import examples
from careshape.cli.output import print_rows
from careshape.demo.generate import SEED
from careshape.errors import CallError

work_option = click.option(
    "--work",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to build in and use again; else a temporary one.",
)
form_option = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print it.",
)
seed_option = click.option("--seed", type=int, default=SEED, show_default=True, help="Of the synthetic rows.")


@click.group()
def bench() -> None:
    """Time the product on synthetic data. Processor seconds count; wall time is printed and decides nothing."""


@bench.command(
    epilog=examples(
        "careshape bench measures",
        "careshape bench measures --lines 10000000 --format json",
        "careshape bench measures --lines 1000000,10000000,50000000 --work bench-data",
    )
)
@click.option("--lines", default="1000000,10000000", show_default=True, metavar="N,N", help="Sizes of the ledger.")
@click.option("--questions", type=click.IntRange(min=1), help="Ask only so many of the questions, for a quick try.")
@click.option("--pandas/--no-pandas", default=None, help="Compare with pandas; without either, where it is installed.")
@work_option
@seed_option
@form_option
def measures(lines: str, questions: int | None, pandas: bool | None, work: Path | None, seed: int, form: str) -> int:
    """Time all measures of the statements, as known before and after a correction of two lines in a hundred.

    Each is set beside a bare scan of its own columns (scan_ratio: sum of the measures over sum of the scans; goal at
    most 2), beside one that only adds each column up (plain_scan_ratio) and beside a pandas version with the same
    answers (pandas_ratio; goal at least 8 at 50 million lines). Ends with 1 where a goal is missed.
    """
    sizes = _read_sizes(lines)
    compare = find_spec("pandas") is not None if pandas is None else pandas
    if pandas is None and not compare:
        _say("Pandas is not installed, so it is left out.")
    with _folder(work) as folder:
        runs = [bench_measures(folder / f"lines-{size}", size, seed, compare, _say, questions or 0) for size in sizes]
    rate = growth(runs)
    missed = [said for run in runs for said in run.missed()] + _grown(rate)
    largest = max(runs, key=lambda run: run.lines)
    if form == "json":
        others = [{k: v for k, v in run.as_json().items() if k != "each"} for run in runs]
        click.echo(json.dumps({**largest.as_json(), "growth": rate, "missed": missed, "sizes": others}, indent=1))
    else:
        _show_measured(runs, largest, rate)
    return _end(missed)


@bench.command(
    "import",
    epilog=examples("careshape bench import --rows 1000000", "careshape bench import --rows 5000000 --format json"),
)
@click.option("--rows", type=click.IntRange(min=1), default=1_000_000, show_default=True, help="Rows of the CLD file.")
@work_option
@seed_option
@form_option
def import_(rows: int, work: Path | None, seed: int, form: str) -> int:
    """Time the import, with checking, of a synthetic file of Client Level Data.

    The goal is 200,000 rows a second of processor time. Ends with 1 below a third of that only:
    machines differ.
    """
    with _folder(work) as folder:
        found = bench_import(folder / f"rows-{rows}", rows, seed, _say)
    if form == "json":
        click.echo(json.dumps(found.as_json(), indent=1))
    else:
        _show_imported(found)
    return _end(found.missed(), found.failed())


def _read_sizes(text: str) -> list[int]:
    """Numbers of lines with commas between them. Raises CallError."""
    try:
        sizes = [int(part.replace("_", "")) for part in text.split(",")]
    except ValueError:
        raise CallError(f"'{text}' is no number of lines. Write --lines 1000000, or several with commas.") from None
    if min(sizes) < 1:
        raise CallError("A ledger to measure on has at least one line.")
    return sizes


@contextmanager
def _folder(work: Path | None) -> Iterator[Path]:
    """The folder to build in: the given one, which stays, or a temporary one."""
    if work is not None:
        yield work
        return
    with tempfile.TemporaryDirectory(prefix="careshape-bench-") as folder:
        yield Path(folder)


def _say(text: str) -> None:
    click.echo(text, err=True)


def _grown(rate: float | None) -> list[str]:
    return [] if rate is None else GROWTH.missed(rate)


def _show_measured(runs: Sequence[Measured], largest: Measured, rate: float | None) -> None:
    rows = by_measure(largest.timings)
    print_rows(rows, tuple(rows[0]), "table")
    click.echo()
    summary = []
    for run in runs:
        pandas = "left out" if run.pandas_ratio is None else f"{run.pandas_ratio:.1f}"
        wall = sum(one.wall for one in run.timings)
        summary.append(
            {
                "lines": f"{run.lines:,}",
                "measures": len(run.timings),
                "cpu seconds": f"{run.cpu:.1f}",
                "wall seconds": f"{wall:.1f}",
                "scan_ratio": f"{run.scan_ratio:.2f}",
                "plain_scan_ratio": f"{run.plain_scan_ratio:.2f}",
                "pandas_ratio": pandas,
                "peak_mb": f"{run.peak_mb:,.0f}",
            }
        )
    print_rows(summary, tuple(summary[0]), "table")
    if rate is not None:
        click.echo(
            f"Processor time a line, largest over smallest ledger: {rate:.2f} (1 is linear growth, less is better)."
        )


def _show_imported(found: Imported) -> None:
    click.echo(
        f"{found.rows:,} rows ({found.file_mb:,.0f} MB) in {found.cpu:.1f} processor seconds "
        f"({found.wall:.1f} by the clock): "
        f"{found.rows_per_cpu_second:,.0f} rows a second of processor time, {found.peak_mb:,.0f} MB at most.\n"
        f"Accepted {found.accepted:,}, repaired {found.repaired:,}, refused {found.refused:,}."
    )


def _end(missed: Sequence[str], failed: Sequence[str] | None = None) -> int:
    """Say which goals were missed; 1 where any was missed so far that the benchmark fails, by default any at all."""
    for said in missed:
        click.echo(f"Missed: {said}.", err=True)
    return 1 if (missed if failed is None else failed) else 0


commands = {"bench": bench}
