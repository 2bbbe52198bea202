"""What is attacked: protected cells of all editions that are read together, and changes between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from careshape.disclosure.attack.bounds import Contradiction
from careshape.disclosure.attack.explain import because
from careshape.disclosure.attack.report import Finding, Kind, Report
from careshape.disclosure.attack.search import Range, Search
from careshape.disclosure.attack.system import Place, System, change_of, read
from careshape.disclosure.cells import PEOPLE, Tables
from careshape.disclosure.published import Published
from careshape.errors import InputError


@dataclass
class Attack:
    """One attack; the arguments are those of ``attack``."""

    published: Published
    before: Sequence[Published]
    truth: Tables | None
    was: Sequence[Tables | None]
    only_added: bool
    full: bool
    explained: int
    solved: dict[str, int] = field(default_factory=lambda: {"linear": 0, "integer": 0})

    def __post_init__(self) -> None:
        self.editions = (*self.before, self.published)
        self.truths = (*self.was, *[None] * (len(self.before) - len(self.was)), self.truth)
        if len(self.truths) != len(self.editions):
            raise InputError(f"There are {len(self.was)} sets of true figures for {len(self.before)} earlier editions.")

    def report(self) -> Report:
        """Attack, and say what was found."""
        try:
            values, changes = self._values(), self._changes()
        except Contradiction as fault:
            return Report(
                self.published.number, (), self.solved, (f"The printed figures contradict each other: {fault}.",)
            )
        findings = values + changes
        done = 0
        for at, (finding, system, column) in enumerate(findings):
            if finding.fault is not None:
                findings[at] = (self._explained(finding, system, column, done < self.explained), system, column)
                done += 1
        return Report(self.published.number, tuple(finding for finding, _, _ in findings), self.solved)

    def _system(self, same: Mapping[Place, Place]) -> System:
        ratios = [() if truth is None else truth.told for truth in self.truths]
        return read(self.editions, same, self.only_added, self._told(), ratios)

    def _told(self) -> dict[Place, int]:
        """What other documents have printed, where the true figures say so."""
        return {
            (edition, cell.id): cell.value
            for edition, truth in enumerate(self.truths) if truth is not None
            for cell in truth.cells if cell.told
        }  # fmt: skip

    def _same(self) -> dict[Place, Place]:
        """Figures that did not change since the edition before, where the truth of both is known."""
        same: dict[Place, Place] = {}
        for edition in range(1, len(self.editions)):
            old, new = self.truths[edition - 1], self.truths[edition]
            if old is None or new is None:
                continue
            for id_, cell in new.by_id.items():
                if id_ in old.by_id and old.by_id[id_].value == cell.value:
                    same[edition, id_] = same.get((edition - 1, id_), (edition - 1, id_))
        return same

    def _point(self, system: System) -> list[int] | None:
        """The true figures as a point of the system. Raises InputError where they contradict what is printed."""
        if any(truth is None for truth in self.truths):
            return None
        point: list[int | None] = [None] * len(system.names)
        for (edition, id_), column in system.at.items():
            truth = self.truths[edition]
            assert truth is not None
            if id_ in truth.by_id:
                point[column] = truth.by_id[id_].value
        for row in system.rows:
            unknown = [(column, factor) for column, factor in row.terms if point[column] is None]
            if len(unknown) == 1 and row.least == 0 and row.greatest == 0:
                rest = sum((point[column] or 0) * factor for column, factor in row.terms if point[column] is not None)
                point[unknown[0][0]] = -rest // unknown[0][1]
        whole = [0 if value is None else value for value in point]
        broken = system.holds(whole)
        if broken is not None:
            raise InputError(f"The true figures contradict what is printed, so it is not of them: {broken}.")
        return whole

    def _values(self) -> list[tuple[Finding, System, int]]:
        """Every protected cell of every edition."""
        system = self._system(self._same())
        untouched = self._system(self._same())
        needs: dict[int, int | None] = {}
        places: dict[int, tuple[int, str, int]] = {}
        for edition in range(len(self.editions)):
            for id_, need in self._protected(edition).items():
                column = system.at[edition, id_]
                needs[column] = None if self.full else max(need, needs.get(column) or 0)
                places[column] = (edition, id_, need)
        search = self._run(Search(system, needs, self._point(system)))
        found = []
        for column, (edition, id_, need) in places.items():
            range_ = search.ranges[column]
            number = self.editions[edition].number
            fault: Kind | None = None
            if range_.greatest is not None and not range_.wide and range_.greatest - range_.least < need:
                fault = "exact" if range_.greatest == range_.least else "narrow"
            finding = Finding(id_, number, range_.least, range_.greatest, need, fault, settled=not range_.wide)
            found.append((finding, untouched, column))
        return found

    def _protected(self, edition: int) -> dict[str, int]:
        """Ids of an edition's protected cells and the widths they need: its own reading of the council's rule."""
        published, truth = self.editions[edition], self.truths[edition]
        rule = published.rule
        if truth is None:
            return {figure.id: rule.width for figure in published.figures if not figure.exact and figure.unit == PEOPLE}
        return {id_: need.width for id_, need in rule.protected(truth).items() if id_ in published.by_id}

    def _run(self, search: Search) -> Search:
        search.run()
        self.solved["linear"] += search.linear
        self.solved["integer"] += search.integer
        return search

    def _changes(self) -> list[tuple[Finding, System, int]]:
        """Changes between this edition and each before it that a reader can pin to a few people."""
        if not self.before:
            return []
        system = self._system({})
        ranges = self._change_ranges(system)
        found = []
        for (edition, id_), (least, greatest, column) in ranges.items():
            if greatest is not None and _pinned(least, greatest, self.published.rule.few):
                number = self.editions[edition].number
                found.append(
                    (Finding(id_, number, least, greatest, self.published.rule.few, "located"), system, column)
                )
        return found

    def _change_ranges(self, system: System) -> dict[Place, tuple[int, int | None, int]]:
        """By earlier edition and cell: the range of its change up to this one, and the cell's column here."""
        last, few = len(self.editions) - 1, self.published.rule.few
        pairs = {}
        for edition in range(last):
            for figure in self.published.figures:
                earlier = self.editions[edition].by_id.get(figure.id)
                if earlier is None or figure.known or figure.unit != PEOPLE or self._told_both(edition, figure.id):
                    continue
                if self._may_be_pinned(edition, figure.id):
                    pairs[edition, figure.id] = (system.at[edition, figure.id], system.at[last, figure.id])
        links = {place: system.at.get((last, change_of(place[1]))) for place in pairs if place[0] == last - 1}
        needs: dict[int, int | None] = {}
        for place, (was, now) in pairs.items():
            link = links.get(place)
            needs.update({was: few + 1, now: few + 1} if link is None else {link: few + 1})
        search = self._run(Search(system, needs, self._point(system)))
        found: dict[Place, tuple[int, int | None, int]] = {}
        for place, (was, now) in pairs.items():
            link = links.get(place)
            if link is not None:
                found[place] = (*_ends(search.ranges[link]), now)
            else:
                old, new = search.ranges[was], search.ranges[now]
                if not old.wide and not new.wide:
                    found[place] = (*_difference(old, new), now)
        return found

    def _told_both(self, edition: int, id_: str) -> bool:
        """Whether other documents print a figure as it was and as it is: no edition can keep that change back."""
        cells = [truth.by_id.get(id_) for truth in (self.truths[edition], self.truths[-1]) if truth is not None]
        return len(cells) == 2 and all(cell is not None and cell.told for cell in cells)

    def _may_be_pinned(self, edition: int, id_: str) -> bool:
        """Whether a change is of a few people at all: the truth is always among what a reader thinks possible."""
        old, new = self.truths[edition], self.truths[-1]
        if old is None or new is None or id_ not in old.by_id or id_ not in new.by_id:
            return True
        return 1 <= abs(new.by_id[id_].value - old.by_id[id_].value) <= self.published.rule.few

    def _explained(self, finding: Finding, system: System, column: int, whole: bool) -> Finding:
        """The finding with its reason: the printed things that give it away."""
        subject = f"'{finding.id}' (edition {finding.edition})"
        if finding.fault == "located":
            ends = sorted({finding.least, finding.greatest or finding.least})
            change = " to ".join(f"{end:+d}" for end in ends)
            return _said(
                finding, f"{subject} can be seen to have changed by {change} in edition {self.published.number}", ()
            )
        if finding.fault == "exact":
            said = f"{subject} can only be {finding.least}"
        else:
            said = f"{subject} can only be {finding.least} to {finding.greatest}"
        if not whole:
            return _said(finding, said, ())
        need = 1 if finding.fault == "exact" else finding.need
        reasons = because(system, column, lambda least, greatest: greatest is not None and greatest - least < need)
        return _said(finding, said, reasons)


def _said(finding: Finding, said: str, reasons: Sequence[str]) -> Finding:
    text = f"{said}, because {'; '.join(reasons)}." if reasons else f"{said}."
    return Finding(
        finding.id, finding.edition, finding.least, finding.greatest, finding.need, finding.fault, text, finding.settled
    )


def _ends(range_: Range) -> tuple[int, int | None]:
    """The ends of a range of changes; a range that was seen to be wide pins nothing."""
    return (range_.least, None) if range_.wide else (range_.least, range_.greatest)


def _difference(old: Range, new: Range) -> tuple[int, int | None]:
    """The range of new less old. Without an upper end of the old one there is no lower end, so nothing is pinned."""
    if old.greatest is None:
        return -(10**9), None
    return new.least - old.greatest, None if new.greatest is None else new.greatest - old.least


def _pinned(least: int, greatest: int, few: int) -> bool:
    """Whether a change is certain, and certainly of a few people only."""
    return (least >= 1 and greatest <= few) or (greatest <= -1 and least >= -few)
