"""From a recognised sheet to the source's long form: one row a figure, every value checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from careshape.errors import InputError
from careshape.records.official.areas import level_of
from careshape.records.official.recognise import Match
from careshape.records.official.source import ColumnType

MARKERS = {
    "[x]": "not available",
    "[c]": "kept back",
    "[z]": "not applicable",
    "[u]": "not reliable",
    "[low]": "rounds to nothing",
    "[w]": "none recorded",
    "*": "kept back",
    "**": "kept back",
    "..": "not available",
    ":": "not available",
    ".": "not applicable",
    "-": "none or not available",
    "n/a": "not applicable",
    "N/A": "not applicable",
    "NA": "not available",
    "NULL": "not available",
    "": "blank",
}
"""What stands where no figure does. It is kept in the column `marker`, and the value is empty: never 0."""

TYPES: dict[ColumnType, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "age": pa.int16(),
    "number": pa.float64(),
    "day": pa.date32(),
    "flag": pa.bool_(),
}
AGE = re.compile(r"(\d{1,3})(?:\+| ?(?:and|or) over)?")


def read_long(match: Match) -> pa.Table:
    """The rows of a sheet in the columns of its source, without the column that the edition fills.

    Raises:
        InputError: a value is not what its column holds; the message says which row and column.
    """
    columns = _body(match)
    names = _melted(match)
    keys = {name: _key(match, columns, name) for name in match.source.columns if _is_key(match, name)}
    if not names:
        table = pa.table(keys)
        return _finish(
            match, table, _figures(match, columns, match.layout.read["value"][0]) if _has_value(match) else {}
        )
    parts = [
        _finish(
            match,
            pa.table(keys | {group: _group(match, group, text, columns) for group, text in groups.items()}),
            _figures(match, columns, name),
        )
        for name, groups in names.items()
    ]
    table = pa.concat_tables(parts)
    return table.filter(pc.not_equal(table["marker"], "blank")).combine_chunks()


def _repeat(text: str, columns: dict[str, pa.Array]) -> pa.Array:
    return pa.repeat(pa.scalar(text), len(next(iter(columns.values()))))


def _group(match: Match, name: str, text: str, columns: dict[str, pa.Array]) -> pa.Array:
    """What the name of a column says, for every row."""
    return _typed(match, name, _mapped(match, name, _repeat(text, columns)))


def _has_value(match: Match) -> bool:
    return match.source.figures and "value" in match.layout.read


def _body(match: Match) -> dict[str, pa.Array]:
    """The columns of the sheet by name, trimmed, without lines of notes (nothing beyond the first cell)."""
    arrays = [pc.utf8_trim_whitespace(one) for one in match.sheet.body(match.below, len(match.header))]
    filled = pc.not_equal(arrays[1], "")
    for one in arrays[2:]:
        filled = pc.or_(filled, pc.not_equal(one, ""))
    columns: dict[str, pa.Array] = {}
    for name, array in zip(match.header, arrays, strict=True):
        columns.setdefault(name, array.filter(filled))
    if not len(columns[match.header[0]]):
        raise InputError(f"{match.sheet.file}: there is no row below the header of '{match.sheet.name}'.")
    columns["@sheet"] = pa.repeat(pa.scalar(match.sheet.name), len(columns[match.header[0]]))
    return _dropped(match, columns)


def _dropped(match: Match, columns: dict[str, pa.Array]) -> dict[str, pa.Array]:
    for name, values in match.layout.drop.items():
        keep = pc.invert(pc.is_in(columns[match.layout.read[name][0]], pa.array(values)))
        columns = {key: array.filter(keep) for key, array in columns.items()}
    return columns


def _melted(match: Match) -> dict[str, dict[str, str]]:
    """Columns that hold a figure each -> what their name says."""
    if not match.layout.melt:
        return {}
    found = {}
    for name in match.header:
        fits = re.fullmatch(match.layout.melt, name)
        if fits is not None:
            found[name] = {key: text.replace("_", "-") for key, text in fits.groupdict().items()}
            found[name] |= {key: fits[key] for key in found[name] if key in match.layout.values}
    return found


def _is_key(match: Match, name: str) -> bool:
    layout = match.layout
    return name != "value" and (name in layout.read or name in layout.constant or name in layout.flags)


def _key(match: Match, columns: dict[str, pa.Array], name: str) -> pa.Array:
    if name in match.layout.constant:
        return _repeat(match.layout.constant[name], columns)
    if name in match.layout.flags:
        return _flagged(match.layout.flags[name], columns)
    wanted = [one for one in match.layout.read[name] if one in columns]
    if not wanted and name in match.layout.optional:
        return pa.nulls(len(next(iter(columns.values()))), TYPES[match.source.columns[name]])
    if not wanted:
        raise InputError(
            f"{match.sheet.file}: the column {' or '.join(match.layout.read[name])} of {match.source.id} is missing."
        )
    text = columns[wanted[0]]
    for other in wanted[1:]:
        text = pc.if_else(pc.equal(text, ""), columns[other], text)
    return _typed(match, name, _mapped(match, name, text))


def _flagged(pattern: str, columns: dict[str, pa.Array]) -> pa.Array:
    """The names of the columns that say Y, joined with "; "."""
    said: list[list[str]] = [[] for _ in range(len(next(iter(columns.values()))))]
    for name, array in columns.items():
        fits = re.match(pattern, name)
        if fits is not None:
            for row in np.flatnonzero(pc.equal(array, "Y").to_numpy(zero_copy_only=False)):
                said[row].append(fits[1])
    return pa.array(["; ".join(one) for one in said], pa.string())


def _mapped(match: Match, name: str, text: pa.Array) -> pa.Array:
    """Replace what stands in the file by what it means. Raises InputError for a value that is not known."""
    meanings = match.layout.values.get(name)
    if meanings is None:
        return text
    coded = text.dictionary_encode() if not pa.types.is_dictionary(text.type) else text
    words = coded.dictionary.to_pylist()
    for word in words:
        if word not in meanings:
            raise InputError(
                f"{match.sheet.file}: '{word}' is no {name} of {match.source.id}. Known: {', '.join(meanings)}."
            )
    return pa.array([meanings[word] for word in words]).take(coded.indices)


def _typed(match: Match, name: str, text: pa.Array) -> pa.Array:
    kind = match.source.columns[name]
    if kind == "text":
        return text
    coded = text.dictionary_encode()
    values = [_value(match, name, kind, word) for word in coded.dictionary.to_pylist()]
    return pa.array(values, TYPES[kind]).take(coded.indices)


def _value(match: Match, name: str, kind: ColumnType, word: str) -> object:
    """One value of a key column as its type; None where it is blank."""
    if kind == "flag":
        if word not in ("Y", "N", ""):
            raise _fault(match, name, word, "Y, N or blank")
        return word == "Y"
    if word in MARKERS:
        return None
    if kind == "age":
        fits = AGE.fullmatch(word)
        if fits is None or int(fits[1]) > 130:
            raise _fault(match, name, word, "an age such as 42 or 90+")
        return int(fits[1])
    if kind == "day":
        return _day(match, name, word)
    try:
        return float(word.replace(",", "")) if kind == "number" else int(word.replace(",", ""))
    except ValueError:
        raise _fault(match, name, word, "a number") from None


def _day(match: Match, name: str, word: str) -> object:
    fits = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d).*", word) or re.fullmatch(r"(\d\d)/(\d\d)/(\d{4}).*", word)
    parts = [int(part) for part in fits.groups()] if fits else [0, 0, 0]
    try:
        return date(*parts) if "-" in word else date(parts[2], parts[1], parts[0])
    except ValueError:
        raise _fault(match, name, word, "a day such as 31/03/2021") from None


def _fault(match: Match, name: str, word: str, rule: str) -> InputError:
    return InputError(
        f"{match.sheet.file}: '{word}' stands in the column {name} of {match.source.id}. It must be {rule}."
    )


def _figures(match: Match, columns: dict[str, pa.Array], name: str) -> dict[str, pa.Array]:
    """The figures of one column, and the markers that stand in their place."""
    text = columns[name]
    marked = pc.is_in(text, pa.array(list(MARKERS)))
    bare = pc.if_else(marked, pa.scalar(None, pa.string()), pc.replace_substring_regex(text, "[£,]", ""))
    try:
        values = pc.cast(bare, pa.float64())
    except pa.ArrowInvalid:
        raise _no_number(match, bare, name) from None
    wrong = pc.is_in(bare, pa.array(["nan", "NaN", "inf", "-inf", "Infinity"]))
    if pc.any(wrong).as_py():
        raise _no_number(match, bare, name)
    coded = pc.if_else(pc.equal(text, ""), "blank", text)
    return {"value": values, "marker": pc.if_else(marked, coded, "")}


def _no_number(match: Match, bare: pa.Array, name: str) -> InputError:
    for row, text in enumerate(bare.to_pylist(), start=match.below + 1):
        if text is not None and not re.fullmatch(r"-?\d*\.?\d+(?:[eE][+-]?\d+)?", text):
            return InputError(
                f"{match.sheet.file}: '{text}' stands in the column '{name}', about line {row}, and is no number. "
                f"A figure that was kept back is marked by one of {' '.join(mark for mark in MARKERS if mark)}."
            )
    return InputError(f"{match.sheet.file}: the column '{name}' holds a value that is no number.")


def _finish(match: Match, table: pa.Table, figures: dict[str, pa.Array]) -> pa.Table:
    """Put the columns in the source's order, with the level of the area where the file does not say it."""
    arrays = {name: table[name] for name in table.column_names} | figures
    if "area_level" in match.source.columns and "area_level" not in arrays:
        coded = pa.chunked_array(arrays["area_code"]).combine_chunks().dictionary_encode()
        levels = pa.array([level_of(code) for code in coded.dictionary.to_pylist()])
        arrays["area_level"] = levels.take(coded.indices)
    names = [name for name in match.source.columns if name in arrays]
    return pa.table(
        {name: pc.cast(arrays[name], TYPES[match.source.columns[name]]) for name in names if name in arrays}
    )


def join(tables: Sequence[pa.Table]) -> pa.Table:
    """Put the rows of several sheets of one source together."""
    return pa.concat_tables(tables).combine_chunks()
