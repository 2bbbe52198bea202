"""What an attack found: kept with the edition that it was made on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["exact", "narrow", "located"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One protected cell as a reader can deduce it.

    Attributes:
        id: the cell.
        edition: number of the edition whose value it is.
        least, greatest: the range of its value that fits everything printed; greatest is None where it has no end.
            Where ``settled`` is False the true range is at least this wide: it was not searched to its ends.
        need: the least width that the rule asks for.
        fault: exact (one value fits), narrow (the range is below the need), located (the change since an earlier
            edition can be pinned to a few people; ``least`` and ``greatest`` are then of the change); None where it is
            protected.
        because: the printed figures that give it away, in a sentence; empty where it is protected.
    """

    id: str
    edition: int
    least: int
    greatest: int | None
    need: int
    fault: Kind | None = None
    because: str = ""
    settled: bool = True

    @property
    def width(self) -> int | None:
        """Greatest less least; None without end."""
        return None if self.greatest is None else self.greatest - self.least


@dataclass(frozen=True)
class Report:
    """All that one attack tried.

    Attributes:
        findings: one for each protected cell, and one for each cell whose change was located.
        solved: how many programmes had to be solved: {"linear": n, "integer": n}; the rest followed from bounds.
        contradictions: printed figures that cannot all be true, in sentences.
    """

    number: int
    findings: tuple[Finding, ...]
    solved: Mapping[str, int]
    contradictions: tuple[str, ...] = ()

    def of(self, fault: Kind) -> tuple[Finding, ...]:
        """The findings with one fault."""
        return tuple(one for one in self.findings if one.fault == fault)

    @property
    def exact(self) -> tuple[Finding, ...]:
        """Protected cells that a reader can work out."""
        return self.of("exact")

    @property
    def narrow(self) -> tuple[Finding, ...]:
        """Protected cells whose range is below the rule's."""
        return self.of("narrow")

    @property
    def located(self) -> tuple[Finding, ...]:
        """Cells whose change since an earlier edition can be pinned to a few people."""
        return self.of("located")

    @property
    def failed(self) -> bool:
        """Whether the attack failed, so that the edition may be released."""
        return not (self.exact or self.narrow or self.located or self.contradictions)

    @property
    def targets(self) -> int:
        """How many protected cells were attacked."""
        return sum(one.fault != "located" for one in self.findings)

    def sentences(self) -> tuple[str, ...]:
        """What stops the release, a sentence a cell."""
        return (*self.contradictions, *(one.because for one in self.findings if one.fault is not None))

    def as_json(self) -> dict[str, Any]:
        """The report as it is kept."""
        counts = {"exact": len(self.exact), "narrow": len(self.narrow), "located": len(self.located)}
        return {
            "edition": self.number,
            "targets": self.targets,
            **counts,
            "solved": dict(self.solved),
            "contradictions": list(self.contradictions),
            "findings": [asdict(one) for one in self.findings],
        }
