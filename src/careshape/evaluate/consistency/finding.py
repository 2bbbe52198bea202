"""What a check of a published statement came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

KINDS = {
    "error": "the published value is wrong: it differs from the source that it copies, or cannot be what it is called",
    "contradiction": "two published values cannot both hold",
    "rounding": "differs only by rounding or truncation to the precision printed",
    "ambiguity": "differs, but by what the statement leaves open (a part not printed, another period)",
    "missing": "a value that its parts give is not printed",
    "implausible": "possible but hardly credible",
    "date": "a date that does not fit",
}
"""The kinds of finding, in the order in which they should be shown."""

AGREES = "agrees"


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison of a published figure with what other published figures give.

    Attributes:
        id: stable, made of the check's id and the group ("totals.table-06.hours-delivered.2020-03").
        authority, table: whose statement, and which tables the cells stand in.
        item: what was compared, in words.
        published, recomputed: both values as a reader would write them.
        kind: one of KINDS, or AGREES.
        explanation: how the second value was computed, and why the difference has this kind.
        cells: ids of the observations involved, the published one first.
        source_line: line of the document at which the published figure stands.
        check, rule: the declared relation that was tested.
        published_value, recomputed_value: exact; None where the finding is not about two numbers.
    """

    id: str
    authority: str
    table: str
    item: str
    published: str
    recomputed: str
    kind: str
    explanation: str
    cells: tuple[str, ...]
    source_line: int | None
    check: str
    rule: str
    published_value: Fraction | None = None
    recomputed_value: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """All that the checks of a set of observations came to.

    Attributes:
        findings: what differs, by authority and source line.
        agreed: what agrees.
        idle: ids of checks that found no figures to compare.
    """

    findings: tuple[Finding, ...]
    agreed: tuple[Finding, ...]
    idle: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Findings by kind, every kind named, and the number that agree."""
        found = Counter(finding.kind for finding in self.findings)
        return {**{kind: found[kind] for kind in KINDS}, AGREES: len(self.agreed)}

    def summary(self) -> str:
        """One line for a terminal."""
        counts = ", ".join(f"{number} {kind}" for kind, number in self.counts().items() if number)
        return f"{len(self.findings) + len(self.agreed)} comparisons: {counts or 'none'}"
