"""``careshape gap``: what will be needed less what there is, and what that means for the market.

With ``--supply`` what there is by every source, with ``--housing`` the models of housing with support and care homes.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from careshape.cli.options import authority_option, examples, known_on_option, population_option, read_day, read_years
from careshape.cli.output import format_option, print_rows
from careshape.errors import CallError
from careshape.evaluate.forecast.council import DRAWS
from careshape.evaluate.gap.council import CouncilGaps, gaps_ahead, known_supply
from careshape.evaluate.gap.listing import COLUMNS as SUPPLY_COLUMNS
from careshape.evaluate.gap.listing import supply_rows
from careshape.evaluate.gap.plans import Plan, Plans, plans
from careshape.evaluate.gap.register import read_register, reading
from careshape.evaluate.gap.registered import notes_of
from careshape.home import Home

EVERY = "all"
PARTS = {
    "accommodation": (
        "Places for adults of working age: people who come, less what is taken off",
        ("year", "type", "people", "brought", "void", "de_registration", "implied", "places", "carried", "published"),
    ),
    "extra-care": (
        "Extra care housing: units wanted for older people, less those there are",
        ("area", "tenure", "year", "older_people", "per_thousand", "required", "present", "coming", "lacking"),
    ),
    "care-homes": (
        "Care homes: placements from low to high, less the places that stand empty",
        ("year", "older_people", "low", "high", "empty", "lacking_low", "lacking_high"),
    ),
}
"""Model of housing -> its title and its columns."""
SUPPLY_SHORT = (
    *("origin", "service", "type", "client_group", "area", "kind", "providers", "locations", "quantity"),
    *("outstanding", "good", "requires_improvement", "inadequate", "median_rating_years", "as_of", "counted"),
)
COLUMNS = (
    "segment",
    "client_group",
    "area",
    "on",
    "unit",
    "demand",
    "elsewhere",
    "others",
    "others_are",
    "supply",
    "gap",
    "low",
    "high",
    "grows",
    "direction",
)


@click.command(
    epilog=examples(
        "careshape gap --authority worcestershire",
        "careshape gap --authority worcestershire --segment home-care --by-area --years 3",
        "careshape gap --authority thurrock --sentences",
        "careshape gap --authority thurrock --segment care-homes-older-people --format csv",
        "careshape gap --authority worcestershire --supply --by-area",
        "careshape gap --authority worcestershire --housing extra-care",
    ),
)
@authority_option
@click.option("--segment", "segments", multiple=True, metavar="ID", help="One segment of the market; all by default.")
@click.option("--by-area", is_flag=True, help="Each district by itself too.")
@click.option("--years", metavar="N,N", help="Years ahead: 1, 3, 5 and the last by default.")
@population_option
@click.option("--draws", type=int, default=DRAWS, show_default=True, help="Futures that are drawn for the intervals.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same limits.")
@click.option("--until", metavar="YYYY-MM-DD", help="Forecast from this day, using nothing later.")
@known_on_option
@click.option("--sentences", is_flag=True, help="Say each gap in a sentence instead of a table.")
@click.option("--supply", is_flag=True, help="List what there is by every source instead, with ratings and their age.")
@click.option(
    "--housing",
    type=click.Choice([*PARTS, EVERY]),
    is_flag=False,
    flag_value=EVERY,
    help="Show a model of housing with support or care homes instead; all of them if none is named.",
)
@format_option
@click.pass_obj
def gap(
    home: Home,
    authority: str | None,
    segments: tuple[str, ...],
    by_area: bool,
    years: str | None,
    basis: str,
    draws: int,
    seed: int,
    until: str | None,
    known_on: date | None,
    sentences: bool,
    supply: bool,
    housing: str | None,
    form: str,
) -> None:
    """Work out the gap between demand and supply, by segment of the market, client group, area and year.

    Demand is forecast from the council's records; supply is what stands in the council's folder `supply`, else in the
    regulator's register or its printed statement, whichever is newer. Each gap has an 80% and a 95% interval, and the
    rule that says what it means: grow, hold, reduce, do not develop here, or not known well enough.
    """
    if supply and housing:
        raise CallError("Ask for --supply or for --housing: each prints its own table.")
    if supply:
        _supply(home, home.ledger(authority).authority, by_area, form)
        return
    if housing:
        _housing(home, home.ledger(authority).authority, housing, form)
        return
    ahead = read_years(years) if years else None
    name = home.ledger(authority).authority
    asked: dict[str, Any] = {
        "draws": draws, "seed": seed, "basis": basis, "until": read_day(until), "known_on": known_on,
    }  # fmt: skip
    found = gaps_ahead(home, name, ahead, segments=segments, by_area=by_area, **asked)
    if sentences:
        for one in found.gaps:
            click.echo(one.sentence())
    else:
        _print(found, form)
    for notice in found.forecast.notices:
        click.echo(notice, err=True)


def _print(found: CouncilGaps, form: str) -> None:
    rows = found.rows()
    if form != "table":
        print_rows(rows, tuple(rows[0]) if rows else COLUMNS, form, empty="Nobody is expected in these segments.")
        return
    print_rows([_short(row) for row in rows], COLUMNS, form, empty="Nobody is expected in these segments.")
    if rows:
        click.echo("low, high: limits of the 80% interval of the gap. grows: chance that more is needed.", err=True)
        click.echo("gap = demand (the council's) - elsewhere (of it, outside its area) + others - supply.", err=True)
        for said in dict.fromkeys(
            f"{one.segment.label}: {one.borrowed_said}" for one in found.gaps if one.borrowed_said
        ):
            click.echo(said, err=True)
        click.echo(f"Method: {found.gaps[0].gap.method}.", err=True)
        for basis in dict.fromkeys(one.basis for one in found.gaps):
            labels = dict.fromkeys(one.segment.label for one in found.gaps if one.basis == basis)
            click.echo(f"{', '.join(labels)}: {basis}.", err=True)


def _short(row: dict[str, Any]) -> dict[str, Any]:
    """A row for people to read: of those who are not counted in the gap nothing."""
    others = dict.fromkeys(("others", "others_are"))
    if row["outside_in_gap"] == "yes":
        others = {"others": row["outside"], "others_are": row["outside_is"]}
    limits = {"low": row["gap_lower_80"], "high": row["gap_upper_80"], "elsewhere": row["demand_elsewhere"] or None}
    return row | others | limits | {"grows": f"{row['chance_of_growth']:.0%}"}


def _supply(home: Home, authority: str, by_area: bool, form: str) -> None:
    """What there is by every source, and what a figure of the register can and cannot say."""
    register = read_register(home, authority)
    rows = supply_rows(known_supply(home, authority), register, by_area)
    if form != "table":
        print_rows(rows, SUPPLY_COLUMNS, form)
        return
    print_rows(
        [row | {"type": row["type"] or row["place"]} for row in rows], SUPPLY_SHORT, form,
        empty="Nothing is known of what there is. Write it to CSV files in the council's folder `supply`, or add the "
        "regulator's directory with `careshape data add`.",
    )  # fmt: skip
    if register is None:
        click.echo("No file of the regulator is kept: `careshape data add` takes its directory and ratings.", err=True)
        return
    click.echo(f"{register.name}. {register.attribution}", err=True)
    if register.untested:
        click.echo("Its reader was written from a list of columns: compare a few figures with the file.", err=True)
    for line in (*reading().can_say, *reading().cannot_say, *notes_of(register)):
        click.echo(line, err=True)


def _housing(home: Home, authority: str, part: str, form: str) -> None:
    """One model, or all of them one after another."""
    found = plans(home, authority)
    if part == EVERY and form != "table":
        raise CallError(f"Each model has its own columns. Name one of them: --housing {' or '.join(PARTS)}.")
    models: dict[str, Plan[Any]] = {
        "accommodation": found.accommodation, "extra-care": found.extra_care, "care-homes": found.care_homes,
    }  # fmt: skip
    for name in PARTS if part == EVERY else (part,):
        plan = models[name]
        rows = [row | _asked(found, name, row) for row in (one.row() for one in plan.rows)]
        if form == "table" and part == EVERY:
            click.echo(f"\n{PARTS[name][0]}")
        print_rows(rows, PARTS[name][1], form, empty=plan.problem)
        for line in (*((f"Source: {plan.source}.",) if plan.source else ()), *plan.notes):
            click.echo(line, err=True)
        if plan.ages_from and found.older_people is not None:
            click.echo(f"Older people: {found.older_people.title} ({found.older_people.label}).", err=True)


def _asked(found: Plans, part: str, row: dict[str, object]) -> dict[str, object]:
    """The places that a printed statement asks for, beside those worked out."""
    if part != "accommodation" or not found.published:
        return {}
    return {"published": found.published.get((str(row["year"]), str(row["type"])), 0)}


commands = {"gap": gap}
