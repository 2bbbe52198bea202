"""What a cell that cannot be read looks like: a closer word than that it is no date or no amount.

Each look is a rule of kind ``looks`` in ``rules.toml``: a form of text, and the sentence for it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from careshape.ledger.readers import ColumnRule
from careshape.ledger.rules import Rule, rules
from careshape.ledger.store import quote

MONTH_FIRST: Final = "date-month-first"
SERIAL: Final = "date-serial"
_SERIAL_ZERO: Final = date(1899, 12, 30)
"""The day from which spreadsheets count days, such that 1 March 1900 is day 61 in all of them."""


@lru_cache(maxsize=64)
def looks_of(kind: str) -> tuple[Rule, ...]:
    """The looks that a column of a kind can have, the first that fits being the one."""
    return tuple(rule for rule in rules().values() if rule.kind == "looks" and kind in rule.reads)


def looks_sql(kind: str, text: str) -> str:
    """SQL for the id of the look of an unreadable text; '' where it has none."""
    cases = [
        f"WHEN regexp_full_match(lower(trim({text})), {quote(rule.looks)}) THEN {quote(rule.id)}"
        for rule in looks_of(kind)
    ]
    return f"CASE {' '.join(cases)} ELSE '' END" if cases else "''"


def closer(rule: Rule, column: ColumnRule, text: str) -> Rule:
    """The rule of the look of an unreadable text; the rule that was met where it has none, or where it is another
    fault.
    """
    if rule.kind != "value":
        return rule
    plain = text.strip().casefold()
    return next((look for look in looks_of(column.kind) if re.fullmatch(look.looks, plain)), rule)


def guess(rule: Rule, text: str) -> str:
    """What a text would mean if it is what it looks like: the day of a spreadsheet's day number. Else nothing."""
    if rule.id != SERIAL:
        return ""
    try:
        return f" ({(_SERIAL_ZERO + timedelta(days=int(float(text)))):%d %B %Y})".replace("(0", "(")
    except ValueError:
        return ""
