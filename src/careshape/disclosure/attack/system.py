"""What is printed, read as one system of equations: every figure a column, every sum and ratio a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from careshape.disclosure.cells import Told
from careshape.disclosure.published import Figure, Printed, Published

Place = tuple[int, str]
"""Position of an edition among those read, and a cell's id; a change between two editions has an id of its own."""


@dataclass(frozen=True, slots=True)
class Row:
    """``least <= sum of factor * column <= greatest``, in whole numbers, and where a reader finds it."""

    terms: tuple[tuple[int, int], ...]
    least: int
    greatest: int | None
    source: int
    """Position among ``System.sources``; several rows of one source are one thing that is printed."""


@dataclass
class System:
    """Columns with ranges, and rows that tie them."""

    least: list[int] = field(default_factory=list)
    greatest: list[int | None] = field(default_factory=list)
    names: list[Place] = field(default_factory=list)
    shown: list[int | None] = field(default_factory=list)
    """What was last printed of a column, which need not be the truth."""
    rows: list[Row] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    at: dict[Place, int] = field(default_factory=dict)

    def column(self, place: Place, least: int, greatest: int | None) -> int:
        """The column of a place, with its range cut to this one; a new one where there is none."""
        if place not in self.at:
            self.at[place] = len(self.names)
            self.names.append(place)
            self.shown.append(None)
            self.least.append(least)
            self.greatest.append(greatest)
            return self.at[place]
        column = self.at[place]
        self.least[column] = max(self.least[column], least)
        had = self.greatest[column]
        self.greatest[column] = greatest if had is None else had if greatest is None else min(had, greatest)
        return column

    def row(self, terms: Iterable[tuple[int, int]], least: int, greatest: int | None, source: str) -> None:
        """One row of a source of its own."""
        self.sources.append(source)
        self._row(terms, least, greatest)

    def _row(self, terms: Iterable[tuple[int, int]], least: int, greatest: int | None) -> None:
        self.rows.append(Row(_gathered(terms), least, greatest, len(self.sources) - 1))

    def add_sums(self, edition: int, published: Published) -> None:
        """The sums of an edition."""
        for one in published.sums:
            terms = [(self.at[edition, one.total], 1), *((self.at[edition, part], -1) for part in one.parts)]
            self.row(terms, 0, 0, _said_sum(published, one.total, one.parts, one.table))

    def add_ratio(self, edition: int, published: Published, printed: Printed, by: str = "") -> None:
        """A printed ratio: the true one lies within half a unit of its last decimal.

        With P printed, s scale per p and d decimals, half up: (2P - 1) p D <= 2 s 10^d N < (2P + 1) p D. ``by`` says
        who printed it, where this edition did not.
        """
        ratio = printed.ratio
        top, bottom = self.at[edition, ratio.numerator], self.at[edition, ratio.denominator]
        if printed.empty and printed.of_counts:
            self.column((edition, ratio.denominator), 0, 0)
        elif printed.shown is not None and printed.of_counts:
            factor, shown = 2 * ratio.scale * 10**ratio.decimals, printed.shown + ratio.less * 10**ratio.decimals
            self.sources.append(_said_ratio(published, printed, by))
            self._row([(top, factor), (bottom, ratio.per * (1 - 2 * shown))], 0, None)
            self._row([(top, -factor), (bottom, ratio.per * (1 + 2 * shown))], 1, None)
            self.column((edition, ratio.denominator), 1, None)

    def add_limits(self, edition: int, published: Published) -> None:
        """What is known to be no more than what."""
        for one in published.limits:
            terms = [*((self.at[edition, whole], 1) for whole in one.whole), (self.at[edition, one.part], -1)]
            self.row(terms, 0, None, _said_limit(published, one.part, one.whole))

    def holds(self, point: Sequence[int]) -> str | None:
        """None where a whole table fits all that is printed; else what it contradicts, in words."""
        for column, value in enumerate(point):
            greatest = self.greatest[column]
            if value < self.least[column] or (greatest is not None and value > greatest):
                return f"'{self.names[column][1]}' is {value}"
        for row in self.rows:
            value = sum(point[column] * factor for column, factor in row.terms)
            if value < row.least or (row.greatest is not None and value > row.greatest):
                return self.sources[row.source]
        return None


