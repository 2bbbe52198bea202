"""``careshape rules``: what the statements demand of an act, and whether it is met."""

from __future__ import annotations

import csv
import difflib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import click

from careshape.catalogue import catalogue
from careshape.cli.options import examples, read_day
from careshape.cli.output import format_option, print_rows
from careshape.cli.recording import database_of
from careshape.errors import CallError, InputError
from careshape.home import Home
from careshape.rules import ACTS, KINDS, STATES, Finding, Rule, facts, judge, listed
from careshape.rules import rules as entries

LISTED: Final = ("number", "rule", "kind", "councils", "acts", "title")
FACTS: Final = ("fact", "kind", "told_by", "values", "ask")
FOUND: Final = ("number", "rule", "kind", "state", "stops")
WHOLE: Final = (*FOUND, "said", "clears", "missing", "override_by", "sources")
PUBLIC: Final = ("number", "rule", "acts", "met", "set_aside", "breached", "unknown", "target")
IN_ALL: Final = ("number", "rule", "acts", "met", "set_aside", "breached", "unknown", "not_kept", "target")
KEPT: Final = ("month", "role", *IN_ALL)
LARGEST: Final = 1_000_000
"""Bytes of a file of facts."""

authority_option = click.option(
    "--authority", metavar="NAME", help="Council, such as worcestershire: its rules, with its own laid over them."
)
act_option = click.option("--act", type=click.Choice(tuple(ACTS)), help="Only rules that stand at this act.")


@click.group(epilog=examples("careshape rules list --authority worcestershire --act admission"))
def rules() -> None:
    """List the rules of the statements, and judge an act by them."""


@rules.command(name="list", epilog=examples("careshape rules list", "careshape rules list --act award --format csv"))
@authority_option
@act_option
@format_option
@click.pass_obj
def list_(home: Home, authority: str | None, act: str | None, form: str) -> None:
    """List the rules: gates, which stop an act; prompts, which must be asked; and rules of counting."""
    rows = [
        listed(rule)
        for rule in _rules(home, authority).values()
        if (act is None or act in rule.acts) and (authority is None or not rule.councils or authority in rule.councils)
    ]
    print_rows(rows, LISTED if form == "table" else tuple(listed(next(iter(entries().values())))), form)


@rules.command(epilog=examples("careshape rules show home-first"))
@click.argument("name", metavar="RULE")
@authority_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def show(home: Home, name: str, authority: str | None, form: str) -> None:
    """Show one rule: what it demands, of what, where it is from and who may override it."""
    known = _rules(home, authority)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3)
        hint = f"Did you mean {' or '.join(near)}?" if near else "careshape rules list names them."
        raise CallError(f"There is no rule '{name}'. {hint}")
    rule = known[name]
    if form == "json":
        click.echo(rule.model_dump_json(by_alias=True, exclude_defaults=True, indent=1))
        return
    click.echo(f"{rule.number}. {rule.title[0].upper()}{rule.title[1:]}.\n\n{rule.words}\n")
    row = listed(rule) | {"kind": f"{rule.kind}: {KINDS[rule.kind]}"}
    for label, field in (
        ("Source", "sources"), ("Councils", "councils"), ("Kind", "kind"), ("Acts", "acts"), ("From", "from"),
        ("Until", "until"), ("Awaits", "awaits"), ("About", "applies"), ("Demands", "requires"),
        ("Override", "override_by"), ("Counted by", "stands_on"),
    ):  # fmt: skip
        if row[field]:
            click.echo(f"{label}: {row[field]}")
    click.echo("Asks:" + "".join(f"\n  {fact}: {facts()[fact].ask}" for fact in rule.facts()))


@rules.command(name="facts", epilog=examples("careshape rules facts", "careshape rules facts --format json"))
@format_option
def facts_(form: str) -> None:
    """List the facts that rules ask for, and the values that each may have."""
    rows = [one.model_dump() | {"fact": one.id, "values": ", ".join(one.values)} for one in facts().values()]
    print_rows(rows, FACTS, form)


@rules.command(
    epilog=examples(
        "careshape rules check --authority worcestershire --act admission --facts facts.json",
        "careshape rules check --authority thurrock --act tender --facts facts.csv --on 2026-04-01 --format json",
    )
)
@authority_option
@click.option("--act", type=click.Choice(tuple(ACTS)), required=True, help="What somebody is about to do.")
@click.option(
    "--facts", "file", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What is known: JSON of fact and value, or CSV with the columns fact, value, on, by, why.",
)  # fmt: skip
@click.option(
    "--on", metavar="YYYY-MM-DD", callback=lambda _c, _p, text: read_day(text), help="The day; today if none."
)
@format_option
@click.pass_obj
def check(home: Home, authority: str | None, act: str, file: Path, on: Any, form: str) -> int:
    """Judge an act by what is known. What is not known is asked for. Ends with 1 where a rule stops the act."""
    council = authority if authority is not None else home.ledger(None).authority
    _rules(home, council)
    day = on or datetime.now(UTC).date()
    told = read_facts(file)
    _in_lists(told)
    found = judge(act, told, council, day, home.council_path(council))
    print_rows([_row(one, form) for one in found], FOUND if form == "table" else WHOLE, form, "No rule stands here.")
    if form == "table":
        for one in found:
            if one.state in ("broken", "not-known"):
                click.echo(f"\n{one.rule}: {one.said}" + "".join(f"\n  {text}" for text in one.clears))
    return 1 if any(one.stops for one in found) else 0


