"""The spaces of an edition: its own figures together with those of the editions before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from careshape.disclosure.cells import PEOPLE, AtMost, Cell, Ratio, Sum, Tables
from careshape.disclosure.published import Edition, Figure, Printed, Published
from careshape.disclosure.rule import Need, Rule
from careshape.disclosure.suppress.space import ALWAYS, Column, Line, Space, Target

ROOM: Final = 50
"""Figures without an end are taken to reach so many times the largest need above the truth: more is never needed."""
PRINTED: Final = "small, though another document has printed it"
Key = tuple[int, str]


@dataclass
class Joint:
    """Columns by edition and cell, lines, and targets, before they are split into spaces.

    forced: cells that must be hidden, with the reason. needs: those that must be protected for their own sake.
    """

    tables: Tables
    rule: Rule
    before: Sequence[Edition]
    needs: Mapping[str, Need]
    fixed: Published | None = None
    """What this edition prints, where that is only looked at: nothing is chosen then."""
    forced: dict[str, str] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)
    keys: list[Key] = field(default_factory=list)
    """Of each column, the edition and the cell."""
    lines: list[Line] = field(default_factory=list)
    targets: dict[int, Target] = field(default_factory=dict)
    cell_of: dict[int, str] = field(default_factory=dict)
    """The cell whose protection a target is for."""
    at: dict[Key, int | None] = field(default_factory=dict)
    """None: it is known, and departs from nothing."""

    def __post_init__(self) -> None:
        self.order = {cell.id: number for number, cell in enumerate(self.tables.cells)}
        self.rooms = {PEOPLE: max(self.rule.width, self.rule.few + 1)}
        for tables, rule in ((self.tables, self.rule), *((one.truth, one.published.rule) for one in self.before)):
            for cell in tables.cells if tables is not None else ():
                self.rooms[cell.unit] = max(self.rooms.get(cell.unit, 1), rule.need(cell))
        self.forced.update({id_: need.why for id_, need in self.needs.items()})
        self.forced.update({cell.id: PRINTED for cell in self.tables.cells if cell.told and self.rule.small(cell)})
        self._keep_hidden()
        self._values()
        self._changes()

    def _keep_hidden(self) -> None:
        """What was hidden and did not change stays hidden; so does what was hidden and may not have changed."""
        for edition in self.before:
            for figure in edition.published.figures:
                cell = self.tables.by_id.get(figure.id)
                if cell is None or not figure.suppressed or cell.outside:
                    continue
                if edition.truth is None or edition.truth.by_id[figure.id].value == cell.value:
                    self.forced.setdefault(cell.id, f"hidden in edition {edition.published.number}")

    def _values(self) -> None:
        """All editions as one system: a figure that did not change is one unknown."""
        counted = [(edition.truth, edition.published) for edition in self.before]
        last = len(counted)
        for number, (truth, published) in enumerate(counted):
            if truth is not None:
                for figure in published.figures:
                    if figure.id in truth.by_id:
                        self._earlier(number, truth.by_id[figure.id], figure)
                self._ties(number, truth, published)
        for cell in self.tables.cells:
            same = self._same(last, cell.id, cell.value)
            self.at[last, cell.id] = self._own(last, cell) if same is _NEW else self._kept(cell, same)
        self._now(last)
        for id_, need in self.needs.items():
            self._target(self.at[last, id_], id_, width=need.width)
        for number, edition in enumerate(self.before):
            if edition.truth is not None:
                for id_, need in edition.published.rule.protected(edition.truth).items():
                    if id_ in edition.published.by_id:
                        self._target(self.at[number, id_], id_, width=need.width)

    def _same(self, edition: int, id_: str, value: int) -> int | None:
        """The column of the same, unchanged figure one edition earlier; ``_NEW`` if there is none."""
        if edition == 0 or (edition - 1, id_) not in self.at:
            return _NEW
        truth = self.before[edition - 1].truth
        if truth is None or truth.by_id[id_].value != value:
            return _NEW
        return self.at[edition - 1, id_]

    def _own(self, edition: int, cell: Cell) -> int | None:
        if cell.outside:
            return None
        if self.fixed is not None:
            return self._window((edition, cell.id), cell, self.fixed.by_id[cell.id])
        return self._add((edition, cell.id), Column(cell.value, self._room(cell), self._choice(cell)))

    def _window(self, key: Key, cell: Cell, figure: Figure) -> int | None:
        """A new column for a figure that is printed already, as open as its print leaves it; None where it is known."""
        if figure.exact or figure.known or cell.told:
            return None
        return self._add(key, Column(*self._open(cell, figure), ALWAYS))

    def _open(self, cell: Cell, figure: Figure) -> tuple[float, float]:
        down = min(cell.value - figure.least, cell.value)
        return down, self._room(cell) if figure.greatest is None else figure.greatest - cell.value

    def _now(self, place: int) -> None:
        """What ties the figures of this edition."""
        self._sums(place, self.tables.sums)
        self._limits(place, self.tables, self.tables.limits)
        for printed in self.fixed.ratios if self.fixed is not None else ():
            self._ratio(place, self.tables, printed)
        self._told(place, self.tables)

    def _add(self, key: Key, column: Column) -> int:
        self.columns.append(column)
        self.keys.append(key)
        return len(self.columns) - 1

    def scale(self, id_: str) -> float:
        """In how many of its units a cell is counted here: pence and people side by side would strain the solver."""
        cell = self.tables.by_id.get(id_) or next(
            one.truth.by_id[id_] for one in self.before if one.truth is not None and id_ in one.truth.by_id
        )
        return 1 if cell.unit == PEOPLE else max(1, self.rooms[cell.unit] / 100)

    def _room(self, cell: Cell) -> int:
        return ROOM * self.rooms[cell.unit]

    def _kept(self, cell: Cell, same: int | None) -> int | None:
        """The column of an unchanged figure: known if this edition prints it, else as open as those before left it."""
        if same is None or cell.outside:
            return None
        if self.fixed is not None:
            return self._narrowed(same, cell, self.fixed.by_id[cell.id])
        was = self.columns[same]
        self.columns[same] = Column(was.down, was.up, self._choice(cell))
        return same

    def _choice(self, cell: Cell) -> int:
        return self.order[cell.id] if cell.printed else ALWAYS

    def _earlier(self, edition: int, cell: Cell, figure: Figure) -> None:
        """A figure of an earlier edition: as open as its print leaves it, whatever is chosen now.

        One that stays the same from now on shows no more than the narrowest of its prints.
        """
        same = self._same(edition, cell.id, cell.value)
        key = (edition, cell.id)
        if same is _NEW:
            self.at[key] = self._window(key, cell, figure)
        else:
            self.at[key] = None if same is None else self._narrowed(same, cell, figure)

    def _narrowed(self, same: int, cell: Cell, figure: Figure) -> int | None:
        """The column of an unchanged figure, after one more print of it."""
        if figure.exact or figure.known or cell.told:
            self.columns[same] = Column(0, 0, ALWAYS)
            return None
        (down, up), was = self._open(cell, figure), self.columns[same]
        self.columns[same] = Column(min(was.down, down), min(was.up, up), ALWAYS)
        return same

    def _sums(self, edition: int, sums: Sequence[Sum]) -> None:
        for one in sums:
            terms: dict[int, int] = {}
            for id_, factor in ((one.total, 1), *((part, -1) for part in one.parts)):
                column = self.at.get((edition, id_))
                if column is not None:
                    terms[column] = terms.get(column, 0) + factor
            terms = {column: factor for column, factor in terms.items() if factor}
            if terms:
                self.lines.append(Line(tuple(terms.items())))

    def _ties(self, place: int, truth: Tables, published: Published) -> None:
        """What ties the figures of an earlier edition."""
        self._sums(place, published.sums)
        self._limits(place, truth, published.limits)
        for printed in published.ratios:
            self._ratio(place, truth, printed)
        self._told(place, truth)

    def _told(self, edition: int, truth: Tables) -> None:
        """Ratios that other documents printed: no edition can take those back, so only their cells can be hidden."""
        for one in truth.told:
            top, bottom = truth.by_id[one.ratio.numerator], truth.by_id[one.ratio.denominator]
            columns = self.at.get((edition, top.id)), self.at.get((edition, bottom.id))
            lines = ratio_lines(one.ratio, one.shown, top, bottom, *columns)
            self.lines += [replace(line, ratio="", cells=(top.id, bottom.id)) for line in lines]

    def _limits(self, edition: int, truth: Tables, limits: Sequence[AtMost]) -> None:
        """What is known to be no more than what: departures may use up what the truth leaves between them."""
        for one in limits:
            slack = -truth.by_id[one.part].value
            terms: dict[int, int] = {}
            for id_, factor in (*((whole, 1) for whole in one.whole), (one.part, -1)):
                column = self.at.get((edition, id_))
                slack += truth.by_id[id_].value if factor > 0 else 0
                if column is not None:
                    terms[column] = terms.get(column, 0) + factor
            terms = {column: factor for column, factor in terms.items() if factor}
            if terms:
                self.lines.append(Line(tuple(terms.items()), -float(slack), float("inf"), cells=(one.part, *one.whole)))

    def _ratio(self, edition: int, truth: Tables, printed: Printed) -> None:
        """A ratio of true counts that an earlier edition printed beside a figure that it hid."""
        if printed.shown is not None and printed.of_counts:
            ratio = printed.ratio
            top, bottom = truth.by_id[ratio.numerator], truth.by_id[ratio.denominator]
            self.lines += ratio_lines(
                ratio, printed.shown, top, bottom, self.at.get((edition, top.id)), self.at.get((edition, bottom.id))
            )

    def _target(self, column: int | None, id_: str, width: int = 0, up: int = 0, down: int = 0) -> None:
        if column is None:
            column = self._add((len(self.before), id_), Column(0, 0, ALWAYS))
        had = self.targets.get(column, Target(column))
        self.targets[column] = Target(column, max(width, had.width), max(up, had.up), max(down, had.down))
        self.cell_of[column] = id_

    def _added_only(self) -> bool:
        """Whether no figure fell from an edition to the next, so that a reader may know that people were only added."""
        truths = [*(edition.truth for edition in self.before), self.tables]
        return not any(
            cell.id in new.by_id and new.by_id[cell.id].value < cell.value
            for old, new in pairwise(one for one in truths if one is not None) for cell in old.cells
        )  # fmt: skip

    def _linked(self, was: Key, now: Key, change: int) -> int | None:
        """The column of a change, which a reader knows not to be below 0; None where both figures are known."""
        terms = [(self.at[key], factor) for key, factor in ((now, 1), (was, -1)) if self.at.get(key) is not None]
        if not terms or self.at.get(was) == self.at.get(now):
            return None
        column = self._add(now, Column(change, ROOM * max(self.rooms.values()), ALWAYS))
        known = [(at, factor) for at, factor in terms if at is not None]
        self.lines.append(Line((*known, (column, -1))))
        return column

    def _changes(self) -> None:
        """A figure that changed by a few people: what is printed must leave it possible that it did not change.

        The editions stand beside each other as two systems here: who knows what did not change needs no figures to find
        what did. Where people were only added, a reader may know that, and the systems are linked.
        """
        moved = self._moved()
        last = len(self.before)
        linked = last > 0 and self._added_only()
        if linked:
            self._link_all(0)
        if not moved:
            return
        alone = 2 * last + 1
        for cell in self.tables.cells:
            self.at[alone, cell.id] = self._own(alone, cell)
        self._now(alone)
        changes: dict[str, int | None] = {}
        if linked:
            self._copy_before(alone - last)
            changes = self._link_all(alone - last)
        for id_, (up, down) in moved.items():
            self._target(self.at[alone, id_], id_, up=up, down=down)
            change, truth = changes.get(id_), self.before[-1].truth
            if change is not None and truth is not None:
                self._target(change, id_, down=min(down, self.tables.by_id[id_].value - truth.by_id[id_].value))

    def _copy_before(self, place: int) -> None:
        """The editions before once more, each by itself, at this place and those after it."""
        for number, edition in enumerate(self.before, place):
            if edition.truth is not None:
                for figure in edition.published.figures:
                    cell = edition.truth.by_id[figure.id]
                    self.at[number, cell.id] = self._window((number, cell.id), cell, figure)
                self._ties(number, edition.truth, edition.published)

    def _link_all(self, place: int) -> dict[str, int | None]:
        """Changes of 0 or more from each edition to the next, of which the first is at this place; those of the last
        step, by cell.
        """
        found: dict[str, int | None] = {}
        truths = [*(edition.truth for edition in self.before), self.tables]
        for number, (old, new) in enumerate(pairwise(truths), place):
            if old is None or new is None:
                found = {}
                continue
            found = {
                cell.id: self._linked((number, cell.id), (number + 1, cell.id), cell.value - old.by_id[cell.id].value)
                for cell in new.cells if cell.id in old.by_id
            }  # fmt: skip
        return found

    def _moved(self) -> dict[str, tuple[int, int]]:
        """By cell that changed by a few people: how far above and below its value the figure it had lies."""
        moved: dict[str, tuple[int, int]] = {}
        for edition in self.before:
            number = edition.published.number
            for id_, figure in edition.published.by_id.items():
                cell = self.tables.by_id.get(id_)
                if edition.truth is None or cell is None or cell.outside or figure.unit != PEOPLE:
                    continue
                change = cell.value - edition.truth.by_id[id_].value
                if 0 < abs(change) <= self.rule.few and (figure.exact or figure.shown is None):
                    up, down = moved.get(id_, (0, 0))
                    moved[id_] = (max(up, -change), max(down, change))
                    self.forced.setdefault(id_, f"would show what changed since edition {number}")
        return moved

    def parts(self) -> list[Part]:
        """The components that hold a target."""
        return _split(self)


_NEW: Final = -2


@dataclass(frozen=True)
class Part:
    """One component: its space, the cells it chooses among, the cell of each target, what each column stands for."""

    space: Space
    cells: Sequence[str]
    asked: Sequence[str]
    keys: Sequence[Key]


def ratio_lines(
    ratio: Ratio, shown: int, top: Cell, bottom: Cell, top_column: int | None, bottom_column: int | None
) -> list[Line]:
    """What a printed ratio says of departures from the truth: (2P - 1) p D <= 2 s 10^d N < (2P + 1) p D."""
    factor = 2 * ratio.scale * 10**ratio.decimals
    lines = []
    whole = ratio.whole(shown)
    for sign, beside in ((1, ratio.per * (2 * whole - 1)), (-1, ratio.per * (2 * whole + 1))):
        terms = [
            (column, value)
            for column, value in ((top_column, sign * factor), (bottom_column, -sign * beside))
            if column is not None
        ]
        slack = sign * (factor * top.value - beside * bottom.value) - (sign < 0)
        if terms:
            lines.append(Line(tuple(terms), -float(slack), float("inf"), ratio.id))
    return lines


def _split(joint: Joint) -> list[Part]:
    count = len(joint.columns)
    choices = len(joint.order)
    parent = list(range(count + choices))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for number, column in enumerate(joint.columns):
        if column.choice != ALWAYS:
            parent[root(number)] = root(count + column.choice)
    for line in joint.lines:
        for other, _ in line.terms[1:]:
            parent[root(other)] = root(line.terms[0][0])
    wanted = {root(column) for column in joint.targets}
    groups: dict[int, list[int]] = {one: [] for one in sorted(wanted)}
    for number in range(count):
        if root(number) in wanted:
            groups[root(number)].append(number)
    lines: dict[int, list[Line]] = {one: [] for one in groups}
    for line in joint.lines:
        if root(line.terms[0][0]) in wanted:
            lines[root(line.terms[0][0])].append(line)
    return [_part(joint, members, lines[one]) for one, members in groups.items()]


def _part(joint: Joint, members: Sequence[int], lines: Sequence[Line]) -> Part:
    position = {column: at for at, column in enumerate(members)}
    used = sorted({joint.columns[column].choice for column in members} - {ALWAYS})
    choice = {ALWAYS: ALWAYS, **{one: at for at, one in enumerate(used)}}
    scales = [joint.scale(joint.keys[column][1]) for column in members]
    columns = [
        Column(c.down / scale, c.up / scale, choice[c.choice])
        for c, scale in zip((joint.columns[column] for column in members), scales, strict=True)
    ]
    moved = [_scaled(replace(line, terms=tuple((position[c], f) for c, f in line.terms)), scales) for line in lines]
    asked = [joint.targets[column] for column in members if column in joint.targets]
    targets = []
    for one in asked:
        at = position[one.column]
        targets.append(Target(at, *(need / scales[at] for need in (one.width, one.up, one.down))))
    cells = [joint.tables.cells[one].id for one in used]
    space = Space(columns, moved, targets, len(used), [scale == 1 for scale in scales])
    return Part(space, cells, [joint.cell_of[one.column] for one in asked], [joint.keys[column] for column in members])


def _scaled(line: Line, scales: Sequence[float]) -> Line:
    """A line over columns that are counted in units of their scales."""
    least = min(scales[column] for column, _ in line.terms)
    terms = tuple((column, factor * scales[column] / least) for column, factor in line.terms)
    return replace(line, terms=terms, least=line.least / least, greatest=line.greatest / least)
