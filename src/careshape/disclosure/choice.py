"""What a council may choose as its rule: no less than the packaged one protects; and how a choice is written."""

from __future__ import annotations

from typing import Final

from careshape.disclosure.rule import Rule, default_rule

NO_LESS: Final = ("threshold", "width", "few", "money_width", "dominance_providers", "near_percent")
"""Fields of which a smaller number protects less."""
NO_MORE: Final = ("dominance_percent",)
"""Fields of which a larger number protects less."""
_LESS: Final = "protects less than the rule that comes with careshape."
HEAD: Final = "# The rule of disclosure control that the council chose.\n"


def below_floor(rule: Rule) -> dict[str, str]:
    """Where a rule protects less than the packaged one, which is the floor: field -> the sentence of it.

    Exact or rounded, and whether a figure of nobody is protected, is the council's choice: the attacker is the same.
    """
    floor = default_rule()
    found = {}
    for name in NO_LESS:
        if (given := getattr(rule, name)) < (least := getattr(floor, name)):
            found[name] = f"{given} {_LESS} Take {least} or more."
    for name in NO_MORE:
        if (given := getattr(rule, name)) > (most := getattr(floor, name)):
            found[name] = f"{given} {_LESS} Take {most} or less."
    return found


def as_toml(rule: Rule) -> str:
    """A rule as the file that ``read_rule`` reads."""
    return HEAD + "".join(f"{name} = {_value(value)}\n" for name, value in rule.model_dump().items())


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)
