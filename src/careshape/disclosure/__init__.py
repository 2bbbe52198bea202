"""Disclosure control: what may be published, and the attacker that must fail to see behind it.

>>> protected = protect(tables, rule, before=[earlier.edition])
>>> report = attack(protected.published, [earlier.published], truth=protected.tables, was=[earlier.tables])
>>> report.failed and not protected.unprotected
True
"""

from careshape.disclosure.attack import Finding, Report, attack
from careshape.disclosure.cells import PEOPLE, AtMost, Cell, Ratio, Sum, Tables, Told
from careshape.disclosure.protect import protect
from careshape.disclosure.published import Edition, Figure, Printed, Protected, Published
from careshape.disclosure.rule import Need, Rule, default_rule, read_rule
from careshape.disclosure.table import joined, part_of, tables_of

__all__ = [
    "PEOPLE", "AtMost", "Cell", "Edition", "Figure", "Finding", "Need", "Printed", "Protected", "Published", "Ratio",
    "Report", "Rule", "Sum", "Tables", "Told", "attack", "default_rule", "joined", "part_of", "protect", "read_rule",
    "tables_of",
]  # fmt: skip
