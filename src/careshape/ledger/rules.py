"""The rules of checking, read from ``rules.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from careshape.errors import CatalogueError

Outcome = Literal["refuse", "repair", "note"]
FILE: Final = "rules.toml"


class Rule(BaseModel):
    """One rule: when it applies, what happens to the row, and what its reader is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: Literal["value", "need", "row", "file"]
    outcome: Outcome
    scope: tuple[str, ...] = ()
    """Readers that a row rule applies to."""
    column: str = ""
    """Field whose column and value the report shows."""
    when: str = ""
    """Condition of a row rule, in SQL over the fields of a row."""
    set: Mapping[str, str] = Field(default_factory=dict)
    """Field -> SQL for what a repair puts in its place."""
    message: str
    remedy: str

    @model_validator(mode="after")
    def _row_rules_have_conditions(self) -> Rule:
        if (self.kind == "row") != bool(self.when):
            raise ValueError("A row rule has a condition, and no other rule does.")
        if self.set and self.outcome != "repair":
            raise ValueError("Only a repair puts something in place.")
        return self


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Rule]:
    """Every rule by id. Raises CatalogueError where the file breaks the schema."""
    text = resources.files("careshape.ledger").joinpath(FILE).read_text("utf-8")
    entries = tomllib.loads(text)["rule"]
    found: dict[str, Rule] = {}
    for entry in entries:
        try:
            rule = Rule.model_validate(entry)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise CatalogueError(FILE, entry.get("id", "?"), field, first["input"], first["msg"]) from None
        if rule.id in found:
            raise CatalogueError(FILE, rule.id, "id", rule.id, "Each rule has an id of its own.")
        found[rule.id] = rule
    return found


def row_rules(reader_id: str) -> list[Rule]:
    """The rules over the fields of one row that apply to a kind of file, in order."""
    return [rule for rule in rules().values() if rule.kind == "row" and reader_id in rule.scope]
