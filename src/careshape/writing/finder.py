"""Find what a text may quote: measures, forecasts, published figures, tables and charts, by words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from careshape.catalogue import catalogue
from careshape.errors import CareshapeError
from careshape.evaluate.gap.supply import ALL
from careshape.evaluate.measure import measures
from careshape.statement.calls import Call, Place
from careshape.statement.cards import Card
from careshape.statement.council import Council
from careshape.statement.expressions import parse
from careshape.statement.figures import Figure, FigureBook
from careshape.statement.formatting import title_of, written
from careshape.statement.labels import in_sentence, label_of, period_title
from careshape.statement.outlook.ahead import NotWorkedOutError
from careshape.statement.phrases import phrase
from careshape.writing.texts import drafting
from careshape.writing.words import SMALL, Wanted, wanted, words_of

MOST: Final = 20
"""Of each kind, so many are shown; more words leave fewer."""
NAMED: Final = ("service", "client_group", "district")
"""Dimensions whose values may stand among the words: hours of home care in Wychavon."""

COMING: Final = ("expected", "forecast", "future", "outlook")
"""Words by which what is to come is looked for."""
_NOTHING: Final = Wanted(())


@dataclass(frozen=True)
class Hit:
    """Something that may be quoted.

    expression: what is written in the text; empty for a measure that nothing is counted of.
    now: what it gives now; empty for what stands on a line of its own.
    """

    title: str
    said: str
    expression: str = ""
    measure: str = ""
    now: str = ""


@dataclass(frozen=True)
class Hits:
    """What was found of one kind."""

    title: str
    shown: tuple[Hit, ...]
    more: int
    """How many fit that are not shown."""


@dataclass(frozen=True)
class Found:
    """What was found: by kind, for which words, and whether each has all of them or only the most of them."""

    kinds: tuple[Hits, ...] = ()
    wanted: Wanted = _NOTHING
    whole: bool = True
    later: bool = False
    """Whether what is to come is not worked out yet, so that it is not found."""

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return any(one.shown for one in self.kinds)


@dataclass(frozen=True)
class _Listed:
    """Something that can be found, with the words of its title and those of all that is said of it."""

    hit: Hit
    titled: frozenset[str]
    words: frozenset[str]
    asks: Call | None = None
    """The measure or forecast that is asked for its value, where it is among what is shown."""


@dataclass
class _Index:
    """All that can be found of a council at one state, by kind, and every word in it with how often."""

    kinds: dict[str, tuple[_Listed, ...]]
    known: Counter[str]
    values: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """Dimension and id -> the words of the value."""


def find(council: Council, text: str) -> Found:
    """Everything in which all the words stand, by kind; where nothing has all, what has the most; nothing for none."""
    index, later = _index(council), _ahead(council) is None
    looked = wanted(text, index.known)
    every = len(looked.words)
    found: tuple[Hits, ...] = ()
    for many in range(every, every // 2, -1):
        found = _fitting(council, index, looked.words, many)
        if any(one.shown for one in found):
            return Found(found, looked, many == every, later)
    return Found(found, looked, later=later)


def _fitting(council: Council, index: _Index, words: tuple[str, ...], many: int) -> tuple[Hits, ...]:
    """What has at least so many of the words, those first whose title has the most of them."""
    book, made = drafting(council).book, []
    for title, listed in index.kinds.items():
        fit = [one for each in listed if (one := _fit(index, each, words, many)) is not None]
        fit.sort(key=lambda one: -_count(one.titled, words))
        shown = [_valued(book, one) for one in fit[:MOST]]
        # A measure that cannot be asked of what the words name does not have these words.
        hits = tuple(
            hit for hit, one in zip(shown, fit, strict=False) if hit.expression or not (one.asks and one.asks.named)
        )
        made.append(Hits(title, hits, max(0, len(fit) - MOST)))
    return tuple(made)


def _fit(index: _Index, one: _Listed, words: tuple[str, ...], many: int) -> _Listed | None:
    """What is listed, where it has so many of the words; a measure with the values that the others name."""
    if _count(one.words, words) == len(words):
        return one
    if one.hit.measure:
        one = _narrowed(index, one, words)
    return one if _count(one.words, words) >= many else None


def _narrowed(index: _Index, one: _Listed, words: tuple[str, ...]) -> _Listed:
    """A measure of what the words that it does not have name: a service, a client group, a district."""
    assert one.asks is not None
    given = set(measures()[one.hit.measure].where)
    named, has = list(one.asks.named), one.words
    for (dimension, value), called in index.values.items():
        new = any(_has(called, word) and not _has(has, word) for word in words)
        whole = all(part in has or any(part.startswith(word) for word in words) for part in called)
        if new and whole and dimension not in given:
            named.append((dimension, value))
            given.add(dimension)
            has = has | called
    return replace(one, words=has, asks=replace(one.asks, named=tuple(named)))


def _valued(book: FigureBook, one: _Listed) -> Hit:
    """What was found with what it gives now, and what is written to have it."""
    if one.asks is None:
        return one.hit
    try:
        call = _dated(book, one.asks) if one.hit.measure else one.asks
        figure = book.figure(call)
    except CareshapeError:
        return one.hit
    if figure.problem:
        return one.hit
    named = figure.what if one.hit.measure else one.hit.title
    return replace(one.hit, title=named, expression=str(call), now=figure.text)


def _dated(book: FigureBook, call: Call) -> Call:
    """A question to a measure with the last period that it is asked for without one."""
    last = book.result(call.first).periods[-1].label
    return replace(call, named=(("period", last), *call.named))


def _count(known: frozenset[str], words: tuple[str, ...]) -> int:
    return sum(_has(known, word) for word in words)


def _has(known: frozenset[str], word: str) -> bool:
    return word in known or any(one.startswith(word) for one in known)


def _index(council: Council) -> _Index:
    """What can be found, made once a state of the council."""
    ahead = _ahead(council)
    kept = council.kept.get("finder")
    if kept is not None and kept[0] is ahead:
        index: _Index = kept[1]
        return index
    kinds: dict[str, Callable[[Council], Iterator[_Listed]]] = {
        "Measures": _measures, "What is to come": _to_come, "Published figures": _seen, "Tables and charts": _tables,
    }  # fmt: skip
    listed = {title: tuple(made(council)) for title, made in kinds.items()}
    # A value of more words before one of fewer: care homes with nursing before care homes.
    values = dict(sorted(_values(council), key=lambda item: -len(item[1])))
    known = Counter(word for each in listed.values() for one in each for word in one.words)
    for words in (COMING, *values.values()):
        known.update(words)
    index = _Index(listed, known, values)
    council.kept["finder"] = (ahead, index)
    return index


def _ahead(council: Council) -> Any:
    try:
        return council.ahead
    except NotWorkedOutError:
        return None


def _values(council: Council) -> Iterator[tuple[tuple[str, str], frozenset[str]]]:
    for dimension in NAMED:
        for one in catalogue().lists[dimension].entries:
            if one.code and getattr(one, "authority", None) in (None, council.slug):
                yield (dimension, one.id), frozenset(words_of(one.id.replace("-", " "))) - SMALL


def _listed(hit: Hit, more: str, asks: Call | None = None) -> _Listed:
    titled = frozenset(words_of(hit.title))
    return _Listed(hit, titled, titled | frozenset(words_of(f"{hit.said} {more}")), asks)


def _measures(council: Council) -> Iterator[_Listed]:
    for one in measures().values():
        yield _listed(
            Hit(one.label, one.card.what, measure=one.id), one.id.replace("_", " "), Call("measure", (one.id,))
        )


def _to_come(council: Council) -> Iterator[_Listed]:
    """What the forecast expects of each segment and client group, by year."""
    made = _ahead(council)
    if made is None or made.problem:
        return
    for segment, group, area, month in sorted(made.expectations, key=lambda key: (key[3], key[:3])):
        year, more = str(made.origin.year + month // 12), {"client_group": group, "area": area}
        chosen = [(name, value) for name, value in more.items() if value != ALL]
        lists = {"client_group": "client_group", "area": "district"}
        named = [in_sentence(lists[name], label_of(lists[name], value)) for name, value in chosen]
        one = made.segments[segment]
        title = ", ".join([one.label, *named, f"expected in {year}"])
        said = f"{one.unit[:1].upper()}{one.unit[1:]}, if things go on as the records show."
        asks = Call("forecast", (segment,), (("year", year), *chosen))
        yield _listed(Hit(title, said), f"{' '.join(COMING)} {segment.replace('-', ' ')}", asks)


def _tables(council: Council) -> Iterator[_Listed]:
    for spec in council.written.tables.values() if council.written else ():
        title = str(phrase(drafting(council).book, spec.title))
        kinds = ("table",) if spec.chart == "none" else ("table", "chart")
        for kind in kinds:
            yield _listed(Hit(title, f"A {kind} of its own line", f'{kind}("{spec.id}")'), spec.id.replace("-", " "))


def _seen(council: Council) -> Iterator[_Listed]:
    tables = council.dataset.tables if council.dataset else {}
    for row in council.observations:
        title = tables[row.table].title if row.table in tables else title_of(row.table)
        dims = [label_of(name, value) for name, value in row.dims.items() if value != "all"]
        when = period_title(row.period.text) if row.period.text else row.period.label
        what = ", ".join(one for one in (title_of(row.measure), *dims, when) if one)
        now = written(row.value, row.unit)
        yield _listed(Hit(what, f"{title}, {row.id}", f'observation("{row.id}")', now=now), f"observation {now}")


def figure_of(council: Council, expression: str) -> Figure:
    """The figure that an expression gives now. Raises ExpressionError where it cannot be read."""
    call: Call = parse(expression, Place("What you chose", 0))
    if call.block:
        return Figure("", str(call), None, "", "", "It stands on a line of its own", Card("text", ()))
    return drafting(council).book.figure(call)
