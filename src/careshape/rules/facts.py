"""The closed vocabulary of the rules: the facts that they ask for, and the values that a fact may take."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.declared import declared, read_toml
from careshape.errors import CallError

FILE: Final = "facts.toml"
SLUG: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Kind = Literal["yes-no", "day", "number", "choice", "id", "assessment"]
ABOUT: Final = {
    "person": "the record of the person",
    "act": "what is asked for or decided",
    "provider": "the register of providers",
    "council": "the council as a whole",
}
TELLERS: Final = {
    "worker": "the person who acts",
    "record": "the records of the council",
    "measure": "a measure or an observation",
}


@dataclass(frozen=True)
class Assessment:
    """Something looked into: on which day, by whom (a reference, not a name), with which result and why."""

    on: date
    by: str
    result: str
    why: str = ""


Value = bool | date | int | Decimal | str | Assessment
"""``False`` stands for "no", for a day that has not come, and for an assessment that was not made: all are known."""
Facts = Mapping[str, Value]


class Fact(BaseModel):
    """One entry of the vocabulary. The comments at the head of ``data/facts.toml`` explain each field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=SLUG)]
    kind: Kind
    told_by: Literal["worker", "record", "measure"]
    about: Literal["person", "act", "provider", "council"]
    counts_for: Annotated[int, Field(ge=0)] = 0
    """Days for which a finding counts; 0 for good."""
    ask: Annotated[str, Field(pattern=r"\?$")]
    values: tuple[str, ...] = ()
    list: str = ""
    reasons: bool = False
    measures: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.kind in ("choice", "assessment")) != bool(self.values):
            raise ValueError("A choice or an assessment states its values, and nothing else does.")
        if (self.told_by == "measure") != bool(self.measures):
            raise ValueError("A fact that a measure tells names measures or observations, and no other does.")
        if (self.kind == "id") != bool(self.list):
            raise ValueError("An id states the list of the catalogue that it is of, and nothing else does.")
        return self

    def read(self, value: object) -> Value:
        """The value as the rules take it; text is read as in JSON. Raises CallError where it is no such value."""
        read = _READERS[self.kind](self, value)
        if read is None:
            raise CallError(f"The fact '{self.id}' cannot be {value!r}. {self.rule()}")
        return read

    def fresh(self, found: date, on: date) -> bool:
        """Whether what was found on a day counts on another: it had come by then, and is not too old."""
        return found <= on and (not self.counts_for or (on - found).days <= self.counts_for)

    def rule(self) -> str:
        """What a value must look like, in a sentence."""
        return {
            "yes-no": "It is true or false.",
            "day": "It is a day such as 2021-03-31, or false where that day has not come.",
            "number": "It is a number of nought or more.",
            "choice": f"It is one of {', '.join(self.values)}.",
            "id": f"It is an id of the catalogue's list '{self.list}'.",
            "assessment": "It is false where it was not made, else it has 'on' (a day), 'by' (a reference), "
            f"'result' ({', '.join(self.values)}) and 'why'" + (", which must be said." if self.reasons else "."),
        }[self.kind]


def _yes_no(_: Fact, value: object) -> Value | None:
    return value if isinstance(value, bool) else None


def _day(_: Fact, value: object) -> Value | None:
    if value is False:
        return False
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _number(_: Fact, value: object) -> Value | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None


def _choice(fact: Fact, value: object) -> Value | None:
    return value if isinstance(value, str) and value in fact.values else None


def _id(_: Fact, value: object) -> Value | None:
    return value if isinstance(value, str) and re.fullmatch(SLUG, value) else None


def _assessment(fact: Fact, value: object) -> Value | None:
    if value is False:
        return False
    if isinstance(value, Assessment):
        value = {"on": value.on, "by": value.by, "result": value.result, "why": value.why}
    if not isinstance(value, Mapping) or not {"on", "by", "result"} <= set(value) <= {"on", "by", "result", "why"}:
        return None
    day, by, result, why = _day(fact, value["on"]), value["by"], value["result"], value.get("why", "")
    whole = isinstance(by, str) and by.strip() and result in fact.values and isinstance(why, str)
    if not isinstance(day, date) or not whole or (fact.reasons and not why.strip()):
        return None
    return Assessment(day, by, result, why)


_READERS: Final[dict[str, Any]] = {
    "yes-no": _yes_no,
    "day": _day,
    "number": _number,
    "choice": _choice,
    "id": _id,
    "assessment": _assessment,
}


@cache
def facts() -> dict[str, Fact]:
    """Every fact that a rule may ask for, by id. Raises CatalogueError where the packaged file breaks its schema."""
    text = (resources.files("careshape.rules") / "data" / FILE).read_text(encoding="utf-8")
    entries = [declared(Fact, raw, FILE) for raw in read_toml(text, FILE)["fact"]]
    return {entry.id: entry for entry in entries}


def told(given: Mapping[str, object]) -> Facts:
    """The facts that a caller knows, checked; what is None is not known, and is left out.

    Raises:
        CallError: a fact that the vocabulary does not hold, or a value that the fact cannot have.
    """
    for name in given:
        if name not in facts():
            near = difflib.get_close_matches(str(name), facts(), n=3)
            hint = f" Did you mean {' or '.join(near)}?" if near else " careshape rules facts lists them."
            raise CallError(f"There is no fact '{name}'.{hint}")
    return {name: facts()[name].read(value) for name, value in given.items() if value is not None}
