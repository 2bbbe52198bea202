"""Things that may happen to a package, drawn by whoever chooses numbers: Hypothesis, or a seeded generator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from careshape.paying import (
    Absence,
    Change,
    Death,
    Ending,
    Funding,
    HandBack,
    Line,
    Rate,
    Telling,
    Terms,
    Uplift,
    Withdrawal,
    book,
)
from tests.paying.model import Told
from tests.paying.packages import april

Choose = Callable[[int, int], int]
"""A whole number from the first to the second, both of them possible."""
KINDS: dict[str, type[Telling]] = {
    "line": Line, "change": Change, "rate": Rate, "uplift": Uplift, "absence": Absence, "ending": Ending,
    "hand-back": HandBack, "death": Death, "withdrawal": Withdrawal,
}  # fmt: skip
LIKELY = (
    "line", "line", "line", "change", "change", "change", "uplift", "uplift", "absence", "absence", "absence", "ending",
    "hand-back", "rate", "rate", "death",
)  # fmt: skip
NAMES = ("core", "core", "core", "one-to-one", "visits")
LATEST = 70
"""Days from the first Monday in which things happen."""


def some_terms(choose: Choose) -> Terms:
    """Terms of every shape."""
    pays = bool(choose(0, 1))
    retainer = {
        "reason": "hospital",
        "full_days": choose(0, 6),
        "then_percent": choose(0, 100),
        "then_days": choose(0, 9),
    }
    chosen = {
        "day_count": ("nights", "days")[choose(0, 1)],
        "pay_day_of_death": pays,
        "days_after_death": choose(0, 4) if pays else 0,
        "retainers": [retainer],
        "notice_days": choose(0, 14),
        "payment_period": ("weekly", "four-weekly")[choose(0, 1)],
    }
    return Terms.model_validate(book().contract("care-home").model_dump() | chosen)


def happening(choose: Choose, told: list[Told], known: date) -> Told:
    """One thing that may be told, whether or not it fits; sometimes a correction of an earlier one."""
    number = len(told)
    replaces = told[choose(0, number - 1)] if told and choose(0, 3) == 0 else None
    if replaces and choose(0, 2) == 0:
        return {"kind": "withdrawal", "id": f"t{number}", "known": known, "replaces": replaces["id"]}
    kind = replaces["kind"] if replaces else LIKELY[choose(0, len(LIKELY) - 1)] if number > 2 else "line"
    if kind == "withdrawal":
        kind = "line"
    content = _content(kind, choose)
    if replaces and "line" in replaces and "line" in content:
        content["line"] = replaces["line"]
    return {"kind": kind, "id": f"t{number}", "known": known, "replaces": replaces["id"] if replaces else ""} | content


def _content(kind: str, choose: Choose) -> dict[str, Any]:
    first = choose(1, LATEST)
    later = april(first + choose(0, 30))
    some = {} if choose(0, 1) else {"lines": (NAMES[choose(0, 4)],)}
    name = NAMES[choose(0, 4)]
    if kind == "line":
        priced = {"rate": "zone"} if choose(0, 4) == 0 else {"price": _price(choose)}
        last = {"last": later} if choose(0, 1) else {}
        held = {"line": name, "component": name, "units": _units(choose), "funding": _funding(choose)}
        return {"first": april(choose(1, 20)), **held, **priced} | (last if choose(0, 1) else {})
    if kind == "change":
        given = [{"units": _units(choose)}, {"price": _price(choose)}, {"funding": _funding(choose)}][choose(0, 2)]
        return {"line": name, "first": april(first), **given}
    if kind == "rate":
        return {"rate": "zone", "first": april(choose(1, 15)), "price": _price(choose)} | (
            {"last": later} if choose(0, 2) == 0 else {}
        )
    if kind == "uplift":
        return {"first": april(first), "percent": choose(-1_500, 1_500), **some}
    if kind == "absence":
        back = {"last": later} if choose(0, 3) else {}
        return {"first": april(first), "reason": ("hospital", "holiday")[choose(0, 1)], **back, **some}
    if kind == "ending":
        return {"on": later, **({"given": april(first)} if choose(0, 1) else {}), **some}
    if kind == "hand-back":
        return {"given": april(first), **({"on": later} if choose(0, 1) else {}), **some}
    return {"on": april(first)}


def _units(choose: Choose) -> int:
    return (0, 50, 100, 350, 700, 1_225)[choose(0, 5)]


def _price(choose: Choose) -> int:
    return choose(0, 99_999)


def _funding(choose: Choose) -> dict[str, int]:
    nhs = choose(0, 10_000) if choose(0, 1) else 0
    person = choose(0, 10_000 - nhs) if choose(0, 1) else 0
    return {"council": 10_000 - nhs - person, "nhs": nhs, "person": person}


def as_telling(one: Told) -> Telling:
    """The same as the room has it."""
    given = {name: value for name, value in one.items() if name != "kind"}
    if "funding" in given:
        given["funding"] = Funding(**given["funding"])
    return KINDS[one["kind"]](**given)


def day_after(known: date, choose: Choose) -> date:
    """The next day on which something becomes known: often the same, and sometimes weeks later."""
    return known + timedelta((0, 1, 3, 15)[choose(0, 3)])
