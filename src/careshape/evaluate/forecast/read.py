"""Spells from a ledger: the planned lines of one person in one service, joined to continuous stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from careshape.catalogue import catalogue
from careshape.catalogue.periods import day_date, day_number, month_end, month_ordinal
from careshape.errors import CallError, InputError
from careshape.evaluate.forecast.spells import Spells
from careshape.evaluate.measure.frames import LedgerLike, snapshot
from careshape.language import numeral, say
from careshape.ledger.columns import CODED, OPEN_DAY, PLANNED, SCHEMA
from careshape.ledger.engine import session
from careshape.ledger.store import scan

Ints = NDArray[Any]

QUIET_DAYS: Final = 3
"""Records that stop so few days before a month's end had nothing to record on those days: they reach the end."""
WHOLE: Final = "all"
"""The one area, or group, of spells that are not split."""
JOIN_DAYS: Final = 7
"""A stay goes on where the next line starts within so many days of the end of the last, as in ASCOF 2A's clusters."""
COMPLETE_SHARE: Final = 0.25
"""Records are complete from the month on that has so large a share of the ends of a later month. Ends of a pandemic
year, or of half as large a council, are more; those of a few lines entered by hand, or kept by chance, are fewer."""
LATER_MONTHS: Final = 24
"""Months before the last end whose mean is a later month's ends."""
COLUMNS: Final = (
    "council", "person", "service", "area", "grp", "birth_month", "start_day", "end_day", "unit", "quantity", "cost",
)  # fmt: skip


def read_spells(
    ledger: LedgerLike | Sequence[LedgerLike],
    areas: str | None = "district",
    groups: str | None = "client_group",
    services: Sequence[str] | None = None,
    known_on: date | None = None,
    until: date | None = None,
    join_days: int = JOIN_DAYS,
) -> Spells:
    """Read the stays of one council, or of several councils as one region.

    areas, groups: dimension of the ledger to split by (``district``, ``zone``, ``client_group`` ...), None for the
    whole. services: ids to keep; None keeps all. known_on: as it was known on that day. until: leave out what happened
    later. join_days: a gap of at most so many days between two lines does not end a stay.

    A stay's area and group are those of its last line that says them, its quantity and cost those of the lines open on
    its last day. Lines that name nobody are left out.

    The window runs from the first end of complete records to the last recorded start or end, or to the month's end
    where that is `QUIET_DAYS` away at most. Before any ends are recorded only people who stayed are seen, and a single
    early end does not make records complete: they are from the month on which has `COMPLETE_SHARE` of the ends that a
    month of the last `LATER_MONTHS` has, as has the mean of the year from it. Of several councils, the window is that
    which all of them cover. `Spells.notes` says what was set aside.

    Raises CallError for an unknown dimension or service and a negative join, InputError for a ledger without lines and
    for a day before its records are complete.
    """
    ledgers = list(ledger) if isinstance(ledger, Sequence) else [ledger]
    if join_days < 0:
        raise CallError(say("join_days is {join_days}. It is a number of days, 0 or more.", join_days=join_days))
    lines = _read_lines(ledgers, _column(areas, "areas"), _column(groups, "groups"), services, known_on, until)
    if not len(lines["person"]):
        raise InputError("The ledger holds no planned line of a person that fits. Import packages, or change the call.")
    recorded = _recorded(ledgers, known_on, until)
    window, note = _window(lines, recorded)
    if until is not None:
        whole = _recorded(ledgers, known_on, None)
        _check_covered(lines, until, whole)
        if ((lines["end_day"] > recorded) & (lines["end_day"] <= whole)).any():
            window = (window[0], recorded)  # what ended later says that nothing is missing up to that day
    spells = _stays(lines, window, join_days, areas, groups, "+".join(one.authority for one in ledgers))
    return replace(spells, notes=(note,)) if note else spells


