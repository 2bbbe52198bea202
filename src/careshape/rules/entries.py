"""The rules as data: what each demands, of which act, in which council and from when; and where they are read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.declared import declared, read_toml
from careshape.errors import CatalogueError
from careshape.rules.clauses import Clause
from careshape.rules.facts import SLUG

FILE: Final = "rules.toml"
FOLDER: Final = "rules"
"""A council's own rules stand in ``councils/<authority>/rules/rules.toml``."""
ACTS: Final = {
    "need.decide": "Decide how a need is met",
    "request.open": "Ask for care on a person's behalf",
    "request.offer": "Offer a request to a provider",
    "award": "Award a request to a provider",
    "admission": "Admit a person to a care home for the long term",
    "tender": "Ask the market for a new service",
    "statement.release": "Release a statement",
}
"""Act -> what a person does by it. Rooms above ask ``judge`` before they do it."""
KINDS: Final = {
    "gate": "stops the act until it is met, or overridden by an authorised person with a reason",
    "prompt": "must be asked and its answer recorded; any answer will do",
    "counting": "says how a figure is counted; it stops nothing, and nobody can override it",
}
Slug = Annotated[str, Field(pattern=SLUG)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class MayOverride(_Table):
    """Roles that may let an act go against a gate, and whether that takes another person than the one who acts."""

    by: Annotated[tuple[Slug, ...], Field(min_length=1)]
    another_person: bool = True


class Rule(_Table):
    """One rule. The comments at the head of ``data/rules.toml`` explain each field."""

    id: Slug
    number: Annotated[int, Field(ge=1, le=999)]
    title: Annotated[str, Field(min_length=1)]
    words: Annotated[str, Field(min_length=1)]
    sources: Annotated[tuple[Annotated[str, Field(pattern=r"^[A-Z]+:\d+$")], ...], Field(min_length=1)]
    councils: tuple[Slug, ...] = ()
    kind: Literal["gate", "prompt", "counting"]
    acts: Annotated[tuple[str, ...], Field(min_length=1)]
    from_: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    awaits: str = ""
    applies: Clause | None = None
    requires: Clause
    broken: Annotated[str, Field(min_length=1)]
    override: MayOverride | None = None
    stands_on: tuple[str, ...] = ()
    unknown_bars: bool = False
    """Whether a fact of a provider that nobody recorded bars it where a request is offered or awarded."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        unknown = [act for act in self.acts if act not in ACTS]
        if unknown:
            raise ValueError(f"There is no act '{unknown[0]}'. Acts are {', '.join(ACTS)}.")
        if (self.kind == "gate") != (self.override is not None):
            raise ValueError("A gate says who may override it, and nothing else can be overridden.")
        if (self.kind == "counting") != bool(self.stands_on):
            raise ValueError("A counting rule says which measure or observations it stands on, and nothing else does.")
        if self.from_ and self.until and self.until < self.from_:
            raise ValueError("It ends before it begins.")
        if silent := [leaf.fact for leaf in self.requires.leaves() if not leaf.clear]:
            raise ValueError(f"The test of '{silent[0]}' does not say what would clear it.")
        return self

    def binds(self, authority: str, on: date) -> bool:
        """Whether it binds a council on a day. One that awaits a first day binds nobody until it has it."""
        if (self.councils and authority not in self.councils) or (self.awaits and self.from_ is None):
            return False
        return (self.from_ is None or self.from_ <= on) and (self.until is None or on <= self.until)

    def facts(self) -> tuple[str, ...]:
        """The facts that it may need, in the order of their names."""
        return tuple(sorted(self.requires.asks() | (self.applies.asks() if self.applies else set())))


def rules(authority: str | None = None, folder: Path | None = None) -> dict[str, Rule]:
    """The rules by id: those packaged, and over them what a council says of its own.

    Args:
        authority: the council whose own file is laid over those packaged; none if not given.
        folder: the council's folder, which may hold ``rules/rules.toml``.

    An entry of the council's file binds the council, and changes the fields that it states of the rule with that id, or
    adds a rule. Those it does not name stay as they are, so that none is dropped unseen: to end one, a council gives it
    a last day.

    Raises:
        CatalogueError: a file breaks its schema; the message names rule, field, value and what it must be.
    """
    path = folder / FOLDER / FILE if folder is not None else None
    if authority is None or path is None or not path.is_file():
        return _packaged()
    stat = path.stat()
    return _laid_over(authority, path, stat.st_mtime_ns, stat.st_size)


@cache
def _packaged() -> dict[str, Rule]:
    return _checked(_packaged_entries().values())


@cache
def _packaged_entries() -> dict[str, dict[str, Any]]:
    return _entries((resources.files("careshape.rules") / "data" / FILE).read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def _laid_over(authority: str, path: Path, _changed: int, _size: int) -> dict[str, Rule]:
    packaged = _packaged_entries()
    try:
        own = _entries(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise CatalogueError(FILE, "-", "entry", None, "It must be a file of TOML, written as UTF-8.") from None
    laid = {name: {**packaged.get(name, {}), "councils": [authority], **entry} for name, entry in own.items()}
    return _checked((packaged | laid).values())


def _entries(text: str) -> dict[str, dict[str, Any]]:
    """The raw entries of a file by id."""
    raw = read_toml(text, FILE, parse_float=Decimal)
    listed = raw.get("rule")
    if set(raw) != {"rule"} or not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        raise CatalogueError(FILE, "-", "entry", None, "The file holds rules, each under [[rule]], and nothing else.")
    found: dict[str, dict[str, Any]] = {}
    for entry in listed:
        name = str(entry.get("id", "-"))
        if name in found:
            raise CatalogueError(FILE, name, "id", name, "A rule is stated once.")
        found[name] = dict(entry)
    return found


def _checked(entries: Iterable[Mapping[str, Any]]) -> dict[str, Rule]:
    found = [declared(Rule, entry, FILE) for entry in entries]
    return {rule.id: rule for rule in sorted(found, key=lambda rule: rule.number)}
