"""Synthetic returns of children looked after (SSDA903), for the comparison with a forecast of children's services.

Made as the comparison has always been made: episodes that start uniformly between April 2017 and March 2022, in five
yearly folders; lengths exponential with a mean of 240 days, one day at least; a third as many children as episodes,
aged 0 to 16.5 years when their first episode starts; eleven placement codes, drawn alike. No child is real.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from pyarrow import csv

from careshape.catalogue.periods import day_number

FIRST, LAST = day_number(date(2017, 4, 1)), day_number(date(2022, 3, 31))
MEAN_LENGTH: Final = 240
"""Days."""
OLDEST: Final = 16.5
"""Years of age at the start of a first episode."""
PLACES: Final = ("U1", "U2", "U3", "U4", "U5", "U6", "K2", "R1", "H5", "P2", "Z1")
"""Codes of placements: fostering, residential, supported, other."""
EMPTY: Final = ("RNE", "LS", "CIN", "PLACE_PROVIDER", "REC", "REASON_PLACE_CHANGE", "HOME_POST", "PL_POST")
"""Columns that a return has and that nobody reads here."""


def write_returns(folder: Path, episodes: int, seed: int) -> Path:
    """Write five yearly folders, each with ``header.csv`` and ``episodes.csv``; returns ``folder``."""
    rng = np.random.default_rng(seed)
    child = rng.integers(0, max(1, episodes // 3), episodes)
    start = rng.integers(FIRST, LAST + 1, episodes)
    end = start + np.maximum(1, np.round(rng.exponential(MEAN_LENGTH, episodes))).astype(np.int64)
    place = np.array(PLACES)[rng.integers(0, len(PLACES), episodes)]
    first = np.full(child.max() + 1, LAST + 1)
    np.minimum.at(first, child, start)
    birth = first - (rng.random(len(first)) * OLDEST * 365.24).astype(np.int64)
    year = np.array([day_number(date(2018 + n, 3, 31)) for n in range(5)]).searchsorted(start)
    for n in range(5):
        mine = year == n
        rows = {"CHILD": _texts(child[mine]), "DECOM": _dates(start[mine]), "PLACE": place[mine]}
        ends = np.where(end[mine] <= LAST, _dates(end[mine]), "")
        children = np.unique(child[mine])
        blank = np.full(mine.sum(), "")
        _write(folder / str(2018 + n) / "episodes.csv", {**rows, "DEC": ends, **dict.fromkeys(EMPTY, blank)})
        header = {"CHILD": _texts(children), "SEX": children % 2 + 1, "DOB": _dates(birth[children])}
        none = np.full(len(children), "")
        _write(
            folder / str(2018 + n) / "header.csv",
            {**header, **dict.fromkeys(("ETHNIC", "UPN", "MOTHER", "MC_DOB"), none)},
        )
    return folder


def _texts(child: np.ndarray) -> np.ndarray:
    return np.char.add("C", (child + 1).astype(str))


def _dates(days: np.ndarray) -> np.ndarray:
    """Days as DD/MM/YYYY."""
    known, row = np.unique(days, return_inverse=True)
    texts = np.array([date.fromordinal(int(day) + date(1970, 1, 1).toordinal()).strftime("%d/%m/%Y") for day in known])
    return texts[row]


def _write(path: Path, columns: dict[str, np.ndarray]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    options = csv.WriteOptions(quoting_style="none")
    csv.write_csv(pa.table({name: pa.array(values) for name, values in columns.items()}), path, options)
