"""What can be done about an edition that the gate refused: place by place, with the way to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from careshape.disclosure import Rule
from careshape.statement.addresses import address
from careshape.statement.labels import dimension_title
from careshape.statement.spec import TableSpec
from careshape.work.desk import Desk
from careshape.writing.others import TABLES
from careshape.writing.papers import paper_of_file

TABLE: Final = "table"
SEGMENT: Final = "segment"
_NO_SPLIT: Final = ("period", "measure")
"""What stands on a side of a table and splits no figure."""
_TEXT: Final = (
    "Leave the figure out of its sentence, or ask a wider one: a whole county, a year, all services together."
)


@dataclass(frozen=True)
class Remedy:
    """A table or text in which figures give each other away, and what to do there."""

    title: str
    figures: int
    advice: tuple[str, ...]
    read: str = ""
    """Where it is read as it is today; empty where it stands nowhere."""
    change: str = ""
    """Where it is changed, for who may."""


def remedies(desk: Desk, faults: Sequence[Mapping[str, Any]]) -> list[Remedy]:
    """What can be done, by place; the place with the most figures first."""
    counts: dict[tuple[str, str, str], int] = {}
    for fault in faults:
        for one in fault.get("places", ()):
            place = (one["kind"], one["id"], one["title"])
            counts[place] = counts.get(place, 0) + 1
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [_remedy(desk, *place, many) for place, many in ordered]


def _remedy(desk: Desk, kind: str, name: str, title: str, many: int) -> Remedy:
    slug, writes = desk.principal.council, desk.may("writing.write")
    written = desk.council.written if desk.council else None
    if kind == TABLE:
        spec = written.tables.get(name) if written else None
        if spec is None:
            return Remedy(title, many, ("The statement has this table no more.",))
        paper = paper_of_file(desk.council, TABLES) if desk.council else None
        change = f"/work/writing/pages/{paper.name}/edit/?{urlencode({'slot': name})}" if paper and writes else ""
        return Remedy(title, many, _of_table(spec), address(slug, "table", name), change)
    if kind == SEGMENT:
        there = written is not None and name in written.segments
        change = f"/work/writing/pages/{name}/" if there and desk.may("writing.see") else ""
        return Remedy(title, many, (_TEXT,), address(slug, "segment", name) if there else "", change)
    return Remedy(title, many, ("They are the same for all councils, so only a stricter rule helps.",))


def _of_table(spec: TableSpec) -> tuple[str, ...]:
    """What can be done about a table, by how it is made."""
    split = [] if spec.row else list(dict.fromkeys(one for one in (*spec.rows, *spec.columns) if one not in _NO_SPLIT))
    named = [dimension_title(one).lower() for one in split]
    found = []
    if len(named) > 1:
        found.append(f"Show it by {' or by '.join(named)}, and not by both at once.")
    elif named:
        found.append(f"Fold the small ones together: name groups and not single values of {named[0]}.")
    if spec.total != "none":
        found.append('Show no totals (total = "none"), so that nothing can be taken away from them.')
    if len(spec.periods) > 1:
        found.append("Show one date." if len(spec.periods) == 2 else f"Show fewer than {len(spec.periods)} dates.")
    if spec.row:
        found.append("Leave out the rows that small figures are worked out from.")
    return (*found, "Or leave the whole table out.")


def of_rule(rule: Rule) -> str:
    """The rule that an edition was made by, and which other one would keep more back."""
    if rule.method == "suppress":
        return (
            f"This edition keeps figures of fewer than {rule.threshold} people back and prints all others exactly. "
            'Rounding (method = "round") leaves less to work out, and keeps more tables whole.'
        )
    return (
        f"This edition rounds counts to {rule.base} and protects fewer than {rule.threshold} people. A larger base "
        "leaves less to work out."
    )
