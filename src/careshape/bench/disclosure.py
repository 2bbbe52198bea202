"""Protect random councils and attack them: what is left exact, narrow or located; and what the protection costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from typing import Any, Final

import numpy as np

from careshape.bench.disclosure_councils import Council, large_tables, random_councils, two_way
from careshape.bench.disclosure_facts import Fact
from careshape.bench.goals import Goal
from careshape.bench.second_opinion import SecondOpinion, second_opinion
from careshape.disclosure import Edition, Figure, Protected, Published, Report, Rule, Tables, attack, protect, tables_of
from careshape.disclosure.published import exact

SEED: Final = 5
WORK: Final = 20
"""Work spent on each council's patterns: safety does not depend on it, only how few cells are hidden."""
NONE_LEFT: Final = Goal("cells left", high=0, form=",.0f")
BROKEN: Final = Goal("control_broken is", low=0.8, form=".1%", bound_form=".0%")
RELEASE: Final = Goal("a council's release took", high=60, form=".1f", unit=" s of processor time", tolerance=3)
CONTROLS: Final = 12
"""Three-way tables under the naive rule: an attack that does not break them proves nothing by failing on others."""
OPINIONS: Final = 10
"""Random councils whose people by service and district are protected by the other tool as well."""
Say = Callable[[str], None]
Release = Callable[[Sequence[Fact], Rule, Sequence[Edition], str], tuple[Protected, Report, Edition]]
"""Takes an edition's facts through the gate, by a rule, after the editions before it and with a council's secret: what
it came to, what the attack found, and the edition as its successors are given it."""


@dataclass
class Part:
    """Councils of one method together: cells and protected cells of all their editions; what the attack found."""

    method: str
    councils: int = 0
    editions: int = 0
    cells: int = 0
    targets: int = 0
    suppressed: int = 0
    cost: int = 0
    bound: int = 0
    exact: int = 0
    narrow: int = 0
    located: int = 0
    refused: int = 0
    """Editions with a cell that nothing can protect, which are never released."""
    linear: int = 0
    integer: int = 0
    gate_seconds: float = 0.0

    def add(self, report: Report, again: bool = False) -> None:
        """Count what an attack found; ``again`` where the same targets were attacked with more known."""
        self.exact += len(report.exact)
        self.narrow += len(report.narrow)
        self.located += len(report.located)
        self.targets += 0 if again else report.targets
        self.linear += report.solved["linear"]
        self.integer += report.solved["integer"]


@dataclass(frozen=True)
class Pattern:
    """One table beside what is known to be the least: cells hidden beyond the protected ones, and the proven bound."""

    table: str
    cells: int
    protected: int
    extra: int
    bound: int
    seconds: float


@dataclass(frozen=True)
class Large:
    """One large edition."""

    method: str
    cells: int
    equations: int
    targets: int
    seconds: float
    left: int


