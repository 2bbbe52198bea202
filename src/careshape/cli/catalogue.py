"""``careshape catalogue``: the lists of the catalogue, and the names that a list takes in files and in commands."""

from __future__ import annotations

import difflib
from typing import Any

import click

from careshape.catalogue import catalogue as book
from careshape.catalogue.lists import CodeList, names_of, normalise
from careshape.cli.options import examples
from careshape.cli.output import format_option, print_rows
from careshape.errors import CallError

LISTS = ("list", "title", "entries", "groups")
ENTRIES = ("id", "label", "code", "groups", "other_names")
VALIDITY = ("valid_from", "valid_to")


@click.command(
    epilog=examples(
        "careshape catalogue",
        "careshape catalogue district",
        "careshape catalogue service --format csv",
    )
)
@click.argument("name", metavar="[LIST]", required=False)
@format_option
def catalogue(name: str | None, form: str) -> None:
    """List the catalogue's lists, or the entries of one.

    A file may give an entry by its id, its label or one of its other names; letter case, spaces and punctuation make no
    difference. In --where an entry or a group is given by its id. The code is what the ledger stores.
    """
    if name is None:
        rows = [
            {"list": one.name, "title": one.title, "entries": len(one.entries), "groups": len(one.groups)}
            for one in book().lists.values()
        ]
        print_rows(rows, LISTS, form)
        return
    entries = [_row(one, entry) for one in [_find(name)] for entry in one.entries]
    dated = any(row[column] for row in entries for column in VALIDITY)
    print_rows(entries, (*ENTRIES, *VALIDITY) if dated else ENTRIES, form)


def _find(name: str) -> CodeList[Any]:
    """A list by name; letter case, spaces and hyphens make no difference. Raises CallError, naming near ones."""
    lists = {normalise(one): one for one in book().lists}
    if normalise(name) in lists:
        return book().list(lists[normalise(name)])
    near = difflib.get_close_matches(normalise(name), lists, n=3)
    hint = (
        f"Did you mean {' or '.join(lists[one] for one in near)}?" if near else "careshape catalogue names the lists."
    )
    raise CallError(f"The catalogue has no list '{name}'. {hint}")


def _row(of: CodeList[Any], entry: Any) -> dict[str, object]:
    """An entry with every name that it goes by, and the groups that it is in."""
    others = dict.fromkeys(name for name in names_of(entry) if name not in (entry.id, entry.label))
    return {
        "id": entry.id,
        "label": entry.label,
        "code": entry.code,
        "groups": ", ".join(group.id for group in of.groups.values() if entry.id in group.members),
        "other_names": "; ".join(others),
        "valid_from": entry.valid_from.isoformat() if entry.valid_from else None,
        "valid_to": entry.valid_to.isoformat() if entry.valid_to else None,
    }


commands = {"catalogue": catalogue}
