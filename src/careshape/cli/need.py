"""``careshape need``: how many people have a condition or need help, and how sure that is."""

from __future__ import annotations

from typing import Any

import click

from careshape.catalogue import catalogue
from careshape.cli.options import authority_option, examples, read_by, refuse_beside
from careshape.cli.output import format_option, print_rows
from careshape.errors import CallError
from careshape.evaluate.gap.paying import who_pays
from careshape.evaluate.measure.evaluate import open_context
from careshape.evaluate.need import (
    COLUMNS,
    DIMENSIONS,
    NeedResult,
    coming_of_age,
    compare,
    missing,
    need,
    prevalences,
)
from careshape.evaluate.need.outside import COLUMNS as OUTSIDE_COLUMNS
from careshape.evaluate.need.payers import OTHERS
from careshape.evaluate.need.rebuilt import COLUMNS as COMPARED
from careshape.evaluate.need.recorded import COLUMNS as RECORDED
from careshape.evaluate.need.recorded import recorded
from careshape.evaluate.need.shares import shares
from careshape.evaluate.population import population
from careshape.evaluate.population.grid import parse_ages
from careshape.home import Home

SHOWN = ("condition", "area", "age_band", "sex", "year", "value", "lower_95", "lower_80", "upper_80", "upper_95")
LOCAL = ("national_value", "factor")
PLACES = 2
"""Decimals of people and percentages in CSV and JSON."""


PROJECTED = ("condition", "area", "by", "period", "ages", "basis", "level", "local", "extrapolate")
"""Options that only a projection takes."""


@click.command(
    name="need",
    epilog=examples(
        "careshape need --authority worcestershire --condition dementia --period 2021:2035",
        "careshape need --authority worcestershire --condition dementia --by area,age_band,year --period 2030",
        "careshape need --authority thurrock --condition autism --ages 18-64 --period 2025 --format csv",
        "careshape need --authority thurrock --rates",
        "careshape need --authority thurrock --compare",
    ),
    help=f"""Project need: population x prevalence, with limits.

    Without --condition every condition with a confirmed rate; without --period every year of the population. Split by
    {", ".join(DIMENSIONS)}. People of several conditions must not be added up: many have more than one.""",
)
@authority_option
@click.option("--condition", metavar="ID,ID", help="Only these; --rates lists them.")
@click.option("--area", metavar="ID", help="A district, or a neighbourhood with --level neighbourhood.")
@click.option("--by", metavar="DIM,DIM", default="year", show_default=True, help="What to split by.")
@click.option("--period", metavar="YEARS", help="A year (2030), or a run of years (2021:2035).")
@click.option("--ages", metavar="AGES", help="Only these ages, such as 65+ or 18-64.")
@click.option("--basis", metavar="SOURCE", help="What the population rests on: snpp, snpp:2018-based, published, ...")
@click.option(
    "--level",
    type=click.Choice(["district", "neighbourhood"]),
    default="district",
    show_default=True,
    help="Which areas there are.",
)
@click.option("--local", is_flag=True, help="Adjust to the council's own counts; the national figure stands beside.")
@click.option("--extrapolate", is_flag=True, help="Allow years past the last of the population.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Where chance begins.")
@click.option("--compare", "mode", flag_value="compare", help="Set published projections beside rebuilt ones.")
@click.option("--rates", "mode", flag_value="rates", help="List the rates, their studies, and what is missing.")
@click.option(
    "--recorded", "mode", flag_value="recorded", help="Diagnosed or known people as a share of those expected."
)
@click.option("--outside", "mode", flag_value="outside", help="Care that others buy: themselves, NHS, other councils.")
@click.option("--coming-of-age", "mode", flag_value="coming-of-age", help="Young people who come of age.")
@format_option
@click.pass_obj
def need_command(
    home: Home,
    authority: str | None,
    condition: str | None,
    area: str | None,
    by: str,
    period: str | None,
    ages: str | None,
    basis: str | None,
    level: str,
    local: bool,
    extrapolate: bool,
    seed: int,
    mode: str | None,
    form: str,
) -> None:
    """See the help text above."""
    council = _council(home, authority)
    if mode is not None:
        refuse_beside(mode, PROJECTED, "shows all that there is of it")
        _modes(home, council, mode, seed, form)
        return
    people = population(home, council, basis)
    found = need(
        home,
        council,
        condition=None if condition is None else [one.strip() for one in condition.split(",")],
        area=area,
        years=None if period is None else _years(period),
        by=read_by(by),
        ages=None if ages is None else parse_ages(ages),
        people=people,
        level=level,
        local=local,
        extrapolate=extrapolate,
        seed=seed,
    )
    if form == "table":
        split = (*SHOWN[:2], "level", *SHOWN[2:]) if "area" in found.by else SHOWN
        shown = (*split, *LOCAL) if local else split
        print_rows(_printed(found.rows, form), shown, form, empty="No rate holds for these ages.")
        _say(found)
    else:
        print_rows(_printed(found.rows, form), COLUMNS, form)
    _say_uncounted(found, council)


def _say_uncounted(found: NeedResult, council: str) -> None:
    """Say where --local adjusted nothing, or not everything, and what would have to be entered."""
    if not found.uncounted:
        return
    every = len(found.uncounted) == len(found.conditions)
    which = "" if every else f" of {', '.join(found.uncounted)}"
    click.echo(
        f"--local adjusts {'nothing' if every else 'only what was counted'}: no complete counts{which} are entered for "
        f"{council}. Write them to prevalence/observed.csv of its folder, as docs/how-to/project-need.md shows.",
        err=True,
    )


