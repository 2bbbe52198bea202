"""Which population there is for a council: the newest official edition, or else published totals, spread."""

from __future__ import annotations

from careshape.errors import CallError
from careshape.evaluate.population.grid import Population
from careshape.evaluate.population.official import LABELS, from_official
from careshape.evaluate.population.spread import from_published
from careshape.home import Home
from careshape.records.official import editions

PUBLISHED = "published"
BASES = (*LABELS, PUBLISHED)
"""What a population can rest on, in the order in which it is looked for."""


def population(home: Home, authority: str, basis: str | None = None) -> Population:
    """Residents of a council and its districts by year, sex and age.

    Args:
        basis: None takes the newest edition of the official projections that is loaded, else of the mid-year
            estimates, else the council's published totals, spread. A source ("snpp"), a source and its edition
            ("snpp:2018-based") or "published" asks for one of them.

    Raises:
        CallError: what is asked for is not there.
        InputError: the edition lacks a district or a sex.
    """
    if basis is None:
        loaded = next((source for source in LABELS if editions(home, source)), None)
        return from_official(home, authority, loaded) if loaded else from_published(home, authority)
    source, _, edition = basis.partition(":")
    if source == PUBLISHED:
        return from_published(home, authority)
    if source not in LABELS:
        raise CallError(f"'{basis}' is no basis of a population. There is {', '.join(BASES)}.")
    return from_official(home, authority, source, edition or None)
