"""The requirement models of housing with support and care homes, fed from what a printed statement says."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from careshape.declared import declared, read_toml
from careshape.errors import CallError
from careshape.evaluate.gap.requirements import (
    Coming,
    HomePlaces,
    Requirement,
    Units,
    accommodation,
    care_homes,
    implied_netting,
    spread_published,
)
from careshape.records import Observation, Observations


class PlaceType(BaseModel):
    """A type of place to commission, and the people of the pipeline who need it; no groups means all of them."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    id: str
    label: str
    provisions: tuple[str, ...] = Field(alias="from")
    client_groups: tuple[str, ...] = ()
    lead_years: int = Field(default=0, ge=0, le=10)

    def takes(self, row: Observation) -> bool:
        """Whether the people of a row of the pipeline need this type of place."""
        groups = not self.client_groups or row.dims["client_group"] in self.client_groups
        return groups and row.dims["provision_type"] in self.provisions


class Accommodation(BaseModel):
    """Which tables hold the pipeline and the places asked for, and the types of place."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pipeline: str
    required: str
    netting_reason: str
    type: tuple[PlaceType, ...]


class ExtraCare(BaseModel):
    """The observations that say how many units are lacking by tenure and how many there are; target year and ages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sale: str
    rent: str
    present: str
    year: int
    ages_from: int


class CareHomes(BaseModel):
    """The observations of placements then and now, of places and the percentage empty; and what the text concludes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    then: str
    now: str
    places: str
    void_percent: str
    ages_from: int
    concluded: str


class Housing(BaseModel):
    """What the printed statement of one council says about housing with support and care homes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accommodation: Accommodation | None = None
    extra_care: ExtraCare | None = None
    care_homes: CareHomes | None = None


@cache
def housing(authority: str) -> Housing:
    """The declaration of a council; empty where there is none. Raises CatalogueError where it has a fault."""
    path = files("careshape.evaluate.gap").joinpath("data", "housing", f"{authority}.toml")
    if not path.is_file():
        return Housing()
    file = f"evaluate/gap/data/housing/{authority}.toml"
    return declared(Housing, read_toml(path.read_text("utf-8"), file), file)


Part = TypeVar("Part", Accommodation, ExtraCare, CareHomes)


def _said(part: Part | None, authority: str, what: str) -> Part:
    """A part of the declaration. Raises CallError where the printed statement says nothing of it."""
    if part is None:
        raise CallError(
            f"No printed requirement for {what} is known for '{authority}'. Give the council's own numbers."
        )
    return part


ACCOMMODATION: Final = "accommodation of adults of working age"


def pipeline(authority: str, observations: Observations) -> list[Coming]:
    """The people of the printed pipeline by the financial year in which their place is to be commissioned.

    Raises CallError where a row fits no type of place, or several: nobody may be lost or counted twice.
    """
    said = _said(housing(authority).accommodation, authority, ACCOMMODATION)
    found = []
    for row in observations.find(table=said.pipeline):
        types = [one for one in said.type if one.takes(row)]
        if len(types) != 1:
            raise CallError(f"{row.id} fits {len(types)} types of place; it must fit one.")
        year = int(row.period.text[:4]) - types[0].lead_years
        found.append(Coming(_financial_year(year), row.dims["client_group"], types[0].id, row.value))
    return found


def published_places(authority: str, observations: Observations) -> dict[tuple[str, str], Decimal]:
    """The places that the printed statement asks for: (financial year, type) -> places."""
    said = _said(housing(authority).accommodation, authority, ACCOMMODATION)
    return {
        (_financial_year(int(row.period.text[:4])), row.dims["provision_type"]): row.value
        for row in observations.find(table=said.required)
    }


def printed_accommodation(authority: str, observations: Observations) -> list[Requirement]:
    """The printed pipeline turned into places, with the netting that the printed places imply shown beside them."""
    said = _said(housing(authority).accommodation, authority, ACCOMMODATION)
    people = pipeline(authority, observations)
    asked = published_places(authority, observations)
    return accommodation(people, implied_netting(people, asked, said.netting_reason))


def printed_extra_care(authority: str, observations: Observations, older_people: Mapping[str, float]) -> list[Units]:
    """The printed additional units by tenure, spread over the districts by their older people of the target year."""
    said = _said(housing(authority).extra_care, authority, "extra care housing")
    additional = {"sale": int(observations[said.sale].value), "rent": int(observations[said.rent].value)}
    return spread_published(additional, older_people, said.year, int(observations[said.present].value))


def printed_care_homes(
    authority: str, observations: Observations, older_people: Mapping[int, float]
) -> list[HomePlaces]:
    """Placements in care homes with a range, by the printed counts of two years, for every later year of the people."""
    said = _said(housing(authority).care_homes, authority, "care homes")
    counts = [observations[name] for name in (said.then, said.now)]
    placed = {int(row.period.text[:4]): float(row.value) for row in counts}
    empty = float(observations[said.places].value * observations[said.void_percent].value / 100)
    return care_homes(placed, older_people, empty, [year for year in older_people if year > max(placed)])


def _financial_year(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"
