"""``careshape market failure``: whom the failure of a provider would leave, and what could replace it."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from careshape.cli.market import day_option, market
from careshape.cli.options import authority_option, examples
from careshape.cli.output import print_rows
from careshape.cli.recording import COMMAND_LINE, database_of
from careshape.errors import CallError
from careshape.home import Home

if TYPE_CHECKING:
    from careshape.accounts.models import Organisation
    from careshape.source.failing.drill import Drill

COLUMNS = ("package", "reference", "service", "amount", "district", "could", "first", "proposed", "why")


@market.command(
    epilog=examples(
        "careshape market failure 'Example Care A' --authority worcestershire --dry-run",
        "careshape market failure W-002 --dry-run --last-day 2027-03-31 --format json",
    )
)
@click.argument("provider")
@authority_option
@day_option("--last-day", "The last day on which it would give care; today by default.")
@click.option("--dry-run", is_flag=True, help="Say what it would come to, and change nothing. Needed here.")
@click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True, help="How."
)
@click.pass_obj
def failure(
    home: Home, provider: str, authority: str | None, last_day: date | None, dry_run: bool, form: str
) -> None:  # fmt: skip
    """List everybody whom the failure of PROVIDER would leave, and who could take them.

    PROVIDER is a name or a reference of the council's. People stand by their references; that they were read is told in
    the audit log. Changes nothing: a commissioner says on the page that a provider stops.
    """
    if not dry_run:
        raise CallError(
            "Only the drill runs here: add --dry-run. That a provider stops is said by a commissioner, under Providers "
            "that fail."
        )
    council = home.ledger(authority).authority
    database_of(home)
    from careshape.audit.change import SYSTEM, reading, tell
    from careshape.source.failing.drill import drill

    @reading
    def drilled() -> Drill:
        organisation = _organisation(council, provider)
        found = drill(organisation, last_day)
        tell(SYSTEM, "source.failures", organisation, chain=council, by=COMMAND_LINE, drill=True, rows=len(found.hits))
        return found

    found = drilled()
    rows = [_row(one) for one in found.hits]
    if form == "json":
        ends = [
            {"service": service, "district": district, "amount": units / 100}
            for (service, district), units in found.units_by().items()
        ]
        told = {
            "authority": council, "provider": found.organisation.name, "last_day": found.last_day.isoformat(),
            "people": found.people, "ends": ends, "affected": rows, "value": found.value, "bound": found.bound,
            "without": [one["reference"] for one in rows if not one["proposed"]], "changed": False,
        }  # fmt: skip
        click.echo(json.dumps(told, indent=1))
        return
    print_rows(rows, COLUMNS, form, empty="It gives no care to anybody of the council that goes on.")
    if form == "table":
        click.echo(f"{found.people} people; for {len(found.without)} nobody is found. Nothing is changed.", err=True)


def _organisation(council: str, named: str) -> Organisation:
    from django.db.models import Q

    from careshape.accounts.models import Organisation

    which = Q(name__iexact=named) | Q(reference__iexact=named)
    found = Organisation.objects.filter(which, council__slug=council).select_related("council").first()
    if found is None:
        raise CallError(f"{council} knows no provider '{named}'. Write its name or its reference.")
    return found


def _row(one: Any) -> dict[str, Any]:
    package = one.package
    return {
        "package": package.pk, "reference": package.person.reference, "service": package.service,
        "amount": one.units / 100, "district": package.district, "could": len(one.could), "first": one.first,
        "proposed": one.proposed.organisation.name if one.proposed else "", "why": one.why,
    }  # fmt: skip


commands = {"market": market}
