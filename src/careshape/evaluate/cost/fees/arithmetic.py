"""Working out a fee model: every line with its arithmetic, rounded to the penny, and their sum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from careshape.errors import CallError
from careshape.evaluate.cost.fees.entries import LABEL, Anchor, FeeLine, Model, Value
from careshape.evaluate.numbers import WEEKS_A_YEAR, rounded
from careshape.language import say

COLUMNS = ("group", "line", "label", "value", "unit", "arithmetic", "inputs", "status")


@dataclass(frozen=True)
class Line:
    """One line: pounds a unit, how they came about, and the values they rest on."""

    id: str
    label: str
    group: str
    value: Decimal | None
    arithmetic: str
    inputs: tuple[Value, ...]

    @property
    def status(self) -> str:
        """The weakest of its values: missing, illustrative, entered, confirmed."""
        for one in ("missing", "illustrative", "entered"):
            if any(value.status == one for value in self.inputs):
                return one
        return "confirmed"


@dataclass(frozen=True)
class Modelled:
    """A model worked out for a service and year; ``total`` is None while values are missing."""

    model: Model
    service: str
    year: str
    lines: tuple[Line, ...]
    missing: tuple[Value, ...]
    anchors: tuple[Anchor, ...]

    @property
    def total(self) -> Decimal | None:
        """The sum of the lines, each rounded to the penny."""
        if self.missing:
            return None
        return sum((one.value for one in self.lines if one.value is not None), Decimal(0))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One dictionary a line, then each group and the whole."""
        rows = [
            {
                "group": one.group,
                "line": one.id,
                "label": one.label,
                "value": one.value,
                "unit": self.model.unit,
                "arithmetic": one.arithmetic,
                "inputs": "; ".join(
                    f"{value.label} ({value.year or 'no year'}: {value.source or 'no source'})" for value in one.inputs
                ),
                "status": one.status,
            }
            for one in self.lines
        ]
        status = "missing" if self.missing else "illustrative" if self.model.illustrative else "modelled"
        whole = {
            "group": "all",
            "line": "total",
            "label": "Modelled cost",
            "value": self.total,
            "unit": self.model.unit,
        }
        return [*rows, {**whole, "arithmetic": "sum of the lines", "inputs": "", "status": status}]

    @property
    def label(self) -> str:
        """What must stand beside the result wherever it goes."""
        made_up = "Illustrative values, made up for demonstration. " if self.model.illustrative else ""
        return made_up + LABEL

    def what_is_missing(self) -> str:
        """A sentence naming the values that are to be entered; empty where none is."""
        if not self.missing:
            return ""
        named = "; ".join(f"{one.id} ({one.label}, {one.unit})" for one in self.missing)
        return say(
            "Not worked out: {many} values are to be entered by the council: {named}.",
            many=len(self.missing),
            named=named,
        )


def work_out(model: Model, service: str = "", year: str = "") -> Modelled:
    """Work out every line of a model. ``year`` is only a label here: ``uplift`` moves values between years.

    Raises CallError for a service that the model is not for, or values that make no sense together.
    """
    service = service or model.service
    if service not in model.services:
        raise CallError(f"The model {model.id} is for {' or '.join(model.services)}, not for '{service}'.")
    values, missing = model.values_for(service), model.missing(service)
    done: dict[str, tuple[str, Decimal | None]] = {}
    lines = []
    for one in model.lines_for(service):
        inputs = tuple(values[name] for name in one.values)
        value, said = (None, "a value is missing") if missing else _work(one, inputs, done)
        done[one.id] = (one.group, value)
        lines.append(Line(one.id, one.label, one.group, value, said, inputs))
    years = sorted({one.year for one in values.values() if one.year and one.value is not None})
    label = year or (years[-1] if years else "")
    anchors = tuple(one for one in model.anchor if not label or one.year == label)
    return Modelled(model, service, label, tuple(lines), missing, anchors)