def read(
    editions: Sequence[Published], same: Mapping[Place, Place], only_added: bool = False,
    told: Mapping[Place, int] | None = None, ratios: Sequence[Sequence[Told]] = (),
) -> System:  # fmt: skip
    """The system of several editions, oldest first.

    same: places that are known to hold the value of another, earlier place: one column for both.
    only_added: no figure of a later edition is below that of the one before it.
    told: what other documents have printed of a place. ratios: by edition, what they have printed of two.
    """
    system = System()
    for edition, published in enumerate(editions):
        for figure in published.figures:
            column = system.column(same.get((edition, figure.id), (edition, figure.id)), figure.least, figure.greatest)
            if told and (edition, figure.id) in told:
                system.column(system.names[column], told[edition, figure.id], told[edition, figure.id])
            system.at[edition, figure.id] = column
            system.shown[column] = figure.shown if figure.shown is not None else system.shown[column]
        system.add_sums(edition, published)
        system.add_limits(edition, published)
        for printed in published.ratios:
            system.add_ratio(edition, published, printed)
        for one in ratios[edition] if ratios else ():
            system.add_ratio(edition, published, Printed(one.ratio, one.shown), "another document")
    if only_added:
        _link(system, editions)
    return system


def _link(system: System, editions: Sequence[Published]) -> None:
    """Between each edition and the next: a change of 0 or more in every figure of both."""
    for edition in range(1, len(editions)):
        for figure in editions[edition].figures:
            if figure.id not in editions[edition - 1].by_id:
                continue
            was, now = system.at[edition - 1, figure.id], system.at[edition, figure.id]
            if was != now:
                change = system.column((edition, change_of(figure.id)), 0, None)
                words = f"'{figure.id}' of edition {editions[edition].number} is no less than the one before"
                system.row([(now, 1), (was, -1), (change, -1)], 0, 0, words)


def change_of(id_: str) -> str:
    """The name of the change in a cell."""
    return f"change in {id_}"


def _gathered(terms: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Factors of the same column added up; those that cancel left out."""
    factors: dict[int, int] = {}
    for column, factor in terms:
        factors[column] = factors.get(column, 0) + factor
    return tuple((column, factor) for column, factor in factors.items() if factor)


def _said(figure: Figure) -> str:
    if figure.shown is not None:
        return f"'{figure.id}' ({figure.shown}{'' if figure.exact else ', rounded'})"
    if figure.greatest is None:
        return f"'{figure.id}' ({'suppressed' if figure.printed else 'not printed'})"
    return f"'{figure.id}' ({figure.least} to {figure.greatest})"


def _said_sum(published: Published, total: str, parts: Sequence[str], table: str) -> str:
    """The sum in words; parts that are printed exactly are added up."""
    figures = [published.by_id[part] for part in parts]
    open_ = [_said(figure) for figure in figures if not figure.exact]
    printed = [figure.least for figure in figures if figure.exact]
    if printed:
        open_.append(f"{sum(printed)} in the part{'s' if len(printed) > 1 else ''} printed")
    place = f"edition {published.number}{f', {table}' if table else ''}"
    return f"{_said(published.by_id[total])} = {' + '.join(open_) or 'nothing'} ({place})"


def _said_ratio(published: Published, printed: Printed, by: str = "") -> str:
    ratio, shown = printed.ratio, printed.shown or 0
    text = str(shown) if not ratio.decimals else f"{shown / 10**ratio.decimals:.{ratio.decimals}f}"
    top, bottom = (_said(published.by_id[id_]) for id_ in (ratio.numerator, ratio.denominator))
    less = f" - {ratio.less}" if ratio.less else ""
    scale = f"{ratio.scale}/{ratio.per}" if ratio.per > 1 else f"{ratio.scale}"
    return f"'{ratio.id}' ({text}) = {scale} x {top} / {bottom}{less} ({by or f'edition {published.number}'})"


def _said_limit(published: Published, part: str, whole: Sequence[str]) -> str:
    held = " + ".join(_said(published.by_id[id_]) for id_ in whole)
    return f"{_said(published.by_id[part])} is at most {held} (edition {published.number})"
