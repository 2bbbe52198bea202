"""``careshape paying``: what is owed for a package of care, with every step written out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from careshape.cli.options import examples, read_day
from careshape.cli.output import print_rows
from careshape.errors import CallError, InputError
from careshape.home import Home
from careshape.paying import FUNDERS, Book, Entitlement, Entry, Payment, Span, VisitEntry, book, entitlement, owed
from careshape.paying.periods import period_of
from careshape.paying.reading import Case, read
from careshape.paying.terms import Terms
from careshape.paying.told import Line
from careshape.paying.visits import visits_owed
from careshape.paying.words import exact_pence, pounds, step

COLUMNS: Final = ("from", "to", "line", "component", "exact_pence", "pence", *FUNDERS, "steps")
RUNS: Final = ("run", "line", "from", "to", "funder", "pence")
LARGEST: Final = 10_000_000
"""Bytes of a file of a package."""
FORMATS: Final = ("text", "json", "csv")

council_option = click.option(
    "--authority", metavar="NAME", help="Council whose own contracts are laid over those packaged."
)
form_option = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print it."
)


@dataclass(frozen=True)
class Answer:
    """What a check found: what is owed, for visits too, and what each run would pay."""

    case: Case
    owed: Entitlement
    visits: tuple[VisitEntry, ...]
    runs: dict[date, tuple[Payment, ...]]


@click.group(epilog=examples("careshape paying check package.json"))
def paying() -> None:
    """Say what is owed for a package of care, to the penny."""


@paying.command(epilog=examples("careshape paying terms", "careshape paying terms care-home --format json"))
@click.argument("contract", required=False)
@council_option
@form_option
@click.pass_obj
def terms(home: Home, contract: str | None, authority: str | None, form: str) -> None:
    """List the contracts; or say the terms of one, what each means and whether it is a default."""
    known = _book(home, authority)
    if contract is None:
        rows = [{"contract": one.id, "title": one.title, "words": one.words} for one in known.contracts.values()]
        columns: Sequence[str] = ("contract", "title") if form == "text" else ("contract", "title", "words")
    else:
        held = known.contract(contract).model_dump(mode="json")
        rows = [
            {
                "term": name,
                "value": json.dumps(held[name]),
                "default": "yes" if held[name] == known.defaults[name] else "no",
                "title": one.title,
                "meaning": one.meaning,
            }
            for name, one in known.terms.items()
        ]
        columns = ("term", "value", "default", "title") + (() if form == "text" else ("meaning",))
    print_rows(rows, columns, "table" if form == "text" else form)


@paying.command(
    epilog=examples(
        "careshape paying check package.json",
        "careshape paying check package.json --period 2024-04-01/2024-04-28 --known-on 2024-05-01",
        "careshape paying check package.json --run 2024-04-28 --run 2024-05-26 --format json",
    )
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@council_option
@click.option(
    "--period", metavar="A/B", help="Whole payment periods, by first and last day; all that is told of, if none."
)
@click.option(
    "--known-on", metavar="YYYY-MM-DD", callback=lambda _c, _p, text: read_day(text),
    help="By what was known at the end of that day; by all that is told, if none.",
)  # fmt: skip
@click.option(
    "--run", "days", metavar="YYYY-MM-DD", multiple=True, help="Say too what a run on that day pays or recovers."
)
@form_option
@click.pass_obj
def check(
    home: Home,
    file: Path,
    authority: str | None,
    period: str | None,
    known_on: date | None,
    days: tuple[str, ...],
    form: str,
) -> None:
    """Say what is owed for the package in FILE (JSON), by payment period, with every step written out."""
    if file.stat().st_size > LARGEST:
        raise InputError(f"{file.name} is larger than the file of a package can be.")
    held = _book(home, authority)
    try:
        case = read(file.read_text("utf-8-sig"), held)
        span = _span(period) if period else _told_of(case)
        found = entitlement(case.history, case.terms, span, known_on)
        visits = visits_owed(case.history, case.terms, case.visits, held.reasons, span, known_on)
        runs = _runs(case, [day for text in days if (day := read_day(text))])
    except InputError as error:
        raise InputError(f"{file.name}: {error}") from None
    {"text": _text, "json": _json, "csv": _csv}[form](Answer(case, found, visits, runs))


def _book(home: Home, authority: str | None) -> Book:
    """The contracts as a council has them. Raises CallError for a council that has no folder."""
    if authority is not None and authority not in home.authorities():
        raise CallError(
            f"There is no council '{authority}' here. Councils are {', '.join(home.authorities()) or 'none'}."
        )
    return book(home.council_path(authority) if authority is not None else None)


def _span(text: str) -> Span:
    first, _, last = text.partition("/")
    begin, end = read_day(first), read_day(last)
    if begin is None or end is None:
        raise CallError(f"'{text}' is not a span. Write its first and last day, such as 2024-04-01/2024-04-28.")
    return Span(begin, end)


def _told_of(case: Case) -> Span:
    """The payment periods from the first line to the last day that the file names."""
    firsts = [one.first for one in case.history.known_on() if isinstance(one, Line)]
    if not firsts:
        raise InputError("No line is in force. Tell one: what is given from which day, and at what price.")
    days = [value for one in case.history.tellings for value in vars(one).values() if isinstance(value, date)]
    last = max(*days, *(one.day for one in case.visits))
    return Span(period_of(min(firsts), case.terms).first, period_of(last, case.terms).last)


def _runs(case: Case, days: Iterable[date]) -> dict[date, tuple[Payment, ...]]:
    paid: list[Payment] = []
    made: dict[date, tuple[Payment, ...]] = {}
    for day in sorted(set(days)):
        made[day] = owed(case.history, case.terms, day, paid)
        paid += made[day]
    return made


def _text(answer: Answer) -> None:
    found, how = answer.owed, answer.case.terms
    click.echo(f"{found.reference}, by the contract '{how.id}': {how.title}")
    for period in dict.fromkeys(one.period for one in found.entries):
        here = [one for one in found.entries if one.period == period]
        click.echo(f"\n{period.first} to {period.last}: {pounds(sum(one.pence for one in here))}")
        for one in here:
            click.echo(f"  {one.line}: {exact_pence(one.exact)}, rounded {pounds(one.pence)} ({_shares(one)})")
            for stretch in one.stretches:
                click.echo(f"    {step(stretch, how)}")
    if not found.entries:
        click.echo("\nNothing is owed for these days.")
    click.echo(f"\nIn all {pounds(found.pence)} ({_shares(found)})")
    for entry in answer.visits:
        minutes = f"{entry.planned} minutes planned, {entry.delivered} delivered, {_number(entry)} paid"
        click.echo(f"\nBy its visits instead, {entry.line}, {entry.period.first} to {entry.period.last}: {minutes}")
        click.echo(f"  {exact_pence(entry.exact)}, rounded {pounds(entry.pence)} ({_shares(entry)})")
        for visit in entry.visits:
            click.echo(f"    {visit.visit.day} {visit.visit.reference}: {visit.why}, {exact_pence(visit.exact)}")
    for day, payments in answer.runs.items():
        click.echo(f"\nRun on {day}: {pounds(sum(one.pence for one in payments))}")
        for pay in payments:
            verb = "pays" if pay.pence > 0 else "recovers"
            click.echo(
                f"  {pay.line}, {pay.period.first} to {pay.period.last}: {pay.funder} {verb} {pounds(abs(pay.pence))}"
            )


def _number(entry: VisitEntry) -> str:
    return exact_pence(entry.paid).removesuffix(" p")


def _shares(one: Entry | Entitlement | VisitEntry) -> str:
    return ", ".join(f"{name} {pounds(pence)}" for name, pence in one.parts.items())


def _csv(answer: Answer) -> None:
    rows = [
        {"from": one.period.first, "to": one.period.last, "line": one.line, "component": one.component}
        | {"exact_pence": str(one.exact), "pence": one.pence, **one.parts}
        | {"steps": " + ".join(step(stretch, answer.case.terms) for stretch in one.stretches)}
        for one in answer.owed.entries
    ]
    if answer.runs:
        rows = [_payment(one) for payments in answer.runs.values() for one in payments]
    print_rows(rows, RUNS if answer.runs else COLUMNS, "csv")


def _payment(one: Payment) -> dict[str, Any]:
    return {"run": one.run, "line": one.line, "from": one.period.first, "to": one.period.last} | {
        "funder": one.funder,
        "pence": one.pence,
    }


def _json(answer: Answer) -> None:
    found, how = answer.owed, answer.case.terms
    click.echo(
        json.dumps(
            {
                "package": found.reference,
                "contract": how.id,
                "from": found.span.first,
                "to": found.span.last,
                "known_on": found.known,
                "pence": found.pence,
                "parts": found.parts,
                "entries": [_entry(one, how) for one in found.entries],
                "visits": [_visits(one) for one in answer.visits],
                "runs": [
                    {"run": day, "pence": sum(one.pence for one in made), "payments": [_payment(one) for one in made]}
                    for day, made in answer.runs.items()
                ],
            },
            indent=1,
            default=str,
        )
    )


def _entry(one: Entry, how: Terms) -> dict[str, Any]:
    return {
        "from": one.period.first,
        "to": one.period.last,
        "line": one.line,
        "component": one.component,
        "exact_pence": str(one.exact),
        "pence": one.pence,
        "parts": one.parts,
        "steps": [step(stretch, how) for stretch in one.stretches],
    }


def _visits(one: VisitEntry) -> dict[str, Any]:
    return {
        "from": one.period.first,
        "to": one.period.last,
        "line": one.line,
        "planned_minutes": one.planned,
        "delivered_minutes": one.delivered,
        "paid_minutes": str(one.paid),
        "exact_pence": str(one.exact),
        "pence": one.pence,
        "parts": one.parts,
        "visits": [
            {
                "reference": each.visit.reference,
                "day": each.visit.day,
                "paid_minutes": str(each.minutes),
                "why": each.why,
            }
            for each in one.visits
        ],
    }


commands = {"paying": paying}
