"""Small tables on pages that are also taken as files: what a posting covers, by which postings a figure moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from careshape.catalogue.periods import day_date
from careshape.ledger.posting import Posting
from careshape.policy.listing import Column, Listing
from careshape.statement.formatting import day, written
from careshape.statement.labels import label_of


@dataclass(frozen=True)
class Step:
    """A posting on the way of a figure."""

    number: int
    file: str
    known: str
    """The figure as it was known after it."""
    moved: bool
    """Whether it moved the figure."""


def steps_of(known: Iterable[tuple[int, str, Any]], unit: str) -> tuple[Step, ...]:
    """Postings, each with its file and the figure as it was known after it, as steps."""
    steps: list[Step] = []
    before = None
    for number, file, value in known:
        steps.append(Step(number, file, written(value, unit), value != before))
        before = value
    return tuple(steps)


def trail(steps: Sequence[Step], names: Sequence[str] = ()) -> Listing:
    """Steps as a list; those of several measures are named."""
    rows = [
        {
            "measure": name, "posting": one.number, "file": one.file, "figure": one.known,
            "moved": "Yes" if one.moved else "No",
        }
        for one, name in zip(steps, names or [""] * len(steps), strict=True)
    ]  # fmt: skip
    columns = tuple(Column(name, name.capitalize()) for name in ("measure", "posting", "file", "figure", "moved"))
    return Listing("trail", "As known after each posting", columns if names else columns[1:], rows)


def covered(posting: Posting) -> Listing:
    """The services that a posting covers."""
    rows = [
        {"service": label_of("service", service), "first": day_date(low), "last": day_date(high)}
        for service, (low, high) in sorted(posting.coverage.items())
    ]
    columns = (
        Column("service", "Service"),
        Column("first", "First start", text=day),
        Column("last", "Last start", text=day),
    )
    title = "Services, with the first and last day on which a line of the file starts"
    return Listing("covered", title, columns, rows)
