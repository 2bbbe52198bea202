"""Shares of a market, by who buys: the council, people themselves, the NHS, other councils. Data, and its sources."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.catalogue import catalogue
from careshape.declared import declared, read_toml
from careshape.errors import CallError, CatalogueError
from careshape.evaluate.need.prevalence import DATA
from careshape.home import Home
from careshape.language import numeral, say
from careshape.records import observations

COUNCIL: Final = "council"
SELF_FUNDED: Final = "self-funded"
NHS: Final = "nhs"
OTHER_COUNCILS: Final = "other-councils"
SEGMENTS: Final = {
    COUNCIL: "Bought by the council",
    SELF_FUNDED: "Paid for by people themselves",
    NHS: "Paid for by the NHS",
    OTHER_COUNCILS: "Bought by other councils",
}
PUBLIC: Final = "publicly-paid"
"""Of whom a share is, where not of the whole market: of those who do not pay for themselves."""
Scope: TypeAlias = Literal["local", "borrowed", "England"]
LOCAL: Final = "local"
BORROWED: Final = "borrowed"
NATIONAL: Final = "England"


_SENTENCES: Final = re.compile(r"(?<=\.)\s+(?=[A-Z])")


class Share(BaseModel):
    """The share of a market that somebody buys, as a range.

    Attributes:
        authority: the council whose area it is; service: of the catalogue (or a group); segment: of SEGMENTS.
        client_group: of the catalogue (or a group) where it holds for these people only.
        of: whose share it is: of the whole "market", or of those who do not pay for themselves (PUBLIC).
        low, high: the ends of the range, 0 to 1; source, address: where it comes from; caveat: what to know of it.
        scope: LOCAL; BORROWED where it is another council's; NATIONAL where it is England's. derived: whether it
            follows from what others buy; least: whether what others buy by it is only the least, for of some of them
            no share is known. lender: whose it is where it is borrowed, in words.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    authority: str
    service: str
    client_group: str = ""
    segment: Literal["council", "self-funded", "nhs", "other-councils"]
    of: Literal["market", "publicly-paid"] = "market"
    low: float = Field(ge=0, lt=1)
    high: float = Field(gt=0, lt=1)
    source: str = Field(min_length=1)
    address: str = ""
    caveat: str = ""
    scope: Scope = LOCAL
    derived: bool = False
    least: bool = False
    lender: str = ""

    @model_validator(mode="after")
    def _range(self) -> Share:
        if self.low > self.high:
            raise ValueError(f"low ({self.low}) must not be above high ({self.high}).")
        if self.segment == COUNCIL and not self.low:
            raise ValueError("low must be above 0: the whole market follows from the council's share.")
        return self

    @property
    def market(self) -> tuple[str, str]:
        """Of what it is a share: a service, and a client group or everybody."""
        return self.service, self.client_group

    @property
    def middle(self) -> float:
        """The middle of the range."""
        return (self.low + self.high) / 2


@cache
def _published() -> tuple[Share, ...]:
    return tuple(_of_observations(one) for one in _packaged()["share"])


@cache
def _packaged() -> Mapping[str, list[dict[str, Any]]]:
    return tomllib.loads((DATA / "outside.toml").read_text(encoding="utf-8"))


def _of_observations(raw: dict[str, Any]) -> Share:
    known = observations(raw["authority"])
    ends = [float(known[raw[f"{end}_observation"]].value) / 100 for end in ("low", "high")]
    kept = {name: raw[name] for name in ("authority", "service", "segment", "source")}
    return Share(**kept, low=ends[0], high=ends[1])


def national_shares(authority: str) -> list[Share]:
    """The shares of England that come with careshape, as they stand in for those of a council."""
    return [
        Share(**{"client_group": group, **one}, authority=authority, scope=NATIONAL)
        for raw in _packaged()["national"]
        for one, groups in [_without_groups(raw)]
        for group in groups
    ]


def borrowed_shares(authority: str) -> list[Share]:
    """The shares that other councils published as their own, made wider, for where a place's shares leave out some."""
    lent = {(one.authority, one.service): one for one in _published() if one.segment == COUNCIL}
    found = []
    for raw in _packaged()["borrowed"]:
        one = lent[raw["of"], raw["service"]]
        if one.authority != authority:
            wider = {"low": one.low * raw["low_times"], "high": one.high * raw["high_times"]}
            name = catalogue().lists["authority"].label(one.authority)
            source = say(
                "{name}: {source}: {low} to {high}, made wider as England's regions differ",
                name=name,
                source=one.source,
                low=numeral(f"{one.low:.0%}"),
                high=numeral(f"{one.high:.0%}"),
            )
            kept = {"authority": authority, "scope": BORROWED, "lender": name}
            kept |= {"caveat": raw["caveat"], "source": source}
            found.append(one.model_copy(update=wider | kept))
    return found


