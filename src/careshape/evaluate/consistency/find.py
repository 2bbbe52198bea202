"""Find the discrepancies of a published statement by recomputing it from its own figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from careshape.errors import InputError
from careshape.evaluate.consistency.declaration import Check, packaged_checks, parse_checks
from careshape.evaluate.consistency.finding import AGREES, Finding, Result
from careshape.evaluate.consistency.rules import RULES, SPECS
from careshape.records import Observation


@cache
def declared_checks() -> tuple[Check, ...]:
    """The packaged declarations, read once."""
    return packaged_checks(SPECS)


def read_checks(path: str | Path) -> tuple[Check, ...]:
    """Read a council's own declarations; see docs/reference/consistency-rules.md.

    Raises:
        CatalogueError: by file, check, field, value and rule.
        InputError: the file cannot be read.
    """
    try:
        return parse_checks(Path(path), SPECS)
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError(f"{path} cannot be read as UTF-8 text: {fault}.") from fault


def find_discrepancies(observations: Iterable[Observation], checks: Sequence[Check] | None = None) -> Result:
    """Recompute every declared relation from the observations alone.

    Both values of a finding are computed or read here; none stands in a declaration. The observations may be of several
    authorities: each is checked by itself.

    Args:
        observations: the published figures, as `careshape.records.observations()` gives them.
        checks: the declared relations; the packaged ones if left out.

    Returns:
        What differs, what agrees, and which checks found nothing to compare.
    """
    by_authority: dict[str, list[Observation]] = {}
    for row in observations:
        by_authority.setdefault(row.authority, []).append(row)
    outcomes: list[Finding] = []
    idle: list[str] = []
    for check in declared_checks() if checks is None else checks:
        owners = [check.authority] if check.authority else list(by_authority)
        made = [found for name in owners for found in RULES[check.rule](check, by_authority.get(name, []))]
        outcomes += made
        if not made and any(name in by_authority for name in owners):
            idle.append(check.id)
    outcomes = _without_doubles(outcomes)
    findings = sorted((found for found in outcomes if found.kind != AGREES), key=_place)
    agreed = sorted((found for found in outcomes if found.kind == AGREES), key=_place)
    return Result(tuple(findings), tuple(agreed), tuple(idle))


def _without_doubles(outcomes: Sequence[Finding]) -> list[Finding]:
    """Leave out what the general rule on repeated figures says of a pair that a declared check compares already."""
    declared = {(made.authority, frozenset(made.cells)) for made in outcomes if made.rule == "same"}
    return [m for m in outcomes if m.rule != "repeated" or (m.authority, frozenset(m.cells)) not in declared]


def _place(finding: Finding) -> tuple[str, int, str]:
    return finding.authority, finding.source_line or 0, finding.id
