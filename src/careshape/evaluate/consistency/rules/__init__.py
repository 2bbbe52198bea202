"""The mechanisms: each rule turns the figures of a declared check into findings and agreements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from careshape.evaluate.consistency.declaration import Check, RuleSpec
from careshape.evaluate.consistency.finding import Finding
from careshape.evaluate.consistency.rules import bounds, claims, dates, formulas, means, repeats, structure
from careshape.records import Observation

Rule = Callable[[Check, Sequence[Observation]], Iterator[Finding]]

_MODULES = (structure, formulas, means, bounds, repeats, claims, dates)

RULES: dict[str, Rule] = {name: rule for module in _MODULES for name, (_, rule) in module.RULES.items()}
SPECS: dict[str, RuleSpec] = {name: spec for module in _MODULES for name, (spec, _) in module.RULES.items()}
