"""The attacker: what a reader can deduce from everything that is printed. It shares no code with the protection."""

from __future__ import annotations

from collections.abc import Sequence

from careshape.disclosure.attack.report import Finding, Report
from careshape.disclosure.attack.target import Attack
from careshape.disclosure.cells import Tables
from careshape.disclosure.published import Published

__all__ = ["Finding", "Report", "attack"]


def attack(
    published: Published,
    before: Sequence[Published] = (),
    truth: Tables | None = None,
    was: Sequence[Tables | None] = (),
    only_added: bool = False,
    full: bool = False,
    explained: int = 20,
) -> Report:
    """Try to recover every protected cell from an edition and its predecessors.

    Args:
        published: the edition, as printed.
        before: the editions before it, oldest first.
        truth: the true figures: with them, the cells to attack are those that the rule protects; without, all those
            that are not printed exactly.
        was: the true figures of the editions before, in the same order. With them and ``truth`` the reader is taken to
            know which figures did not change, the worst case.
        only_added: the reader knows that between editions people were only added, never taken out.
        full: search every range to its ends; else only until it is seen to be wide enough.
        explained: how many findings get their full reason; the others name the cell only.

    Raises InputError where ``truth`` contradicts what is printed: the edition is not of those figures.
    """
    return Attack(published, before, truth, was, only_added, full, explained).report()
