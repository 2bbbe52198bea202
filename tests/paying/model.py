"""What is owed, counted the slow way: one line, one day, one funder at a time. Shares no code with the room."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

ORDER = ("council", "nhs", "person")
Told = dict[str, Any]


def model(terms: dict[str, Any], told: list[Told], run: date) -> dict[tuple[str, date, str], int] | None:
    """(line, first day of the period, funder) -> pence owed on a day; None where a list has no price for a day."""
    known = [one for one in told if one["known"] <= run]
    gone = {one.get("replaces") for one in known}
    live = [one for one in known if one["id"] not in gone and one["kind"] != "withdrawal"]
    length = {"weekly": 7, "four-weekly": 28}[terms["payment_period"]]
    shares: dict[tuple[str, date], dict[str, Fraction]] = defaultdict(lambda: dict.fromkeys(ORDER, Fraction(0)))
    for line in (one for one in live if one["kind"] == "line"):
        about = [one for one in live if line["line"] in one.get("lines", ()) or not one.get("lines")]
        for day in (line["first"] + timedelta(n) for n in range((run - line["first"]).days + 1)):
            period = terms["first_period"] + timedelta((day - terms["first_period"]).days // length * length)
            if period + timedelta(length - 1) > run or not there(day, line, about, terms):
                continue
            units, price, funding = conditions(day, line, live, about)
            if price is None:
                return None
            for funder in ORDER:
                part = Fraction(funding[funder], 10_000) * away(day, about, terms)
                shares[line["line"], period][funder] += Fraction(units, 100) * price * part * Fraction(1, 7)
    return {(*key, funder): pence for key, exact in shares.items() for funder, pence in split(exact).items() if pence}


def there(day: date, line: Told, about: list[Told], terms: dict[str, Any]) -> bool:
    """Whether the day is counted: there is care on it, and it is not the day out where nights are counted."""
    ends = [line["last"]] if line.get("last") else []
    for one in about:
        notice = timedelta(terms["notice_days"])
        if one["kind"] == "ending":
            ends.append(max(one["on"], one["given"] + notice) if one.get("given") else one["on"])
        if one["kind"] == "hand-back":
            ends.append(one["on"] if one.get("on") else one["given"] + notice)
        if one["kind"] == "death" and day > one["on"] + timedelta(terms["days_after_death"]):
            return False
        if one["kind"] == "death" and day == one["on"] and not terms["pay_day_of_death"]:
            return False
    return all(day < end or (day == end and terms["day_count"] == "days") for end in ends)


def conditions(day: date, line: Told, live: list[Told], about: list[Told]) -> tuple[int, int | None, dict[str, int]]:
    """Units, price and funding on a day, after every change and uplift up to it."""
    units, price, rate, funding = line["units"], line.get("price"), line.get("rate"), line["funding"]
    for one in sorted(about, key=lambda one: one.get("first", date.max)):
        if one["kind"] == "change" and one["line"] == line["line"] and one["first"] <= day:
            units, funding = one.get("units", units), one.get("funding", funding)
            price, rate = (one["price"], None) if "price" in one else (price, rate)
        if one["kind"] == "uplift" and line["first"] <= one["first"] <= day:
            raised = price * (10_000 + one.get("percent", 0)) if price is not None else 0
            price = one.get("price", (2 * raised + 10_000) // 20_000)
    for one in live:
        if one["kind"] == "rate" and one["rate"] == rate and one["first"] <= day <= one.get("last", date.max):
            price = one["price"]
    return units, price, funding


def away(day: date, about: list[Told], terms: dict[str, Any]) -> Fraction:
    """The part that is paid on a day: a whole one where the person is there."""
    for one in (one for one in about if one["kind"] == "absence"):
        number = (day - one["first"]).days + (1 if terms["day_count"] == "nights" else 0)
        if number > 0 and day < one.get("last", date.max):
            for held in (held for held in terms["retainers"] if held["reason"] == one["reason"]):
                if number <= held["full_days"]:
                    return Fraction(1)
                if number <= held["full_days"] + held["then_days"]:
                    return Fraction(held["then_percent"]) * Fraction(1, 100)
            return Fraction(0)
    return Fraction(1)


def split(exact: dict[str, Fraction]) -> dict[str, int]:
    """Pence by funder: the whole rounded half up, then a penny at a time to whoever is shortest of its share."""
    total = sum(exact.values(), Fraction(0))
    whole = (2 * total.numerator + total.denominator) // (2 * total.denominator)
    parts = {funder: int(share) for funder, share in exact.items()}
    while sum(parts.values()) < whole:
        parts[max(ORDER, key=lambda funder: (exact[funder] - parts[funder], -ORDER.index(funder)))] += 1
    return parts
