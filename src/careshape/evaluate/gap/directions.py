"""What a gap means for the market, by rules that stand in a data file.

Grow, hold, reduce, do not develop here; or not known well enough, where the interval allows more than one of them.

The first rule whose conditions all hold decides; its id and its reason go with the answer, so that anybody can check
why a provider was told to come or to stay away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from careshape.catalogue import catalogue
from careshape.declared import declared, read_toml
from careshape.errors import CatalogueError
from careshape.evaluate.gap.segments import unit_of
from careshape.language import say
from careshape.records import Intention

Direction = Literal["grow", "hold", "reduce", "do-not-develop", "not-known"]
DIRECTIONS: Final[dict[Direction, str]] = {
    "grow": "Grow",
    "hold": "Hold",
    "reduce": "Reduce",
    "do-not-develop": "Do not develop here",
    "not-known": "Direction not known well enough",
}
"""The directions in words."""
Width = Literal["rates", "chance", "others"]
"""What an interval's width comes from: doubt about rates, chance among few people, doubt about what others buy."""
THERE_ARE: Final = "there are"
"""What a gap is measured against, where that is what there is."""
THERE_IS_WORDS: Final = {"": "what there is", " under contract": "what there is under contract"}
"""The same as a thing, by what follows THERE_ARE."""
FILE: Final = "evaluate/gap/data/directions.toml"


class Rule(BaseModel):
    """One rule; a condition that is not named does not matter.

    Attributes:
        gap_over: the lower limit of the gap's 80% interval must lie above the tolerance.
        gap_under: the upper limit must lie below minus the tolerance.
        no_gap: the upper limit must not lie above the tolerance.
        may_grow: the upper limit must lie above the tolerance.
        may_reduce: the lower limit must lie below minus the tolerance.
        all_above, none_below, none_above, all_below: the interval in whole numbers, as it is printed, must lie above
            nothing, reach no lower, reach no higher, lie below it.
        void_rate_from: the share of empty places must be at least this.
        intention: an intention of the council with this direction must be in force for service, group and area.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    direction: Direction
    reason: str = Field(min_length=10)
    gap_over: bool = False
    gap_under: bool = False
    no_gap: bool = False
    may_grow: bool = False
    may_reduce: bool = False
    all_above: bool = False
    none_below: bool = False
    none_above: bool = False
    all_below: bool = False
    void_rate_from: float | None = Field(default=None, ge=0, le=1)
    intention: Literal["do-not-develop"] | None = None


class Rules(BaseModel):
    """The rules in their order, and when a gap is too small to matter.

    Attributes:
        narrowed_by: what would narrow an interval, by what most of its width comes from.
        least_places: a gap of fewer places than this is no gap.
        least_share: nor is one below this share of what there is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    least_places: float = Field(ge=0)
    least_share: float = Field(ge=0, le=1)
    rule: tuple[Rule, ...] = Field(min_length=1)
    narrowed_by: dict[Width, str] = {}

    def tolerance(self, supply: float) -> float:
        """Places up to which demand and supply count as equal."""
        return max(self.least_places, self.least_share * supply)

    def tolerance_said(self, supply: float, unit: str) -> str:
        """The same in words: a share of what there is, or a number of places where that is more."""
        if self.least_share * supply >= self.least_places:
            return f"{self.least_share * 100:g}%"
        return f"{self.least_places:g} {unit_of(self.least_places, unit)}"


@dataclass(frozen=True)
class Decision:
    """What is wanted, and the rule that says so.

    Attributes:
        cites: the intention it rests on, if any.
        narrow: what would narrow the interval, where nothing can be called for.
    """

    direction: Direction
    rule: str
    reason: str
    cites: str = ""
    narrow: str = ""


@dataclass(frozen=True)
class Facts:
    """What a rule looks at: the 80% interval of the gap, what there is, and the intentions in force.

    ``width`` is what most of the interval's width comes from. ``unit`` is what is counted, and ``than`` says what the
    gap is measured against, within a sentence.
    """

    lower_80: float
    upper_80: float
    supply: float
    void_rate: float | None
    in_force: tuple[Intention, ...] = ()
    width: Width = "rates"
    unit: str = "places"
    than: str = THERE_ARE


