"""The rules of checking, read from ``rules.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from careshape.catalogue import catalogue
from careshape.errors import CatalogueError

Outcome = Literal["refuse", "repair", "note"]
FILE: Final = "rules.toml"


class Rule(BaseModel):
    """One rule: when it applies, what happens to the row, and what its reader is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: Literal["value", "looks", "need", "blank", "row", "file"]
    outcome: Outcome
    scope: tuple[str, ...] = ()
    """Readers that a row rule applies to."""
    columns: tuple[str, ...] = ()
    """Fields that a row rule looks at; the report shows the column and its value."""
    when: str = ""
    """Condition of a row rule, in SQL over the fields of a row; {column} stands for the field."""
    set: Mapping[str, str] = Field(default_factory=dict)
    """Field -> SQL for what a repair puts in its place."""
    reads: tuple[str, ...] = ()
    """Kinds of column in which a look is looked for."""
    looks: str = ""
    """Form of the whole text, in small letters without outer spaces: an expression that RE2 and Python both read."""
    message: str
    remedy: str

    @model_validator(mode="after")
    def _row_rules_have_conditions(self) -> Rule:
        if (self.kind == "row") != bool(self.when and self.columns and self.scope):
            raise ValueError("A row rule has a scope, columns and a condition, and no other rule does.")
        if (self.kind == "looks") != bool(self.looks and self.reads):
            raise ValueError("A look has a form and kinds of column, and no other rule does.")
        if self.set and self.outcome == "refuse":
            raise ValueError("A refused row is not put right.")
        return self

    def condition(self, column: str) -> str:
        """The condition for one column, with the codes of catalogue entries put in."""
        return _with_codes(self.when.replace("{column}", column))

    def repair(self, column: str, field: str) -> str | None:
        """SQL for what a field becomes where the rule is met on a column; None where it stays."""
        for name, sql in self.set.items():
            if name.replace("{column}", column) == field:
                return sql.replace("{column}", column)
        return None


def _with_codes(sql: str) -> str:
    return re.sub(r"\{(\w+):([\w-]+)\}", lambda match: str(catalogue().code(match[1], match[2])), sql)


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
