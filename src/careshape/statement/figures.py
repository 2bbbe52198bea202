"""The figures of a statement: every expression becomes a value, its text and its card, once a state of the ledger."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from careshape.catalogue.periods import parse_period, parse_periods
from careshape.design import View
from careshape.errors import CallError, CareshapeError
from careshape.evaluate.gap.gap import Expected
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.measure import Result, measure, measures
from careshape.evaluate.measure.evaluate import Context, open_context
from careshape.evaluate.measure.frames import LedgerLike
from careshape.evaluate.measure.kinds import Counts
from careshape.evaluate.measure.reach import reach
from careshape.evaluate.measure.unmet import is_unmet
from careshape.home import Home
from careshape.records import Action, Dataset, Intention, Observations
from careshape.statement.calls import Call
from careshape.statement.cards import Card, Line
from careshape.statement.formatting import Value, Withheld, written


class Seen(Protocol):
    """What was worked out of what is to come, as a figure of the text needs it."""

    @property
    def problem(self) -> str:
        """Why there is no forecast; empty where there is one."""

    @property
    def origin(self) -> date:
        """The last day of the records that the forecast starts from."""

    @property
    def months(self) -> int:
        """How many months it covers."""

    @property
    def ahead(self) -> int:
        """How many years after its origin the day lies that the outlook sums up by."""

    @property
    def known(self) -> str:
        """As known on which day and by which posting, in words."""

    def expected(self, segment: Segment, client_group: str, area: str, month: int) -> Expected:
        """What is expected of a cell so many months after the origin."""

    def withheld(self, segment: str, client_group: str, area: str = "all") -> str:
        """Why nothing is told of a cell; empty where it is not kept back."""


@dataclass(frozen=True)
class Lookout:
    """Where what is to come is found: the data folder and council whose it is, and what was worked out of it.

    ``seen`` raises NotWorkedOutError where nothing was yet.
    """

    home: Home
    authority: str
    seen: Callable[[], Seen]


@dataclass(frozen=True)
class Sources:
    """What a statement's figures are taken from."""

    authority: str
    ledger: LedgerLike | None
    observations: Observations
    dataset: Dataset | None = None
    intentions: tuple[Intention, ...] = ()
    actions: tuple[Action, ...] = ()
    views: tuple[View, ...] = ()
    known: str = ""
    """As known on which day, by which posting, in words."""
    outlook: Lookout | None = None
    """What is to come; None where only names are checked."""
    segments: tuple[Segment, ...] = ()
    """The segments of the outlook; without any, those that come with careshape."""
    rounded: int = 0
    """To multiples of what counts are rounded, as in an edition whose rule rounds; 0 where they are not."""
    counted: dict[str, Counts] | None = None
    """What was counted of these records already, question by question, where that is kept."""

    @cached_property
    def context(self) -> Context | None:
        """The open ledger; None where there is none, or where it holds nothing yet."""
        if self.ledger is None or not self.ledger.files():
            return None
        return replace(open_context(self.ledger), counted=self.counted)


@dataclass(frozen=True)
class Reading:
    """What an expression gives: its value and unit, what it is in words, its card, and the figures it is made from."""

    value: Value
    unit: str
    what: str
    card: Card
    parents: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Figure:
    """One figure of the statement.

    ``key`` is its address; ``text`` how it is written; ``problem`` says why it could not be computed.
    """

    key: str
    expression: str
    value: Value
    unit: str
    text: str
    what: str
    card: Card
    parents: tuple[Figure, ...] = ()
    problem: str = ""

    @property
    def linked(self) -> bool:
        """Whether the figure has a source to show: dates and names that the text says itself have none."""
        return self.card.kind != "text"


class WithheldError(CareshapeError):
    """A figure is made from one that is withheld, and so is withheld itself."""

    def __init__(self, withheld: Withheld) -> None:
        super().__init__(withheld.reason)
        self.withheld = withheld


