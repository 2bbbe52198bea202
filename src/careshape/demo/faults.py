"""Faults that real files have, put into synthetic ones on request: seeded, at a stated rate, and counted.

The rates are in ``data/faults.toml``. Faults that a reader can put right are made in place. Rows that a reader must
refuse stand beside the good ones in the package file, so that what is refused is never the only record of a line.
Source of the kinds: DHSC's published processing of Client Level Data.
"""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from collections.abc import Callable
from importlib.resources import files

Row = dict[str, str]
Rows = list[Row]
Fault = Callable[[random.Random, Row], Rows]
"""What stands in the file in place of a good row."""


def rates(kind: str) -> dict[str, float]:
    """Share of rows by fault, for "cld" or "packages"."""
    text = files("careshape.demo").joinpath("data", "faults.toml").read_text("utf-8")
    return dict(tomllib.loads(text)[kind])


def put_in(rng: random.Random, rows: Rows, kind: str) -> tuple[Rows, dict[str, int]]:
    """Rows with faults, and how many of each there are. A row has one fault at most."""
    makers = FAULTS[kind]
    shares = rates(kind)
    counts: Counter[str] = Counter()
    out: Rows = []
    for row in rows:
        draw = rng.random()
        for name, share in shares.items():
            if draw < share:
                made = makers[name](rng, row)
                counts[name] += made != [row]
                out += made
                break
            draw -= share
        else:
            out.append(row)
    return out, dict(sorted(counts.items()))


def _is_service(row: Row) -> bool:
    return row["Event_Type"] == "Service"


def _restart(rng: random.Random, row: Row) -> Rows:
    """A service that runs through 1 April of the period is cut there, and goes on under a new reference."""
    year = row["Reporting_Period_End_Date"][:4]
    last, first = f"{year}-03-31", f"{year}-04-01"
    if not _is_service(row) or row["Event_Start_Date"] >= last or (row["Event_End_Date"] or "9999") <= first:
        return [row]
    again = row | {"Event_Start_Date": first, "Event_Reference": f"{row['Event_Reference']}-2"}
    return [row | {"Event_End_Date": last}, again]


def _double_up(rng: random.Random, row: Row) -> Rows:
    """Care by two carers at once is sent as two rows."""
    if not _is_service(row) or not row["Service_Component"].startswith("Home support"):
        return [row]
    return [row, row | {"Event_Reference": f"{row['Event_Reference']}-B"}]


def _negative_cost(rng: random.Random, row: Row) -> Rows:
    return [row | {"Unit_Cost": f"-{row['Unit_Cost']}"}] if row.get("Unit_Cost", "0.00") not in ("", "0.00") else [row]


def _wrong_code(rng: random.Random, row: Row) -> Rows:
    return [row | rng.choice([{"Gender": "9"}, {"Primary_Support_Reason": "PSR-17"}, {"Client_Type": "Client"}])]


def _wrong_service(rng: random.Random, row: Row) -> Rows:
    return [row | {"Service_Component": "See notes"}] if _is_service(row) else [row]


def _bad_date(rng: random.Random, row: Row) -> Rows:
    return [row | {"Event_Start_Date": rng.choice(["31/02/2021", "2021-13-01", "April 2021"])}]


def _backwards(rng: random.Random, row: Row) -> Rows:
    if not _is_service(row) or not row["Event_End_Date"] or row["Event_End_Date"] == row["Event_Start_Date"]:
        return [row]
    return [row | {"Event_Start_Date": row["Event_End_Date"], "Event_End_Date": row["Event_Start_Date"]}]


def _repeated(rng: random.Random, row: Row) -> Rows:
    return [row, dict(row)]


def _old_label(rng: random.Random, row: Row) -> Rows:
    """Letter case and spaces as somebody typed them."""
    return [row | {"Service_Type": row["Service_Type"].upper() + " "}] if _is_service(row) else [row]


def _dated_otherwise(rng: random.Random, row: Row) -> Rows:
    year, month, day = row["start_date"].split("-")
    return [row | {"start_date": f"{day}/{month}/{year}"}]


def _typed_otherwise(rng: random.Random, row: Row) -> Rows:
    return [row | {"service": row["service"].replace("-", " ").title(), "gender": row["gender"].upper()}]


def _negative_weekly(rng: random.Random, row: Row) -> Rows:
    return [row | {"weekly_cost": f"-{row['weekly_cost']}"}] if row["weekly_cost"] != "0.00" else [row]


def _impossible_copy(rng: random.Random, row: Row) -> Rows:
    """A second row, under a reference of its own, that ends before it starts."""
    copy = row | {"line_reference": f"{row['line_reference']}-X", "end_date": "1999-12-31", "start_date": "2019-06-01"}
    return [row, copy]


def _undated_copy(rng: random.Random, row: Row) -> Rows:
    return [row, row | {"line_reference": f"{row['line_reference']}-Y", "start_date": ""}]


def _unknown_service_copy(rng: random.Random, row: Row) -> Rows:
    return [row, row | {"line_reference": f"{row['line_reference']}-Z", "service": "misc"}]


FAULTS: dict[str, dict[str, Fault]] = {
    "cld": {
        "restarted-on-1-april": _restart,
        "double-up-as-two-rows": _double_up,
        "negative-cost": _negative_cost,
        "wrong-code": _wrong_code,
        "wrong-service": _wrong_service,
        "bad-date": _bad_date,
        "end-before-start": _backwards,
        "row-twice": _repeated,
        "label-typed-otherwise": _old_label,
    },
    "packages": {
        "row-twice": _repeated,
        "date-written-otherwise": _dated_otherwise,
        "label-typed-otherwise": _typed_otherwise,
        "negative-cost": _negative_weekly,
        "end-before-start": _impossible_copy,
        "start-missing": _undated_copy,
        "unknown-service": _unknown_service_copy,
    },
}
