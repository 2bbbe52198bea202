"""What must hold of a whole file of official statistics: its edition, its years, its ages, no row twice."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from careshape.errors import InputError
from careshape.records.official.source import Source

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
AGES = 91
"""Single years of age, 0 to 90; the last is 90 and over. Files may go on to higher ages."""


EDITION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
"""What an edition may be called: it names a folder."""


def edition_of(source: Source, table: pa.Table, file: str, asked: str | None) -> str:
    """The edition that a file is of.

    Args:
        file: its name; asked: the edition that the caller says it is.

    Raises:
        InputError: it is another edition than asked for, one that was never published, or cannot be told.
    """
    found = told_edition(source, table, file)
    if found is None:
        if asked is None:
            raise InputError(
                f"{file} does not say which edition of {source.id} it is. Say so with --edition, "
                "such as --edition 2020-21 for a financial year."
            )
        return asked
    if asked is not None and asked != found:
        raise InputError(f"{file} is the edition {found} of {source.id}, and not {asked}. Load the file of {asked}.")
    return found


def told_edition(source: Source, table: pa.Table, file: str) -> str | None:
    """The edition that a file itself says it is; None where it does not say.

    Raises:
        InputError: it says one that was never published, or that can be no name.
    """
    found = _told(source, table, file)
    if found is not None and not EDITION.fullmatch(found):
        raise InputError(
            f"{file} would be the edition '{found}' of {source.id}, which is no name of an edition: letters, digits, "
            f"dots and hyphens, as in 2020-21. Look at its column {source.edition.column}."
        )
    return found


def _told(source: Source, table: pa.Table, file: str) -> str | None:
    rule = source.edition
    if rule.from_ == "month in the file name":
        return _month(file)
    if rule.from_ == "file name":
        fits = re.search(rule.pattern, file)
        return rule.template.format(fits[0], *fits.groups()) if fits else None
    values = sorted(value for value in pc.unique(table[rule.column]).to_pylist() if value is not None)
    if not values:
        raise InputError(f"{file} holds no {rule.column}, by which the edition of {source.id} is told.")
    first, last = values[0], values[-1]
    if rule.known:
        return _published(source, file, int(first), int(last))
    text = str(first if rule.from_ == "first" else last).strip()
    if rule.from_ == "newest day":
        return text[:7]
    if not rule.pattern:
        return rule.template.format(text)
    for value in values:
        if re.fullmatch(rule.pattern, str(value).strip()) is None:
            raise InputError(
                f"{file}: the {rule.column} '{value}' does not look like {rule.pattern}, as {source.id} has it. "
                "Write it as the publisher does: a financial year as 2020-21."
            )
    fits = re.fullmatch(rule.pattern, text)
    assert fits is not None
    return rule.template.format(fits[0], *fits.groups())


def _month(file: str) -> str | None:
    """The month that a file name bears, as 2026-07; None where there is none."""
    iso = re.search(r"(20\d\d)-(0[1-9]|1[0-2])", file)
    if iso is not None:
        return iso[0]
    named = re.search(r"([A-Z][a-z]{2})[a-z]*[_ -](20\d\d)", file)
    if named is None or named[1] not in MONTHS:
        return None
    return f"{named[2]}-{MONTHS.index(named[1]) + 1:02d}"


def _published(source: Source, file: str, first: int, last: int) -> str:
    known = source.edition.known
    for name, years in known.items():
        if years == (first, last):
            return name
    spans = "; ".join(f"{name}: {years[0]} to {years[1]}" for name, years in known.items())
    for name, (start, end) in known.items():
        if start == first and source.edition.from_ == "first":
            raise InputError(f"{file} ends in {last}, and {name} of {source.id} runs to {end}: years are missing.")
        if end == last and source.edition.from_ == "last":
            raise InputError(f"{file} begins in {first}, and {name} of {source.id} in {start}: years are missing.")
    raise InputError(f"{file} runs from {first} to {last}, which is no edition of {source.id} known here ({spans}).")


def check_whole(source: Source, table: pa.Table, file: str) -> None:
    """Check a file's rows together. Raises InputError for gaps, missing ages or areas cut short, and rows twice."""
    if source.check.years:
        _check_years(table, source.check.years, file)
    _check_twice(table, source.check.key, file)
    if source.check.complete:
        _check_complete(source, table, file)
    if source.figures:
        _check_figures(source, table, file)


def _check_years(table: pa.Table, column: str, file: str) -> None:
    years = sorted(int(year) for year in pc.unique(table[column]).to_pylist())
    for one, following in pairwise(years):
        if following != one + 1:
            raise InputError(f"{file}: the year {one + 1} is missing between {one} and {following}.")


def codes_of(table: pa.Table, names: tuple[str, ...]) -> tuple[np.ndarray, int]:
    """One whole number a row that stands for its values in `names`, and how many there could be."""
    total, size = np.zeros(table.num_rows, dtype=np.int64), 1
    for name in names:
        coded = table[name].combine_chunks()
        coded = coded if pa.types.is_dictionary(coded.type) else coded.dictionary_encode(null_encoding="encode")
        total = total * len(coded.dictionary) + coded.indices.to_numpy(zero_copy_only=False)
        size *= max(1, len(coded.dictionary))
    return total, size


def _check_twice(table: pa.Table, key: tuple[str, ...], file: str) -> None:
    if not key:
        return
    codes, _ = codes_of(table, key)
    order = np.argsort(codes, kind="stable")
    same = np.flatnonzero(np.diff(codes[order]) == 0)
    if len(same):
        row = table.slice(int(order[same[0]]), 1).to_pylist()[0]
        raise InputError(f"{file}: two rows say {', '.join(f'{name} {row[name]}' for name in key)}.")


def _check_complete(source: Source, table: pa.Table, file: str) -> None:
    """Every combination must be there for every area: a file that was cut off lacks some."""
    check = source.check
    combined, _ = codes_of(table, check.complete)
    wanted = np.unique(combined)
    if check.ages:
        _check_ages(table, file)
    owners, _ = codes_of(table, check.per)
    names, counts = np.unique(owners, return_counts=True)
    short = np.flatnonzero(counts != len(wanted))
    if len(short):
        mine = owners == names[short[0]]
        example = table.slice(int(np.flatnonzero(mine)[0]), 1).to_pylist()[0]
        lacking = np.setdiff1d(wanted, combined[mine])[0]
        other = table.slice(int(np.flatnonzero(combined == lacking)[0]), 1).to_pylist()[0]
        raise InputError(
            f"{file}: {' '.join(str(example[name]) for name in check.per)} has {counts[short[0]]} of {len(wanted)} "
            f"rows; missing is, first, {', '.join(f'{name} {other[name]}' for name in check.complete)}. "
            "The file is cut off or was changed. Download it again."
        )


def _check_ages(table: pa.Table, file: str) -> None:
    ages = set(pc.unique(table["age"]).to_pylist())
    lacking = sorted(set(range(AGES)) - ages)
    if lacking:
        raise InputError(f"{file}: the age {lacking[0]} is missing ({len(lacking)} of the ages 0 to 90 are).")


def _check_figures(source: Source, table: pa.Table, file: str) -> None:
    if source.check.ages and pc.any(pc.less(table["value"], 0)).as_py():
        raise InputError(f"{file}: there is a population below 0.")
    if source.check.ages and table["value"].null_count:
        raise InputError(f"{file}: {table['value'].null_count} figures of population are missing or kept back.")