def _column(name: str | None, what: str) -> str | None:
    if name is not None and name not in CODED:
        raise CallError(
            say(
                "Spells cannot be split by '{name}' as {what}. Choose from {codes}.",
                name=name,
                what=what,
                codes=", ".join(sorted(CODED)),
            )
        )
    return name


def _recorded(ledgers: Sequence[LedgerLike], known_on: date | None, until: date | None) -> int:
    """The last day of which all councils can have recorded anything."""
    days = [one.recorded_on(snapshot(one, known_on).known) for one in ledgers]
    last = min((day for day in days if day is not None), default=date.max)
    return day_number(last if until is None else min(until, last))


def _read_lines(
    ledgers: Sequence[LedgerLike],
    area: str | None,
    group: str | None,
    services: Sequence[str] | None,
    known_on: date | None,
    until: date | None,
) -> dict[str, Ints]:
    """The versions of planned lines that stand, as columns in the order of person, service and start."""
    cat = catalogue()
    codes = "" if services is None else ",".join(str(cat.code("service", one)) for one in services)
    queries = []
    for council, one in enumerate(ledgers):
        held = snapshot(one, known_on)
        if held.files:
            queries.append(
                f"SELECT {council:d} AS council, line, person, service, {area or 0} AS area, {group or 0} AS grp, "
                f"birth_month, start_day, end_day, unit, quantity, weekly_cost AS cost "
                f"FROM {scan(list(held.files), SCHEMA)} "
                f"WHERE record = {PLANNED} AND person <> 0 AND posting <= {held.known:d} "
                + (f"AND service IN ({codes}) " if codes else "")
                + (f"AND start_day <= {day_number(until)} " if until else "")
                + "GROUP BY ALL HAVING sum(sign) > 0"
            )
    if not queries:
        return {name: np.empty(0, np.int64) for name in COLUMNS}
    with session() as (connection, _):
        found = connection.sql(
            f"SELECT * FROM ({' UNION ALL '.join(queries)}) ORDER BY person, service, start_day, end_day"
        ).fetchnumpy()
    return {name: np.asarray(found[name], np.int64) for name in COLUMNS}


def _window(lines: dict[str, Ints], recorded: int) -> tuple[tuple[int, int], str]:
    """First and last day between which all councils' records are complete, and a note where ends were set aside."""
    start, end = lines["start_day"], lines["end_day"]
    ended, started = end <= recorded, start <= recorded
    if not started.any():
        raise InputError("No line had started by that day. Choose a later one.")
    last = max(int(start[started].max()), int(end[ended].max()) if ended.any() else 0)
    close = day_number(month_end(month_ordinal(day_date(last))))
    if close - last <= QUIET_DAYS and close <= recorded:
        last = close
    if not ended.any():
        return (int(start[started].min()), last), ""
    first = _first_complete(lines["council"][ended], end[ended])
    early = int((end[ended] < first).sum())
    if not early:
        return (first, last), ""
    rule = say(
        "records count from {first}, when ends a month first reach {share} of their later level",
        first=day_date(first),
        share=numeral(f"{COMPLETE_SHARE:.0%}"),
    )
    if len(np.unique(lines["council"])) > 1:
        rule += " in every council"
    return (first, last), say(
        "{rule}; {early} earlier end set aside" if early == 1 else "{rule}; {early} earlier ends set aside",
        rule=rule,
        early=early,
    )


def _check_covered(lines: dict[str, Ints], until: date, recorded: int) -> None:
    """Refuse a day before the records are complete: of that time only those are known who stayed.

    What ended after the day is asked for this alone: rates take nothing of it.
    """
    end, ended = lines["end_day"], lines["end_day"] <= recorded
    if ended.any() and day_number(until) < (first := _first_complete(lines["council"][ended], end[ended])):
        raise InputError(
            say(
                "Records are complete only from {first}: of {until} only those are known who stayed "
                "until then. Choose a later day.",
                first=day_date(first),
                until=until,
            )
        )