@dataclass
class Attacked:
    """All figures of a run."""

    councils: int
    seed: int
    parts: list[Part]
    control_targets: int = 0
    control_exact: int = 0
    version_controls: int = 0
    version_located: int = 0
    patterns: list[Pattern] = field(default_factory=list)
    releases: list[Large] = field(default_factory=list)
    second: SecondOpinion = field(default_factory=SecondOpinion)

    @property
    def control_broken(self) -> float:
        """Share of the cells starred by the naive rule that the attack recovers exactly."""
        return self.control_exact / max(1, self.control_targets)

    def total(self, name: str) -> int:
        """A count over all parts."""
        return sum(getattr(part, name) for part in self.parts)

    def missed(self) -> list[str]:
        """Goals that were missed, in words."""
        said = [
            f"{name}: {text}" for name in ("exact", "narrow", "located") for text in NONE_LEFT.missed(self.total(name))
        ]
        said += BROKEN.missed(self.control_broken)
        if self.version_located == 0:
            said.append("no change was located under nearest rounding, which should leave some")
        for one in self.releases:
            said += RELEASE.missed(one.seconds) + [f"release, {text}" for text in NONE_LEFT.missed(one.left)]
        return said

    def failed(self) -> list[str]:
        """The same, where slow machines are forgiven and nothing else."""
        slow = {text for one in self.releases for text in RELEASE.missed(one.seconds)}
        outside = [text for one in self.releases for text in RELEASE.failed(one.seconds)]
        return [text for text in self.missed() if text not in slow] + outside

    def as_json(self) -> dict[str, Any]:
        """Every figure, under the names that the reference lists."""
        return {
            "councils": self.councils,
            "seed": self.seed,
            "exact": self.total("exact"),
            "narrow": self.total("narrow"),
            "located": self.total("located"),
            "refused": self.total("refused"),
            "targets": self.total("targets"),
            "control_broken": self.control_broken,
            "control_targets": self.control_targets,
            "version_control_located": self.version_located,
            "version_controls": self.version_controls,
            "parts": [asdict(part) for part in self.parts],
            "patterns": [asdict(one) for one in self.patterns],
            "releases": [asdict(one) for one in self.releases],
            "second_opinion": asdict(self.second),
            "missed": self.missed(),
        }


def bench_disclosure(councils: int, seed: int, say: Say, release: Release, large: bool = True) -> Attacked:
    """Make councils and take the editions of each through the gate; then the controls, patterns, and large releases.

    The same seed gives the same councils and the same figures, seconds apart. Nothing runs in parallel.
    """
    parts = {method: Part(method) for method in ("suppress", "round")}
    for number, council in enumerate(islice(random_councils(seed), councils)):
        try_council(council, parts[council.rule.method], release)
        if (number + 1) % 20 == 0:
            say(f"{number + 1} of {councils} councils.")
    found = Attacked(councils, seed, list(parts.values()))
    for number in range(CONTROLS):
        report = _naive(three_way(seed * 1000 + number))
        found.control_targets += report.targets
        found.control_exact += len(report.exact)
        found.version_controls += 1
        found.version_located += bool(_nearest(seed * 1000 + number).located)
    shapes = SHAPES | LARGE_SHAPES if large else SHAPES
    found.patterns = [_pattern(name, shape, seed) for name, shape in shapes.items()]
    if large:
        found.releases = [_large(method, seed) for method in ("round", "suppress")]
    named = [(name, three_way(seed, shape)) for name, shape in (shapes if large else {}).items() if name != UNFINISHED]
    named += [(f"council {number}", two_way(seed * 100_000 + number)) for number in range(min(councils, OPINIONS))]
    found.second = second_opinion(named)
    return found


def try_council(council: Council, part: Part, release: Release) -> None:
    """Release the editions of a council, one after the other, each through the gate with those before it.

    An edition that the gate refuses is not released, and the next one follows the last that was.
    """
    before: list[Edition] = []
    part.councils += 1
    for facts in council.editions:
        start = time.process_time()
        protected, report, edition = release(facts, council.rule, before, str(council.seed))
        part.gate_seconds += time.process_time() - start
        part.editions += 1
        part.cells += len(protected.tables.cells)
        part.suppressed += len(protected.suppressed)
        part.cost += protected.cost
        part.bound += protected.bound
        if protected.unprotected:
            part.refused += 1
            continue
        part.add(report)
        if council.only_added and before:
            was = [one.truth for one in before]
            earlier = [one.published for one in before]
            part.add(attack(edition.published, earlier, edition.truth, was, only_added=True), again=True)
        before.append(edition)


