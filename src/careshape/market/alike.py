"""Whether a registration that ended and one that began are the same home: ``same``, ``perhaps`` or ``no``, and why.

The rule stands in ``data/following.toml`` and is told in docs/explanation/market.md. One pair is looked at by itself
here; ``following`` settles which of several pairs stands.
"""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from careshape.declared import declared, read_toml
from careshape.market.registrations import Registration, spaced

Verdict = Literal["same", "perhaps", "no"]
METRES_A_DEGREE: Final = 111_320


class Rule(BaseModel):
    """When two registrations are the same home; see the notes in the data file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    joins_before: int = Field(ge=0)
    joins_after: int = Field(ge=0)
    near_after: int = Field(ge=0)
    beds_share: Decimal = Field(ge=0, le=1)
    beds_least: int = Field(ge=0)
    name_alike: Decimal = Field(gt=0, le=1)
    near_metres: int = Field(ge=0)
    plain_words: tuple[str, ...]


@cache
def rule() -> Rule:
    """The rule that is packaged."""
    name = "market/data/following.toml"
    text = files("careshape.market").joinpath("data", "following.toml").read_text("utf-8")
    return declared(Rule, read_toml(text, name), name)


@dataclass(frozen=True, order=True)
class Pair:
    """A registration that ended, one that may go on from it, and whether it does.

    Attributes:
        strength: how much speaks for it: 2 for the same name, 1 for one alike, 1 for beds that are near.
        reasons: what speaks for and against it, in words.
        decided: whether a person decided it.
    """

    ended: Registration
    began: Registration
    verdict: Verdict
    strength: int
    reasons: tuple[str, ...]
    decided: bool = False


def possible(ended: Registration, began: Registration) -> bool:
    """Whether ``compare`` could say anything but ``no``, by what is quick to see: nearly every pair of a sector cannot.

    At another postcode only a home that began about the day of the end may be the same.
    """
    if ended.end is None or (began.end is not None and began.end <= ended.end):
        return False
    if began.start is None:
        return began.postcode == ended.postcode
    gap = (began.start - ended.end).days
    if began.postcode != ended.postcode:
        return -rule().joins_before <= gap <= rule().joins_after
    return gap <= rule().near_after


def compare(ended: Registration, began: Registration) -> Pair:
    """Whether ``began`` goes on from ``ended``."""
    place, where = _place(ended, began)
    when, dates = _dates(ended, began)
    if place == "apart" or when == "no":
        # Nearly every pair of a sector ends here: names, which take long to compare, do not matter any more.
        return Pair(ended, began, "no", 0, (where, dates))
    name, named = _names(ended.name, began.name)
    beds, bedded = _beds(ended.beds, began.beds)
    strength = {"same": 2, "alike": 1}.get(name, 0) + (beds == "near")
    return Pair(ended, began, _verdict(place, when, name, beds), strength, (where, dates, named, bedded))


def _verdict(place: str, when: str, name: str, beds: str) -> Verdict:
    """Of a pair that stands near and whose dates do not forbid it."""
    named, likely = name in ("same", "alike"), name in ("same", "alike") or beds == "near"
    if place == "near":
        # Another postcode: only a person can tell a mended postcode from a home next door.
        return "perhaps" if when == "join" and name == "same" and beds != "apart" else "no"
    if when == "join":
        # Where both name and beds speak against it, a new home in an old building is as likely as the old one renamed.
        return "same" if likely else "perhaps"
    if when == "beside":
        # A neighbour that was there all along has its own name or its own beds.
        return (
            "same" if name == "same" and beds == "near" else "perhaps" if name == "same" and beds == "unknown" else "no"
        )
    return "perhaps" if (named if when == "unknown" else likely) else "no"


def _place(ended: Registration, began: Registration) -> tuple[str, str]:
    if ended.postcode and ended.postcode == began.postcode:
        return "same", f"the same postcode ({spaced(ended.postcode)})"
    if not ended.postcode or not began.postcode:
        return "apart", "no postcode to compare"
    if ended.postcode[:-2] == began.postcode[:-2] and ended.place and began.place:
        metres = metres_between(ended.place, began.place)
        if metres <= rule().near_metres:
            return "near", f"another postcode ({spaced(began.postcode)}) {metres:.0f} metres away"
    return "apart", f"another postcode ({spaced(began.postcode)})"


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres in a straight line between two places, each longitude and latitude in degrees; good over short ways."""
    across = (one[0] - other[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(across, one[1] - other[1]) * METRES_A_DEGREE


def _dates(ended: Registration, began: Registration) -> tuple[str, str]:
    if ended.end is not None and began.end is not None and began.end <= ended.end:
        return "no", "it had ended by then"
    if began.start is None or ended.end is None:
        return "unknown", "the day on which it began is not known"
    gap = (began.start - ended.end).days
    said = f"it began {gap} days after the end" if gap > 0 else f"it began {-gap} days before the end"
    said = "it began on the day of the end" if gap == 0 else said.replace(" 1 days", " 1 day")
    if gap > rule().near_after:
        return "no", said
    if gap > rule().joins_after:
        return "later", said
    return ("join" if gap >= -rule().joins_before else "beside"), said


@lru_cache(maxsize=65_536)
def plain_name(name: str) -> str:
    """The words of a home's name that tell it from others, without letter case and punctuation."""
    words = re.sub(r"[^a-z0-9 ]", "", re.sub(r"[-/&]", " ", name.casefold())).split()
    told = [word for word in words if word not in rule().plain_words]
    return " ".join(told or words)


def _names(one: str, other: str) -> tuple[str, str]:
    plain, beside = plain_name(one), plain_name(other)
    if not plain or not beside:
        return "unknown", "a name is not known"
    if plain == beside:
        return "same", "the same name"
    ratio = difflib.SequenceMatcher(None, plain, beside).ratio()
    if (
        ratio >= rule().name_alike
        or set(plain.split()) < set(beside.split())
        or set(beside.split()) < set(plain.split())
    ):
        return "alike", f"a name alike ('{other}' after '{one}')"
    return "other", f"another name ('{other}' after '{one}')"


def _beds(one: int | None, other: int | None) -> tuple[str, str]:
    if one is None or other is None:
        return "unknown", "beds are not known"
    allowed = max(Decimal(rule().beds_least), rule().beds_share * max(one, other))
    if abs(one - other) <= allowed:
        return "near", f"{other} beds after {one}" if one != other else f"{one} beds as before"
    return "apart", f"{other} beds after {one}"
