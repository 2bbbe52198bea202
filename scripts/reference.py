"""Write the reference pages that follow from the code: commands, measures with their cards, columns, expressions.

Run it after changing a command, a measure or a function of the texts: ``python scripts/reference.py``. A test compares
the pages with the code.
"""

from __future__ import annotations

import os
from pathlib import Path

import click
import django

from careshape.cli.group import COMMANDS, careshape
from careshape.design import sheets
from careshape.evaluate.measure import measures
from careshape.evaluate.measure.dimensions import DIMENSIONS
from careshape.evaluate.measure.entry import Measure
from careshape.ledger.columns import COLUMNS
from careshape.rules import facts, rules
from careshape.rules.facts import TELLERS
from careshape.site.options import SETTINGS, Setting
from careshape.source.lists.diagrams import brokerage_parts, page_parts
from careshape.statement.design.expressions import MOVING
from careshape.statement.formatting import FORMATS
from careshape.statement.functions import GROUPS, Function

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"


def commands_page() -> str:
    """Help of every command, as the command line prints it."""
    parts = [
        "# Commands\n",
        "`--dir` names the data folder and stands before the command. "
        "Exit codes: 0 good, 1 the input has faults, 2 the call is wrong.\n",
        _help(careshape, "careshape"),
    ]
    for name in COMMANDS:
        command = careshape.get_command(click.Context(careshape), name)
        assert command is not None
        parts.append(f"## careshape {name}\n\n{_help(command, f'careshape {name}')}")
        if isinstance(command, click.Group):
            for sub, one in command.commands.items():
                parts.append(f"### careshape {name} {sub}\n\n{_help(one, f'careshape {name} {sub}')}")
    return "\n".join(parts)


def _help(command: click.Command, name: str) -> str:
    context = click.Context(command, info_name=name, terminal_width=100, max_content_width=100)
    return f"```text\n{command.get_help(context)}\n```\n"


def measures_page() -> str:
    """Every measure with its card, and what figures can be split by."""
    parts = [
        "# Measures\n",
        "A measure is a kind of counting, a filter and a card. "
        "[Add a measure](../how-to/add-a-measure.md) shows how to write one.\n",
        "## Dimensions\n",
        "Figures can be split (`--by`) and, but for time, filtered (`--where`) by:\n",
        ", ".join(f"`{name}`" for name in DIMENSIONS) + ".\n",
        "Ages are taken on the last day of the period, from the month of birth. "
        "A stock is taken on the last day of its period.\n",
        "## All measures\n",
    ]
    parts += [_measure(entry) for entry in measures().values()]
    return "\n".join(parts)


def _measure(entry: Measure) -> str:
    card = entry.card
    good = {"up": "more is better", "down": "less is better", "neither": "neither way is better"}[entry.good]
    return (
        f"### `{entry.id}`\n\n{entry.label}: kind `{entry.kind}`, unit {entry.unit}, {good}.\n\n"
        f"- What it measures: {card.what}\n- Source: {card.source}\n- Formula: {card.formula}\n"
        f"- Updated: {card.updated}\n- Limitations: {card.limitations}\n- Owner: {card.owner}\n"
    )


def columns_page() -> str:
    """Columns of the curated ledger, as `careshape ledger export` writes them."""
    rows = [
        f"| `{one.name}` | {one.type} | {one.meaning} | {f'`{one.codes}`' if one.codes else ''} |" for one in COLUMNS
    ]
    return (
        "# Columns of the curated lines\n\n"
        "`careshape ledger export FILE.parquet` writes one row a version of a line item, every version there ever was. "
        "Integers only: days since 1970-01-01, months as year × 12 + month - 1, pence, hundredths of a unit. "
        "A coded column holds the permanent code of an entry of the catalogue's list; 0 is unknown.\n\n"
        "To get the lines as they stand, add up `sign` for each distinct row of the columns before it and keep those "
        "with 1; to get them as known after posting *n*, first keep `posting <= n`. Sums need neither: weigh every row "
        "by `sign`.\n\n"
        "| column | type | meaning | catalogue list |\n| --- | --- | --- | --- |\n" + "\n".join(rows) + "\n"
    )