def _first_complete(council: Ints, ends: Ints) -> int:
    """The day from which the records of every council are complete."""
    return max(_complete_from(ends[council == one]) for one in np.unique(council))


def _complete_from(ends: Ints) -> int:
    """The first end of the month from which a council's ends are as many as those of complete records."""
    if not len(ends):
        return 0
    month = ends.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    counts = np.bincount(month - month.min())
    least = COMPLETE_SHARE * counts[-LATER_MONTHS:].mean()
    for m in np.flatnonzero(counts >= max(least, 1)):
        if counts[m : m + 12].mean() >= least:
            return int(ends[month == month.min() + m].min())
    return int(ends.min())


def _stays(
    lines: dict[str, Ints], window: tuple[int, int], join_days: int, areas: str | None, groups: str | None, council: str
) -> Spells:
    """Join lines, sorted by person, service and start, to stays."""
    person, service, start, end = lines["person"], lines["service"], lines["start_day"], lines["end_day"]
    fresh = np.empty(len(person), bool)
    fresh[0] = True
    fresh[1:] = (np.diff(person) != 0) | (np.diff(service) != 0)
    # The latest end so far of the same person and service: blocks are lifted apart so that one running maximum does.
    block = np.cumsum(fresh) * np.int64(4 * OPEN_DAY)
    latest = np.maximum.accumulate(end + block) - block
    fresh[1:] |= start[1:] > latest[:-1] + 1 + join_days
    first = np.flatnonzero(fresh)
    stay = np.cumsum(fresh) - 1
    stay_end = np.maximum.reduceat(end, first)
    unit = _main_units(service, lines["unit"])
    at_end = (np.minimum(stay_end, window[1])[stay] <= end) & (start <= np.minimum(stay_end, window[1])[stay])
    main = at_end & (lines["unit"] == unit[service])
    area_ids, area = _ids(areas, _last_known(lines["area"], stay, len(first)))
    group_ids, group = _ids(groups, _last_known(lines["grp"], stay, len(first)))
    service_ids, kept = _ids("service", service[first])
    cat = catalogue()
    spells = Spells(
        person=person[first],
        area=area,
        group=group,
        service=kept,
        birth_month=np.maximum.reduceat(lines["birth_month"], first).astype(np.int32),
        start=start[first].astype(np.int32),
        end=stay_end.astype(np.int32),
        quantity=np.bincount(stay, lines["quantity"] * main, len(first)).astype(np.int64),
        weekly_cost=np.bincount(stay, lines["cost"] * at_end, len(first)).astype(np.int64),
        window=window,
        areas=area_ids,
        groups=group_ids,
        services=service_ids,
        units=tuple(cat.id("unit", int(unit[cat.code("service", one)])) for one in service_ids),
        authority=council,
        source=say("planned lines of the ledger of {council}", council=council),
    )
    return spells


def _main_units(service: Ints, unit: Ints) -> Ints:
    """The unit that most lines of each service have, by code of the service."""
    counts = np.zeros((int(service.max()) + 1, int(unit.max()) + 1), np.int64)
    np.add.at(counts, (service, unit), 1)
    return counts.argmax(axis=1)


def _last_known(codes: Ints, stay: Ints, stays: int) -> Ints:
    """The last code of each stay that is not 0 (unknown); 0 where none is known."""
    found = np.zeros(stays, np.int64)
    known = np.flatnonzero(codes != 0)
    found[stay[known]] = codes[known]
    return found


def _ids(listing: str | None, codes: Ints) -> tuple[tuple[str, ...], Ints]:
    """Ids of the codes that occur, in the order of the catalogue, and each row's index into them."""
    if listing is None:
        return (WHOLE,), np.zeros(len(codes), np.int16)
    cat = catalogue()
    held, index = np.unique(codes, return_inverse=True)
    return tuple(cat.id(CODED[listing], int(code)) for code in held), index.astype(np.int16)
