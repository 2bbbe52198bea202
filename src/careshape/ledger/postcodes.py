"""Outward postcodes as numbers: the only part of a postcode that the ledger keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import duckdb

from careshape.errors import CallError
from careshape.ledger.store import quote

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OUTWARD: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")
_USUAL: Final = "^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$"
_POSTCODE: Final = "^([A-Z]{1,2}[0-9][A-Z0-9]?)(?:[0-9][A-Z]{2})?$"


def postcode_number(outward: str) -> int:
    """An outward postcode, such as WR1, as a base-36 number. Raises CallError where it is none."""
    if not _OUTWARD.fullmatch(outward.strip().upper()):
        raise CallError(f"'{outward}' is not an outward postcode. Write the part before the space, such as WR1.")
    return int(outward.strip(), 36)


def postcode_text(number: int) -> str:
    """The outward postcode of a number; empty for 0, which is unknown."""
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text


def outward_sql(text: str) -> str:
    """SQL for the outward part of a whole or outward postcode; NULL where the text is neither.

    Most are written in full and with one space, which takes less to see than to take any other form apart.
    """
    apart = f"nullif(regexp_extract(upper(replace({text}, ' ', '')), '{_POSTCODE}', 1), '')"
    return f"CASE WHEN regexp_matches({text}, '{_USUAL}') THEN split_part({text}, ' ', 1) ELSE {apart} END"


def set_outwards(connection: duckdb.DuckDBPyConnection, outwards: Iterable[str]) -> None:
    """Let a connection know the numbers of the outward postcodes that most rows have, for ``number_sql``."""
    known = sorted(set(outwards)) or ["WR1"]
    connection.execute(f"CREATE OR REPLACE TYPE outward AS ENUM ({', '.join(map(quote, known))})")
    connection.execute(f"SET VARIABLE outward_numbers = {[postcode_number(one) for one in known]}::INTEGER[]")


def number_sql(outward: str) -> str:
    """SQL for the number of an outward postcode (two to four characters); needs ``set_outwards``.

    The text is bound to a name: inside a condition the engine would work it out anew for every character.
    """
    digits = [f"(strpos('{_DIGITS}', substr(o, {at}, 1)) - 1)" for at in range(1, 5)]
    cases = []
    for length in range(2, 5):
        terms = " + ".join(f"{digit} * {36 ** (length - at - 1)}" for at, digit in enumerate(digits[:length]))
        cases.append(f"WHEN {length} THEN {terms}")
    known = "getvariable('outward_numbers')[enum_code(TRY_CAST(o AS outward)) + 1]"
    number = f"coalesce({known}, (CASE length(o) {' '.join(cases)} END)::INTEGER)"
    return f"list_transform([{outward}], lambda o: {number})[1]"