def _work(line: FeeLine, inputs: tuple[Value, ...], done: dict[str, tuple[str, Decimal | None]]) -> tuple[Decimal, str]:
    numbers = [Fraction(one.value or 0) for one in inputs]
    base = sum(
        (value or Decimal(0) for name, (group, value) in done.items() if name in line.of or group in line.of),
        Decimal(0),
    )
    try:
        exact, said = _KINDS[line.kind](numbers, Fraction(base))
    except ZeroDivisionError:
        zero = next(one for one, number in zip(inputs, numbers, strict=True) if number == 0)
        raise CallError(
            f"The line '{line.id}' divides by {zero.id} ({zero.label}), which is 0. Enter what it is."
        ) from None
    return rounded(exact, 2), said


def _product(numbers: list[Fraction], base: Fraction) -> tuple[Fraction, str]:
    found = Fraction(1)
    for one in numbers:
        found *= one
    return found, " × ".join(_say(one) for one in numbers)


def _percent(numbers: list[Fraction], base: Fraction) -> tuple[Fraction, str]:
    (percent,) = numbers
    return base * percent / 100, f"{_say(percent)}% of {_say(base)}"


def _employer_ni(numbers: list[Fraction], base: Fraction) -> tuple[Fraction, str]:
    """Rate, threshold a year, paid hours a week, pay an hour: the rate on what is above the threshold, as a share."""
    rate, threshold, hours, pay = numbers
    yearly = hours * WEEKS_A_YEAR * pay
    above = max(1 - threshold / yearly, Fraction(0))
    part = say(
        "the part above {threshold} of {yearly} a year of {weeks} weeks ({above}%)",
        threshold=_say(threshold),
        yearly=_say(yearly),
        weeks=WEEKS_A_YEAR,
        above=_say(above * 100),
    )
    said = f"{_say(rate)}% of {part}, of {_say(base)}"
    return base * rate / 100 * above, said


def _travel_pay(numbers: list[Fraction], base: Fraction) -> tuple[Fraction, str]:
    """Pay an hour, minutes of travel a visit, minutes of a visit: shorter visits cost more an hour."""
    pay, travel, visit = numbers
    return pay * travel / visit, say(
        "{pay} × {travel} minutes of travel / {visit} of a visit", pay=_say(pay), travel=_say(travel), visit=_say(visit)
    )


def _mileage(numbers: list[Fraction], base: Fraction) -> tuple[Fraction, str]:
    """Pounds a mile, miles a visit, minutes of a visit."""
    pounds, miles, visit = numbers
    return pounds * miles * 60 / visit, say(
        "{pounds} × {miles} miles × 60 / {visit} minutes of a visit",
        pounds=_say(pounds),
        miles=_say(miles),
        visit=_say(visit),
    )


def _per_resident(numbers: list[Fraction], base: Fraction) -> tuple[Fraction, str]:
    """Pounds a year for the home, its beds, percent of them occupied: residents carry what is spent on empty beds."""
    yearly, beds, occupancy = numbers
    residents = beds * occupancy / 100
    said = say(
        "{yearly} / ({beds} beds × {occupancy}%) / {weeks} weeks",
        yearly=_say(yearly),
        beds=_say(beds),
        occupancy=_say(occupancy),
        weeks=WEEKS_A_YEAR,
    )
    return yearly / residents / WEEKS_A_YEAR, said


def _capital(numbers: list[Fraction], base: Fraction) -> tuple[Fraction, str]:
    """Value of the capital of a bed, percent of return, percent of beds occupied."""
    capital, percent, occupancy = numbers
    said = say(
        "{capital} × {percent}% / {weeks} weeks / {occupancy}% occupied",
        capital=_say(capital),
        percent=_say(percent),
        weeks=WEEKS_A_YEAR,
        occupancy=_say(occupancy),
    )
    return capital * percent / 100 / WEEKS_A_YEAR / (occupancy / 100), said


_KINDS: dict[str, Callable[[list[Fraction], Fraction], tuple[Fraction, str]]] = {
    "product": _product,
    "percent": _percent,
    "employer-ni": _employer_ni,
    "travel-pay": _travel_pay,
    "mileage": _mileage,
    "per-resident": _per_resident,
    "capital": _capital,
}


def _say(number: Fraction) -> str:
    """A number as short as it is, and no longer than four places."""
    text = f"{rounded(number, 4):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
