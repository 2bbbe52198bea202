"""``careshape bench brokerage``: how good the plans of a round are, and how fast they are made."""

from __future__ import annotations

import json

import click

from careshape.bench.brokerage import Brokered, bench_brokerage
from careshape.cli.bench import _end, _say, form_option, seed_option
from careshape.cli.bench_release import bench
from careshape.cli.options import examples


@bench.command(
    epilog=examples(
        "careshape bench brokerage --requests 1000 --providers 300",
        "careshape bench brokerage --requests 10000 --providers 300 --format json",
    )
)
@click.option("--requests", type=click.IntRange(min=10), default=1_000, show_default=True, help="Of the week.")
@click.option("--providers", type=click.IntRange(min=10), default=300, show_default=True, help="That have hours left.")
@seed_option
@form_option
def brokerage(requests: int, providers: int, seed: int, form: str) -> int:
    """Place a synthetic week of requests for home care together.

    The objective is the sum, over what is placed, of the ranking's points times weekly hours. A judge of its own works
    out every limit, the value, and a bound that the prices of pools or requests prove. The same week is placed first
    come first served, and by one plain call of the solver. Goals: within 1% of the bound, first come at least 5% worse,
    60 processor seconds, 50 ms for one explained ranking.
    """
    found = bench_brokerage(requests, providers, seed, _say)
    if form == "json":
        click.echo(json.dumps(found.as_json(), indent=1))
    else:
        _show(found)
    return _end(found.missed(), found.failed())


def _show(found: Brokered) -> None:
    plain = "found no plan" if found.solver_gap is None else f"is {found.solver_gap:.2%} below the bound"
    click.echo(
        f"{found.placed:,} of {found.requests:,} requests are placed, by {found.method}: at most "
        f"{found.gap_to_bound:.2%} below the proven bound, in {found.cpu_seconds:.1f} processor seconds.\n"
        f"First come first served places {found.first_come_placed:,} and is worth {found.first_come_gap:.1%} less.\n"
        f"The solver by itself {plain} after {found.solver_seconds or 0:.1f} processor seconds.\n"
        f"One explained ranking takes {found.ranking_ms:.1f} ms."
    )


commands = {"bench": bench}
