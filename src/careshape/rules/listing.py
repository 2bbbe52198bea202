"""Rules in words, for lists and pages: what each is about and demands, drawn from its clauses."""

from __future__ import annotations

from datetime import date

from careshape.rules.clauses import COMPARISONS, Clause
from careshape.rules.entries import Rule

_SIGNS = {"at_least": "at least", "at_most": "at most", "over": "over", "under": "under", "same_as": "the same as"}


def listed(rule: Rule) -> dict[str, str | int]:
    """A rule as a row: every field in words; what it does not state is empty."""
    return {
        "number": rule.number,
        "rule": rule.id,
        "kind": rule.kind,
        "councils": ", ".join(rule.councils) or "all",
        "acts": ", ".join(rule.acts),
        "title": rule.title,
        "applies": in_words(rule.applies) if rule.applies else "",
        "requires": in_words(rule.requires),
        "from": _day(rule.from_),
        "until": _day(rule.until),
        "awaits": rule.awaits,
        "override_by": ", ".join(rule.override.by) if rule.override else "",
        "sources": ", ".join(rule.sources),
        "stands_on": ", ".join(rule.stands_on),
    }


def in_words(clause: Clause) -> str:
    """A clause as a person would say it, by the names of its facts."""
    if clause.fact:
        return f"{clause.fact} {_test(clause)}"
    if clause.not_ is not None:
        return f"not ({in_words(clause.not_)})"
    word, parts = (" and ", clause.all) if clause.all is not None else (" or ", clause.any or ())
    return word.join(f"({in_words(part)})" if part.all or part.any else in_words(part) for part in parts)


def _test(clause: Clause) -> str:
    for name in COMPARISONS:
        bound = getattr(clause, name)
        if bound is not None:
            return f"is {_SIGNS[name]} {bound}"
    if clause.made is not None:
        return "was made" if clause.made else "was not made"
    if clause.on_or_before is not None:
        return f"is on or before {clause.on_or_before}"
    if isinstance(clause.is_, bool):
        return "is so" if clause.is_ else "is not so"
    verb, wanted = ("is", clause.is_) if clause.is_ is not None else ("came to", clause.result)
    return f"{verb} {' or '.join((wanted,) if isinstance(wanted, str) else wanted or ())}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
