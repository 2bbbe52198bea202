"""The requirement models of housing with support, fed from what a printed statement says."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from careshape.declared import declared, read_toml
from careshape.errors import CallError
from careshape.evaluate.gap.requirements import (
    Coming,
    Requirement,
    Units,
    accommodation,
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


class Housing(BaseModel):
    """What the printed statement of one council says about housing with support."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    accommodation: Accommodation
    extra_care: ExtraCare


@cache
def housing(authority: str) -> Housing:
    """The declaration of a council. Raises CallError where there is none, CatalogueError where it has a fault."""
    path = files("careshape.evaluate.gap").joinpath("data", "housing", f"{authority}.toml")
    if not path.is_file():
        raise CallError(
            f"No printed requirement for housing with support is known for '{authority}'. "
            "Call accommodation() or extra_care() with the council's own numbers."
        )
    file = f"evaluate/gap/data/housing/{authority}.toml"
    return declared(Housing, read_toml(path.read_text("utf-8"), file), file)


def pipeline(authority: str, observations: Observations) -> list[Coming]:
    """The people of the printed pipeline by the financial year in which their place is to be commissioned.

    Raises CallError where a row fits no type of place, or several: nobody may be lost or counted twice.
    """
    said = housing(authority).accommodation
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
    said = housing(authority).accommodation
    return {
        (_financial_year(int(row.period.text[:4])), row.dims["provision_type"]): row.value
        for row in observations.find(table=said.required)
    }


def printed_accommodation(authority: str, observations: Observations) -> list[Requirement]:
    """The printed pipeline turned into places, with the netting that the printed places imply shown beside them."""
    said = housing(authority).accommodation
    people = pipeline(authority, observations)
    asked = published_places(authority, observations)
    return accommodation(people, implied_netting(people, asked, said.netting_reason))


def printed_extra_care(authority: str, observations: Observations, older_people: Mapping[str, float]) -> list[Units]:
    """The printed additional units by tenure, spread over the districts by their older people of the target year."""
    said = housing(authority).extra_care
    additional = {"sale": int(observations[said.sale].value), "rent": int(observations[said.rent].value)}
    return spread_published(additional, older_people, said.year, int(observations[said.present].value))


def _financial_year(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"
