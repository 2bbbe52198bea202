"""Population of neighbourhoods: that of their district, shared out as the newest small-area estimates are.

A neighbourhood is a lower layer super output area of 2011. For each age, its share of its district's people in the year
of the small-area estimates is kept for every year; sexes are shared as in the district. So neighbourhoods add up to
their district, age by age.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from careshape.errors import InputError
from careshape.evaluate.population.grid import TOP_AGE, Population, Values
from careshape.evaluate.population.official import districts_of
from careshape.home import Home
from careshape.language import say
from careshape.records.official import statistic

SOURCE = "mid-year-estimates-lsoa"


def neighbourhoods(home: Home, people: Population, edition: str | None = None) -> Population:
    """The population of every neighbourhood of a council.

    Args:
        people: the population of the council and its districts; edition: of the small-area estimates, None for the
            newest loaded.

    Returns:
        a population whose areas are codes of neighbourhoods, in order, labelled as shared out.

    Raises:
        CallError: no small-area estimates are loaded.
        InputError: they lack a district of the council.
    """
    codes = districts_of(people.authority)
    found = statistic(home, SOURCE, edition, district_code=list(codes.values()))
    areas = sorted(pc.unique(found.table["area_code"]).to_pylist())
    shares, owners = _shares(found.table, areas, codes, f"{SOURCE} {found.edition}")
    place = np.array([people.place(list(codes)[owner]) for owner in owners])

    def shared(grid: Values) -> Values:
        return grid[place] * shares[:, None, None, :]

    return replace(
        people,
        areas=tuple(areas),
        values=shared(people.values),
        label=say("{label}, shared to neighbourhoods", label=people.label),
        is_modelled=True,
        method=say(
            "{method} Neighbourhoods keep their shares of each age of {title}, {edition}.",
            method=people.method,
            title=found.manifest.title,
            edition=found.edition,
        ),
        caveats=(*people.caveats, *found.caveats, "Growth is that of the district: new homes are not known here."),
        low=None if people.low is None else shared(people.low),
        high=None if people.high is None else shared(people.high),
    )


def _shares(table: pa.Table, areas: list[str], codes: dict[str, str], name: str) -> tuple[Values, list[int]]:
    """Share of each neighbourhood in its district by age, and the place of that district."""
    counts = np.zeros((len(areas), TOP_AGE + 1))
    place = pc.index_in(table["area_code"], pa.array(areas)).to_numpy()
    np.add.at(counts, (place, np.minimum(table["age"].to_numpy(), TOP_AGE)), table["value"].to_numpy())
    owner = np.zeros(len(areas), dtype=int)
    owner[place] = pc.index_in(table["district_code"], pa.array(list(codes.values()))).to_numpy()
    lacking = [area for number, area in enumerate(codes) if number not in set(owner.tolist())]
    if lacking:
        raise InputError(f"{name} holds no neighbourhood of {', '.join(lacking)}. Load a file that does.")
    totals = np.zeros((len(codes), TOP_AGE + 1))
    np.add.at(totals, owner, counts)
    # an age that nobody of the district has is shared equally, so that nothing is lost in later years
    equal = 1 / np.bincount(owner, minlength=len(codes))[owner][:, None]
    shares: Values = np.where(totals[owner] > 0, counts / np.maximum(totals[owner], 1e-12), equal)
    return shares, [int(one) for one in owner]
