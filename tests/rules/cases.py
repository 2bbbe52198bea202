"""The cases of every rule: facts in, finding out. They are written from the statements' words, not from the data."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from careshape.rules import Rule, facts, find, told

ON = date(2021, 6, 1)
"""The day of the act in every case."""


@dataclass(frozen=True)
class Case:
    rule: str
    facts: dict[str, Any]
    expected: str
    line: int

    def found(self, rule: Rule) -> str:
        """What the rule says of these facts."""
        return find(rule, rule.acts[0], told(self.facts), ON).state


@cache
def cases() -> tuple[Case, ...]:
    """Every row of cases.csv; its facts are written name=value, and an assessment as result@day."""
    with (Path(__file__).parent / "cases.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return tuple(Case(row["rule"], written(row["facts"]), row["expected"], rows.line_num) for row in rows)


def written(text: str) -> dict[str, Any]:
    """Facts from text such as ``service=nursing long-term=yes recovery-ended=2021-06-01``."""
    return {name: _value(name, value) for name, value in (part.split("=") for part in text.split())}


def _value(name: str, text: str) -> Any:
    if text in ("yes", "no"):
        return text == "yes"
    if facts()[name].kind == "number":
        return Decimal(text)
    if facts()[name].kind == "assessment":
        result, day = text.split("@")
        return {"on": day, "by": "P-1", "result": result, "why": "It was looked into, and this is what came of it."}
    return text
