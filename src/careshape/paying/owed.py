"""What a run pays or recovers, so that with the runs before it exactly what is owed has been paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from careshape.errors import CallError
from careshape.paying.entitlement import Entitlement, Entry, entitlement
from careshape.paying.history import History
from careshape.paying.periods import Span, period_of
from careshape.paying.terms import EARLIEST, LATEST, Terms
from careshape.paying.told import Line
from careshape.paying.visits import VisitEntry

Key = tuple[str, Span, str]
"""Line, payment period and funder."""


@dataclass(frozen=True, order=True)
class Payment:
    """Pence that a run pays for a line and payment period on a funder's behalf; less than nought: it recovers them."""

    run: date
    line: str
    period: Span
    funder: str
    pence: int


def due(history: History, terms: Terms, run_day: date) -> Entitlement | None:
    """What is owed for all payment periods that have ended by a day, by what was known then; None before the first.

    Raises CallError for a day of no run, and InputError where a list has no price on a day that needs one.
    """
    if not EARLIEST <= run_day <= LATEST:
        raise CallError(f"A run is made between {EARLIEST} and {LATEST}, not on {run_day}.")
    first = min((one.first for one in history.known_on(run_day) if isinstance(one, Line)), default=None)
    if first is None:
        return None
    last = period_of(run_day + timedelta(1), terms).first - timedelta(1)
    begin = period_of(first, terms).first
    return entitlement(history, terms, Span(begin, last), run_day) if begin <= last else None


def owed(history: History, terms: Terms, run_day: date, paid_so_far: Iterable[Payment]) -> tuple[Payment, ...]:
    """What a run on a day pays, and recovers of what earlier runs paid.

    Args:
        history: what was told; what became known after ``run_day`` is left out.
        terms: those of the contract.
        run_day: the day of the run; payment periods that ended on it or before are paid.
        paid_so_far: everything that earlier runs of this package paid or recovered.

    Returns:
        Payments that differ from nought, by line, period and funder. With ``paid_so_far`` they come to what is owed,
        each line, period and funder for itself; a second run on the same knowledge pays nothing.

    Raises:
        CallError: an earlier payment is of a later day.
    """
    now = due(history, terms, run_day)
    return settled(run_day, pence_of(now.entries if now else ()), paid_so_far)


def pence_of(entries: Iterable[Entry | VisitEntry]) -> Counter[Key]:
    """Pence of entries by line, payment period and funder."""
    found: Counter[Key] = Counter()
    for entry in entries:
        for funder, pence in entry.parts.items():
            found[entry.line, entry.period, funder] += pence
    return found


def settled(run_day: date, due_now: Mapping[Key, int], paid_so_far: Iterable[Payment]) -> tuple[Payment, ...]:
    """What a run pays or recovers so that what is due has been paid, each line, period and funder for itself.

    Raises CallError where an earlier payment is of a later day.
    """
    found: Counter[Key] = Counter(due_now)
    for one in paid_so_far:
        if one.run > run_day:
            raise CallError(f"A run of {one.run} was made already. Run on that day or later, not on {run_day}.")
        found[one.line, one.period, one.funder] -= one.pence
    return tuple(sorted(Payment(run_day, *key, pence) for key, pence in found.items() if pence))
