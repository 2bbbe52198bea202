"""What an edition says in figures, apart from the form in which it says it: so that two versions can be compared."""

from __future__ import annotations

import json
from typing import Any, Final

from careshape.editions.reuse.files import FOLDER

FILE: Final = f"{FOLDER}/statement.json"
"""The statement in the open form, where every figure and every table of an edition stands."""


def values_of(content: bytes) -> dict[str, Any]:
    """Name -> value of every figure and of every cell of every table in a statement in the open form.

    A figure's value is what is shown and whether it is withheld; markup, order and what is said about it are left out.
    """
    statement = json.loads(content)
    found: dict[str, Any] = {f"the figure {one['id']}": (one["status"], one["value"]) for one in statement["figures"]}
    for table in statement["tables"]:
        names = [field["name"] for field in table["schema"]["fields"]]
        for number, row in enumerate(table["rows"], 1):
            for name, value in zip(names, row, strict=True):
                found[f"the table {table['id']}, row {number}, {name}"] = value
    return found


def moved(before: bytes, after: bytes) -> list[str]:
    """What one says and the other does not say, or says otherwise; what only the later one says is not among it."""
    was, now = values_of(before), values_of(after)
    return [name for name, value in was.items() if name not in now or now[name] != value]
