"""The registers of the ledger: providers and settings, with the care that is open with each on their last day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from careshape.accounts.models import Organisation
from careshape.catalogue import UNKNOWN, catalogue
from careshape.errors import CareshapeError
from careshape.evaluate.measure import Result, measure
from careshape.statement.council import Council
from careshape.statement.formatting import day, money_week
from careshape.statement.labels import label_of

WHICH: Final = {"providers": "provider", "settings": "setting"}
"""The registers, and the dimension of measures that each one names."""


@dataclass(frozen=True)
class Entry:
    """A provider or setting as the ledger knows it."""

    id: int
    """Its number in the ledger."""
    reference: str
    name: str
    type: str
    """Label of its type of provider; empty for a setting."""
    people: int = 0
    """People with care from it on the last day of the records."""
    lines: int = 0
    weekly_cost: Any = 0
    """Pounds."""
    districts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """What is known of it, in a sentence."""
        if not self.people:
            return "no care is open with it."
        where = f" in {', '.join(self.districts)}" if self.districts else ""
        who = "person" if self.people == 1 else "people"
        return (
            f"{self.people:,} {who} with {', '.join(self.services).lower()}{where}, for {money_week(self.weekly_cost)}."
        )

    def as_row(self) -> dict[str, Any]:
        """The entry as a row of a list."""
        return {
            "id": self.id, "reference": self.reference, "name": self.name, "type": self.type, "people": self.people,
            "lines": self.lines, "weekly_cost": self.weekly_cost, "districts": ", ".join(self.districts),
            "services": ", ".join(self.services),
        }  # fmt: skip


def entries(council: Council, which: str) -> list[Entry]:
    """The entries of a register, by name, counted once for each state of the ledger."""
    with council.lock:
        kept = f"register:{which}"
        if kept not in council.kept:
            council.kept[kept] = _entries(council, which)
        found: list[Entry] = council.kept[kept]
        return found


def in_use(council: Council) -> int:
    """How many providers have care that is open: one question, where the whole register takes five a list."""
    if "register:providers" in council.kept:
        return len([one for one in entries(council, "providers") if one.people])
    if council.sources.context is None:
        return 0
    try:
        people = {row["provider"]: row["value"] for row in council.book.result("people_supported", ("provider",)).rows}
    except CareshapeError:
        return 0
    # Entries of one name are one provider to a measure, and each of them has its care on the register's page.
    return len([one for one in council.ledger.register("providers").values() if people.get(one["name"])])


def entry_of(council: Council, which: str, number: str) -> Entry | None:
    """One entry; None where the register has none of that number, which may be below zero."""
    return next((one for one in entries(council, which) if str(one.id) == number), None)


def counted_on(council: Council) -> str:
    """The day on which care is counted: the last of the records; empty where there are none."""
    if council.sources.context is None:
        return ""
    try:
        return day(council.book.result("people_supported").periods[-1].end)
    except CareshapeError:
        return ""


def known_of(council: Council | None, organisation: Organisation) -> Entry | None:
    """What the records know of an organisation: the provider of its reference, else of its name."""
    if council is None:
        return None
    found = entries(council, "providers")
    by_reference = [one for one in found if organisation.reference and one.reference == organisation.reference]
    by_name = [one for one in found if one.name.casefold() == organisation.name.casefold()]
    return next(iter(by_reference or by_name), None)


def _entries(council: Council, which: str) -> list[Entry]:
    register = council.ledger.register(which)
    types = catalogue().lists["provider_type"]
    counted = _counted(council, WHICH[which])
    made = []
    for number, entry in register.items():
        own = counted.get(entry["name"], {})
        kind = types.by_code.get(entry["type"]) if which == "providers" and entry["type"] else None
        made.append(Entry(number, entry["reference"], entry["name"], kind.label if kind else "", **own))
    return sorted(made, key=lambda one: (one.name.casefold(), one.reference))


def _counted(council: Council, dimension: str) -> dict[str, dict[str, Any]]:
    """Name -> care that is open, from the measures; entries of one name are counted together, as measures do."""
    context = council.sources.context
    if context is None:
        return {}
    found: dict[str, dict[str, Any]] = {}
    try:
        for name, field in (("people_supported", "people"), ("line_items", "lines"), ("weekly_cost", "weekly_cost")):
            for row in measure(context, name, by=(dimension,)).rows:
                found.setdefault(row[dimension], {})[field] = row["value"] or 0
        for other, field in (("district", "districts"), ("service", "services")):
            for named, labels in _labels(measure(context, "people_supported", by=(dimension, other)), dimension, other):
                found.setdefault(named, {})[field] = labels
    except CareshapeError:
        return {}
    return found


def _labels(result: Result, dimension: str, other: str) -> Iterable[tuple[str, tuple[str, ...]]]:
    found: dict[str, list[str]] = {}
    for row in result.rows:
        if row["value"] and row[other] != UNKNOWN:
            found.setdefault(row[dimension], []).append(label_of(other, row[other]))
    return ((name, tuple(sorted(labels))) for name, labels in found.items())
