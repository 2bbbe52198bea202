"""Which published figures are related, and by which arithmetic: the declarations in `checks/*.toml`.

A check names a rule (the mechanism, in `rules/`) and, for each role that the rule gives to figures, a selector. A
selector is a set of criteria on observations: a value, a list of values, "!value" for all others, or "*" for any, which
only says that the key does not tie.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from careshape.errors import CatalogueError
from careshape.records import Observation, slug

CHECKS = files("careshape.evaluate.consistency") / "checks"


@dataclass(frozen=True, slots=True)
class Selector:
    """Criteria that an observation meets.

    Attributes:
        wanted: field or dimension, and the values of which it must have one.
        unwanted: field or dimension, and the values of which it must have none.
        at: "first" or "last": the period must be where the published figure's period begins or ends.
        free: keys that do not tie, whatever their value.
    """

    wanted: Mapping[str, frozenset[str]]
    unwanted: Mapping[str, frozenset[str]]
    at: str = ""
    free: frozenset[str] = frozenset()

    def admits(self, row: Observation) -> bool:
        """Whether the observation meets every criterion, leaving `at` aside."""
        return all(key_of(row, name) in values for name, values in self.wanted.items()) and not any(
            key_of(row, name) in values for name, values in self.unwanted.items()
        )

    def ties(self, name: str, leads: bool, value: str | None) -> bool:
        """Whether this key must be the group's.

        Not where it is free, nor where the criteria of a follower decide it: by a value of its own, or by a list that
        does not hold the group's.
        """
        chosen = self.wanted.get(name, frozenset())
        elsewhere = bool(chosen) and (len(chosen) == 1 or value not in chosen)
        decided = elsewhere or name in self.unwanted or (name == "period" and bool(self.at))
        return name not in self.free and (leads or not decided)


@dataclass(frozen=True, slots=True)
class Check:
    """One declared relation.

    Attributes:
        id: unique; rule: name of the mechanism; item: what is compared, in words.
        authority: the council whose figures are related; empty for any.
        by: the keys (dimensions, `period`, `year`) that tie figures together; a role that does not lead the groups and
            whose selector decides a key is not tied by it.
        roles: selectors of each role; options: what else the rule understands.
    """

    id: str
    rule: str
    item: str
    authority: str
    by: tuple[str, ...]
    roles: Mapping[str, tuple[Selector, ...]]
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """What a rule's declaration may hold: roles it needs, roles it may have, options it understands."""

    roles: tuple[str, ...]
    optional: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


def key_of(row: Observation, name: str) -> str | None:
    """The value of a key, folded for comparison; `year` is the year in which the period begins."""
    if name == "year":
        return str(row.period.start.year) if row.period.start else None
    value = row.period.text if name == "period" else row.get(name)
    return value if value is None or name == "period" else slug(value)


def packaged_checks(specs: Mapping[str, RuleSpec]) -> tuple[Check, ...]:
    """All packaged declarations, in the order of their files."""
    found = sorted((file for file in CHECKS.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(check for file in found for check in parse_checks(file, specs))


def parse_checks(file: Traversable | Path, specs: Mapping[str, RuleSpec]) -> tuple[Check, ...]:
    """Read and check a file of declarations.

    Raises:
        CatalogueError: by file, check, field, value and rule.
    """
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise CatalogueError(file.name, "file", "TOML", str(fault), "The file must be valid TOML.") from fault
    checks = tuple(_check(file.name, entry, str(raw.get("authority", "")), specs) for entry in raw.get("check", []))
    ids = [check.id for check in checks]
    for name in ids:
        if ids.count(name) > 1:
            raise CatalogueError(file.name, name, "id", name, "Each check needs an id of its own.")
    return checks


def _check(file: str, raw: dict[str, Any], authority: str, specs: Mapping[str, RuleSpec]) -> Check:
    name = str(raw.get("id", "?"))
    for field in ("id", "rule", "item"):
        if not isinstance(raw.get(field), str) or not raw[field]:
            raise CatalogueError(file, name, field, raw.get(field), "It must be given, as text.")
    if raw["rule"] not in specs:
        near = ", ".join(get_close_matches(raw["rule"], specs, cutoff=0.3) or specs)
        raise CatalogueError(file, name, "rule", raw["rule"], f"No such rule. Near it: {near}.")
    spec = specs[raw["rule"]]
    for role in spec.roles:
        if role not in raw:
            raise CatalogueError(file, name, role, None, f"The rule '{raw['rule']}' needs this role.")
    roles: dict[str, tuple[Selector, ...]] = {}
    options: dict[str, Any] = {}
    for field, value in raw.items():
        if field in spec.roles or field in spec.optional:
            roles[field] = tuple(_selector(file, name, field, part) for part in _listed(value))
        elif field in spec.options:
            options[field] = value
        elif field not in ("id", "rule", "item", "by"):
            known = ", ".join((*spec.roles, *spec.optional, *spec.options))
            raise CatalogueError(file, name, field, value, f"The rule '{raw['rule']}' knows only {known}.")
    return Check(name, raw["rule"], raw["item"], authority, tuple(raw.get("by", ())), roles, options)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _selector(file: str, check: str, role: str, raw: object) -> Selector:
    if not isinstance(raw, dict):
        raise CatalogueError(file, check, role, raw, "A role must be a table of criteria, or a list of them.")
    at = str(raw.get("at", ""))
    if at not in ("", "first", "last"):
        raise CatalogueError(file, check, f"{role}.at", at, "It must be 'first' or 'last'.")
    wanted: dict[str, frozenset[str]] = {}
    unwanted: dict[str, frozenset[str]] = {}
    for name, value in raw.items():
        if name == "at" or value == "*":
            continue
        texts = [str(text) for text in _listed(value)]
        plain = [text for text in texts if not text.startswith("!")]
        against = [text[1:] for text in texts if text.startswith("!")]
        for chosen, store in ((plain, wanted), (against, unwanted)):
            if chosen:
                store[name] = frozenset(text if name == "period" else slug(text) for text in chosen)
    return Selector(wanted, unwanted, at, frozenset(name for name, value in raw.items() if value == "*"))
