"""``careshape policy``: who may do what, written out."""

from __future__ import annotations

import os

import click

from careshape.cli.options import examples
from careshape.cli.output import format_option, print_rows
from careshape.cli.web import web_part
from careshape.home import Home


@click.group(epilog=examples("careshape policy roles", "careshape policy acts", "careshape policy table --format csv"))
def policy() -> None:
    """Who may do what on the site: roles, acts, fields, and the whole table."""


@policy.command(epilog=examples("careshape policy roles"))
@format_option
def roles(form: str) -> None:
    """List the roles."""
    from careshape.policy.roles import roles as known

    rows = [
        {"role": one.id, "title": one.title, "kind": one.kind,
         "second_factor": "needed" if one.needs_second_factor else "may", "does": one.does}
        for one in known().values()
    ]  # fmt: skip
    print_rows(rows, ("role", "title", "kind", "second_factor", "does"), form)


@policy.command(epilog=examples("careshape policy acts --format json"))
@format_option
def acts(form: str) -> None:
    """List the acts, and which roles may do each on which rows."""
    from careshape.policy.rules import policy as stated

    rows = [
        {"act": act.id, "title": act.title, "rows": allow.rows, "roles": " ".join(allow.roles)}
        for act in stated().acts.values()
        for allow in act.allow
    ]
    print_rows(rows, ("act", "title", "rows", "roles"), form)


@policy.command(epilog=examples("careshape policy fields", "careshape policy fields --format csv"))
@format_option
def fields(form: str) -> None:
    """List which roles see which fields of what is said of people, by which act; of an act that changes, may change."""
    from careshape.policy.rules import policy as stated

    rows = [
        {"record": record, "field": field, "act": act.id, "rows": allow.rows, "roles": " ".join(allow.roles)}
        for act in stated().acts.values()
        for allow in act.allow
        for record, names in allow.fields.items()
        for field in names
    ]
    rows.sort(key=lambda row: (row["record"], row["field"], row["act"]))
    print_rows(rows, ("record", "field", "act", "rows", "roles"), form)


@policy.command(epilog=examples("careshape policy table --format csv"))
@format_option
@click.pass_obj
def table(home: Home, form: str) -> None:
    """Write out what is to be expected for every address, method, role and kind of object.

    Objects are the member's own, another team's, another council's, a council that is open to everybody, and one that
    does not exist. Expected is allowed, sign-in, forbidden or not-found; undeclared is a fault.
    """
    os.environ["CARESHAPE_DIR"] = str(home.path.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careshape.site.settings")
    web_part("django").setup()
    written = web_part("careshape.policy.table")
    print_rows(written.table(), written.COLUMNS, form)


commands = {"policy": policy}