def _council(home: Home, authority: str | None) -> str:
    known = home.authorities()
    if authority is None:
        if len(known) != 1:
            raise CallError("Say which council with --authority, such as --authority worcestershire.")
        return known[0]
    catalogue().entry("authority", authority)
    return authority


def _years(text: str) -> list[int]:
    """Read a year or a run of years. Raises CallError for anything else."""
    first, sign, last = text.partition(":")
    if not first.isdecimal() or (sign and not last.isdecimal()):
        raise CallError(f"'{text}' is no year or run of years. Write 2030 or 2021:2035.")
    begin, end = int(first), int(last or first)
    if end < begin:
        raise CallError(f"The run {text} ends before it begins.")
    if end - begin > 100:
        raise CallError(f"The run {text} is longer than a hundred years.")
    return list(range(begin, end + 1))


def _printed(rows: list[dict[str, Any]], form: str) -> list[dict[str, Any]]:
    """Rows for people, in whole persons, or for machines, with decimals, so that parts add up to their whole."""
    return [{name: _number(name, value, form) for name, value in row.items()} for row in rows]


def _number(name: str, value: Any, form: str) -> Any:
    if not isinstance(value, float):
        return value
    if name in ("factor", "published_share", "rebuilt_share"):
        return round(value, 3 if form == "table" else 6)
    if form != "table":
        return round(value, PLACES)
    return round(value, 1) if "percent" in name else round(value)


def _say(found: NeedResult) -> None:
    """Say beside the figures what they rest on, and why some have no limits."""
    people = found.population
    click.echo(f"\nPopulation: {people.title}, {people.edition} ({people.label}).", err=True)
    if people.variants:
        click.echo(f"Its uncertainty: {people.variants}.", err=True)
    for one in found.conditions:
        click.echo(f"{one.condition}: {one.citation}. {one.caveat}", err=True)
        if one.no_interval:
            click.echo(f"  No limits: {one.no_interval}", err=True)


def _modes(home: Home, council: str, mode: str, seed: int, form: str) -> None:
    if mode == "rates":
        _rates(home, council, form)
    elif mode == "compare":
        rows = [_compared(row, form) for row in compare(home, council)]
        shown = [name for name in COMPARED if form != "table" or name not in ("measure", "label")]
        print_rows(rows, shown, form, empty=f"No published projection of {council} is declared.")
    elif mode == "recorded":
        print_rows(
            _printed(recorded(home, council), form),
            RECORDED,
            form,
            empty="No recorded counts: docs/how-to/project-need.md shows how to add them.",
        )
    elif mode == "outside":
        _outside(home, council, seed, form)
    else:
        rows = coming_of_age(home, council, seed=seed)
        columns = ("year", "need", "likely_service", "people", "value", "lower_95", "lower_80", "upper_80", "upper_95")
        print_rows(_printed(rows, form), columns, form, empty="The register is empty.")


def _compared(row: dict[str, Any], form: str) -> dict[str, Any]:
    shown = _printed([row], form)[0]
    if form == "table" and row["unit"] == "percent":
        shown |= {name: round(row[name], 1) for name in ("rebuilt", "difference") if row.get(name) is not None}
    return shown


def _rates(home: Home, council: str, form: str) -> None:
    rows: list[dict[str, Any]] = [
        {
            "condition": one.condition,
            "label": one.label,
            "study": one.citation,
            "year": one.year,
            "limits": "yes" if one.has_interval else "no",
            "source": one.source,
            "address": one.address,
            "note": one.caveat if one.has_interval else one.no_interval,
        }
        for one in prevalences(home.council_path(council) / "prevalence").values()
    ]
    rows += [
        {"condition": one.condition, "label": one.label, "study": "missing", "note": f"{one.why} Wanted: {one.wanted}."}
        for one in missing().values()
        if one.condition not in {row["condition"] for row in rows}
    ]
    names = ("condition", "label", "study", "year", "limits", "source", "address", "note")
    print_rows(rows, names[:5] if form == "table" else names, form)


def _outside(home: Home, council: str, seed: int, form: str) -> None:
    rows = who_pays(home, council, open_context(home.ledger(council)), seed)
    shown = [name for name in OUTSIDE_COLUMNS if form != "table" or name not in _IN_WORDS]
    shown += [] if form == "table" else ["on"]
    print_rows(_printed(rows, form), shown, form)
    # What to know of a part stands in its row for machines, and below for people: of a sum nothing that its parts say.
    if form == "table":
        for day in dict.fromkeys(row["on"] for row in rows):
            click.echo(f"What the council buys was counted on {day}, the last day of its records.", err=True)
        for one in (share for share in shares(home, council) if share.lender):
            click.echo(
                f"{one.service}: the council's share is borrowed. {one.source}, and taken to be {one.low:.0%} to "
                f"{one.high:.0%}. Enter its own share in outside.toml of its folder.",
                err=True,
            )
        told = {row["caveat"]: [one for one in rows if one["caveat"] == row["caveat"]] for row in rows if row["caveat"]}
        for caveat, parts in told.items():
            labels = dict.fromkeys(f"{one['service']}, {one['label']}" for one in parts if one["segment"] != OTHERS)
            if labels:
                click.echo(f"{'; '.join(labels)}: {caveat}", err=True)


_IN_WORDS = ("median", "method", "source", "caveat")
"""Columns of who pays that a table for people leaves out, or says below."""
commands = {"need": need_command}
