"""Population from official statistics that were loaded."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from careshape.catalogue import catalogue
from careshape.errors import InputError
from careshape.evaluate.population.grid import SEXES, TOP_AGE, Population, Values
from careshape.home import Home
from careshape.language import say
from careshape.records.official import Statistic, editions, statistic

LABELS = {
    "snpp": "official projection",
    "mid-year-estimates": "mid-year estimate",
    "mid-year-estimates-original": "mid-year estimate",
}
"""Sources of population by sex and age -> how figures that rest on them are labelled."""

VARIANTS = (("low-population", "high-population"), ("low-migration", "high-migration"))
"""Pairs of variants that bound the projection: the first that is loaded is taken."""


def districts_of(authority: str) -> dict[str, str]:
    """The districts of a council, or the council itself where it has one: catalogue id -> official code.

    Raises:
        InputError: the catalogue has no official code for it.
    """
    book = catalogue()
    found = {one.id: one.ons_code for one in book.lists["district"].entries if one.authority == authority}
    if not found and authority in book.lists["authority"].by_id:
        found = {authority: book.lists["authority"].by_id[authority].ons_code}
    codes = {area: code for area, code in found.items() if code}
    if not codes or len(codes) < len(found):
        raise InputError(
            say(
                "The catalogue has no official codes for the districts of '{authority}', by which "
                "statistics name them. Add them to the council's own catalogue files.",
                authority=authority,
            )
        )
    return codes


def from_official(home: Home, authority: str, source: str, edition: str | None = None) -> Population:
    """The population of a council and its districts from an official source.

    Raises:
        CallError: the source or edition is not loaded.
        InputError: the edition lacks a district, or a sex.
    """
    codes = districts_of(authority)
    found = statistic(home, source, edition, area_code=list(codes.values()))
    if "variant" in found.table.column_names:
        found = found.where(variant="principal")
    years, districts = _grid(found, codes)
    areas, values = _with_whole(authority, codes, districts)
    manifest = found.manifest
    plain = Population(
        authority,
        areas,
        years,
        values,
        source,
        found.edition,
        manifest.title,
        manifest.attribution,
        LABELS[source],
        False,
        say(
            "{title}, {edition}: read as published; a council with districts is their sum.",
            title=manifest.title,
            edition=found.edition,
        ),
        found.caveats,
    )
    return _with_variants(home, plain, codes) if source == "snpp" else plain


def _with_whole(authority: str, codes: dict[str, str], districts: Values) -> tuple[tuple[str, ...], Values]:
    """Put the council, as the sum of its districts, before them; a unitary council is its own district."""
    if list(codes) == [authority]:
        return (authority,), districts
    whole = districts.sum(axis=0, keepdims=True)
    return (authority, *codes), np.concatenate([whole, districts])


def _grid(found: Statistic, codes: dict[str, str]) -> tuple[tuple[int, ...], Values]:
    """The rows as an array by district, year, sex and age; ages of 90 and above together."""
    table = found.table
    present = set(pc.unique(table["area_code"]).to_pylist())
    lacking = [f"{code} ({area})" for area, code in codes.items() if code not in present]
    name = f"{found.source} {found.edition}"
    if lacking:
        raise InputError(
            say("{name} holds no figures of {lacking}. Load a file that does.", name=name, lacking=", ".join(lacking))
        )
    known = set(pc.unique(table["sex"]).to_pylist())
    if not set(SEXES) <= known:
        raise InputError(
            say(
                "{name} holds {known} only. Add the files of females and males too.",
                name=name,
                known=", ".join(sorted(known)),
            )
        )
    table = table.filter(pc.is_in(table["sex"], pa.array(SEXES)))
    years = sorted(pc.unique(table["year"]).to_pylist())
    if any(later != year + 1 for year, later in pairwise(years)):
        raise InputError(say("{name} has a gap in its years. Remove it and add the file as published.", name=name))
    places = [
        pc.index_in(table["area_code"], pa.array(list(codes.values()))).to_numpy(),
        (pc.subtract(table["year"], years[0])).to_numpy(),
        pc.index_in(table["sex"], pa.array(SEXES)).to_numpy(),
        np.minimum(table["age"].to_numpy(), TOP_AGE),
    ]
    grid = np.zeros((len(codes), len(years), len(SEXES), TOP_AGE + 1))
    np.add.at(grid, tuple(places), table["value"].to_numpy())
    return tuple(years), grid


def _with_variants(home: Home, plain: Population, codes: dict[str, str]) -> Population:
    """Add the low and the high variant of the same edition, where both are loaded for every district."""
    for source in ("snpp", "snpp-variants"):
        if plain.edition not in editions(home, source):
            continue
        found = statistic(home, source, plain.edition, area_code=list(codes.values()))
        names = set(pc.unique(found.table["variant"]).to_pylist())
        held = set(pc.unique(found.table["area_code"]).to_pylist())
        pair = next((pair for pair in VARIANTS if names.issuperset(pair)), None)
        if pair is None or not held.issuperset(codes.values()):
            continue
        grids = [_grid(found.where(variant=name), codes) for name in pair]
        low, high = (_with_whole(plain.authority, codes, grid)[1] for _, grid in grids)
        if all(years == plain.years for years, _ in grids):
            text = f"{pair[0]} and {pair[1]} of {found.manifest.title}, {found.edition} ({found.manifest.publisher})"
            return replace(plain, low=low, high=high, variants=text)
    return plain
