"""What a council will need of housing with support and of care homes, by its own numbers or its printed statement's.

A council's own numbers stand in ``housing.toml`` in its folder: people who are coming, places that free themselves or
arise from care homes that change their registration, and ratios of units to older people. Each part that is there
takes the place of the printed one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from careshape.declared import declared, read_toml
from careshape.errors import CallError, CareshapeError
from careshape.evaluate.gap.council import known_supply
from careshape.evaluate.gap.housing import (
    housing,
    pipeline,
    printed_accommodation,
    printed_care_homes,
    printed_extra_care,
    published_places,
)
from careshape.evaluate.gap.requirements import (
    Coming,
    HomePlaces,
    Netting,
    NettingKind,
    Requirement,
    Units,
    accommodation,
    extra_care,
    shared_out,
)
from careshape.evaluate.gap.segments import known
from careshape.evaluate.gap.supply import ALL, Supply, by_origin
from careshape.evaluate.population import Population, population
from careshape.home import Home
from careshape.language import say
from careshape.records import Observations, council_observations

FILE: Final = "housing.toml"
SERVICE: Final = "extra-care-housing"
YEAR: Final = r"^\d{4}/\d{2}$"
Cells = Mapping[tuple[str, str], int]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ComingEntry(_Entry):
    """People who will need a type of place in a financial year."""

    year: str = Field(pattern=YEAR)
    client_group: str
    type: str = Field(min_length=1)
    people: int = Field(ge=0)
    source: str = Field(min_length=1)

    @field_validator("client_group")
    @classmethod
    def _known(cls, given: str) -> str:
        return known("client_group", given)


class NettingEntry(_Entry):
    """Places of a type that need not be commissioned in a financial year."""

    year: str = Field(pattern=YEAR)
    type: str = Field(min_length=1)
    places: int = Field(ge=0)
    kind: NettingKind
    source: str = Field(min_length=1)


class Ratios(_Entry):
    """Units of extra care wanted for every thousand people of ``ages_from`` and over in a year, by tenure."""

    year: int = Field(ge=2000, le=2100)
    ages_from: int = Field(default=75, ge=18, le=90)
    per_thousand: dict[str, float] = Field(min_length=1)
    source: str = Field(min_length=1)


class Own(_Entry):
    """The council's own file."""

    coming: tuple[ComingEntry, ...] = ()
    netting: tuple[NettingEntry, ...] = ()
    extra_care: Ratios | None = None


Row = TypeVar("Row", Requirement, Units, HomePlaces)


@dataclass(frozen=True)
class Plan(Generic[Row]):
    """One model's rows, where its numbers come from, what else to say of it, and why there is none.

    Attributes:
        ages_from: the age from which people were counted as older; 0 where the model counts none.
    """

    rows: tuple[Row, ...] = ()
    source: str = ""
    notes: tuple[str, ...] = ()
    problem: str = ""
    ages_from: int = 0


@dataclass(frozen=True)
class Plans:
    """The three models of a council.

    Attributes:
        coming: the people that the accommodation starts from; published: the places that a printed statement asks for,
            (year, type) -> places; types: id of a type of place -> its name.
        older_people: the population that extra care and care homes rest on; None where none was needed or is known.
    """

    accommodation: Plan[Requirement]
    extra_care: Plan[Units]
    care_homes: Plan[HomePlaces]
    coming: tuple[Coming, ...]
    published: Mapping[tuple[str, str], Decimal]
    types: Mapping[str, str]
    older_people: Population | None


def plans(home: Home, authority: str) -> Plans:
    """Work out the three models of a council; each says why it cannot be where its numbers are not known.

    Raises CatalogueError where the council's own file has a fault.
    """
    folder = home.council_path(authority)
    own = _own(home, authority)
    observations = council_observations(authority, folder / "observations")
    try:
        people: Population | None = population(home, authority)
    except CareshapeError:
        people = None
    said = housing(authority).accommodation
    types = {one.id: one.label for one in said.type} if said else {}
    coming, published = _coming(own, authority, observations)
    types |= {one.type: one.type.replace("-", " ").capitalize() for one in coming if one.type not in types}
    return Plans(
        _tried(lambda: _accommodation(own, authority, observations)),
        _tried(lambda: _extra_care(home, own, authority, observations, people)),
        _tried(lambda: _care_homes(authority, observations, people)),
        coming, published, types, people,
    )  # fmt: skip


def _own(home: Home, authority: str) -> Own:
    path = home.council_path(authority) / FILE
    return declared(Own, read_toml(path.read_text("utf-8"), FILE), FILE) if path.is_file() else Own()


def _tried(make: Callable[[], Plan[Row]]) -> Plan[Row]:
    try:
        return make()
    except CallError as error:
        return Plan(problem=str(error))


def _coming(
    own: Own, authority: str, observations: Observations
) -> tuple[tuple[Coming, ...], Mapping[tuple[str, str], Decimal]]:
    if own.coming:
        return tuple(Coming(one.year, one.client_group, one.type, Decimal(one.people)) for one in own.coming), {}
    if housing(authority).accommodation is None:
        return (), {}
    return tuple(pipeline(authority, observations)), published_places(authority, observations)