def expressions_page() -> str:
    """The functions of a statement's expressions, and the formats that may stand after the bar."""
    parts = [
        "# Expressions\n",
        "An expression stands between double braces in a statement's text, its titles and its tables, and has the form "
        "of a call. It is read by a whitelist, never run. [The text of a statement](statement-text.md) shows where "
        "expressions stand.\n",
    ]
    for title, functions in GROUPS.items():
        parts.append(f"## {title}\n")
        parts += [_function(one) for one in functions]
    parts.append("## Formats\n")
    parts.append('A format stands after a bar: `{{ measure("gross_cost", period="2020/21") | money }}`.\n')
    rows = [f"| `{name}` | {' '.join((one.__doc__ or '').split())} |" for name, one in FORMATS.items()]
    rows.append("| `unit` | The number and what it counts: 75 matches. |")
    parts.append("| format | how a value is written |\n| --- | --- |\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def configuration_page() -> str:
    """Every setting of an installation."""
    parts = [
        "# Configuration\n",
        "An installation is set up by one file, `careshape.toml`: the one that the variable `CARESHAPE_CONFIG` names, "
        "or else the one that stands beside the data folder. Each setting also has a variable, which goes before the "
        "file; the option `--dir` goes before both. Relative paths are taken from the file's folder.\n",
        "A value against its rule, and a key that there is not, stop the start with a sentence that names key, value "
        "and rule. Secrets are taken from variables or from files of their own, never from this file.\n",
    ]
    for table in dict.fromkeys(one.key.partition(".")[0] for one in SETTINGS):
        parts.append(
            f"## `[{table}]`\n\n| key | variable | default | meaning | rule |\n| --- | --- | --- | --- | --- |"
        )
        parts += [_setting(one) for one in SETTINGS if one.key.startswith(f"{table}.")]
        parts.append("")
    return "\n".join(parts)


def _setting(one: Setting) -> str:
    key = "only as a variable" if one.secret else f"`{one.key.partition('.')[2]}`"
    default = (
        f"`{str(one.default).lower() if isinstance(one.default, bool) else one.default}`" if one.default != "" else ""
    )
    return f"| {key} | `{one.variable}` | {default} | {one.meaning} | {one.rule} |"


def _function(one: Function) -> str:
    lines = [f"### `{one.signature}`\n", f"Gives {one.gives}. {one.help}\n"]
    lines += [f"- `{parameter.name}`: {parameter.help}" for parameter in one.parameters]
    lines.append(f"{chr(10) if one.parameters else ''}Example: `{{{{ {one.example} }}}}`\n")
    return "\n".join(lines)


def decisions_page() -> str:
    """The files of what a council decided: their columns."""
    parts = [
        "# Files of decisions\n",
        "What a council decides stands in its folder `design`, one CSV file a kind, written as UTF-8. A file of its "
        "own goes before the one that comes with careshape. `careshape intentions start` writes them, "
        "`careshape intentions check` tells each fault with file, row, field, value and rule. "
        "[State intentions](../how-to/state-intentions.md) shows how they are used.\n",
        "Expressions are those of [the texts](expressions.md). In them a period may move with the records: "
        + ", ".join(f"`{name}` is {what}" for name, what in MOVING.items())
        + ".\n",
    ]
    for name, sheet in sheets().items():
        parts.append(f"## `{name}`\n\n| column | meaning | |\n| --- | --- | --- |")
        parts += [
            f"| `{one.name}` | {one.meaning} | {'must be filled' if one.required else ''} |" for one in sheet.columns
        ]
        parts.append("")
    return "\n".join(parts)


def rules_page() -> str:
    """The page that explains the rules, with its tables of rules and of facts written anew from the data."""
    councils = {"worcestershire": "Worcestershire", "thurrock": "Thurrock"}
    lines = ["| no. | what must be so | kind | at | who and where |", "| --- | --- | --- | --- | --- |"]
    for rule in rules().values():
        kind = (
            f"{rule.kind}, until {rule.until}" if rule.until else f"{rule.kind}, not yet" if rule.awaits else rule.kind
        )
        where = f"{', '.join(councils[one] for one in rule.councils)}, {', '.join(rule.sources)}"
        acts = ", ".join(f"`{act}`" for act in rule.acts)
        lines.append(f"| {rule.number} | `{rule.id}`: {rule.title} | {kind} | {acts} | {where} |")
    asked = ["| fact | kind | told by | asked as |", "| --- | --- | --- | --- |"]
    for fact in facts().values():
        kind = f"{fact.kind}: {', '.join(fact.values)}" if fact.values else fact.kind
        asked.append(f"| `{fact.id}` | {kind} | {TELLERS[fact.told_by]} | {fact.ask} |")
    text = (REFERENCE.parent / "explanation" / "rules.md").read_text("utf-8")
    for name, table in (("rules", lines), ("facts", asked)):
        before, _, rest = text.partition(f"<!-- {name} -->")
        text = f"{before}<!-- {name} -->\n" + "\n".join(table) + f"\n<!-- end of {name} -->"
        text += rest.partition(f"<!-- end of {name} -->")[2]
    return text


def api_page() -> str:
    """Every operation of the API; of its own, since it asks the site for them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careshape.site.settings")
    django.setup()
    from careshape.work.api.reference import page

    return page()


def ways_to_buy_page() -> str:
    """The page of the kinds of list, with the table and the diagrams that follow from their data."""
    return _filled("ways-to-buy.md", page_parts())


def brokerage_page() -> str:
    """The page of brokerage, with the diagrams of its courses that follow from their data."""
    return _filled("brokerage.md", brokerage_parts())


def _filled(file: str, parts: dict[str, str]) -> str:
    """A page of explanation with its parts that follow from data."""
    text = (REFERENCE.parent / "explanation" / file).read_text("utf-8")
    for name, part in parts.items():
        before, _, rest = text.partition(f"<!-- {name} -->")
        text = f"{before}<!-- {name} -->\n{part}<!-- end -->{rest.partition('<!-- end -->')[2]}"
    return text


PAGES = {
    "commands.md": commands_page,
    "measures.md": measures_page,
    "columns.md": columns_page,
    "configuration.md": configuration_page,
    "expressions.md": expressions_page,
    "decisions.md": decisions_page,
    "api.md": api_page,
    "../explanation/rules.md": rules_page,
    "../explanation/ways-to-buy.md": ways_to_buy_page,
    "../explanation/brokerage.md": brokerage_page,
}

if __name__ == "__main__":
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), "utf-8")
        print(f"wrote docs/reference/{name}")
