"""records: figures from elsewhere, as observations with source, period, unit and kind.

>>> from careshape.records import observations
>>> observations("worcestershire").one(table="table-06", district="wychavon", period="2021-03").value
Decimal('7651')
"""

from functools import cache
from pathlib import Path

from careshape.records.collection import Observations
from careshape.records.descriptor import Dataset, TableEntry, authorities, dataset
from careshape.records.intentions import Intention, council_intentions, intentions
from careshape.records.observation import KINDS, QUALIFIERS, ROW_KINDS, Observation, slug
from careshape.records.period import Period, parse_period
from careshape.records.read import load_observations, read_table
from careshape.records.words import Action, LostFigure, actions, lost_figures

__all__ = [
    "KINDS",
    "QUALIFIERS",
    "ROW_KINDS",
    "Action",
    "Dataset",
    "Intention",
    "LostFigure",
    "Observation",
    "Observations",
    "Period",
    "TableEntry",
    "actions",
    "authorities",
    "council_intentions",
    "council_observations",
    "dataset",
    "intentions",
    "load_observations",
    "lost_figures",
    "observations",
    "own_observations",
    "parse_period",
    "read_table",
    "slug",
]


@cache
def observations(authority: str | None = None) -> Observations:
    """The packaged observations of one council, or of all.

    Args:
        authority: the council's slug; None for all of them.

    Raises:
        CallError: nothing is packaged for that council.
        CatalogueError: a packaged file breaks the schema.
    """
    names = authorities() if authority is None else [authority]
    return Observations(
        row
        for name in names
        for entry in dataset(name).tables.values()
        if entry.observations
        for row in read_table(dataset(name), entry)
    )


def council_observations(authority: str, folder: str | Path) -> Observations:
    """The packaged observations of a council, if there are any, and its own: every CSV file in `folder`.

    Raises:
        InputError: a file of the council's own breaks the schema.
        CallError: an id stands twice.
    """
    packaged = observations(authority) if authority in authorities() else Observations()
    return packaged + own_observations(authority, folder)


def own_observations(authority: str, folder: str | Path) -> Observations:
    """A council's own observations: every CSV file in `folder`; none where there is no such folder.

    Raises:
        InputError: a file breaks the schema.
        CallError: an id stands twice.
    """
    return Observations(
        row for path in sorted(Path(folder).glob("*.csv")) for row in load_observations(path, authority)
    )
