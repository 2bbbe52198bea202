"""The empty form: sheets with their column names and a word of help, for a council that fills them by hand."""

from __future__ import annotations

from typing import Any, Final

from careshape.exchange.form import FORMAT, LISTS, VERSION, codes
from careshape.exchange.named import field_of
from careshape.exchange.sheets import ONCE, fields_of, scalars
from careshape.spreadsheets import as_csv

HELP: Final = "columns.csv"
CODES: Final = "codes-known.csv"
README: Final = "README.txt"


def blank(version: str = VERSION) -> dict[str, bytes]:
    """Name -> content of the files of an empty form."""
    given = {"format": FORMAT, "version": version, "language": "en-GB"}
    once = [{"field": name, "value": given.get(name, "")} for name in scalars(version)]
    files = {README: _words(version), ONCE: as_csv(("field", "value"), once)}
    files |= {f"{part}.csv": as_csv(list(fields_of(part, version)), []) for part in LISTS}
    files[HELP] = as_csv(("file", "column", "holds", "what"), _help(version))
    known = [
        {"list": name, "code": code, "label": label}
        for name, one in codes(version).items()
        for code, label in one.items()
    ]
    files[CODES] = as_csv(("list", "code", "label"), known)
    return {name: content.encode() for name, content in files.items()}


def _help(version: str) -> list[dict[str, str]]:
    rows = [_row(ONCE, name, part) for name, part in scalars(version).items()]
    for part in LISTS:
        rows += [_row(f"{part}.csv", name, one) for name, one in fields_of(part, version).items()]
    return rows


def _row(file: str, name: str, part: dict[str, Any]) -> dict[str, str]:
    types = part.get("type", "string" if "enum" not in part else "one of several")
    holds = " or ".join(one for one in ([types] if isinstance(types, str) else types) if one != "null")
    words = {"array": "several, parted by semicolons", "object": "name=value; name=value", "string": "text"}
    known = part if file == ONCE else field_of(file.removesuffix(".csv"), name, part)
    what = " ".join(str(one) for one in (known.get("description"), part.get("x-remedy")) if one)
    return {"file": file, "column": name, "holds": words.get(holds, holds), "what": what}


def _words(version: str) -> str:
    return f"""A market position statement as sheets, version {version} of the open form.

{ONCE:<17} what stands once: the council, the edition, the licence, whom to ask. A field a line.
segments.csv      the parts of the market. Every other sheet names them by their id.
slots.csv         what the statement says of each segment, part by part.
figures.csv       every figure. Where there is no number write suppressed or unknown in value, and the reason.
tables.csv        the tables; the rows of each are a CSV file of their own, named in the column file.
intentions.csv    what the council means to do.
opportunities.csv what is open to providers.
cards.csv         what stands behind figures.
codes.csv         codes of your own, where an open list lacks one.

{HELP} says of every column what stands in it. {CODES} holds the open code lists.
Several values of one cell are parted by semicolons. Save every sheet as CSV UTF-8.
Check it: careshape statement validate FOLDER
"""
