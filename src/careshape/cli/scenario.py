"""``careshape scenario``: what would change if something were done, side by side, and the cheapest mix."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from careshape.cli.options import authority_option, examples, read_by, read_years
from careshape.cli.output import format_option, print_rows
from careshape.declared import read_toml
from careshape.errors import CallError, InputError
from careshape.evaluate.forecast.council import council_forecast
from careshape.evaluate.forecast.spells import check_by
from careshape.evaluate.intervals import QUANTILES
from careshape.evaluate.scenario import compare, find_scenario, remove_scenario, save_scenario, scenarios
from careshape.evaluate.scenario.compare import MEASURES
from careshape.evaluate.scenario.council import council_mix, read_mix
from careshape.evaluate.scenario.files import mix_file
from careshape.home import Home

_LIMITS = tuple(f"change_{name}" for name in QUANTILES)


@click.group(
    epilog=examples(
        "careshape scenario list --authority worcestershire",
        "careshape scenario compare --authority worcestershire --scenario reablement --scenario shared-lives",
        "careshape scenario cheapest --authority worcestershire --years 5",
    ),
)
def scenario() -> None:
    """Set scenarios side by side: people and cost with and without, and the cheapest mix within stated limits."""


@scenario.command("list", epilog=examples("careshape scenario list --authority worcestershire"))
@authority_option
@format_option
@click.pass_obj
def list_scenarios(home: Home, authority: str | None, form: str) -> None:
    """List the scenarios of a council: those that come with careshape, and its own."""
    ledger = home.ledger(authority)
    found = scenarios(home, ledger.authority).values()
    rows = [{"id": one.id, "name": one.name, "levers": len(one.levers), "note": one.note} for one in found]
    columns = ("id", "name", "levers") if form == "table" else ("id", "name", "levers", "note")
    print_rows(rows, columns, form, empty="This council has no scenario yet. `careshape scenario save FILE` keeps one.")


@scenario.command(epilog=examples("careshape scenario show reablement --authority worcestershire"))
@click.argument("name")
@authority_option
@format_option
@click.pass_obj
def show(home: Home, name: str, authority: str | None, form: str) -> None:
    """Show the levers of one scenario."""
    one = find_scenario(home, home.ledger(authority).authority, name)
    rows = [
        {
            "lever": lever.kind,
            "service": lever.service or "all",
            "others": ", ".join(lever.others),
            "group": lever.group or "all",
            "area": lever.area or "all",
            "on": point.on.isoformat(),
            "value": point.value,
        }
        for lever in one.levers
        for point in lever.path
    ]
    print_rows(rows, tuple(rows[0]), form)
    if form == "table":
        click.echo(f"{one.name}. {one.note}", err=True)


@scenario.command(epilog=examples("careshape scenario save wage-rise.toml --authority worcestershire"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@authority_option
@click.option("--replace", is_flag=True, help="Replace another scenario of the same id that the council keeps.")
@click.pass_obj
def save(home: Home, file: Path, authority: str | None, replace: bool) -> None:
    """Check a scenario and keep it with the council's own."""
    kept = save_scenario(home, home.ledger(authority).authority, file, replace=replace)
    click.echo(f"Kept as {kept.stem}.")


@scenario.command(epilog=examples("careshape scenario remove wage-rise --authority worcestershire"))
@click.argument("name")
@authority_option
@click.option("--yes", is_flag=True, help="Remove without asking.")
@click.pass_obj
def remove(home: Home, name: str, authority: str | None, yes: bool) -> None:
    """Take away one of the council's own scenarios."""
    if not yes:
        click.confirm(f"Remove the scenario '{name}'?", abort=True)
    remove_scenario(home, home.ledger(authority).authority, name)
    click.echo(f"Removed {name}.")


