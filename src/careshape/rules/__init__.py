"""The rules that the statements set, as data with code that checks them: gates, prompts and rules of counting.

Plain Python over plain facts. A room that acts hands over what is known, asks ``judge`` before it acts, does nothing
while a finding ``stops``, and records the findings with the act, so that ``breaches`` can count them.
"""

from careshape.rules.entries import ACTS, KINDS, Rule, rules
from careshape.rules.facts import Assessment, Fact, facts, told
from careshape.rules.judge import STATES, Finding, find, judge, needed, standing
from careshape.rules.listing import in_words, listed
from careshape.rules.override import Count, Override, Recorded, as_read, breaches, overridden

__all__ = [
    "ACTS",
    "KINDS",
    "STATES",
    "Assessment",
    "Count",
    "Fact",
    "Finding",
    "Override",
    "Recorded",
    "Rule",
    "as_read",
    "breaches",
    "facts",
    "find",
    "in_words",
    "judge",
    "listed",
    "needed",
    "overridden",
    "rules",
    "standing",
    "told",
]