def three_way(seed: int, shape: Sequence[int] = (6, 5, 7), empty: float = 0.4) -> Tables:
    """A sparse table of counts with all of its margins."""
    chance = np.random.default_rng([6, seed])
    dimensions = {f"d{at}": [f"{at}-{number}" for number in range(size)] for at, size in enumerate(shape)}
    counts = np.where(chance.random(shape) < empty, 0, chance.exponential(3.0, shape) ** 1.5).astype(int)
    names = list(dimensions)
    rows = [
        ({name: dimensions[name][one] for name, one in zip(names, at, strict=True)}, int(count), int(count))
        for at, count in np.ndenumerate(counts)
    ]
    return tables_of(rows, dimensions, name="table")


def starred(tables: Tables, rule: Rule) -> Published:
    """The naive rule: a star for 1 to 4, everything else as it is."""
    figures = tuple(
        Figure(cell.id, None, 1, rule.threshold - 1) if rule.sensitive(cell) else exact(cell) for cell in tables.cells
    )
    return Published(1, rule, figures, tables.sums)


def nearest(tables: Tables, rule: Rule, number: int) -> Published:
    """The other naive rule: each count to the nearest multiple by itself, and the grand total as it is."""
    half = (rule.base - 1) // 2
    figures = []
    for cell in tables.cells:
        value = (cell.value + half) // rule.base * rule.base
        known = all(part.endswith("=all") for part in cell.id[len("table[") : -1].split(", "))
        figures.append(
            replace(exact(cell), known=True) if known else Figure(cell.id, value, max(0, value - half), value + half)
        )
    return Published(number, rule, tuple(figures), tables.sums)


def _naive(tables: Tables) -> Report:
    return attack(starred(tables, Rule(method="suppress")), truth=tables, explained=0)


def _nearest(seed: int) -> Report:
    """Nearest rounding of a two-way table, published again after one person was recorded late."""
    tables = three_way(seed, (6, 9), 0.1)
    one_more = _one_more(tables, seed)
    rule = Rule(method="round")
    now, before = nearest(one_more, rule, 2), nearest(tables, rule, 1)
    return attack(now, [before], one_more, [tables], only_added=True, explained=0)


def _one_more(tables: Tables, seed: int) -> Tables:
    chance = np.random.default_rng([7, seed])
    inner = [cell for cell in tables.cells if "=all" not in cell.id]
    place = inner[int(chance.integers(len(inner)))].id
    parts = place[len("table[") : -1].split(", ")
    rows = [
        (
            dict(part.split("=") for part in cell.id[len("table[") : -1].split(", ")),
            cell.value + (cell.id == place),
            None,
        )
        for cell in inner
    ]
    members: dict[str, list[str]] = {part.split("=")[0]: [] for part in parts}
    for place_of, _, _ in rows:
        for name, one in place_of.items():
            if one not in members[name]:
                members[name].append(one)
    return tables_of(rows, members, name="table")


SHAPES: Final = {"8 x 7": (8, 7), "20 x 20": (20, 20)}
LARGE_SHAPES: Final = {"60 x 25": (60, 25), "4 x 3 x 3": (4, 3, 3), "5 x 4 x 3": (5, 4, 3), "6 x 5 x 7": (6, 5, 7)}


UNFINISHED: Final = "6 x 5 x 7"
"""The table that the other tool does not end with in minutes."""


def _pattern(name: str, shape: Sequence[int], seed: int) -> Pattern:
    tables, rule = three_way(seed, shape), Rule(method="suppress")
    start = time.process_time()
    found = protect(tables, rule)
    seconds = time.process_time() - start
    return Pattern(name, len(tables.cells), len(rule.protected(tables)), found.cost, found.bound, seconds)


def _large(method: str, seed: int) -> Large:
    """One edition of thousands of cells: linked tables of eight months."""
    rule = Rule.model_validate({"method": method})
    tables = large_tables(seed, months=8, fine=method == "round")
    start = time.process_time()
    found = protect(tables, rule, work=WORK)
    report = attack(found.published, truth=tables)
    seconds = time.process_time() - start
    left = len(report.exact) + len(report.narrow) + len(found.unprotected)
    return Large(method, len(tables.cells), len(tables.sums), report.targets, seconds, left)
