"""What a rule demands, as data over facts: all, any, not, and tests of one fact; true, false, or not known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from careshape.rules.facts import Assessment, Fact, Facts, Value, facts

JOINS: Final = ("all", "any", "not_")
COMPARISONS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "at_least": ge, "at_most": le, "over": gt, "under": lt, "same_as": lambda one, other: one == other,
}  # fmt: skip
KINDS: Final = {
    "is_": ("yes-no", "choice", "id"), "on_or_before": ("day",), "made": ("assessment",), "result": ("assessment",),
    **dict.fromkeys(COMPARISONS, ("number",)),
}  # fmt: skip
"""Test of one fact -> the kinds of fact that it can be put to."""
TODAY: Final = "today"
Texts = str | tuple[str, ...]
Bound = Annotated[int, Field(strict=True)] | Decimal | str


@dataclass(frozen=True)
class Truth:
    """Whether a clause holds: True, False, or None where that is not known.

    ``missing`` are the facts that could decide what is open; ``short`` the tests that
    are known to fail.
    """

    holds: bool | None
    missing: tuple[str, ...] = ()
    short: tuple[Clause, ...] = ()


class Clause(BaseModel):
    """Either a join of clauses or one test of one fact; ``clear`` is what a person does to make the test hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    all: tuple[Clause, ...] | None = None
    any: tuple[Clause, ...] | None = None
    not_: Annotated[Clause | None, Field(alias="not")] = None
    fact: str = ""
    is_: Annotated[StrictBool | Texts | None, Field(alias="is")] = None
    at_least: Bound | None = None
    at_most: Bound | None = None
    over: Bound | None = None
    under: Bound | None = None
    same_as: Bound | None = None
    on_or_before: date | str | None = None
    made: StrictBool | None = None
    result: Texts | None = None
    clear: str = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        joins = [name for name in JOINS if getattr(self, name) is not None]
        tests = [name for name in KINDS if getattr(self, name) is not None]
        if len(joins) + len(tests) != 1 or bool(tests) != bool(self.fact):
            raise ValueError("A clause is one of all, any and not, or it puts one test to one fact.")
        if joins and (self.clear or getattr(self, joins[0]) == ()):
            raise ValueError("A clause that joins others holds at least one, and says nothing of its own.")
        if tests:
            self._check_test(tests[0])
        return self

    def _check_test(self, test: str) -> None:
        fact, wanted = facts().get(self.fact), getattr(self, test)
        if fact is None:
            raise ValueError(f"There is no fact '{self.fact}' in facts.toml.")
        if fact.kind not in KINDS[test]:
            raise ValueError(f"'{test.rstrip('_')}' cannot be asked of '{self.fact}', which is of kind {fact.kind}.")
        if test == "is_" and isinstance(wanted, bool) != (fact.kind == "yes-no"):
            raise ValueError(f"'{self.fact}' is of kind {fact.kind}, and cannot be {wanted!r}.")
        named = _texts(wanted) if test in ("is_", "result") and not isinstance(wanted, bool) else ()
        if fact.values and not set(named) <= set(fact.values):
            raise ValueError(f"'{self.fact}' is one of {', '.join(fact.values)}.")
        if test in COMPARISONS and isinstance(wanted, str) and facts().get(wanted, fact).kind != "number":
            raise ValueError(f"'{self.fact}' is a number, and cannot be compared with '{wanted}'.")
        if isinstance(wanted, str) and test in (*COMPARISONS, "on_or_before") and wanted not in (*facts(), TODAY):
            raise ValueError(f"There is no fact '{wanted}' in facts.toml.")

    def leaves(self) -> Iterator[Clause]:
        """The tests of facts that it comes to."""
        if self.fact:
            yield self
        for part in (*(self.all or ()), *(self.any or ()), *((self.not_,) if self.not_ else ())):
            yield from part.leaves()

    def asks(self) -> set[str]:
        """The facts that it may need."""
        others = {str(getattr(leaf, name)) for leaf in self.leaves() for name in (*COMPARISONS, "on_or_before")}
        return {leaf.fact for leaf in self.leaves()} | (others & set(facts()))

    def judge(self, known: Facts, on: date) -> Truth:
        """Whether it holds on a day, by the facts that are known (see ``facts.told``)."""
        if self.all is not None:
            return _joined([part.judge(known, on) for part in self.all], False)
        if self.any is not None:
            return _joined([part.judge(known, on) for part in self.any], True)
        if self.not_ is not None:
            inner = self.not_.judge(known, on)
            held = None if inner.holds is None else not inner.holds
            return Truth(held, inner.missing if held is None else (), () if held else tuple(self.not_.leaves()))
        return self._tested(known, on)

    def _tested(self, known: Facts, on: date) -> Truth:
        test = next(name for name in KINDS if getattr(self, name) is not None)
        wanted = getattr(self, test)
        needed = [self.fact, *([wanted] if isinstance(wanted, str) and test not in ("is_", "result") else [])]
        missing = tuple(name for name in needed if name != TODAY and name not in known)
        if missing:
            return Truth(None, missing)
        if len(needed) == 2:
            wanted = on if wanted == TODAY else known[wanted]
        holds = _holds(test, facts()[self.fact], known[self.fact], wanted, on)
        return Truth(holds, (), () if holds else (self,))


def _joined(parts: list[Truth], decisive: bool) -> Truth:
    """Several truths as one: any of the ``decisive`` kind decides, else any that is open leaves it open."""
    found = [part.holds for part in parts]
    holds = decisive if decisive in found else None if None in found else not decisive
    if holds:
        return Truth(True)
    missing = tuple(dict.fromkeys(name for part in parts for name in part.missing if part.holds is None))
    return Truth(holds, missing, tuple(leaf for part in parts if part.holds is False for leaf in part.short))


def _holds(test: str, fact: Fact, value: Value, wanted: object, on: date) -> bool:
    """One test of one known fact. An assessment counts from its own day until it is too old; a day that has not come is
    never before.
    """
    if test == "is_":
        return value is wanted if isinstance(wanted, bool) else value in _texts(wanted)
    if test == "on_or_before":
        return isinstance(value, date) and isinstance(wanted, date) and value <= wanted
    if test in COMPARISONS:
        return isinstance(value, Decimal) and COMPARISONS[test](value, Decimal(str(wanted)))
    made = isinstance(value, Assessment) and fact.fresh(value.on, on)
    return (
        made is wanted if test == "made" else made and isinstance(value, Assessment) and value.result in _texts(wanted)
    )


def _texts(wanted: object) -> tuple[str, ...]:
    return (wanted,) if isinstance(wanted, str) else tuple(wanted) if isinstance(wanted, tuple) else ()
