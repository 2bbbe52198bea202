"""The figures that one comparison needs, found by the selectors of a check and tied together by its keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from careshape.evaluate.consistency.declaration import Check, Selector, key_of
from careshape.evaluate.consistency.finding import Finding
from careshape.evaluate.consistency.precision import Verdict
from careshape.evaluate.consistency.wording import listing, readable
from careshape.language import say
from careshape.records import Observation, slug

Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one comparison.

    Attributes:
        check: the declared relation; key: the values of its `by` keys; rows: the figures of each role.
        labels: the key as the source writes it, for readers; the key itself if left out.
    """

    check: Check
    key: Key
    rows: Mapping[str, Sequence[Observation]]
    labels: Key = ()

    def get(self, role: str) -> Sequence[Observation]:
        """The figures of a role; none if the check does not give that role."""
        return self.rows.get(role, ())

    def total(self, role: str) -> Fraction:
        """The figures of a role added up."""
        return sum((Fraction(row.value) for row in self.get(role)), Fraction(0))

    def finding(
        self,
        verdict: Verdict,
        published: str,
        recomputed: str,
        how: str,
        cells: Sequence[Observation],
        values: tuple[Fraction | None, Fraction | None] = (None, None),
    ) -> Finding:
        """A finding about this group; `how` says how the recomputed value came about."""
        check = self.check
        where = [part for part in self.key if part]
        told = [readable(part) for part in self.labels or self.key if part and part != "all"]
        return Finding(
            id=".".join([check.id, *(slug(part) for part in where)]),
            authority=cells[0].authority,
            table=listing(sorted({readable(cell.table) for cell in cells})),
            item=": ".join(filter(None, [check.item, ", ".join(told)])),
            published=published,
            recomputed=recomputed,
            kind=verdict.kind,
            explanation=" ".join(filter(None, [how, say(verdict.reason), str(check.options.get("note", ""))])),
            cells=tuple(dict.fromkeys(cell.id for cell in cells)),
            source_line=cells[0].source_line,
            check=check.id,
            rule=check.rule,
            published_value=values[0],
            recomputed_value=values[1],
        )


def groups(check: Check, rows: Sequence[Observation], leading: Sequence[str] = ("value",)) -> Iterator[Group]:
    """The groups of a check.

    Args:
        check: the declaration.
        rows: all observations of one authority.
        leading: the roles whose figures decide which groups there are; each of their keys makes one.
    """
    admitted = {
        role: [(selector, row) for selector in selectors for row in rows if selector.admits(row)]
        for role, selectors in check.roles.items()
    }
    keys: dict[Key, Observation] = {}
    for role in leading:
        for _, row in admitted.get(role, ()):
            keys.setdefault(tuple(key_of(row, name) for name in check.by), row)
    for key, lead in keys.items():
        tied = {role: _tied(check, key, lead, found, role in leading) for role, found in admitted.items()}
        labels = tuple(lead.get(name) or part for name, part in zip(check.by, key, strict=True))
        yield Group(check, key, tied, labels)


def _tied(
    check: Check, key: Key, lead: Observation, found: Sequence[tuple[Selector, Observation]], leads: bool
) -> list[Observation]:
    tied = []
    for selector, row in found:
        keys = zip(check.by, key, strict=True)
        same = all(key_of(row, name) == part for name, part in keys if selector.ties(name, leads, part))
        if same and _is_at(selector, lead, row):
            tied.append(row)
    return list(dict.fromkeys(tied))


def _is_at(selector: Selector, lead: Observation, row: Observation) -> bool:
    if not selector.at:
        return True
    first, _, last = lead.period.text.partition("/")
    return row.period.text == (first if selector.at == "first" else last or first)