def decide(facts: Facts, rules: Rules | None = None) -> Decision:
    """The first rule that holds; the last rule of the file holds always."""
    rules = rules or packaged_rules()
    tolerance = rules.tolerance(facts.supply)
    low, high = round(facts.lower_80), round(facts.upper_80)
    for rule in rules.rule:
        cited = next((one for one in facts.in_force if one.direction == rule.intention), None)
        holds = (
            (not rule.gap_over or facts.lower_80 > tolerance)
            and (not rule.gap_under or facts.upper_80 < -tolerance)
            and (not rule.no_gap or facts.upper_80 <= tolerance)
            and (not rule.may_grow or facts.upper_80 > tolerance)
            and (not rule.may_reduce or facts.lower_80 < -tolerance)
            and (not rule.all_above or low > 0)
            and (not rule.none_below or low >= 0)
            and (not rule.none_above or high <= 0)
            and (not rule.all_below or high < 0)
            and (
                rule.void_rate_from is None or (facts.void_rate is not None and facts.void_rate >= rule.void_rate_from)
            )
            and (rule.intention is None or cited is not None)
        )
        if holds:
            narrow = _narrow(rules, facts.width) if rule.direction == "not-known" else ""
            return Decision(rule.direction, rule.id, _reason(rule, rules, facts), cited.id if cited else "", narrow)
    raise CatalogueError(FILE, rules.rule[-1].id, "rule", "", "The last rule must hold always: it names no condition.")


def _reason(rule: Rule, rules: Rules, facts: Facts) -> str:
    """The reason of a rule, its tolerance and what the gap is measured against named."""
    there = facts.than.startswith(THERE_ARE)
    rest = facts.than.removeprefix(THERE_ARE)
    what = say(THERE_IS_WORDS.get(rest, f"what there is{rest}")) if there else say("what {than}", than=facts.than)
    named = {"tolerance": rules.tolerance_said(facts.supply, facts.unit), "than": say(facts.than), "what": what}
    reason = say(rule.reason)
    for name, words in named.items():
        reason = reason.replace(f"{{{name}}}", words)
    return reason


def _narrow(rules: Rules, width: Width) -> str:
    """What would narrow an interval; rules of a council's own that do not say leave it to those of careshape."""
    return say(rules.narrowed_by.get(width) or packaged_rules().narrowed_by.get(width, ""))


def in_force(
    intentions: Sequence[Intention], service: str, client_group: str = "all", area: str = "all"
) -> tuple[Intention, ...]:
    """The intentions about a service and a client group in an area, without those that were dropped.

    Those for all groups count, those for a group it is part of, and those for the whole area.
    """
    members = catalogue().lists["client_group"]

    def meant(one: Intention) -> bool:
        if one.service != service or one.dropped or one.extent or one.area not in ("", area):
            return False
        if one.client_group in ("all", client_group):
            return True
        if client_group == "all":
            return False
        group = members.groups.get(one.client_group)
        return group is not None and client_group in group.members

    return tuple(one for one in intentions if meant(one))


@cache
def packaged_rules() -> Rules:
    """The rules that come with careshape."""
    return _parse(FILE, files("careshape.evaluate.gap").joinpath("data", "directions.toml").read_text("utf-8"))


def read_rules(path: Path) -> Rules:
    """A council's own rules. Raises CatalogueError naming file, entry, field, value and rule."""
    return _parse(path.name, path.read_text("utf-8"))


def _parse(file: str, text: str) -> Rules:
    rules = declared(Rules, read_toml(text, file), file)
    last = rules.rule[-1]
    conditions = set(Rule.model_fields) - {"id", "direction", "reason"}
    if any(getattr(last, name) not in (False, None) for name in conditions):
        raise CatalogueError(
            file, last.id, "rule", last.direction, "The last rule must hold always: name no condition."
        )
    return rules