@rules.command(
    epilog=examples(
        "careshape rules breaches --authority worcestershire",
        "careshape rules breaches --authority worcestershire --public --format csv",
    )
)
@authority_option
@click.option(
    "--since", metavar="YYYY-MM-DD", callback=lambda _c, _p, text: read_day(text), help="Only acts from this day on."
)
@click.option("--by-month", is_flag=True, help="By month and role, rather than all together.")
@click.option("--public", is_flag=True, help="As it may be published: rows with small counts are suppressed.")
@format_option
@click.pass_obj
def breaches(home: Home, authority: str | None, since: Any, by_month: bool, public: bool, form: str) -> None:
    """Count how the rules were kept by the acts that went ahead. The target of what was not kept is none."""
    council = authority if authority is not None else home.ledger(None).authority
    _rules(home, council)
    if public and by_month:
        raise CallError("What is published is counted all together: months and roles would tell the small counts.")
    database_of(home)
    from careshape.source.judged.kept import kept_by, kept_in_all, published

    found = (kept_by if by_month else kept_in_all)(council, since)
    rows = published(found) if public else [asdict(one) | {"not_kept": one.not_kept, "target": 0} for one in found]
    print_rows(rows, PUBLIC if public else KEPT if by_month else IN_ALL, form, "No act was judged yet.")


def _rules(home: Home, authority: str | None) -> Mapping[str, Rule]:
    """The rules as a council has them. Raises CallError for a council that nobody knows."""
    if authority is None:
        return entries()
    known = {*home.authorities(), *(one.id for one in catalogue().lists["authority"].entries)}
    if authority not in known:
        near = difflib.get_close_matches(authority, sorted(known), n=3)
        raise CallError(f"There is no council '{authority}'." + (f" Did you mean {' or '.join(near)}?" if near else ""))
    return entries(authority, home.council_path(authority))


def _row(one: Finding, form: str) -> dict[str, Any]:
    row = asdict(one) | {"stops": one.stops}
    if form == "json":
        return row
    lists = {name: " | ".join(getattr(one, name)) for name in ("clears", "missing", "override_by", "sources")}
    said = {"state": STATES[one.state]} if form == "table" else {}
    return row | lists | said | {"stops": "yes" if one.stops else "no"}


def read_facts(file: Path) -> dict[str, Any]:
    """The facts of a file. Raises InputError where it holds none."""
    if file.stat().st_size > LARGEST:
        raise InputError(f"{file.name} is larger than a file of facts can be.")
    text = file.read_text("utf-8-sig")
    if file.suffix.lower() == ".csv":
        return _from_csv(text, file.name)
    try:
        found = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise InputError(f'{file.name} is not JSON: {error}. Write {{"service": "nursing", …}}.') from None
    if not isinstance(found, dict):
        raise InputError(f'{file.name} holds no facts. Write an object of fact and value, such as {{"age": 71}}.')
    return found


def _in_lists(told: Mapping[str, Any]) -> None:
    """Raises CallError for an id that its list does not hold: no rule would be about it, and none stop the act."""
    for name, value in told.items():
        fact = facts().get(name)
        if fact is None or fact.kind != "id" or value is None:
            continue
        try:
            catalogue().lists[fact.list].entry(str(fact.read(value)))
        except CallError as error:
            raise CallError(f"The fact '{name}': {error}") from None


def _from_csv(text: str, name: str) -> dict[str, Any]:
    rows = csv.DictReader(text.splitlines())
    columns = set(rows.fieldnames or ())
    if not {"fact", "value"} <= columns <= {"fact", "value", "on", "by", "why"}:
        raise InputError(f"{name} does not have the columns of a file of facts: fact, value, and on, by, why.")
    found: dict[str, Any] = {}
    for row in rows:
        fact = (row["fact"] or "").strip()
        if fact in found:
            raise InputError(f"{name}, line {rows.line_num}: the fact '{fact}' stands there twice.")
        found[fact] = _cell(fact, row)
    return found


def _cell(fact: str, row: Mapping[str, str | None]) -> Any:
    """A value from the cells of a row; what cannot be read is left as it is, for the vocabulary to refuse."""
    text = (row["value"] or "").strip()
    answer = {"": None, "true": True, "yes": True, "false": False, "no": False}
    if text.lower() in answer:
        return answer[text.lower()]
    kind = facts()[fact].kind if fact in facts() else ""
    if kind == "number":
        return Decimal(text) if text.replace(".", "", 1).isdecimal() else text
    if kind == "assessment":
        return {"result": text} | {name: row[name] for name in ("on", "by", "why") if row.get(name)}
    return text


commands = {"rules": rules}