def _accommodation(own: Own, authority: str, observations: Observations) -> Plan[Requirement]:
    if own.coming:
        netting = [Netting(one.year, one.type, Decimal(one.places), one.source, one.kind) for one in own.netting]
        people, _ = _coming(own, authority, observations)
        sources = [one.source for one in own.coming] + [one.source for one in own.netting]
        return Plan(tuple(accommodation(people, netting)), "; ".join(dict.fromkeys(sources)))
    said = housing(authority).accommodation
    if said is None:
        raise CallError(
            "Nobody is known to come. Enter the people who will need a place, by year, client group and type, in "
            f"{FILE} in the council's folder."
        )
    if own.netting:
        raise CallError(f"{FILE} says what is taken off and not who is coming. Enter [[coming]] too.")
    rows = observations.find(table=said.pipeline)
    printed = f"{rows[0].source}, {said.pipeline.replace('-', ' ')} and {said.required.replace('-', ' ')}"
    return Plan(tuple(printed_accommodation(authority, observations)), printed, (said.netting_reason,))


def _extra_care(
    home: Home, own: Own, authority: str, observations: Observations, people: Population | None
) -> Plan[Units]:
    said, ratios = housing(authority).extra_care, own.extra_care
    if said is None and ratios is None:
        raise CallError(
            "No ratio of units to older people is known. Enter how many units a thousand older people need, by tenure, "
            f"in {FILE} in the council's folder."
        )
    if ratios is None and said is not None:
        older = _older(people, authority, said.year, said.ages_from)
        rows = tuple(printed_extra_care(authority, observations, older))
        source = f"{observations[said.sale].source}, {said.sale}, {said.rent} and {said.present}"
        notes = (
            "The strategy counted from when it was written: it does not say how many units have opened since, so none "
            "are taken off.",
            say(
                "The units there are ({present}) are told for the whole area: they are shared out by "
                "older people, and over the tenures as the additional ones are.",
                present=said.present,
            ),
        )
        return Plan(rows, source, notes, ages_from=said.ages_from)
    assert ratios is not None
    older = _older(people, authority, ratios.year, ratios.ages_from)
    wanted = {
        (area, tenure): n * each / 1000 for tenure, each in ratios.per_thousand.items() for area, n in older.items()
    }
    known_now = [one for one in known_supply(home, authority) if one.service == SERVICE]
    there = by_origin(known_now, SERVICE, on=date(ratios.year, 6, 30)).pop(0)
    present = units_of((one for one in there.entries if one.kind != "scheme"), wanted)
    opening = units_of((one for one in there.entries if one.kind == "scheme"), wanted)
    rows = tuple(extra_care(older, ratios.year, ratios.per_thousand, present, opening))
    told = [
        say("Units there are: {source}.", source=there.source)
        if there.entries
        else "No units are known that there are."
    ]
    void = sum((one.void or Decimal(0) for one in there.entries), Decimal(0))
    if void:
        told.append(
            say("{void} of the units there are stand empty: they count as there, and are filled first.", void=void)
        )
    return Plan(rows, ratios.source, tuple(told), ages_from=ratios.ages_from)


def _older(people: Population | None, authority: str, year: int, ages_from: int) -> dict[str, float]:
    """People of an age and over by district."""
    if people is None:
        raise CallError(f"No population is known for {authority}, so that no older people can be counted.")
    areas = [area for area in people.areas if area != authority] or list(people.areas)
    return {area: people.total(area, year, (ages_from, None)) for area in areas}


def units_of(entries: Iterable[Supply], wanted: Mapping[tuple[str, str], float]) -> Cells:
    """Units there are by area and tenure; of an entry that does not say both, shared out as the units wanted are.

    Args:
        wanted: (area, tenure) -> units wanted.
    """
    exact: dict[str, float] = {}
    for one in entries:
        fits = [cell for cell in wanted if one.area in (ALL, cell[0]) and (not one.tenure or one.tenure == cell[1])]
        whole = sum(wanted[cell] for cell in fits)
        for cell in fits:
            share = wanted[cell] / whole if whole else 1 / len(fits)
            exact["|".join(cell)] = exact.get("|".join(cell), 0.0) + float(one.quantity) * share
    found = shared_out(exact)
    return {cell: found.get("|".join(cell), 0) for cell in wanted}


def _care_homes(authority: str, observations: Observations, people: Population | None) -> Plan[HomePlaces]:
    said = housing(authority).care_homes
    if said is None:
        raise CallError(
            "No printed counts of placements are known. What the council's own records lead to is in the outlook of "
            "care homes, with its intervals."
        )
    if people is None:
        raise CallError(f"No population is known for {authority}, so that no older people can be counted.")
    years = [year for year in people.years if year >= int(observations[said.now].period.text[:4])]
    area = authority if authority in people.areas else people.areas[0]
    older = {year: people.total(area, year, (said.ages_from, None)) for year in years}
    names = (said.then, said.now, said.places, said.void_percent)
    source = f"{observations[said.now].source}, {', '.join(names)}"
    return Plan(
        tuple(printed_care_homes(authority, observations, older)), source, (said.concluded,), ages_from=said.ages_from
    )
