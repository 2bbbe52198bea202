"""Protection: which figures an edition may print, and how, so that no protected one can be deduced."""

from __future__ import annotations

from collections.abc import Sequence

from careshape.disclosure.cells import Tables
from careshape.disclosure.published import Edition, Printed, Protected, Published, exact, hidden
from careshape.disclosure.rule import Rule
from careshape.disclosure.suppress.pattern import pattern


def protect(
    tables: Tables, rule: Rule, before: Sequence[Edition] = (), number: int | None = None, secret: str = ""
) -> Protected:
    """Choose what an edition prints.

    Args:
        tables: the true figures.
        rule: the council's.
        before: the editions already published, oldest first. Their figures can be set beside these.
        number: the edition's; one more than the last by default.
        secret: decides among equally good choices, so that a reader who runs this programme on figures of his own
            cannot exclude those that it would have treated otherwise. The same secret gives the same edition.

    Cells that no choice can protect, because of what is known elsewhere or was printed before, are in ``unprotected``.
    """
    if number is None:
        number = before[-1].published.number + 1 if before else 1
    found = pattern(tables, rule, before, secret)
    figures = tuple(hidden(cell) if cell.id in found.why or not cell.printed else exact(cell) for cell in tables.cells)
    ratios = tuple(
        Printed(
            ratio,
            None
            if ratio.numerator in found.why or ratio.denominator in found.why
            else ratio.printed(tables.by_id[ratio.numerator].value, tables.by_id[ratio.denominator].value),
        )
        for ratio in tables.ratios
    )
    published = Published(number, rule, figures, tables.sums, ratios)
    return Protected(published, tables, found.why, found.unprotected, found.cost, found.bound)
