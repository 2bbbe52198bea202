"""Protection: which figures an edition may print, and how, so that no protected one can be deduced."""

from __future__ import annotations

from collections.abc import Sequence

from careshape.disclosure.cells import Tables
from careshape.disclosure.published import Edition, Protected
from careshape.disclosure.rule import Rule


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
    raise NotImplementedError
