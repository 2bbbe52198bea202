"""The history of a package: what was told of it in the order in which it became known, never altered, only added to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from careshape.paying.course import OPEN, Course, concerns, courses, named
from careshape.paying.terms import Terms
from careshape.paying.told import Absence, Change, Ending, HandBack, Telling, Uplift, Withdrawal


@dataclass(frozen=True)
class History:
    """What was told of one package. ``told`` and ``tell`` make one that holds together."""

    reference: str
    tellings: tuple[Telling, ...] = ()

    def known_on(self, day: date | None = None) -> tuple[Telling, ...]:
        """What was in force by what was known at the end of a day (of all days, if None), in the order told.

        What a known telling replaces is not in force, whether or not that one was replaced in its turn.
        """
        known = [one for one in self.tellings if day is None or one.known <= day]
        gone = {one.replaces for one in known}
        return tuple(one for one in known if one.id not in gone and not isinstance(one, Withdrawal))


def told(reference: str, terms: Terms, tellings: Iterable[Telling]) -> History:
    """A history from all that was told, in order. Raises InputError at the first that does not fit those before it."""
    history = History(reference)
    for one in tellings:
        history = tell(history, terms, one)
    return history


def tell(history: History, terms: Terms, telling: Telling) -> History:
    """The history with one thing more.

    Raises:
        InputError: it does not fit what was told before; one sentence says why. The history is as it was.
    """
    before = history.known_on()
    _in_turn(history, before, telling)
    after = History(history.reference, (*history.tellings, telling))
    made = courses(after.known_on(), terms)
    if isinstance(telling, Change | Uplift | Absence):
        _runs(telling, made)
    if isinstance(telling, Ending | HandBack):
        _ends(telling, made, courses(tuple(one for one in after.known_on() if one is not telling), terms))
    for one in made.values():
        # Uplifts of prices that come from a list show only where they are applied.
        one.conditions(max([one.days.first, *(step.first for step in one.steps)]))
    return after


def _in_turn(history: History, before: tuple[Telling, ...], telling: Telling) -> None:
    if telling.id in {one.id for one in history.tellings}:
        telling.fault("something is told under this id already. Give it another.")
    if history.tellings and telling.known < history.tellings[-1].known:
        telling.fault(
            f"it was known on {telling.known}, before '{history.tellings[-1].id}' of {history.tellings[-1].known}. "
            "Tell things in the order in which they became known."
        )
    if telling.replaces and telling.replaces not in {one.id for one in before}:
        telling.fault(f"it corrects '{telling.replaces}', which is not in force.")


def _runs(telling: Change | Uplift | Absence, made: dict[str, Course]) -> None:
    """Refuse what bears on no line that runs on its first day."""
    running = [name for name, one in made.items() if one.days.first <= telling.first <= one.days.last]
    for name in named(telling):
        if name not in running:
            days = made[name].days
            when = f"begins on {days.first}" if telling.first < days.first else f"ended: its last day is {days.last}"
            telling.fault(f"line '{name}' does not run on {telling.first}. It {when}.")
    if not running:
        telling.fault(f"no line runs on {telling.first}.")


def _ends(telling: Ending | HandBack, made: dict[str, Course], before: dict[str, Course]) -> None:
    """Refuse an ending before the beginning, and one that ends nothing."""
    about = {name: one for name, one in made.items() if concerns(telling, name)}
    on = telling.on or telling.given
    for name in named(telling):
        if on is not None and on < about[name].line.first:
            telling.fault(f"line '{name}' would end on {on}, before it begins on {about[name].line.first}.")
    for name in named(telling) or ("",):
        if not any(one.days.last < before[key].days.last for key, one in about.items() if not name or key == name):
            ended = sorted({str(one.days.last) for one in about.values() if one.days.last < OPEN})
            telling.fault(
                f"it ends nothing that is not at an end by then: last days are {', '.join(ended) or 'not told'}. "
                "To move an end, correct what told it."
            )