@scenario.command(
    "compare",
    epilog=examples(
        "careshape scenario compare --authority worcestershire",
        "careshape scenario compare --authority worcestershire --scenario reablement --by service --years 1,3",
    ),
)
@authority_option
@click.option("--scenario", "names", multiple=True, metavar="ID", help="One scenario; all of them by default.")
@click.option(
    "--by", default="", metavar="DIM,DIM", help="Split: service, group, area. Cells that do not move are left out."
)
@click.option("--measure", "measures", multiple=True, type=click.Choice(MEASURES), help="One measure; both by default.")
@click.option("--years", default="1,3,5", show_default=True, metavar="N,N", help="Years ahead.")
@click.option("--draws", type=int, default=500, show_default=True, help="Futures that are drawn for the intervals.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same call and seed give the same limits.")
@format_option
@click.pass_obj
def compare_scenarios(home: Home, authority: str | None, form: str, **options: Any) -> None:
    """Forecast people and yearly cost with each scenario and without, and the difference with its interval.

    All are drawn alike, so that a difference holds what the levers do and nothing of the luck of the draw.
    """
    years = read_years(options["years"])
    ledger = home.ledger(authority)
    known = scenarios(home, ledger.authority)
    chosen = [find_scenario(home, ledger.authority, name) for name in options["names"]] or list(known.values())
    made = council_forecast(
        home, ledger.authority, months=12 * max(years), draws=options["draws"], seed=options["seed"]
    )
    by = check_by(read_by(options["by"])) if options["by"] else ()
    compared = compare(made.forecast, chosen)
    rows = compared.rows([12 * n for n in years], by, options["measures"] or MEASURES)
    columns = ("scenario", "period", "measure", *by, "value", "change", *_LIMITS)
    print_rows(rows, columns if form != "csv" else ("scenario", "name", *columns[1:]), form, empty="Nothing moves.")
    for notice in (*made.notices, *compared.unmet):
        click.echo(notice, err=True)
    if form == "table":
        click.echo("People are people on the day; yearly_cost is pounds in the 12 months to it.", err=True)
        click.echo(f"Method: {made.forecast.method}; {'; '.join(made.forecast.notes)}.", err=True)
        click.echo(
            "A scenario holds what its levers say and nothing that may follow from it, such as care that is needed "
            "later or not at all.",
            err=True,
        )


@scenario.command(
    epilog=examples(
        "careshape scenario cheapest --authority worcestershire --years 5",
        "careshape scenario cheapest --authority worcestershire --options our-options.toml --format csv",
    ),
)
@authority_option
@click.option("--years", type=int, default=5, show_default=True, help="Years that the plan covers.")
@click.option("--options", "file", type=click.Path(path_type=Path, dir_okay=False), help="Options and limits (TOML).")
@format_option
@click.pass_obj
def cheapest(home: Home, authority: str | None, years: int, file: Path | None, form: str) -> None:
    """Find the cheapest mix of services within stated limits, by option and year.

    What may be done instead, how much of it and at what cost once, stands in a file; people and weekly costs come from
    the forecast. Beside each option stands the cost, once and for a person, above which it would not pay.
    """
    ledger = home.ledger(authority)
    options, limits = read_mix(*(_read(file) if file else mix_file(home, ledger.authority)))
    if years < 1:
        raise CallError(f"A plan covers 1 year or more, not {years}.")
    made = council_forecast(home, ledger.authority, months=12 * years, draws=1)
    plan = council_mix(made.forecast, years, options, limits)
    columns = ("option", "label", "year", "people", "schemes", "break_even")
    print_rows(plan.rows(), columns, form, empty="The cheapest plan is to take none of the options.")
    if form == "table":
        click.echo(
            "people: who take the option in that year, beside those of earlier years. schemes: whole schemes opened "
            "in it. break_even: pounds a person, once, above which it would not pay. Without intervals.",
            err=True,
        )
        for one in options:
            click.echo(
                f"{one.id}: at most {one.most_a_year:g} people a year, £{one.once:,.0f} once a person, "
                f"{one.staying:.0%} of them gain a year later. {one.source}",
                err=True,
            )
    proven = "proven cheapest" if plan.gap < 1e-6 else f"at most {plan.gap:.2%} above the cheapest"
    prices = made.forecast.rates.quantities.price_note
    click.echo(
        f"Cost over {years} years: £{plan.cost:,.0f}, £{plan.saving:,.0f} less than with no option; {proven}. "
        f"{prices[:1].upper()}{prices[1:]}.",
        err=True,
    )


def _read(file: Path) -> tuple[str, dict[str, Any]]:
    try:
        return file.name, read_toml(file.read_text("utf-8"), file.name)
    except FileNotFoundError:
        raise InputError(f"There is no file '{file}'.") from None


commands = {"scenario": scenario}