def _without_groups(raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """A declared share, and the client groups it holds for one by one."""
    one = dict(raw)
    return one, one.pop("client_groups", [one.get("client_group", "")])


def shares(home: Home, authority: str) -> list[Share]:
    """The shares that are known for a council: its own file, then what it published, then those of England.

    Where these leave out some of those who buy, the council's own share is borrowed from one that published it, made
    wider. A market without a share of the council, but with one of people who pay for themselves, has a derived one:
    what the known shares leave of the market; where one of the others' is not known, as if nobody bought that part.

    Raises:
        CatalogueError: the file breaks the schema, names a share twice, or shares add up to more than the market.
    """
    found = _own(home.council_path(authority) / "outside.toml", authority)
    found += _untaken(found, (one for one in _published() if one.authority == authority))
    found += [one for one in _untaken(found, national_shares(authority)) if _holds(one, found)]
    lacking = {market for market in {one.market for one in found} if not _whole(found, market)}
    found += [
        one for one in _untaken(found, borrowed_shares(authority)) if one.market in lacking and _holds(one, found)
    ]
    markets = list(dict.fromkeys(one.market for one in found))
    for market in markets:
        if (least := 1 - _left(found, market)) > 1:
            rule = "The lowest shares of a market must not add up to more than 1."
            raise CatalogueError("outside.toml", market[0], "low", round(least, 4), rule)
    return found + [one for market in markets for one in _derived(found, market)]


def _untaken(known: Iterable[Share], further: Iterable[Share]) -> list[Share]:
    taken = {(one.market, one.segment) for one in known}
    return [one for one in further if (one.market, one.segment) not in taken]


def _whole(known: Iterable[Share], market: tuple[str, str]) -> bool:
    """Whether a share is known of everybody but the council, so that its own follows."""
    return {one.segment for one in known if one.market == market} | {COUNCIL} == set(SEGMENTS)


def _holds(national: Share, known: Iterable[Share]) -> bool:
    """Whether a share of elsewhere can hold in a place: not where it is above what the known shares leave."""
    return national.of == PUBLIC or national.low < _left(known, national.market)


def _left(known: Iterable[Share], market: tuple[str, str]) -> float:
    """The most that the known shares leave of a market."""
    return 1 - sum(one.low for one in known if one.market == market and one.of != PUBLIC)


def _derived(known: Iterable[Share], market: tuple[str, str]) -> list[Share]:
    """The council's share of a market, from what is known of the others'; none where it is known, or too little is."""
    parts: dict[str, Share] = {one.segment: one for one in known if one.market == market}
    if COUNCIL in parts or SELF_FUNDED not in parts:
        return []
    low = left_for_council({name: one.high for name, one in parts.items()}, parts)
    high = left_for_council({name: one.low for name, one in parts.items()}, parts)
    scope: Scope = NATIONAL if any(one.scope == NATIONAL for one in parts.values()) else LOCAL
    whole = all(name in parts for name in SEGMENTS if name != COUNCIL)
    rest = "" if whole else ", as if the council bought all that no share is known of"
    source = say("{parts}; the council has what is left{rest}", parts=sources_of(parts.values()), rest=rest)
    one = next(iter(parts.values()))
    return [
        Share(
            authority=one.authority, service=one.service, client_group=one.client_group, segment=COUNCIL,
            low=float(low), high=float(high), source=source, scope=scope, derived=True, least=not whole,
            caveat=caveats_of(parts.values()),
        )
    ]  # fmt: skip


def left_for_council(values: Mapping[str, Any], parts: Mapping[str, Share]) -> Any:
    """What shares of others leave of a market: of the whole, then of those who do not pay for themselves.

    Args:
        values: segment -> its share, a number or an array of draws; of those who do not pay for themselves where the
            share in ``parts`` is of them.
    """
    whole = 1.0 - sum(value for name, value in values.items() if parts[name].of != PUBLIC)
    public = sum(value for name, value in values.items() if parts[name].of == PUBLIC)
    return np.maximum(whole - public * (1.0 - values[SELF_FUNDED]), 1e-6)


def sources_of(parts: Iterable[Share]) -> str:
    """The sources of shares, each once."""
    return "; ".join(dict.fromkeys(one.source for one in parts))


def caveats_of(parts: Iterable[Share]) -> str:
    """What to know of shares, each sentence once."""
    return each_once(one.caveat for one in parts)


def each_once(said: Iterable[str]) -> str:
    """The sentences of several texts, each once: what holds of one share often holds of the next."""
    return " ".join(dict.fromkeys(one for text in said for one in _SENTENCES.split(text) if one))


def _own(path: Path, authority: str) -> list[Share]:
    if not path.is_file():
        return []
    listed = read_toml(path.read_text(encoding="utf-8"), path.name).get("share", [])
    found = []
    for one in listed:
        for name in ("of", "scope", "derived", "least", "lender"):
            if name in one:
                raise CatalogueError(path.name, "share", name, one[name], "There is no such field.")
        found.append(declared(Share, {**one, "authority": authority}, path.name, "share"))
    book = catalogue()
    for one in found:
        try:
            book.lists["service"].members(one.service)
            if one.client_group:
                book.lists["client_group"].members(one.client_group)
        except CallError as fault:
            raise CatalogueError(path.name, "share", "service", one.service, str(fault)) from None
        if sum((other.market, other.segment) == (one.market, one.segment) for other in found) > 1:
            raise CatalogueError(path.name, one.service, "segment", one.segment, "Each share stands once.")
    return found
