"""What an edition shows of the things that the rules of counting ask about, worked out once when it is prepared.

Each fact is worked out from the pinned inputs and in another way than the figure that it is held against: people once
by their keys, hours by adding the rows of the table. What cannot be worked out is left out, and is then not known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

import narwhals as nw

from careshape.catalogue.periods import Period
from careshape.editions.questions import HEADS, Conditions, Counted, Place, counting_of, place_for
from careshape.errors import CareshapeError
from careshape.evaluate.measure import measure, measures
from careshape.evaluate.measure.dimensions import condition
from careshape.evaluate.measure.evaluate import RECORDS, Context
from careshape.records.collection import Observations
from careshape.statement.calls import Call
from careshape.statement.council import Council

Known = dict[str, object]
_ADVICE: Final = "W-PF-024"
_SIMPLE: Final = "W-PF-026"
_ZONES: Final = "W-PF-034"
_LABOUR: Final = "table-03"
_DAY: Final = "day_service_people"
_HOURS: Final = "home_care_hours"


def measured(council: Council, cells: Mapping[str, Counted]) -> Known:
    """The facts that measures and observations tell of an edition, by the names of ``rules/data/facts.toml``.

    Args:
        council: the state that the edition is made of, before the gate.
        cells: the cells that its figures are.
    """
    context = council.sources.context
    calls = [one for call in council.calls() for one in call.calls()]
    found = _advice(council.observations, calls) | _ages(council.observations)
    if context is not None:
        found |= _people_once(context, cells) | _hours(context, cells)
        if council.last_day is not None:
            found |= _zones(context, council, council.last_day)
    return found


def _advice(observations: Observations, calls: Iterable[Call]) -> Known:
    """Rule 21: the clients that the text shows, and whether it shows simple queries apart from them."""
    shown = {call.first for call in calls if call.name == "observation"}
    if _ADVICE not in shown:
        return {}
    clients = [one.value for one in observations.find(id=_ADVICE)]
    return {
        "advice-clients-shown": _plain(clients[0]) if clients else None,
        "simple-queries-shown-apart": _SIMPLE in shown,
    }


def _ages(observations: Observations) -> Known:
    """Rule 24: the ages of which the rates of employment and of unemployment are, where they are of one age each."""
    ages: dict[bool, set[str]] = {True: set(), False: set()}
    for one in observations.find(table=_LABOUR):
        if one.measure == "rate" and "age_band" in one.dims:
            ages[one.dims.get("economic_status") == "unemployed"].add(one.dims["age_band"])
    named: dict[str, set[str]] = {"unemployment-rate-ages": ages[True], "employment-rate-ages": ages[False]}
    usual = ("16-64", "16+")
    return {
        name: next(iter(found)) if len(found) == 1 and found <= set(usual) else "other"
        for name, found in named.items() if found
    }  # fmt: skip


def _people_once(context: Context, cells: Mapping[str, Counted]) -> Known:
    """Rule 22: a total of people at day services that the edition counts, and the people behind it by their keys.

    Of several totals the one that counts most people twice is told, else the latest.
    """
    found = [(abs(one.exact - once), one.place.period.end, one.exact, once)
             for one in _day_totals(cells) for once in (_by_keys(context, one.place),)]  # fmt: skip
    if not found:
        return {}
    _, _, shown, once = max(found)
    return {"day-service-people-shown": _plain(shown), "day-service-people-once": once}


def _day_totals(cells: Mapping[str, Counted]) -> list[Counted]:
    """The latest totals of people at day services: cells of which the edition counts parts too, or of all of them."""
    entry = measures()[_DAY]
    counting = {counting_of(entry.model_copy(update={"kind": kind})) for kind in HEADS}
    whole = place_for(entry, {}, Period(date.min, date.min, "", "day")).where
    people = [one for one in cells.values() if one.place.counting in counting and set(whole) <= set(one.place.where)]
    split = {
        (one.place.counting, one.place.period, one.place.without(name))
        for one in people for name, _ in set(one.place.where) - set(whole)
    }  # fmt: skip
    last: dict[tuple[str, Conditions], Counted] = {}
    for one in sorted(people, key=lambda one: one.place.period.end):
        place = one.place
        if place.where == whole or (place.counting, place.period, place.where) in split:
            last[place.counting, place.where] = one
    return list(last.values())


def _by_keys(context: Context, place: Place) -> int:
    """The people of a cell of day services, each counted once by their key, from the lines themselves."""
    period = place.period
    # Held as the measures hold it: the engine refuses a second thread on its connection.
    with context.lock:
        rows = context.frame.filter(
            *(condition(name, ids, period) for name, ids in place.where),
            nw.col("record").is_in([RECORDS[kind] for kind in measures()[_DAY].record]),
            nw.col("start_day") <= period.end_day, nw.col("end_day") >= period.start_day,
        ).select("person", "line", "sign").collect()  # fmt: skip
    lines: Counter[tuple[Any, Any]] = Counter()
    for person, line, sign in rows.iter_rows():
        lines[person, line] += int(sign)
    return len({person for (person, _), count in lines.items() if count > 0})


def _hours(context: Context, cells: Mapping[str, Counted]) -> Known:
    """Rule 23: what the rows of the table of hours by district come to, and all hours of its latest period."""
    entry = measures()[_HOURS]
    rows: dict[Period, Fraction] = {}
    for one in cells.values():
        districts = one.place.ids("district")
        if districts is None or len(districts) > 1:
            continue
        if one.place == place_for(entry, {}, one.place.period, {"district": districts[0]}):
            rows[one.place.period] = rows.get(one.place.period, Fraction(0)) + one.exact
    if not rows:
        return {}
    last = max(rows, key=lambda period: period.end)
    whole = sum((cell.exact or Fraction(0) for cell in measure(context, _HOURS, period=[last]).cells), Fraction(0))
    return {"home-care-hours-shown": _plain(rows[last]), "home-care-hours-all": _plain(whole)}


def _zones(context: Context, council: Council, on: date) -> Known:
    """Rule 25: how many zones there are, and in how many a micro-enterprise is in use on a day."""
    zones = [one.value for one in council.observations.find(id=_ZONES)]
    if not zones:
        return {}
    try:
        answer = measure(
            context, "providers_in_use", by=("zone",), where={"provider_type": "micro-enterprise"},
            period=[Period(on, on, on.isoformat(), "day")],
        )  # fmt: skip
    except CareshapeError:
        return {"zones": _plain(zones[0])}
    there = sum(bool(row["value"]) for row in answer.rows if row["zone"] not in ("unknown", "not-applicable"))
    return {"zones": _plain(zones[0]), "zones-with-micro-enterprise": there}


def _plain(number: Any) -> float:
    """A number as JSON holds it; what is shown is rounded to less."""
    return round(float(number), 2)
