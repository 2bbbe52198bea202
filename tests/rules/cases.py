"""The cases of every rule: facts in, finding out. They are written from the statements' words, not from the data."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from careshape.rules import Rule, find, told

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
    """Every row of cases.csv."""
    with (Path(__file__).parent / "cases.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return tuple(Case(row["rule"], json.loads(row["facts"]), row["expected"], rows.line_num) for row in rows)
