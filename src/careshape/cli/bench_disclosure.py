"""``careshape bench disclosure``: random councils protected and attacked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from careshape.bench.disclosure import SEED, WORK, Attacked, Release, bench_disclosure
from careshape.bench.disclosure_facts import Fact
from careshape.cli.bench import _end, _say, form_option
from careshape.cli.bench_load import bench
from careshape.cli.options import examples
from careshape.cli.output import print_rows
from careshape.disclosure import Edition, Protected, Report, Rule


@bench.command(
    epilog=examples(
        "careshape bench disclosure --councils 4 --no-large", "careshape bench disclosure --councils 200 --format json"
    )
)
@click.option("--councils", type=click.IntRange(min=1), default=200, show_default=True, help="Random councils.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Of the councils.")
@click.option("--large/--no-large", default=True, show_default=True, help="Two editions of thousands of cells as well.")
@form_option
def disclosure(councils: int, seed: int, large: bool, form: str) -> int:
    """Release three editions of random councils, one after the other, and attack what is printed.

    Synthetic people by service, district and client group, with hierarchies, costs, providers, shares and means; each
    edition has late corrections to the one before. They go through the gate of a statement's editions. Half of the
    councils round, half suppress. The goals are 0 protected figures
    that come out exact, 0 whose range is too narrow, 0 changes located; over 80% of figures recovered where the naive
    rule "star 1 to 4" is used on tables in three ways; and 60 seconds of processor time for a release of thousands of
    cells. Where pytauargus is installed, tables are protected by it as well, in processes of its own, and both patterns
    are attacked: a second opinion, by which no goal is judged. Ends with 1 where a goal is missed; slowness only beyond
    three times the goal.
    """
    found = bench_disclosure(councils, seed, _say, gate(), large)
    if form == "json":
        click.echo(json.dumps(found.as_json(), indent=1))
    else:
        _show(found)
    return _end(found.missed(), found.failed())


def gate() -> Release:
    """The gate of editions, as the bench is given it: the bench itself knows no statement."""
    from careshape.editions.trial import through_gate

    def release(
        facts: Sequence[Fact], rule: Rule, before: Sequence[Edition], secret: str
    ) -> tuple[Protected, Report, Edition]:
        passed, edition = through_gate(facts, rule, before, secret, WORK)
        return passed.protected, passed.report, edition

    return release


def _show(found: Attacked) -> None:
    rows = [
        {name: f"{value:.1f}" if isinstance(value, float) else value for name, value in asdict(part).items()}
        for part in found.parts
    ]
    print_rows(rows, tuple(rows[0]), "table")
    for some in (found.patterns, found.releases, found.second.tables):
        if some:
            rows = [asdict(one) for one in some]
            print_rows(rows, tuple(rows[0]), "table")
    if found.second.left_out:
        click.echo(found.second.left_out)
    click.echo(
        f"Councils of seed {found.seed}. The naive rule: {found.control_exact} of {found.control_targets} stars "
        f"recovered; nearest rounding: a change located in {found.version_located} of {found.version_controls} tables."
    )


commands = {"bench": bench}
