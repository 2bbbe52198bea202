"""May I build this here? An answer from the intentions in force and the gap, by rules that stand in one list.

The first rule whose condition holds decides. The answer names it, with everything that it rests on, so that anybody who
asks the same on the same day gets the same, and sees why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from careshape.catalogue import catalogue
from careshape.records.intentions import Intention

ALL: Final = "all"
VERDICTS: Final = {
    "yes": "Yes",
    "conditions": "Yes, with conditions",
    "not-now": "Not now",
    "no": "No",
    "ask": "Ask us",
}
"""The answers, each in words."""


@dataclass(frozen=True)
class Question:
    """What somebody would like to offer.

    Attributes:
        service: a service, a group of services, or other words that an intention uses.
        client_group: a client group or a group of them; "all" where it is for everybody.
        area: a district or zone; empty for the whole area. size: how many places or people. on: from which day.
    """

    service: str
    client_group: str = ALL
    area: str = ""
    size: int | None = None
    on: date | None = None


@dataclass(frozen=True)
class Lacking:
    """What is expected to be lacking (above 0) or too much, with its 80% interval and what the gap's rules say.

    ``direction`` is grow, hold, reduce, do-not-develop or not-known, ``said`` the sentence, ``whole`` whether it is of
    the whole area though a district was asked for, ``cites`` the intention that its direction rests on. ``wider`` says
    in a sentence that it is the need of more than was asked about; empty where it is not. ``told_apart`` is false where
    what was asked is only a part of a service or client group, of which it then decides nothing.
    """

    segment: str
    client_group: str
    area: str
    on: date
    unit: str
    mean: float
    low: float
    high: float
    direction: str
    said: str
    whole: bool = False
    cites: str = ""
    wider: str = ""
    told_apart: bool = True


@dataclass(frozen=True)
class Meant:
    """An intention that bears on a question.

    Attributes:
        part: it is about a part of what was asked only. past: it was meant for a time that ends before the day asked.
        aside: it says how a service is made up or done and not how much there is to be, so that it decides nothing.
    """

    intention: Intention
    part: bool = False
    past: bool = False
    aside: bool = False

    @property
    def decides(self) -> bool:
        """Whether it decides for all of what was asked, on the day asked for."""
        return not (self.part or self.past or self.aside)

    @property
    def in_part(self) -> bool:
        """Whether it decides for a part of what was asked, on the day asked for."""
        return self.part and not (self.past or self.aside)


@dataclass(frozen=True)
class Answer:
    """What may be built.

    Attributes:
        verdict: one of ``VERDICTS``. rule: the id of the rule that decided; reason: why, in words.
        conditions: what must be kept to, or known, in a sentence each.
        exceptions: what is allowed nevertheless.
        meant: the intentions that it rests on. lacking: the gap it rests on, or that is wider than it; None without.
        sized: what the size that was asked for is beside that gap, in a sentence.
    """

    verdict: str
    rule: str
    reason: str
    conditions: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    meant: tuple[Meant, ...] = ()
    lacking: Lacking | None = None
    sized: str = ""


@dataclass(frozen=True)
class _Facts:
    question: Question
    meant: Sequence[Meant]
    lacking: Lacking | None
    whole: dict[str, list[Intention]] = field(default_factory=dict)
    """The intentions about all of what was asked, in force on the day, by direction."""

    def any(self, *directions: str) -> bool:
        """Whether an intention about all of what was asked has one of these directions."""
        return any(self.whole.get(one) for one in directions)

    def parts(self, *directions: str) -> list[Intention]:
        """The intentions in force about a part of what was asked that have one of these directions."""
        return [one.intention for one in self.meant if one.in_part and one.intention.direction in directions]

    @property
    def gap(self) -> str:
        """The direction of the gap; empty where none was worked out, or only one of more than what was asked."""
        return self.lacking.direction if self.lacking and self.lacking.told_apart else ""

    @property
    def enough(self) -> bool:
        """Whether fewer than there are will do, or fewer than the size that was asked for."""
        return self.gap in LESS or self.too_large

    @property
    def too_large(self) -> bool:
        """Whether the size lies above all that is expected to be lacking."""
        size, lacking = self.question.size, self.lacking
        return size is not None and lacking is not None and size > lacking.high


@dataclass(frozen=True)
class Rule:
    """One rule: when it holds, what it answers, and why in words."""

    id: str
    holds: Callable[[_Facts], bool]
    verdict: str
    reason: str


HOLD_BACK: Final = ("hold", "reduce")
WANTED: Final = "Wanted"
HELD: Final = "Held or lowered"
REFUSED: Final = "Not supported"
OPEN: Final = ("grow", "new-service", "pilot")
LESS: Final = ("reduce", "do-not-develop")
"""Directions of a gap that say that less will do."""
UNDECIDED: Final = ("review", "recommission")

RULES: Final = (
    Rule("not-to-develop", lambda one: one.any("do-not-develop"), "no",
         "The council has said that it will not support more of this."),
    Rule("not-to-develop-in-the-market", lambda one: any(_cited(one, each) for each in one.meant), "no",
         "The council has said that it will not support more of this part of the market."),
    Rule("not-to-develop-then", lambda one: any(_refused_then(each) for each in one.meant), "ask",
         "The council said that it would not support more of this, for a time that ends before the day you ask about."),
    Rule("wanted-held-back-and-enough", lambda one: one.any(*OPEN) and one.any(*HOLD_BACK) and one.enough, "not-now",
         "The council wants some of this and less of other parts of it, and so much is not expected to be needed."),
    Rule("wanted-and-held-back", lambda one: one.any(*OPEN) and one.any(*HOLD_BACK), "conditions",
         "The council wants some of this and less of other parts of it: see which before you invest."),
    Rule("held-back-but-for-a-part", lambda one: one.any(*HOLD_BACK) and bool(one.parts(*OPEN)), "not-now",
         "The council means to hold or lower what there is of this. It wants more of a part of it only."),
    Rule("held-back", lambda one: one.any(*HOLD_BACK), "not-now",
         "The council means to hold or lower what there is of this."),
    Rule("wanted-and-enough", lambda one: one.any(*OPEN) and one.gap in LESS, "not-now",
         "The council means to grow this, but no more is expected to be needed by then than there is."),
    Rule("wanted-and-lacking", lambda one: one.any(*OPEN) and one.gap == "grow" and not one.too_large, "yes",
         "The council means to grow this, and more is expected to be needed than there is."),
    Rule("wanted", lambda one: one.any(*OPEN), "conditions",
         "The council means to grow this. How much is needed is not known well enough to say yes to any size."),
    Rule("undecided", lambda one: one.any("review"), "ask",
         "The council is looking at this, and has not decided."),
    Rule("wanted-for-a-part", lambda one: bool(one.parts(*OPEN)) and one.gap not in LESS, "conditions",
         "The council wants more of a part of this: see which before you invest."),
    Rule("bought-anew", lambda one: one.any("recommission"), "ask",
         "The council is changing how this is bought. Ask how to take part."),
    Rule("for-a-part", lambda one: any(each.in_part for each in one.meant) and not one.gap, "ask",
         "The council has decided for a part of what you ask only. Name the service, or for whom it is."),
    Rule("lacking", lambda one: one.gap == "grow", "conditions",
         "More is expected to be needed than there is. The council has not said that it will buy it."),
    Rule("enough", lambda one: one.gap in ("hold", "reduce", "do-not-develop"), "not-now",
         "No more is expected to be needed than there is."),
    Rule("meant-then", lambda one: any(each.past and not each.part and not each.aside for each in one.meant), "ask",
         "What the council meant to do about this was for a time that ends before the day you ask about."),
    Rule("uncertain", lambda one: one.gap == "not-known", "ask",
         "Whether more is needed is not known well enough, and the council has stated no intention."),
    Rule("unknown", lambda one: True, "ask",
         "The council has stated no intention about this, and no need for it alone has been worked out."),
)  # fmt: skip
"""The rules in their order; the last holds always."""


def may_build(question: Question, intentions: Sequence[Intention], lacking: Lacking | None = None) -> Answer:
    """Answer a question from the intentions of a council and, where there is one, the gap.

    Intentions that were dropped do not count; those whose date has passed on the day asked for are shown, and at most
    have the answer be to ask.
    """
    meant = tuple(bearing(question, intentions))
    whole: dict[str, list[Intention]] = {}
    for one in meant:
        if one.decides:
            whole.setdefault(one.intention.direction, []).append(one.intention)
    facts = _Facts(question, meant, lacking, whole)
    rule = next(one for one in RULES if one.holds(facts))
    exceptions = _exceptions(facts, rule)
    conditions = tuple(_conditions(facts, rule))
    verdict = "conditions" if rule.verdict == "yes" and conditions else rule.verdict
    return Answer(
        verdict, rule.id, rule.reason, conditions, tuple(dict.fromkeys(exceptions)), meant, lacking,
        sized(question.size, lacking),
    )  # fmt: skip


def sized(size: int | None, lacking: Lacking | None) -> str:
    """What a size is beside what is expected to be lacking, in words; empty without either of them.

    What is lacking in the whole area is no measure of a size for one place in it: then no share is worked out.
    """
    if size is None or lacking is None:
        return ""
    named = f"{size:,} {lacking.unit}"
    if size > lacking.high:
        return f"You name {named}: more than even the upper end of the interval{_where(lacking)}."
    if lacking.whole:
        more = f"{round(lacking.mean):,} more are" if lacking.mean >= 1 else "none more are"
        return (
            f"You name {named}. How many more are expected in that place has not been worked out: in the whole area, "
            f"{more} expected by {lacking.on:%B} {lacking.on.year}."
        )
    if lacking.mean < 1:
        return f"You name {named}: within the interval, though none more are expected in the middle of it."
    if size > lacking.mean:
        return f"You name {named}: more than the {round(lacking.mean):,} more that are expected, within the interval."
    share = (
        f"You name {named}: {round(100 * size / lacking.mean)}% of the {round(lacking.mean):,} more that are expected "
        f"by {lacking.on:%B} {lacking.on.year}"
    )
    return f"{share}, and below even the lower end." if size <= lacking.low else f"{share}; the interval begins below."


def _where(lacking: Lacking) -> str:
    return " for the whole area" if lacking.whole else ""


def bearing(question: Question, intentions: Sequence[Intention]) -> list[Meant]:
    """The intentions that bear on a question, those that decide most first."""
    found = []
    for one in intentions:
        area = covers_area(one.area, question.area)
        if one.dropped or area is None:
            continue
        service = _covers("service", one.service, question.service)
        group = _covers("client_group", one.client_group, question.client_group)
        if service is None or group is None:
            continue
        past = question.on is not None and one.by_date.end is not None and one.by_date.end < question.on
        part = one.extent == "part" or not (service and group and area)
        found.append(Meant(one, part, past, not one.says_how_much))
    order = ["do-not-develop", *HOLD_BACK, *OPEN, *UNDECIDED]
    return sorted(found, key=lambda one: (one.aside, one.part, one.past, order.index(one.intention.direction)))


def covers_area(meant: str, asked: str) -> bool | None:
    """Whether an area covers another: all of it (True), a part (False), nothing (None). Empty is the whole area.

    A zone and a district are compared by the zone's districts; of two zones each covers itself only.
    """
    if meant in ("", asked):
        return True
    if not asked:
        return False
    of_meant, of_asked = _districts(meant), _districts(asked)
    if not of_meant & of_asked or {meant, asked} <= set(catalogue().lists["zone"].by_id):
        return None
    # A zone may be less than its districts; a district that holds all districts of a zone holds the zone.
    return asked in catalogue().lists["zone"].by_id and of_asked <= of_meant


def _districts(area: str) -> frozenset[str]:
    zone = catalogue().lists["zone"].by_id.get(area)
    return frozenset((area,) if zone is None else getattr(zone, "districts", ()))


def _covers(list_name: str, meant: str, asked: str) -> bool | None:
    """Whether what is meant covers what is asked: all of it (True), a part (False), nothing (None)."""
    if meant in (asked, ALL):
        return True
    if asked == ALL:
        return False
    of_meant, of_asked = (leaves(list_name, one) for one in (meant, asked))
    # What is a part of its services or groups, and not all of them, covers none of them whole.
    if of_asked <= of_meant and not is_part(list_name, meant):
        return True
    return False if of_asked & of_meant else None


_PARTS: Final = {"service": ("topic", "services"), "client_group": ("cohort", "client_groups")}
"""Where the words stand that name a part of services or client groups, and the field that says of which."""


@cache
def leaves(list_name: str, id_: str) -> frozenset[str]:
    """The single entries of an id or a group; of a topic or cohort, those that it is a part of.

    Words that the catalogue does not have stand for themselves.
    """
    found = catalogue().lists[list_name]
    if id_ in found.by_id or id_ in found.groups:
        return frozenset(catalogue().members(list_name, id_))
    return frozenset(_part_of(list_name, id_) or (id_,))


def _part_of(list_name: str, id_: str) -> tuple[str, ...]:
    other, field_ = _PARTS.get(list_name, ("", ""))
    entry = catalogue().lists[other].by_id.get(id_) if other else None
    return () if entry is None else tuple(getattr(entry, field_))


def is_part(list_name: str, id_: str) -> bool:
    """Whether an id is a topic or cohort: a part of services or client groups, and none itself."""
    found = catalogue().lists[list_name]
    return id_ not in found.by_id and id_ not in found.groups and bool(_part_of(list_name, id_))


def _refuses(one: Meant) -> bool:
    return one.intention.direction == "do-not-develop"


def _refused_then(one: Meant) -> bool:
    return one.past and not one.part and _refuses(one)


def _cited(facts: _Facts, one: Meant) -> bool:
    """Whether a refusal of a part is what the gap of this part of the market rests on."""
    cites = facts.lacking.cites if facts.lacking and facts.lacking.told_apart else ""
    return one.intention.id == cites and _refuses(one) and not one.past


def _exceptions(facts: _Facts, rule: Rule) -> list[str]:
    """What is allowed nevertheless: as the intentions say, and of what is held back the part that is wanted."""
    found = [
        one.intention.exceptions
        for one in facts.meant
        if one.intention.exceptions and not one.past and (one.decides or _cited(facts, one))
    ]
    found += [one.intention.exceptions for one in facts.meant if one.intention.exceptions and one.past and not one.part]
    if rule.verdict == "not-now" and facts.any(*HOLD_BACK):
        found += _of_parts(WANTED, facts.parts(*OPEN))
    return found


def _of_parts(what: str, intentions: Sequence[Intention]) -> list[str]:
    """Intentions about parts with what they except: those of one part that the council names in one line."""
    found: dict[tuple[str, int], list[str]] = {}
    for number, one in enumerate(intentions):
        said = one.statement + (f" Exceptions: {one.exceptions}" if one.exceptions else "")
        found.setdefault((one.part, 0 if one.part else number), []).append(said)
    return [
        f"{what}, {part}: {' '.join(said)}" if part else f"{what} for a part of what you ask: {' '.join(said)}"
        for (part, _), said in found.items()
    ]


def _conditions(facts: _Facts, rule: Rule) -> list[str]:
    """What must be kept to or known; of an answer that lets nothing be built, what is decided of a part of it."""
    if rule.verdict == "no":
        return []
    found = _of_parts(REFUSED, facts.parts("do-not-develop"))
    if rule.verdict != "not-now":
        whole = facts.any(*OPEN)
        found += _of_parts(WANTED, [one for one in facts.parts(*OPEN) if one.part or not whole])
        found += [one.statement for direction in HOLD_BACK for one in facts.whole.get(direction, [])]
        found += _of_parts(HELD, facts.parts(*HOLD_BACK))
    if rule.verdict != "ask":
        undecided = [one for name in UNDECIDED for one in facts.whole.get(name, [])]
        found += [f"How it will be bought may change: {one.statement}" for one in undecided]
    if rule.verdict in ("yes", "conditions") or facts.too_large:
        found += _sizes(facts)
    return list(dict.fromkeys(found))


def _sizes(facts: _Facts) -> list[str]:
    """What is to be known of the size that was asked for, and of the place."""
    found = []
    size, lacking = facts.question.size, facts.lacking
    if size is not None and lacking is not None and size > max(lacking.mean, 0):
        expected = "none" if round(lacking.mean) <= 0 else f"about {round(lacking.mean):,}"
        where = " in the whole area" if lacking.whole else ""
        found.append(
            f"You name {size:,} {lacking.unit}. {expected[:1].upper() + expected[1:]} more are expected to be needed"
            f"{where} (80% interval {round(lacking.low):,} to {round(lacking.high):,})."
        )
    if lacking is not None and lacking.whole:
        found.append("The need was worked out for the whole area, not for the place that you name.")
    return found
