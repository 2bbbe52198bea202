"""``careshape brokerage``: the requests of a week placed together."""

from __future__ import annotations

import json
from typing import Any

import click

from careshape.cli.options import authority_option, examples
from careshape.cli.output import print_rows
from careshape.cli.recording import COMMAND_LINE, database_of
from careshape.home import Home

COLUMNS = ("request", "service", "amount", "district", "provider", "place", "points", "in_turn", "why")


@click.group(epilog=examples("careshape brokerage round --week 2027-W05 --authority worcestershire"))
def brokerage() -> None:
    """Find care: place the requests of a week together."""


@brokerage.command(
    name="round",
    epilog=examples(
        "careshape brokerage round --week 2027-W05 --authority worcestershire",
        "careshape brokerage round --week 2027-W05 --format json",
    ),
)
@click.option("--week", required=True, metavar="WEEK", help="By whose end the care should begin: 2027-W05.")
@authority_option
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True, help="How."
)
@click.pass_obj
def round_(home: Home, week: str, authority: str | None, form: str) -> None:
    """Place every request of WEEK that is not awarded, and say who is proposed for each.

    Nothing is changed: a broker accepts a week on its page. The objective is the sum of points times hundredths of
    units a week. The bound is what no plan can be worth more than, worked out by a judge of its own. Nobody is named
    for whom care is asked.
    """
    council = home.ledger(authority).authority
    database_of(home)
    from careshape.audit.change import SYSTEM, reading, tell
    from careshape.source.requests.criteria import criteria_of
    from careshape.source.together.propose import Plan, plan_of, waiting

    @reading
    def placed() -> Plan:
        found = plan_of(waiting(council, week), criteria_of(council))
        tell(SYSTEM, "source.rounds", "source.round", chain=council, by=COMMAND_LINE, week=week, rows=len(found.chosen))
        return found

    plan = placed()
    rows = [_row(one) for one in plan.chosen]
    gap = 0.0 if plan.bound == 0 else (plan.bound - plan.value) / plan.bound
    if form == "json":
        told = {
            "authority": council, "week": week, "placed": [one for one in rows if one["provider"]],
            "unplaced": [one for one in rows if not one["provider"]], "value": plan.value, "bound": plan.bound,
            "gap": gap, "first_come": plan.in_turn, "method": plan.method,
        }  # fmt: skip
        click.echo(json.dumps(told, indent=1))
        return
    print_rows(rows, COLUMNS, form, empty="No request waits that should begin by the end of this week.")
    if form == "table" and rows:
        many = sum(1 for one in rows if one["provider"])
        click.echo(f"{many} of {len(rows)} are placed, at most {gap:.2%} below the proven bound.", err=True)


def _row(one: Any) -> dict[str, Any]:
    request, members = one.waiting.request, one.waiting.members or {}
    return {
        "request": request.pk, "service": request.service, "amount": request.units / 100, "district": request.district,
        "provider": members[one.provider].organisation.name if one.provider else "",
        "place": one.line.place if one.line else None, "points": one.line.points / 100 if one.line else None,
        "in_turn": members[one.in_turn].organisation.name if one.in_turn else "", "why": one.why,
    }  # fmt: skip


commands = {"brokerage": brokerage}
