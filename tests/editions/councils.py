"""The demonstration's councils for releases: a copy of one, records that move in it, and the naive rule."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from careshape.disclosure import PEOPLE, Cell, Figure, Protected, Published, Rule, Tables, protect
from careshape.disclosure.published import exact, hidden
from careshape.editions.folders import INPUTS, edition_path
from careshape.editions.gather import Gathered, gather
from careshape.editions.inputs import laid_out, pin_inputs
from careshape.home import Home
from careshape.ledger.imports import import_file
from tests.demonstration import built_demonstration

COUNCILS = ("thurrock", "worcestershire")
LATER = 3
"""People whose care began later than was known, and as many of whom it is known late that they came."""


def quiet(*said: object) -> None:
    """Hear nothing."""


def copied(council: str, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A council of the demonstration, in a copy."""
    given = os.environ.get("CARESHAPE_TEST_DEMO")
    built = Path(given) if given else built_demonstration(tmp_path_factory)
    data = tmp_path_factory.mktemp(council) / "data"
    for name in ("councils", "demo-files"):
        shutil.copytree(built / name / council, data / name / council)
    return Home(data)


def records_move(home: Home, council: str) -> None:
    """What the attacker of two editions looks for: a few people taken out of small cells, and a few put into others.

    Care homes by district are in tables of both statements. The last open packages there are known to have ended
    before; as many lines are added, each of a person of their own, at the place of another.
    """
    with (home.path / "demo-files" / council / "packages.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    open_ = [row for row in rows if row["service"] in ("nursing", "residential") and not row["end_date"]]
    ended = [{**row, "end_date": row["start_date"]} for row in open_[-LATER:]]
    come = [
        {**row, "line_reference": f"{row['line_reference']}-LATE", "person_id": f"{row['person_id']}-LATE"}
        for row in open_[:LATER]
    ]
    later = home.path / "later.csv"
    with later.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows([*ended, *come])
    known = home.ledger(council).postings()[-1].recorded_at + timedelta(days=1)
    done = import_file(home.ledger(council), later, reader="packages", recorded_at=known)
    assert done.accepted == 2 * LATER


@contextmanager
def gathered(home: Home, council: str, number: int, before: list[int]) -> Iterator[Gathered]:
    """An edition's figures as the product counts them, from inputs that are pinned in its folder."""
    folder = edition_path(home, council, number)
    folder.mkdir(parents=True)
    pin_inputs(home, council, folder / INPUTS)
    with laid_out(home, council, folder) as at:
        yield gather(home, at, council, number, home.ledger(council).posting_on(), before, quiet, {})


def star(
    tables: Tables, rule: Rule, before: Sequence[Any] = (), number: int = 1, secret: str = "", **more: Any
) -> Protected:
    """The naive rule through the same gate: a star for 1 to 4, every other figure as it was counted."""

    def starred(cell: Cell) -> Figure:
        if cell.unit == PEOPLE and cell.printed and rule.sensitive(cell) and cell.value < rule.threshold:
            return Figure(cell.id, None, 1, rule.threshold - 1)
        return exact(cell) if cell.printed and not rule.sensitive(cell) else hidden(cell)

    found = protect(tables, rule, before=before, number=number, secret=secret, **more)
    published = Published(number, rule, tuple(map(starred, tables.cells)), tables.sums, limits=tables.limits)
    return replace(found, published=published, unprotected={})
