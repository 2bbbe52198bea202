"""Counting straight from the rows of package and delivery files, by plain loops: the engine is not asked.

Every published cell of the given tables is compared with what the rows hold, by the readings that the brief of the
demonstration states (a month's people are those with a line on any day of it; costs count days inclusively).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from careshape.evaluate.numbers import rounded
from careshape.records import Observation, Observations, slug

Row = dict[str, Any]
FAR = date(2100, 12, 31)


class Rows:
    """Package and delivery rows with dates and pence read once."""

    def __init__(self, packages: Path, deliveries: Path) -> None:
        with packages.open(encoding="utf-8") as file:
            self.lines = list(csv.DictReader(file))
        with deliveries.open(encoding="utf-8") as file:
            self.deliveries = list(csv.DictReader(file))
        for row in self.lines:
            row["start"] = date.fromisoformat(row["start_date"])
            row["end"] = date.fromisoformat(row["end_date"]) if row["end_date"] else FAR
            row["pence"] = round(float(row["weekly_cost"]) * 100)
            row["born"] = date.fromisoformat(row["birth_date"])
        self.by_reference = {row["line_reference"]: row for row in self.lines}
        self.by_service: dict[str, list[Row]] = defaultdict(list)
        for row in self.lines:
            self.by_service[row["service"]].append(row)

    def where(self, keep: Callable[[Row], bool] | None = None, **wanted: str | Iterable[str]) -> list[Row]:
        """Lines that have the wanted values; "unknown" is a blank."""
        services = wanted.pop("service")
        found = [row for one in ([services] if isinstance(services, str) else services) for row in self.by_service[one]]
        for name, value in wanted.items():
            values = {value} if isinstance(value, str) else set(value)
            values |= {""} if "unknown" in values else set()
            found = [row for row in found if row[name] in values]
        return [row for row in found if keep(row)] if keep else found


def open_in(rows: Iterable[Row], first: date, last: date) -> list[Row]:
    return [row for row in rows if row["start"] <= last and row["end"] >= first]


def people(rows: Iterable[Row]) -> int:
    return len({row["person_id"] for row in rows})


def age(row: Row, day: date) -> int:
    born = row["born"]
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def nights(rows: Iterable[Row], first: date, last: date) -> int:
    after = last + timedelta(days=1)
    return sum(max(0, (min(row["end"], after) - max(row["start"], first)).days) for row in rows)


def cost(rows: Iterable[Row], first: date, last: date) -> Fraction:
    total = Fraction(0)
    for row in rows:
        days = (min(row["end"], last) - max(row["start"], first)).days + 1
        if days > 0:
            total += Fraction(row["pence"] * days, 700)
        if row["one_off_cost"] not in ("", "0.00") and first <= row["start"] <= last:
            total += Fraction(row["one_off_cost"])
    return total


GROUPS = {
    "older-people-physical-disability-sensory-impairment": (
        "older-people",
        "physical-disability",
        "sensory-impairment",
    ),
    "other-working-age": ("physical-disability", "mental-health", "sensory-impairment", "autism", "other"),
}
COLUMNS = {"1": "spot", "2": "block", "3": "in-house", "4": "block-or-in-house", "5": "spot"}
TABLES = ("06", "07", "09", "10", "13", "14", "16", "17", "20", "21", "22", "23", "26", "27", "28", "29")


def group_of(one: Observation) -> dict[str, object]:
    name = one.dims.get("client_group", "all")
    return {} if name == "all" else {"client_group": GROUPS.get(name, name)}


def cells(rows: Rows, observations: Observations) -> list[tuple[str, Decimal, Decimal]]:
    """Id, published and counted value of every cell of the tables."""
    found = []
    for number in TABLES:
        count = globals()[f"table_{number}"]
        for one in observations.find(table=f"table-{number}"):
            value = count(rows, one)
            places = -3 if number == "29" and one.measure == "spend" else one.decimals
            if number == "21" and one.measure == "mean-weekly-cost":
                places = 0
            found.append((one.id, one.value, rounded(value, places)))
    return found


def table_06(rows: Rows, one: Observation) -> Fraction:
    district = slug(one.dims["district"])
    total = Fraction(0)
    for row in rows.deliveries:
        line = rows.by_reference[row["line_reference"]]
        started = date.fromisoformat(row["period_start"])
        if line["service"] != "home-care" or not one.period.start <= started <= one.period.end:
            continue
        if district in ("all", line["district"] or "unknown"):
            total += Fraction(row["delivered_units"])
    return total


def table_07(rows: Rows, one: Observation) -> Fraction:
    mine = rows.where(service="shared-lives", **group_of(one))
    return Fraction(people(open_in(mine, one.period.end, one.period.end)))


def table_09(rows: Rows, one: Observation) -> Fraction:
    day = one.period.end
    everyone = open_in(rows.where(service="supported-living"), day, day)
    component = one.dims["service"].removeprefix("supported-living-")
    centre = one.dims["client_group"]
    mine = [row for row in everyone if component in ("all", row["component"]) and centre in ("all", row["cost_centre"])]
    if one.measure == "people":
        return Fraction(people(mine))
    if one.measure == "share-of-people":
        return Fraction(100 * people(mine), people(everyone))
    if one.measure == "annual-cost":
        return cost(mine, date(day.year - 1, 4, 1), day)
    return Fraction(sum(row["pence"] for row in mine), 100 * people(mine))


def table_10(rows: Rows, one: Observation) -> Fraction:
    mine = rows.where(service="supported-living", **group_of(one))
    return Fraction(people(open_in(mine, one.period.start, one.period.end)))


def table_13(rows: Rows, one: Observation) -> Fraction:
    mine = rows.where(service="day-services", component="external-contracted", **group_of(one))
    if one.measure == "individuals":
        return Fraction(people(open_in(mine, one.period.start, one.period.end)))
    return Fraction(sum(row["pence"] for row in open_in(mine, one.period.end, one.period.end)), 100)


def table_14(rows: Rows, one: Observation) -> Fraction:
    mine = rows.where(service="day-services", delivery_mechanism="direct-payment", **group_of(one))
    there = open_in(mine, one.period.start, one.period.end)
    return Fraction(
        people(there) if one.measure == "individuals" else len({row["provider_reference"] for row in there})
    )


def table_16(rows: Rows, one: Observation) -> Fraction:
    wanted: dict[str, object] = {"service": one.dims["service"]}
    if wanted["service"] == "all":
        wanted["service"] = ("nursing", "residential", "post-hospital-step-down")
    if one.dims["placement_location"] != "all":
        wanted["placement_area"] = one.dims["placement_location"]
    if slug(one.dims["district"]) not in ("all", "not-applicable"):
        wanted["district"] = slug(one.dims["district"])
    return Fraction(nights(rows.where(**wanted), one.period.start, one.period.end))


def _placements(rows: Rows, one: Observation) -> list[Row]:
    mine = rows.where(service=one.dims["service"], **group_of(one))
    return open_in(mine, one.period.end, one.period.end)


def table_17(rows: Rows, one: Observation) -> Fraction:
    return Fraction(people(_placements(rows, one)))


def table_20(rows: Rows, one: Observation) -> Fraction:
    return Fraction(people(row for row in _placements(rows, one) if 18 <= age(row, one.period.end) < 65))


def _priced(rows: Rows, one: Observation, contract: str, team: str = "") -> Fraction:
    mine = [row for row in _placements(rows, one) if row["purchase_type"] == contract and team in ("", row["team"])]
    if one.measure == "placements":
        return Fraction(len(mine))
    return Fraction(sum(row["pence"] for row in mine), 100 * len(mine)) if mine else Fraction(-1)


def table_21(rows: Rows, one: Observation) -> Fraction:
    words = one.dims["locality_team"].lower().split()
    team = "-".join([words[0], *words[2:]]) if len(words) > 2 else ""
    return _priced(rows, one, COLUMNS[one.dims["published_column"]], team)


def table_22(rows: Rows, one: Observation) -> Fraction:
    return _priced(rows, one, one.dims["purchase_type"])


table_23 = table_22


def _breaks(rows: Rows, one: Observation) -> list[Row]:
    mine = rows.where(service="replacement-care", booking_type=one.dims["booking_type"], **group_of(one))
    return open_in(mine, one.period.start, one.period.end)


def table_26(rows: Rows, one: Observation) -> Fraction:
    return Fraction(people(_breaks(rows, one)))


def table_27(rows: Rows, one: Observation) -> Fraction:
    return Fraction(people(row for row in _breaks(rows, one) if 18 <= age(row, one.period.end) < 65))


def table_28(rows: Rows, one: Observation) -> Fraction:
    return Fraction(people(row for row in _breaks(rows, one) if age(row, one.period.end) >= 65))


def table_29(rows: Rows, one: Observation) -> Fraction:
    mine = rows.where(service="assisted-transport", component="council-transport", **group_of(one))
    if one.measure == "spend":
        return cost(mine, one.period.start, one.period.end)
    return Fraction(people(open_in(mine, one.period.start, one.period.end)))


def differing(found: Iterable[tuple[str, Decimal, Decimal]]) -> dict[str, list[tuple[str, Decimal, Decimal]]]:
    """The cells that are not equal, by table."""
    out = defaultdict(list)
    for one in found:
        if one[1] != one[2]:
            out[one[0].split("/")[0]].append(one)
    return dict(out)
