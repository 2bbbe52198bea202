"""By which rule of disclosure control an edition was made, in words."""

from __future__ import annotations

from dataclasses import dataclass

from careshape.disclosure import Rule
from careshape.editions.chosen import rule_in_force
from careshape.editions.folders import INPUTS, edition_path
from careshape.editions.inputs import rule_of
from careshape.editions.models import Edition
from careshape.errors import CareshapeError
from careshape.home import Home
from careshape.work.rule_words import in_short


@dataclass(frozen=True)
class MadeBy:
    """The rule of an edition in one line, and whether it is another than the one in force."""

    rule: str
    other: bool = False


def rule_now(home: Home, council: str) -> tuple[Rule | None, str]:
    """The rule in force; where the council's own file has faults, None and what they are."""
    try:
        return rule_in_force(home, council), ""
    except CareshapeError as error:
        return None, str(error)


def made_by(home: Home, row: Edition, now: Rule | None) -> MadeBy:
    """By which rule an edition was made; ``now`` is the one in force, None where that cannot be read."""
    folder = edition_path(home, row.council, row.number) / INPUTS
    if not folder.is_dir():
        return MadeBy("Its folder is not there any more")
    try:
        rule = rule_of(folder)
    except CareshapeError:
        return MadeBy("It cannot be read")
    return MadeBy(in_short(rule), now is not None and rule != now)
