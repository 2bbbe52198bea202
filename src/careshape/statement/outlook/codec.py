"""Results as text and back: numbers to the last bit, days, tuples, arrays, and dataclasses and entries of our rooms.

Reading runs nothing: a name in the text leads to such a class of careshape or is refused, its fields are set, and no
constructor is called. What stands in several places is written once, and is one thing again when it is read.
"""

from __future__ import annotations

import base64
import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np
from markupsafe import Markup
from pydantic import BaseModel

from careshape.errors import InputError

OURS: Final = "careshape."
_PLAIN: Final = (str, int, float, bool, type(None))
_TEXTS: Final[dict[str, tuple[type, Callable[[Any], str], Callable[[str], Any]]]] = {
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "date": (date, date.isoformat, date.fromisoformat),
    "decimal": (Decimal, str, Decimal),
    "fraction": (Fraction, str, Fraction),
    "markup": (Markup, str, Markup),
}
"""Values that are written as a text: name -> type, writer, reader."""
_GROUPS: Final[dict[str, Callable[[Any], Any]]] = {"tuple": tuple, "set": set, "frozenset": frozenset}


def to_text(value: Any) -> str:
    """A value as text. Raises TypeError for what is none of the kinds that are known."""
    writer = _Writer()
    root = writer.of(value)
    return json.dumps({"things": writer.things, "root": root}, separators=(",", ":"))


def from_text(text: str, lenient: bool = False) -> Any:
    """The value of a text. Raises InputError for what `to_text` did not write, or for another version's.

    ``lenient`` takes another version's too, where the fields that it lacks have defaults: what cannot be made again.
    """
    try:
        content = json.loads(text)
        reader = _Reader(lenient)
        for thing in content["things"]:
            reader.things.append(reader.thing(thing))
        return reader.of(content["root"])
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, ImportError) as error:
        raise InputError(f"It is not what this version keeps ({type(error).__name__}). It is made again.") from None


class _Writer:
    def __init__(self) -> None:
        self.things: list[Any] = []
        self._known: dict[int, tuple[int, Any]] = {}  # the thing is held, so that its id stays its own

    def of(self, value: Any) -> Any:
        """A value as JSON holds it, things by their numbers."""
        if type(value) in _PLAIN:
            return value
        if isinstance(value, np.generic):
            return value.item()
        for name, (text, written, _) in _TEXTS.items():
            if type(value) is text:
                return {name: written(value)}
        if isinstance(value, list):
            return [self.of(one) for one in value]
        for name, group in _GROUPS.items():
            if type(value) is group:
                # A set has no order of its own: the same set is the same text in every process.
                return {name: [self.of(one) for one in (value if group is tuple else sorted(value, key=repr))]}
        if isinstance(value, Mapping):
            return {"map": [[self.of(key), self.of(one)] for key, one in value.items()]}
        if id(value) not in self._known:
            thing = self._thing(value)
            self._known[id(value)] = (len(self.things), value)
            self.things.append(thing)
        return {"thing": self._known[id(value)][0]}

    def _thing(self, value: Any) -> Any:
        if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
            whole = np.ascontiguousarray(value)
            return {"array": [whole.dtype.str, list(value.shape), base64.b64encode(whole.tobytes()).decode()]}
        kind = type(value)
        if not kind.__module__.startswith(OURS):
            raise TypeError(f"{kind.__module__}.{kind.__qualname__} cannot be kept.")
        held = {name: self.of(getattr(value, name)) for name in _names(kind)}
        return {"class": f"{kind.__module__}:{kind.__qualname__}", "fields": held}


class _Reader:
    def __init__(self, lenient: bool) -> None:
        self.things: list[Any] = []
        self._lenient = lenient

    def of(self, value: Any) -> Any:
        """The value that JSON held."""
        if isinstance(value, list):
            return [self.of(one) for one in value]
        if not isinstance(value, dict):
            return value
        ((name, content),) = value.items()
        if name == "thing":
            return self.things[content]
        if name in _TEXTS:
            return _TEXTS[name][2](content)
        if name in _GROUPS:
            return _GROUPS[name](self.of(one) for one in content)
        if name == "map":
            return {self.of(key): self.of(one) for key, one in content}
        raise ValueError(name)

    def thing(self, value: dict[str, Any]) -> Any:
        """One thing of a known class, made again."""
        if "array" in value:
            kind, shape, content = value["array"]
            return np.frombuffer(base64.b64decode(content), dtype=np.dtype(kind)).reshape(shape)
        held = {name: self.of(one) for name, one in value["fields"].items()}
        return _made(value["class"], held, self._lenient)


def _names(kind: type) -> list[str]:
    """The fields of a dataclass or of a declared entry. Raises TypeError for any other class."""
    if issubclass(kind, BaseModel):
        return list(kind.model_fields)
    return [one.name for one in fields(kind)]  # type: ignore[arg-type]  # raises for what is none


def _defaults(kind: type) -> dict[str, Any]:
    """The fields of a class that need no value, each with what it has then."""
    if issubclass(kind, BaseModel):
        return {name: one.get_default(call_default_factory=True) for name, one in kind.model_fields.items()
                if not one.is_required()}  # fmt: skip
    found = {one.name: one.default for one in fields(kind) if one.default is not MISSING}  # type: ignore[arg-type]
    made = {one.name: one.default_factory() for one in fields(kind)  # type: ignore[arg-type]
            if one.default_factory is not MISSING}  # fmt: skip
    return {**found, **made}


def _made(name: str, held: dict[str, Any], lenient: bool) -> Any:
    """One of our classes with these fields. Raises ValueError for any other name, and for other fields."""
    module, _, qualified = name.partition(":")
    if not module.startswith(OURS):
        raise ValueError(name)
    kind = getattr(importlib.import_module(module), qualified)
    if lenient and isinstance(kind, type):
        held = {one: value for one, value in (_defaults(kind) | held).items() if one in _names(kind)}
    if not isinstance(kind, type) or set(_names(kind)) != set(held):
        raise ValueError(name)
    if issubclass(kind, BaseModel):
        return kind.model_construct(**held)
    made = object.__new__(kind)
    for field, value in held.items():
        object.__setattr__(made, field, value)
    return made
