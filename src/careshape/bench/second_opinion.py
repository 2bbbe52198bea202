"""Our suppression beside that of another tool, pytauargus, on the same tables; both are attacked by the same attack.

It is a second opinion for those who develop careshape, and nothing that is released depends on it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from careshape.disclosure import Published, Rule, Tables, attack, protect
from careshape.disclosure.published import exact, hidden
from careshape.disclosure.table import ALL
from careshape.errors import CareshapeError

PACKAGE: Final = "pytauargus"
SCRIPT: Final = Path(__file__).with_name("second_opinion_script.py")
RULE: Final = "FREQ(5,100)"
"""Fewer than 5 people, each with a range of 100% of its value: the nearest to ours that it has."""
TOTAL: Final = "Total"
LIMIT: Final = 120
"""Seconds that it may take for one table."""
ABSENT: Final = (
    f"The second opinion was left out: {PACKAGE} is not installed. `pip install careshape[second-opinion]` brings it, "
    "on Linux with x86-64."
)


@dataclass(frozen=True)
class Beside:
    """One table protected by both: cells hidden beyond the protected ones, what each leaves to the attack, seconds.

    Where theirs is None the tool could not do it, and ``said`` is what it said.
    """

    table: str
    cells: int
    protected: int
    ours: int
    ours_left: int
    ours_seconds: float
    theirs: int | None
    theirs_exact: int | None
    theirs_narrow: int | None
    theirs_seconds: float | None
    said: str = ""


@dataclass
class SecondOpinion:
    """All tables; or why there are none."""

    tables: list[Beside] = field(default_factory=list)
    left_out: str = ""

    def total(self, name: str) -> int:
        """A count over the tables that both did."""
        return sum(getattr(one, name) for one in self.tables if one.theirs is not None)


def installed() -> bool:
    """Whether the tool is there."""
    return importlib.util.find_spec(PACKAGE) is not None


def second_opinion(named: Sequence[tuple[str, Tables]]) -> SecondOpinion:
    """Each table, counts of people in two ways with its margins, by both."""
    if not installed():
        return SecondOpinion(left_out=ABSENT)
    return SecondOpinion([beside(name, tables) for name, tables in named])


def beside(name: str, tables: Tables, seconds: int = LIMIT) -> Beside:
    """One table by both."""
    rule = Rule(method="suppress")
    start = time.process_time()
    ours = protect(tables, rule)
    took = time.process_time() - start
    small = rule.protected(tables)
    left = attack(ours.published, truth=tables, explained=0)
    row = (name, len(tables.cells), len(small), ours.cost, len(left.exact) + len(left.narrow), took)
    try:
        gone, theirs_took = _theirs(tables, seconds)
    except CareshapeError as error:
        return Beside(*row, None, None, None, None, str(error))
    figures = tuple(hidden(cell) if cell.id in gone else exact(cell) for cell in tables.cells)
    found = attack(Published(1, rule, figures, tables.sums), truth=tables, explained=0)
    return Beside(*row, len(gone - small.keys()), len(found.exact), len(found.narrow), theirs_took)


def _theirs(tables: Tables, seconds: int) -> tuple[set[str], float]:
    """The cells that the other tool hides, and its seconds. Raises CareshapeError where it cannot."""
    rows, dimensions = [], list(members_of(tables.cells[0].id))
    for cell in tables.cells:
        at = members_of(cell.id)
        if ALL not in at.values():
            rows += [{**at, "number": 1}] * cell.value
    asked = json.dumps({"dimensions": dimensions, "rows": rows, "rule": RULE})
    with tempfile.TemporaryDirectory(prefix="careshape-second-") as scratch:
        try:
            done = subprocess.run(
                [sys.executable, str(SCRIPT)], input=asked, capture_output=True, text=True, check=False, cwd=scratch,
                timeout=seconds, env=os.environ | {"TMPDIR": scratch},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise CareshapeError(f"{PACKAGE} was stopped after {seconds} seconds.") from None
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise CareshapeError(f"{PACKAGE} ended with {done.returncode}: {lines[-1] if lines else 'it said nothing'}")
    found = json.loads(done.stdout.strip().splitlines()[-1])
    ids = {tuple(members_of(cell.id).values()): cell.id for cell in tables.cells}
    return {ids[tuple(ALL if one == TOTAL else one for one in at)] for at in found["hidden"]}, found["seconds"]


def members_of(id_: str) -> dict[str, str]:
    """Member by dimension of a cell of a cross-classified table."""
    return dict(part.split("=") for part in id_.partition("[")[2][:-1].split(", "))
