"""The report of an import: what happened to every row, and for each fault where it is, what the rule says and what to
do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from careshape.ledger.plan import HIDDEN
from careshape.ledger.posting import Posting
from careshape.ledger.readers import Match

OUTCOMES: Final = ("accepted", "repaired", "refused", "unchanged", "not_line_items")
"""What can become of a row; every row of a file has exactly one of these."""


_PLAIN: Final = re.compile(r"[-+£\d., /:]*")
"""Amounts and dates."""


@dataclass(frozen=True)
class Finding:
    """One rule that one row met."""

    line: int
    """Physical line of a CSV (the header is 1), or row of a sheet or of a Parquet file; 0 for the file as a whole."""
    column: str
    value: str
    """What the file says, or (hidden) where it could tell who a person is."""
    rule: str
    outcome: str
    """refuse, repair or note."""
    message: str
    remedy: str

    def masked(self) -> Finding:
        """The finding fit to be kept: text that is no number or date may name somebody, so its shape alone stays."""
        return self if self.value == HIDDEN or _PLAIN.fullmatch(self.value) else self.shaped()

    def shaped(self) -> Finding:
        """The finding with the shape of what the cell says, instead of what it says."""
        shape = re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", self.value))
        return replace(self, value=shape, message=self.message.replace(f"({self.value})", f"({shape})"))


@dataclass(frozen=True)
class Report:
    """The result of checking, and posting, one file."""

    file: str
    reader: str
    title: str
    rows: int
    accepted: int
    repaired: int
    refused: int
    unchanged: int
    not_line_items: int
    findings: tuple[Finding, ...]
    """The first findings of each rule and column, in the order of the file; ``by_rule`` counts all of them."""
    by_rule: Mapping[str, int]
    notes: tuple[str, ...] = ()
    """What is said about the file as a whole."""
    dry_run: bool = False
    posting: int | None = None
    """Number of the posting; None for a dry run and where nothing was posted."""
    recorded_at: datetime | None = None
    checksum: str = ""
    appended: int = 0
    """Rows that the ledger gained."""
    counted_in: str = "line"
    """What ``line`` of a finding counts: line (CSV) or row (XLSX, Parquet)."""
    unread: tuple[str, ...] = field(default=())
    """Columns of the file that this reader does not know."""

    @classmethod
    def of(
        cls,
        posting: Posting,
        match: Match,
        findings: tuple[Finding, ...],
        by_rule: Mapping[str, int],
        notes: tuple[str, ...],
        appended: int,
    ) -> Report:
        """The report of a posting."""
        counts = posting.counts
        return cls(
            file=posting.source,
            reader=match.reader.id,
            title=match.reader.title,
            rows=sum(counts.values()),
            accepted=counts["accepted"],
            repaired=counts["repaired"],
            refused=counts["refused"],
            unchanged=counts["unchanged"],
            not_line_items=counts["not_line_items"],
            findings=findings,
            by_rule=by_rule,
            notes=notes,
            posting=posting.number,
            recorded_at=posting.recorded_at,
            checksum=posting.checksum,
            appended=appended,
            unread=match.unread,
        )

    @property
    def ok(self) -> bool:
        """Whether no row was refused."""
        return self.refused == 0

    @property
    def counts(self) -> dict[str, int]:
        """Rows by outcome."""
        return {outcome: getattr(self, outcome) for outcome in OUTCOMES}

    @property
    def shown(self) -> int:
        """Number of findings that the report shows of all that there are."""
        return len(self.findings)

    def masked(self) -> Report:
        """The report fit to be kept: without what cells say."""
        return replace(self, findings=tuple(finding.masked() for finding in self.findings))

    def summary(self) -> str:
        """What happened, in a few lines fit for a terminal."""
        done = f"posted as posting {self.posting}" if self.posting else "nothing posted"
        lines = [f"{self.file}: {self.title}, {self.rows:,} rows; {'dry run, ' if self.dry_run else ''}{done}."]
        lines += [f"  {count:>12,} {outcome.replace('_', ' ')}" for outcome, count in self.counts.items() if count]
        lines += [f"  {note}" for note in self.notes]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        content = asdict(self)
        content["recorded_at"] = self.recorded_at.isoformat() if self.recorded_at else None
        content["by_rule"] = dict(self.by_rule)
        return content

    def to_json(self) -> str:
        """The report as JSON."""
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False)
