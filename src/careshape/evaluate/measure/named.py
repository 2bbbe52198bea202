"""Providers and settings: their names by number, and the numbers that a name or a reference stands for."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from careshape.catalogue import UNKNOWN
from careshape.errors import CallError
from careshape.evaluate.measure.dimensions import values_of

Register = Mapping[int, Mapping[str, Any]]
"""Number in the ledger -> name and reference."""


def register_of(ledgers: Sequence[object], posting: Mapping[str, int], dimension: str) -> dict[int, Mapping[str, Any]]:
    """The providers or settings of ledgers, as they were known after each one's posting."""
    found: dict[int, Mapping[str, Any]] = {}
    for ledger in ledgers:
        found.update(ledger.register(f"{dimension}s", posting[ledger.authority]))  # type: ignore[attr-defined]
    return found


def numbers_of(register: Register, dimension: str, wanted: str | Sequence[str]) -> list[int]:
    """The numbers of what is called ``wanted``, by name or by reference, whatever its case; all that share a name.

    Raises CallError with near matches for one that the register does not hold.
    """
    known: dict[str, set[int]] = defaultdict(set)
    for number, entry in register.items():
        for text in (entry["name"], entry["reference"]):
            known[str(text).casefold()].add(number)
    known[UNKNOWN].add(0)
    found: set[int] = set()
    for text in values_of(wanted):
        if text.strip().casefold() not in known:
            raise CallError(_not_there(text, dimension, register))
        found |= known[text.strip().casefold()]
    return sorted(found)


def _not_there(text: str, dimension: str, register: Register) -> str:
    names = {
        str(entry[part]).casefold(): str(entry[part]) for entry in register.values() for part in ("reference", "name")
    }
    near = difflib.get_close_matches(text.casefold(), names, n=3, cutoff=0.6)
    hint = f" Did you mean {', '.join(names[one] for one in near)}?" if near else ""
    return f"No {dimension} in the register is called '{text}'.{hint} Split by {dimension} to see their names."
