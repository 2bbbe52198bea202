"""``careshape bench forecast``, ``backtest`` and ``draws``: how fast forecasts are, and how honest."""

from __future__ import annotations

import json
from pathlib import Path

import click

from careshape.bench.backtest import JUDGED, TUNED_ON, Honesty, bench_backtest
from careshape.bench.draws import COUNCILS, Drawn, bench_draws
from careshape.bench.forecast import Compared, bench_forecast
from careshape.cli.bench import _end, _folder, _say, bench, form_option, seed_option, work_option
from careshape.cli.options import examples
from careshape.cli.output import print_rows
from careshape.errors import CallError


@bench.command(
    epilog=examples(
        "careshape bench forecast --episodes 10000", "careshape bench forecast --episodes 1000000 --format json"
    )
)
@click.option("--episodes", type=click.IntRange(min=30), default=10_000, show_default=True, help="Of the returns.")
@click.option("--seed", type=int, default=42, show_default=True, help="Of the synthetic returns.")
@click.option(
    "--peer-python",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Interpreter that has cs-demand-model; else an environment is made and kept.",
)
@work_option
@form_option
def forecast(episodes: int, seed: int, peer_python: Path | None, work: Path | None, form: str) -> int:
    """Forecast children looked after beside cs-demand-model 0.5.1, on the same synthetic returns.

    Both sides read the same files, take rates over the last six months and step 365 days; the means must agree to two
    decimals. cpu_ratio and memory_ratio are the peer's over ours. Goals: cpu_ratio at least 40 from 10,000
    episodes and 25 from a million, memory_ratio at least 5 at a million. Ends with 1 where a goal is missed.
    """
    if peer_python is not None and not peer_python.exists():
        raise CallError(f"There is no interpreter {peer_python}. Name one that has cs-demand-model, or leave it out.")
    with _folder(work) as folder:
        found = bench_forecast(folder / f"episodes-{episodes}", episodes, seed, _say, peer_python)
    if form == "json":
        click.echo(json.dumps(found.as_json(), indent=1))
    else:
        _show(found)
    return _end(found.missed())


def _show(found: Compared) -> None:
    rows = [
        {"": "here", "mean": f"{found.mean_ours:.2f}", "cpu seconds": f"{found.cpu_ours:.3f}"}
        | {"peak_mb": f"{found.peak_mb_ours:,.0f}"},
        {"": "cs-demand-model", "mean": f"{found.mean_peer:.2f}", "cpu seconds": f"{found.cpu_peer:.3f}"}
        | {"peak_mb": f"{found.peak_mb_peer:,.0f}"},
    ]
    print_rows(rows, tuple(rows[0]), "table")
    click.echo(f"cpu_ratio {found.cpu_ratio:.1f}, memory_ratio {found.memory_ratio:.1f}, {found.kept:,} stays.")


@bench.command(epilog=examples("careshape bench backtest --worlds 20", "careshape bench backtest --format json"))
@click.option(
    "--worlds", type=click.IntRange(min=4), default=100, show_default=True, help="Generated counties of each kind."
)
@click.option(
    "--seed",
    type=int,
    default=JUDGED,
    show_default=True,
    help=f"Of the counties; constants of the model were chosen on those of {' and '.join(map(str, TUNED_ON))}.",
)
@form_option
def backtest(worlds: int, seed: int, form: str) -> int:
    """Forecast generated counties with known rates, and score the forecasts against two years kept apart.

    Counties inside the fitted family, and outside it: stays of another shape with a drift, a shock, a change of
    policy, or areas that go their own way. Coverage of 80% and 95% intervals, and the score (CRPS) over that of the
    best of a flat line, a straight line and a plain Markov model, 3, 6, 12 and 24 months ahead. The forecast is tried
    with each county's projected population, and beside that without one. Ends with 1 where a goal is missed: with fewer
    than 100 counties by more than 2.5 standard errors, with fewer than 20 never.
    """
    found = bench_backtest(worlds, seed, _say)
    if form == "json":
        click.echo(json.dumps(found.as_json(), indent=1))
    else:
        _show_honesty(found)
    return _end(found.judged())


def _show_honesty(found: Honesty) -> None:
    shown = ("coverage_80", "coverage_95", "score_ratio", "relative_mae", "bias")
    rows = [
        {"kind": kind, "level": row["level"], "months": row["horizon"], "method": row["method"]}
        | {name: f"{row[name]:.3f}" for name in shown}
        for kind, trials in found.found.items()
        for row in trials.rows()
    ]
    print_rows(rows, tuple(rows[0]), "table")
    seeds = " and ".join(map(str, TUNED_ON))
    click.echo(f"Counties of seed {found.seed}. Constants of the model were chosen on those of seeds {seeds}.")


@bench.command(epilog=examples("careshape bench draws", "careshape bench draws --format json --work bench-data"))
@click.option("--lines", type=click.IntRange(min=1_000), default=60_000, show_default=True, help="Of the ledger.")
@click.option(
    "--councils", type=click.IntRange(min=2), default=COUNCILS, show_default=True, help="Counties in a region."
)
@work_option
@seed_option
@form_option
def draws(lines: int, councils: int, work: Path | None, seed: int, form: str) -> int:
    """Draw 1,000 futures of ten years of a county, and of a region of them, in all areas x groups x services.

    The goals are 1 second of processor time for the county and 20 for the region. Ends with 1 beyond three times that
    only, because machines differ.
    """
    with _folder(work) as folder:
        found = bench_draws(folder / f"draws-{lines}", lines, seed, _say, councils)
    if form == "json":
        click.echo(json.dumps(found.as_json(), indent=1))
    else:
        _show_drawn(found)
    return _end(found.missed(), found.failed())


def _show_drawn(found: Drawn) -> None:
    click.echo(
        f"County, {found.cells:,} cells: {found.cpu_seconds:.2f} processor seconds, "
        f"and {found.fit_cpu_seconds:.2f} to read and fit.\n"
        f"Region, {found.region_cells:,} cells: {found.region_cpu_seconds:.2f} processor seconds, "
        f"and {found.region_fit_cpu_seconds:.2f} to fit.\n"
        f"At most {found.peak_mb:,.0f} MB."
    )


commands = {"bench": bench}