@dataclass
class FigureBook:
    """Computes figures, asks each measure once for all its periods, and keeps what it has computed.

    A book belongs to one state of the ledger (a posting) and of the observations; a new posting needs a new book.
    """

    sources: Sources
    read: Callable[[FigureBook, Call], Reading]
    """What computes one expression: ``careshape.statement.functions.read``, which asks the book for its arguments."""
    ask: Callable[..., Result] = measure
    """What answers a question to the ledger: ``measure``, or what an edition puts before it."""
    _figures: dict[str, Figure] = field(default_factory=dict)
    _by_key: dict[str, Figure] = field(default_factory=dict)
    _results: dict[tuple[Any, ...], Result] = field(default_factory=dict)
    _planned: dict[tuple[Any, ...], list[str]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def figure(self, call: Call) -> Figure:
        """The figure of an expression; one that cannot be computed says "not known" and carries the reason."""
        name = str(call)
        with self._lock:
            if name not in self._figures:
                self._figures[name] = self._computed(call, name)
                self._by_key[self._figures[name].key] = self._figures[name]
            return self._figures[name]

    def plan(self, calls: Iterable[Call]) -> None:
        """Note the measures that will be asked for, so that each is asked once for all its periods together."""
        for call in calls:
            for one in call.calls():
                period = one.options.get("period")
                if one.name == "measure" and isinstance(period, str) and _label(period):
                    asked = self._planned.setdefault(_question(one), [])
                    if period not in asked:
                        asked.append(period)

    def result(
        self, name: str, by: Sequence[str] = (), where: dict[str, Any] | None = None, period: str = ""
    ) -> Result:
        """Ask a measure, or give the answer it gave before. Raises CareshapeError where the question is wrong."""
        if self.sources.context is None:
            raise CareshapeError("The ledger holds no line item yet, so no measure can be computed.")
        key = (name, tuple(by), _frozen(where or {}), period)
        with self._lock:
            if key not in self._results:
                self._results[key] = self.ask(
                    self.sources.context, name, by=tuple(by), where=where or None, period=period or None
                )
            return self._results[key]

    def beyond(self, name: str, period: str) -> str:
        """Why a measure says nothing true of a period: it lies outside of the records; empty where they cover it."""
        context, entry = self.sources.context, measures().get(name)
        if context is None or entry is None or not period:
            return ""
        return reach(context, entry).beyond(entry, parse_periods(period), surely=True)

    def measured(self, call: Call, where: dict[str, Any]) -> Value:
        """The value of a ``measure(...)`` call; calls that differ in their period only share one question."""
        period = str(call.options.get("period", ""))
        periods = self._planned.get(_question(call), [])
        if period not in periods or len(periods) == 1:
            return _single(self.result(call.first, (), where, period))
        answer = self.result(call.first, ("period",), where, ",".join(periods))
        for row in answer.rows:
            if row["period"] == _label(period):
                value: Value = row["value"]
                return value
        return _single(self.result(call.first, (), where, period))

    def adopt(self, call: Call, reading: Reading) -> Figure:
        """Keep a figure whose value is known already, such as a cell of a table: it gets an address and a card."""
        name = str(call)
        with self._lock:
            if name not in self._figures:
                text = written(reading.value, reading.unit, call.style)
                key = _key(name)
                self._figures[name] = Figure(
                    key, name, reading.value, reading.unit, text, reading.what, reading.card, reading.parents
                )
                self._by_key[key] = self._figures[name]
            return self._figures[name]

    def take(self, other: FigureBook) -> None:
        """Take over what the ledger answered to another book of the same state; what is told beside it may be new."""
        with other._lock:
            self._results.update({key: one for key, one in other._results.items() if not is_unmet(one.measure)})

    def by_key(self, key: str) -> Figure | None:
        """The figure with an address, among those computed so far and the figures they are made from."""
        return self._by_key.get(key)

    def computed(self) -> list[Figure]:
        """Every figure computed so far, and the figures they are made from, each once."""
        with self._lock:
            return list(self._by_key.values())

    def _computed(self, call: Call, name: str) -> Figure:
        key = _key(name)
        try:
            reading = self.read(self, call)
            text = written(reading.value, reading.unit, call.style)
        except WithheldError as error:
            card = Card("withheld", (Line("Why it is withheld", error.withheld.reason),))
            what = "Figure worked out from one that is withheld"
            return Figure(key, name, error.withheld, "", written(error.withheld), what, card)
        except CareshapeError as error:
            card = Card("problem", (Line("Why it is not known", str(error)),))
            return Figure(
                key, name, None, "", written(None), "Figure that cannot be computed", card, problem=str(error)
            )
        return Figure(key, name, reading.value, reading.unit, text, reading.what, reading.card, reading.parents)


def key_of(call: Call) -> str:
    """The address of an expression's figure, without computing it."""
    return _key(str(call))


def _key(name: str) -> str:
    """The address of a figure: a short digest of its expression, the same wherever it is quoted."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def _single(result: Result) -> Value:
    """The value of a result that is not split; None where nothing was counted and nothing can be said."""
    return result.value_of(result.cells[0]) if result.cells else None


def _question(call: Call) -> tuple[Any, ...]:
    """What a measure call asks apart from its period."""
    return (call.first, _frozen({key: value for key, value in call.options.items() if key != "period"}))


def _frozen(where: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted((key, value if isinstance(value, str) else str(value)) for key, value in where.items()))


def _label(period: str) -> str:
    """The one label of a period, whichever way it was written; empty where it is none."""
    try:
        return parse_period(period).label
    except CallError:
        return ""
