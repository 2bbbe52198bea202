"""The rule of disclosure control that is in force for a council.

A choice is a row of the database, kept for ever. The last one stands in the place of the council's ``disclosure.toml``,
which holds until the first is made. It reaches an edition when the edition is prepared, and is pinned with it.
"""

from __future__ import annotations

from careshape.disclosure import Rule, read_rule
from careshape.editions.inputs import RULE, rule_of
from careshape.editions.models import DisclosureRule
from careshape.home import Home


def last_choice(council: str) -> DisclosureRule | None:
    """The last rule that was chosen for a council; None where none was."""
    return DisclosureRule.objects.filter(council=council).order_by("-number").first()


def chosen_text(council: str) -> str | None:
    """The last choice as the file of an edition's inputs; None where none was made."""
    row = last_choice(council)
    return row.content if row is not None else None


def rule_in_force(home: Home, council: str) -> Rule:
    """The rule that the next edition is prepared by. Raises CatalogueError where the council's own file has faults."""
    text = chosen_text(council)
    return read_rule(text, RULE) if text is not None else rule_of(home.council_path(council))
