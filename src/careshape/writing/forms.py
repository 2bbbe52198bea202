"""Parts of files that are filled as a form: which fields they have, what stands in them, and what was sent as TOML.

The file stays what it is: only the values of fields that were changed are written anew. What a form has no field for,
such as rows of expressions, is written as text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from careshape.errors import InputError
from careshape.writing.toml_parts import fields_in, with_fields
from careshape.writing.toml_values import Given, line_of, with_values, without_inner


@dataclass(frozen=True)
class Field:
    """A field of a part: one line, a longer text, a list with one entry a line, filters, or a choice.

    ``choices`` are the values of a choice, each with its words.
    """

    name: str
    title: str
    hint: str = ""
    kind: Literal["line", "text", "list", "filters", "choice"] = "line"
    choices: tuple[tuple[str, str], ...] = ()


class FieldError(InputError):
    """What was sent in a field cannot be written down."""

    def __init__(self, field: str, said: str) -> None:
        self.field = field
        super().__init__(said)


_TEAM: Final = (
    Field("team", "Team", "A team or a post, and no person"),
    Field("email", "E-mail"),
    Field("phone", "Telephone"),
    Field("address", "Page of the council’s own site", "It begins with https://"),
)
ABOUT_FIELDS: Final = {
    "title": (
        Field("title", "Title"),
        Field("subtitle", "What it is, in a sentence"),
        Field("period", "Period that it covers", "Such as 2027/2030"),
    ),
    "contact": _TEAM,
    "front_door": _TEAM,
    "licence": (
        Field(
            "name", "Name of the licence", "Such as Open Government Licence v3.0. Leave both empty where none is set"
        ),
        Field("address", "Where it is read", "It begins with https://"),
    ),
}
"""The parts of the statement as a whole of which each is a table of texts."""
_NAME: Final = "It stands in addresses: small letters, digits and hyphens"
SUBJECT_FIELDS: Final = (
    Field("title", "Title"),
    Field("id", "Short name", _NAME),
    Field("planned", "Month or year for which it is planned", "Such as 2027-03 or 2027. Empty where none is set"),
    Field(
        "segments", "Pages that it is made from",
        "The short name of a page on each line, in their order. Where it is empty, the main statement has all pages",
        "list",
    ),
    Field("about", "What it is about, in a sentence", "", "text"),
)  # fmt: skip
"""A statement of the council, planned or out."""
_TITLE: Final = (
    Field("title", "Title", "", "text"),
    Field("id", "Short name", _NAME),
)
_SHOWN: Final = (
    Field("total", "Totals", "", "choice", (
        ("none", "No totals"), ("rows", "A total of the rows"), ("columns", "A total of the columns"),
        ("both", "Both totals"),
    )),
    Field("chart", "Chart", "", "choice", (("none", "No chart"), ("bar", "Bars"), ("line", "Lines"))),
    Field("note", "Note below it", "", "text"),
    Field("unused", "Where it stands", "", "choice", (("", "On a page"), ("true", "On no page yet"))),
)  # fmt: skip
_ORDERS: Final = (
    Field("rows_order", "Order of the rows", "One a line; the others follow", "list"),
    Field("columns_order", "Order of the columns", "One a line; the others follow", "list"),
)
TABLE_FIELDS: Final = (
    *_TITLE,
    Field(
        "measures", "Measures",
        "One a line, such as care_home_people. With a published table: those of its measures that are shown", "list",
    ),
    Field("observation", "Published tables", "One a line, such as table-01. Empty: it is counted from records", "list"),
    Field("rows", "Rows", "By which dimension: one a line, such as district", "list"),
    Field("columns", "Columns", "By which dimension: one a line, such as period", "list"),
    Field("periods", "Periods", "One a line, such as 2021-03-31, 2021-03 or 2020/21", "list"),
    Field(
        "where", "Filters",
        "One a line, such as service = home-care. Several values of one are parted by semicolons", "filters",
    ),
    *_SHOWN,
)  # fmt: skip
"""A table that is filled from measures or from a published table."""
EXPRESSION_FIELDS: Final = (
    *_TITLE,
    Field("head", "Heading of its rows"),
    Field("columns", "Headings of its columns", "One a line. Each row has an expression for each of them", "list"),
    *_SHOWN[1:],
)
"""A table whose rows are expressions, which are written as text."""
_SINGLE: Final = {"measures": "measure", "periods": "period"}
_LISTS: Final = ("rows", "columns", "observation", "rows_order", "columns_order")
_SAID: Final = {"title": "Write a title of three letters or more"}
_WORDS: Final = (
    ("names a measure", "measures"), ("no measure", "measures"), ("rows' names", "rows"), ("planned", "planned"),
    ("period", "periods"), ("segment", "segments"), ("stands on no page", "unused"), ("chart", "chart"),
    ("filter", "where"), ("id", "id"),
)  # fmt: skip
"""Words of a fault that tell its field, where nothing else does; the first that fits."""


def table_fields(text: str) -> tuple[Field, ...]:
    """The fields of a table; none where its text cannot be read."""
    said = fields_in(text)
    if not said or not isinstance(said.get("where", {}), dict):
        return ()
    fields = EXPRESSION_FIELDS if said.get("row") else TABLE_FIELDS
    return (*fields, *(one for one in _ORDERS if said.get(one.name)))


def subject_fields(text: str) -> tuple[Field, ...]:
    """The fields of a statement; none where its text cannot be read."""
    return SUBJECT_FIELDS if fields_in(text) else ()


def shown(fields: Sequence[Field], text: str) -> dict[str, str]:
    """What stands in each field."""
    said = fields_in(text)
    return {one.name: _as_sent(one, _now(one.name, said)) for one in fields}


def with_sent(fields: Sequence[Field], text: str, sent: Mapping[str, str], taken: Collection[str] = ()) -> str:
    """A part with what was sent in its fields; a field in which nothing was changed stays as it is written.

    Raises FieldError where a line of the filters is none, or the short name is none or one of those taken.
    """
    said = fields_in(text)
    _check_id(next((one for one in fields if one.name == "id"), None), sent.get("id", "").strip(), taken)
    given: dict[str, Given] = {}
    for one in fields:
        value = _value(one, sent.get(one.name, ""))
        if value != _value(one, _as_sent(one, _now(one.name, said))):
            given |= _named(one.name, value)
    return with_values(without_inner(text, "where") if "where" in given else text, given)


def _check_id(field: Field | None, sent: str, taken: Collection[str]) -> None:
    if field is not None and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", sent):
        raise FieldError("id", f"{field.title}: write small letters, digits and hyphens, such as care-homes.")
    if field is not None and sent in taken:
        raise FieldError("id", f"{field.title}: there is another ‘{sent}’. Write one that nothing else has.")


def with_texts(fields: Sequence[Field], text: str, header: str, sent: Mapping[str, str]) -> str:
    """A table of texts with what was sent; one that is missing begins with its header, and one without a text goes.

    What stands before the first table has no header, and stays.
    """
    given = {one.name: " ".join(sent.get(one.name, "").split()) for one in fields}
    if header and not any(given.values()):
        return ""
    return with_fields(text or header, given)


def field_of(fields: Sequence[Field], text: str, line: int, message: str) -> str:
    """The field that a fault is of; empty where it is of the whole.

    line: that of the text on which the fault stands, counted from 1; 0 where that is not known.
    """
    known = [one.name for one in fields]
    named = re.search(r"field '(\w+)", message) or re.search(r"Table '[^']*', (\w+)", message)
    if named and _several(named[1]) in known:
        return _several(named[1])
    if line:
        lines = {_several(name): at for name in (*known, *_SINGLE.values()) if (at := line_of(text, name))}
        before = [name for name, at in sorted(lines.items(), key=lambda pair: pair[1]) if at <= line]
        if before and before[-1] in known:
            return before[-1]
    stands = shown(fields, text)
    said = re.sub(r"^.*?(?:[Tt]able|entry) '[^']*'", "", message)
    for word in re.findall(r"'([^']+)'", said)[:3]:
        if found := next((name for name in known if name != "title" and word in stands[name].split()), ""):
            return found
    return next((name for words, name in _WORDS if words in message and name in known), "")


def plainly(fields: Sequence[Field], name: str, message: str) -> str:
    """A fault of a field in words that name it as its form does."""
    title = next((one.title for one in fields if one.name == name), "")
    if not title:
        return message
    if "has value" in message and name in _SAID:
        return f"{title}: {_SAID[name]}."
    message = re.sub(r"^[\w.]+\.toml(?:, \[\[statement\]\] [^:]*)?: (?:entry '[^']*'[^:]*: )?", "", message)
    message = re.sub(r"^(?:Table '[^']*'(?:, \w+)?|The \w+|planned): ", "", message)
    return f"{title}: {message}"


def _several(name: str) -> str:
    return next((several for several, single in _SINGLE.items() if single == name), name)


def _now(name: str, said: Mapping[str, Any]) -> Any:
    """What a part says of a field, under either of its names."""
    value = said.get(name, said.get(_SINGLE.get(name, name)))
    if name == "total" and isinstance(value, bool):
        return "rows" if value else "none"
    return value


def _as_sent(field: Field, value: Any) -> str:
    """A value as it stands in its field."""
    if value is None:
        return field.choices[0][0] if field.kind == "choice" else ""
    if field.kind == "list":
        return "\n".join([value] if isinstance(value, str) else map(str, value))
    if field.kind == "filters":
        pairs = ((name, [one] if isinstance(one, str) else one) for name, one in value.items())
        return "\n".join(f"{name} = {'; '.join(map(str, several))}" for name, several in pairs)
    if isinstance(value, bool):
        return "true" if value else ""
    return str(value)


def _value(field: Field, sent: str) -> Given:
    """What was sent in a field, as a value. Raises FieldError."""
    lines = [" ".join(line.split()) for line in sent.splitlines() if line.strip()]
    if field.kind == "list":
        return lines
    if field.kind == "filters":
        return dict(_filter(field, line) for line in lines)
    if field.kind == "choice" and sent not in (one for one, _ in field.choices):
        raise FieldError(field.name, f"{field.title}: choose one of those that are offered.")
    return " ".join(lines)


def _filter(field: Field, line: str) -> tuple[str, str | list[str]]:
    name, sign, rest = (piece.strip() for piece in line.partition("="))
    values = [one.strip() for one in rest.split(";") if one.strip()]
    if not sign or not values or not re.fullmatch(r"[a-z_]+", name):
        raise FieldError(
            field.name,
            f"{field.title}: ‘{line}’ is no filter. Write a dimension, = and its value: service = home-care.",
        )
    return name, values[0] if len(values) == 1 else values


def _named(name: str, value: Given) -> dict[str, Given]:
    """A value by the names that it has in a file: one measure or period is ``measure`` or ``period``."""
    if name in _SINGLE and isinstance(value, list):
        one = len(value) == 1
        return {name: None if one else value, _SINGLE[name]: value[0] if one else None}
    if name in _LISTS and isinstance(value, list) and len(value) == 1:
        return {name: value[0]}
    if name in ("total", "chart") and value == "none":
        return {name: None}
    if name == "unused":
        return {name: True if value else None}
    return {name: value}
