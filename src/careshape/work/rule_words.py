"""A council's rule of disclosure control in words: what each part of it does, with an example, and the form of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from careshape.disclosure import Rule, default_rule
from careshape.disclosure.choice import NO_LESS, NO_MORE

METHODS: Final = {
    "round": "Counts of people are rounded",
    "suppress": "Figures are printed exactly, or suppressed",
}
RATIOS: Final = {
    "with cells": "A share, mean or rate is suppressed where one of the two figures that it is made of is",
    "where safe": "A share, mean or rate is printed where it would not narrow what is protected too far",
}
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Number:
    """A part of the rule that is a whole number."""

    name: str
    label: str
    hint: str
    most: int
    group: str
    unit: str = ""

    @property
    def least(self) -> int:
        """The least that may be chosen: where less would protect less, what comes with careshape."""
        return int(getattr(default_rule(), self.name)) if self.name in NO_LESS else 2 if self.name == "base" else 0

    @property
    def greatest(self) -> int:
        """The most that may be chosen."""
        return int(getattr(default_rule(), self.name)) if self.name in NO_MORE else self.most


COUNTS, MONEY = "Counts of people", "Money and hours"
NUMBERS: Final = (
    Number("base", "Round counts to", "Used where counts are rounded. No less than the room below.", 1000, COUNTS),
    Number(
        "threshold", "Protect a figure with fewer people than", "From one person up to one less than this number.", 100,
        COUNTS,
    ),
    Number(
        "width", "Room that a reader is left with",
        "Between the least and the greatest count that fit all that is printed. At the number above, or more, nobody "
        "can be sure that a protected figure is small.", 1000, COUNTS,
    ),
    Number(
        "few", "Hide a change between editions of so many people or fewer",
        "Two editions side by side must not show that one person came or went.", 100, COUNTS,
    ),
    Number(
        "dominance_providers", "Protect money that so many providers have most of",
        "Those with the largest payments are looked at together.", 10, MONEY,
    ),
    Number(
        "dominance_percent", "Most of it is more than", "A smaller share protects more figures.", 100, MONEY, "%",
    ),
    Number(
        "near_percent", "Protect money of which a provider could work out another’s to within",
        "The second largest provider knows its own payments, and takes them off the total.", 100, MONEY, "%",
    ),
    Number(
        "money_width", "Room that a reader is left with, for money and hours",
        "As a share of the protected figure.", 200, MONEY, "%",
    ),
)  # fmt: skip
FIELDS: Final = ("method", *(one.name for one in NUMBERS), "zeros", "ratios")


@dataclass(frozen=True)
class Part:
    """One part of a rule as it is read."""

    title: str
    value: str
    example: str


def in_short(rule: Rule) -> str:
    """A rule in one line, for a list."""
    how = f"Rounded to {rule.base}" if rule.method == "round" else "Exact or suppressed"
    return f"{how}; fewer than {rule.threshold} people protected"


def parts(rule: Rule) -> tuple[Part, ...]:
    """Each part of a rule, with what it does to a figure."""
    n, share = rule.dominance_providers, rule.dominance_percent
    return (
        Part("Counts of people", _method(rule), _count(rule)),
        Part(
            "Few people", f"Fewer than {rule.threshold} are protected",
            f"A figure of {rule.threshold - 1} people is protected, and so is money spent on them. One of "
            f"{rule.threshold} is not.",
        ),
        Part(
            "Nobody", "Protected" if rule.zeros else "Not protected",
            "A figure of 0 is protected like a small one." if rule.zeros
            else "A figure of 0 is printed like any other.",
        ),
        Part(
            "Room for a reader", _people(rule.width),
            "Of the counts that a protected figure could be by all that is printed, the greatest is at least "
            f"{rule.width} more than the least.",
        ),
        Part(
            "Change between editions", f"{_people(rule.few)} or fewer",
            f"Where {_people(rule.few)} came or went since an earlier edition, no figure shows it.",
        ),
        Part(
            "Money of few providers", f"The {n} largest have more than {share}%",
            f"£1,000 is protected where {n} providers have £{10 * share + 1:,} of it.",
        ),
        Part(
            "Money that a provider could work out", f"To within {rule.near_percent}%",
            "Where the largest provider has £1,000, the figure is protected if all but the two largest have less than "
            f"£{10 * rule.near_percent:,} together.",
        ),
        Part(
            "Room for money and hours", f"{rule.money_width}% of the figure",
            f"A protected £1,000 cannot be told closer than to a range of £{10 * rule.money_width:,}.",
        ),
        Part(
            "Shares, means and rates", RATIOS[rule.ratios],
            "Where 9 of a suppressed count are printed, a share of 45% would tell the count: 20.",
        ),
    )  # fmt: skip


def _method(rule: Rule) -> str:
    return METHODS[rule.method] + (f" to {rule.base}" if rule.method == "round" else "")


def _count(rule: Rule) -> str:
    """What becomes of a small count and of a large one."""
    few = _inside(rule.threshold)
    if rule.method == "suppress":
        return (
            f"A count of {few} reads “suppressed”. One of 23 is printed as 23, unless it would give a suppressed one "
            "away."
            if rule.threshold <= 23
            else f"A count of {few} reads “suppressed”."
        )
    many = 4 * rule.base + 3
    return (
        f"A count of {few} is shown as {_rounded(few, rule.base)}, and one of {many} as {_rounded(many, rule.base)}. "
        "What could be worked out all the same is suppressed."
    )


def _inside(threshold: int) -> int:
    """A count that the threshold protects."""
    return max(1, min(3, threshold - 1))


def _rounded(count: int, base: int) -> str:
    """What a count may be printed as: no further than one base away."""
    below = count // base * base
    found = (max(0, below - base), below, below + base) if count == below else (below, below + base)
    return " or ".join(str(one) for one in dict.fromkeys(found))


def _people(count: int) -> str:
    return f"{count} person" if count == 1 else f"{count} people"


def sent_of(rule: Rule) -> dict[str, str]:
    """A rule as its form holds it."""
    values = rule.model_dump()
    return {name: (YES if value else NO) if isinstance(value, bool) else str(value) for name, value in values.items()}


def read_form(sent: Mapping[str, str]) -> tuple[Rule | None, dict[str, str]]:
    """The rule that a form holds, and what is wrong with which field; None where something is."""
    errors: dict[str, str] = {}
    values: dict[str, object] = {}
    for name, choices in (("method", METHODS), ("ratios", RATIOS), ("zeros", {YES: "", NO: ""})):
        if sent.get(name) not in choices:
            errors[name] = _CHOOSE[name]
    values |= {"method": sent.get("method"), "ratios": sent.get("ratios"), "zeros": sent.get("zeros") == YES}
    for one in NUMBERS:
        text = sent.get(one.name, "").strip().removesuffix("%").strip()
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1
        values[one.name] = number
        if not one.least <= number <= one.greatest:
            errors[one.name] = (
                f"{one.label}: write a whole number from {one.least} to {one.greatest}.{_floor(one, number)}"
            )
    base, width = values["base"], values["width"]
    if not errors and values["method"] == "round" and int(str(base)) < int(str(width)):
        errors["base"] = (
            f"Rounding to {base} cannot leave a reader a room of {width}. Round to {width} or more, or leave less room."
        )
    return (Rule.model_validate(values), {}) if not errors else (None, errors)


_CHOOSE: Final = {
    "method": "Choose how counts are printed.",
    "ratios": "Choose what becomes of shares, means and rates.",
    "zeros": "Choose whether a figure of nobody is protected.",
}


def _floor(one: Number, number: int) -> str:
    below = one.name in NO_LESS and 0 <= number < one.least
    above = one.name in NO_MORE and one.greatest < number <= one.most
    return " No council’s rule protects less than the one that comes with careshape." if below or above else ""
