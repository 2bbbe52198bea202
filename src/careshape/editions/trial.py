"""An edition of made-up figures, taken through the gate as any other: what the bench of the attack rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol

from careshape.catalogue.periods import period_between
from careshape.disclosure import Edition as Earlier
from careshape.disclosure import Published, Rule
from careshape.editions.counted import from_json, to_json
from careshape.editions.gate import Passed, pass_gate, system_of
from careshape.editions.questions import Conditions, Counted, Place

Key = tuple[str, Conditions, date]


class Fact(Protocol):
    """A figure as it was counted: see ``careshape.bench.disclosure_facts``."""

    @property
    def counting(self) -> str: ...
    @property
    def where(self) -> Conditions: ...
    @property
    def day(self) -> date: ...
    @property
    def value(self) -> Fraction: ...
    @property
    def unit(self) -> str: ...
    @property
    def people(self) -> int | None: ...
    @property
    def decimals(self) -> int: ...
    @property
    def largest(self) -> tuple[Fraction, ...]: ...
    @property
    def over(self) -> tuple[Key, Key] | None: ...
    @property
    def told(self) -> bool: ...


def through_gate(
    facts: Iterable[Fact], rule: Rule, before: Sequence[Earlier], secret: str, work: int
) -> tuple[Passed, Earlier]:  # fmt: skip
    """Pass the next edition of made-up figures through the gate; with it, the edition as its successors are given it.

    Their sums, rests, limits and ratios are found as those of a statement are, and what the next edition is given has
    been written as files and read again. ``work`` is that of ``pass_gate``.
    """
    cells = {one.place.id: one for one in map(_counted, facts)}
    passed = pass_gate(cells, rule, before, len(before) + 1, secret, work=work)
    published = Published.from_json(passed.protected.published.to_json())
    return passed, Earlier(published, system_of(from_json(to_json(cells)))[0])


def _counted(one: Fact) -> Counted:
    return Counted(
        _place((one.counting, one.where, one.day)), one.value, one.unit, one.people, one.decimals, one.largest,
        (_place(one.over[0]).id, _place(one.over[1]).id) if one.over else None, told=one.told,
    )  # fmt: skip


def _place(key: Key) -> Place:
    counting, where, day = key
    return Place(counting, where, period_between(day, day))
