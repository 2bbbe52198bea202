"""People whose care the council does not buy: those who pay for themselves, the NHS's, and other councils'.

The council knows what it buys. From its share of the market follows the whole market, and from the shares of others
what they buy: whole = council / share. Nothing says where in a published range the share lies, so every value in it
counts alike. A part whose share nobody has published is "not estimated", and never 0.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.catalogue import catalogue
from careshape.declared import declared, read_toml
from careshape.errors import CallError, CatalogueError
from careshape.evaluate.intervals import WITH_MEDIAN, bounds
from careshape.evaluate.need.draws import DRAWS_OUTSIDE, Array, generator
from careshape.evaluate.need.prevalence import DATA
from careshape.home import Home
from careshape.records import observations

COUNCIL: Final = "council"
OTHERS: Final = "all-others"
SEGMENTS: Final = {
    COUNCIL: "Bought by the council",
    "self-funded": "Paid for by people themselves",
    "nhs": "Paid for by the NHS",
    "other-councils": "Bought by other councils",
}
COLUMNS = (
    "service",
    "segment",
    "label",
    "unit",
    "value",
    "lower_95",
    "lower_80",
    "median",
    "upper_80",
    "upper_95",
    "status",
    "method",
    "source",
)


class Share(BaseModel):
    """The share of a market that somebody buys, as a range.

    Attributes:
        authority: the council whose area it is; service: of the catalogue (or a group); segment: of SEGMENTS.
        low, high: the ends of the range, 0 to 1; source: where it comes from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    authority: str
    service: str
    segment: Literal["council", "self-funded", "nhs", "other-councils"]
    low: float = Field(gt=0, lt=1)
    high: float = Field(gt=0, lt=1)
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _range(self) -> Share:
        if self.low > self.high:
            raise ValueError(f"low ({self.low}) must not be above high ({self.high}).")
        return self


@cache
def _packaged() -> tuple[Share, ...]:
    raw = tomllib.loads((DATA / "outside.toml").read_text(encoding="utf-8"))
    return tuple(_of_observations(one) for one in raw["share"])


def _of_observations(raw: dict[str, Any]) -> Share:
    known = observations(raw["authority"])
    ends = [float(known[raw[f"{end}_observation"]].value) / 100 for end in ("low", "high")]
    kept = {name: raw[name] for name in ("authority", "service", "segment", "source")}
    return Share(**kept, low=ends[0], high=ends[1])


def shares(home: Home, authority: str) -> list[Share]:
    """The shares that are known for a council: its own file comes before what is packaged.

    Raises:
        CatalogueError: the file breaks the schema, names a share twice, or shares add up to more than the market.
    """
    own = _own(home.council_path(authority) / "outside.toml", authority)
    taken = {(one.service, one.segment) for one in own}
    found = own + [one for one in _packaged() if one.authority == authority and (one.service, one.segment) not in taken]
    for service in {one.service for one in found}:
        least = sum(one.low for one in found if one.service == service)
        if least > 1:
            rule = "The lowest shares of a market must not add up to more than 1."
            raise CatalogueError("outside.toml", service, "low", round(least, 4), rule)
    return found


def _own(path: Path, authority: str) -> list[Share]:
    if not path.is_file():
        return []
    listed = read_toml(path.read_text(encoding="utf-8"), path.name).get("share", [])
    found = [declared(Share, {**one, "authority": authority}, path.name, "share") for one in listed]
    book = catalogue()
    for one in found:
        try:
            book.lists["service"].members(one.service)
        except CallError as fault:
            raise CatalogueError(path.name, "share", "service", one.service, str(fault)) from None
        if sum((other.service, other.segment) == (one.service, one.segment) for other in found) > 1:
            raise CatalogueError(path.name, one.service, "segment", one.segment, "Each share stands once.")
    return found


def outside(
    home: Home, authority: str, service: str, bought: float, unit: str = "people", seed: int = 1
) -> list[dict[str, Any]]:
    """A market split by who pays: rows of COLUMNS, the council's part first, then each other, then all others together.

    Args:
        service: of the catalogue, or a group of services; bought: what the council buys of it, counted in its ledger.
        unit: what is counted ("people", "hours a week"). seed: where chance begins.

    Raises:
        CatalogueError: the council's file of shares breaks its rules.
    """
    known: dict[str, Share] = {one.segment: one for one in shares(home, authority) if one.service == service}
    chance = generator(f"outside {authority} {service}", seed)
    drawn = {name: chance.uniform(one.low, one.high, DRAWS_OUTSIDE) for name, one in known.items()}
    middle = {name: (one.low + one.high) / 2 for name, one in known.items()}
    rest = [name for name in SEGMENTS if name != COUNCIL]
    if COUNCIL not in known and all(name in known for name in rest):
        drawn[COUNCIL] = np.maximum(1 - np.sum([drawn[name] for name in rest], axis=0), 1e-6)
        middle[COUNCIL] = max(1 - sum(middle[name] for name in rest), 1e-6)
    source = "; ".join(dict.fromkeys(one.source for one in known.values()))
    rows = [_row(service, COUNCIL, unit, "counted", bought, None, "counted in the ledger", "the council's records")]
    if COUNCIL not in drawn:
        reason = "the council's share of this market is not known: enter it in outside.toml, with its source"
        return rows + [_row(service, name, unit, "not estimated", None, None, reason, "") for name in (*rest, OTHERS)]
    whole, likely = bought / drawn[COUNCIL], bought / middle[COUNCIL]
    for name in rest:
        if name in drawn:
            method = "council's quantity / its share x the share of this part, each anywhere in its range"
            parts = whole * drawn[name]
            rows.append(_row(service, name, unit, "estimated", likely * middle[name], parts, method, source))
        else:
            reason = "no share of this part is known: enter it in outside.toml, with its source"
            rows.append(_row(service, name, unit, "not estimated", None, None, reason, ""))
    method = "council's quantity x (1 / its share - 1), the share anywhere in its range"
    rows.append(_row(service, OTHERS, unit, "estimated", likely - bought, whole - bought, method, source))
    return rows


def _row(
    service: str,
    segment: str,
    unit: str,
    status: str,
    value: float | None,
    drawn: Array | None,
    method: str,
    source: str,
) -> dict[str, Any]:
    limits = dict.fromkeys(WITH_MEDIAN) if drawn is None else bounds(drawn, median=True)[0]
    return {
        "service": service,
        "segment": segment,
        "label": SEGMENTS.get(segment, "Everybody but the council, together"),
        "unit": unit,
        "value": value,
        **limits,
        "status": status,
        "method": method,
        "source": source,
    }
