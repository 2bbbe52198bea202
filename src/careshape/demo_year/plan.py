"""What happens in the year, as ``data/year.toml`` states it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib.resources import files
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from careshape.declared import declared, read_toml
from careshape.source.requests.asking import asking

FILE: Final = "year.toml"
Weeks = Annotated[int, Field(ge=1, le=52)]


Diary = list[tuple[date, int, Callable[[], object]]]
"""Day, place in the order of a day, and what is done on it."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Listed(_Table):
    """A list to buy from, and how many synthetic providers are on it.

    ``price``: pence a unit of the cheapest; each further provider asks ``step`` more. ``types``: how many providers of
    each type. ``by_zone``: each stands in one home care zone, one zone after another.
    """

    council: str
    title: str
    kind: str
    services: Annotated[tuple[str, ...], Field(min_length=1)]
    types: dict[str, Annotated[int, Field(gt=0)]]
    price: Annotated[int, Field(gt=0)]
    step: Annotated[int, Field(ge=0)] = 0
    called: str
    by_zone: bool = False
    complex_needs: bool = False
    groups: dict[str, tuple[int, int]] = {}
    """Client group -> first and last number of the providers that stand on the list for it; empty: all, for all."""
    with_demonstration: bool = False
    """Whether the provider of the demonstration's own account is on it, before all others."""
    begins_ago: Weeks = 52
    ends_ago: Annotated[int, Field(ge=0, le=52)] = 0
    """Weeks before today on which it ends; 0: later."""
    as_recorded: bool = False
    """Whether its first providers are those by whom the council's records know its service, by their references."""
    of: str = ""
    """Another list, of which they are every so many-th provider, the first among them."""


class Then(_Table):
    """What is told of a package so many weeks after it began. ``units``: hundredths a week."""

    weeks: Weeks
    does: Literal["change", "absence", "ending", "hand-back", "death"]
    units: int = 0
    reason: str = ""
    because: str = ""


class Course(_Table):
    """A request and what follows, once for each of ``ago``: weeks before today on which it is made; 0: in these days.

    ``answers``: of those that are asked, in their order: yes, counter, or a reason for a no; others stay silent.
    ``need``, ``need_words``, ``met_by``: the area of an eligible need, what it is, and how it is proposed to be met.
    ``by_round``: it is awarded by a round that places a week together. ``visits``: hours a week, paid by visits.
    ``council``: of this council alone; empty: of each. ``district``: in which everybody of it lives; empty: in one
    after another.
    ``stops``: nothing was looked at for the person, so that a rule stops it. ``set_aside``: then the rules that stop it
    are set aside for this reason. ``unlike_first``: why the award does not go to the first.
    """

    id: str
    council: str = ""
    service: str
    district: str = ""
    units: Annotated[int, Field(gt=0)]
    ago: Annotated[tuple[Annotated[int, Field(ge=0, le=51)], ...], Field(min_length=1)]
    client_group: str
    support_reason: str
    born: int
    words: str
    urgency: str = "routine"
    way: Literal["all", "rank", "best"] = "best"
    stops: bool = False
    set_aside: str = ""
    sent: bool = True
    answers: tuple[str, ...] = ()
    award: bool = True
    unlike_first: str = ""
    withdrawn: bool = False
    need: str = ""
    need_words: str = ""
    met_by: str = ""
    by_round: bool = False
    visits: str = ""
    then: tuple[Then, ...] = ()


class OfCouncil(_Table):
    """What a council tells of itself for the rules, every so many weeks."""

    fact: str
    value: int
    each: Weeks
    why: str


class Plan(_Table):
    """The whole year. ``paid``, ``visited``: weeks before today on which payments are made, and of which visits are
    told; ``uplift``: hundredths of a percent by which the prices of the list ``uplift_of`` rise.
    """

    lists: Annotated[tuple[Listed, ...], Field(alias="list")]
    courses: Annotated[tuple[Course, ...], Field(alias="course")]
    paid: tuple[Weeks, ...]
    visited: tuple[Weeks, ...]
    of_council: tuple[OfCouncil, ...]
    uplift: int
    uplift_of: str
    uplift_ago: Weeks
    fails_ago: Weeks
    fails_because: str


def plan() -> Plan:
    """The plan of the year. Raises CatalogueError for a fault in the file."""
    raw: dict[str, Any] = read_toml(files("careshape.demo_year").joinpath("data", FILE).read_text("utf-8"), FILE)
    found = declared(Plan, raw, f"demo_year/{FILE}")
    known = {"yes", "counter", *asking().noes}
    assert all(one in known for course in found.courses for one in course.answers), FILE
    return found
