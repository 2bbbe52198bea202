"""What is to come, put into an edition of the sample, which is too small for a forecast of its own."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np

from careshape.editions.folders import LIVE, MANIFEST, digest, edition_path
from careshape.evaluate.gap.gap import Expected, Market, gap
from careshape.evaluate.gap.segments import packaged_segments
from careshape.evaluate.gap.supply import ALL
from careshape.home import Home
from careshape.statement.outlook.codec import to_text
from careshape.statement.outlook.kept import Kept

COUNCIL = "worcestershire"
HOMES = "care-homes-older-people"
EXPECTED = {ALL: (40.0, 60.0), "redditch": (10.0, 24.0), "wychavon": (30.0, 36.0)}
"""People in care homes by place: today, and on the day to come."""
DAY = date(2021, 9, 30)


def plant(data: Path) -> None:
    """Let edition 1 of the sample expect more people in care homes, in the whole area and in two districts."""
    folder = edition_path(Home(data), COUNCIL, 1)
    segment = next(one for one in packaged_segments() if one.id == HOMES)
    cells, expectations = [], {}
    for area, (today, needed) in EXPECTED.items():
        cells.append(
            gap(segment, ALL, area, DAY, needed=_more_or_less(needed), today=_more_or_less(today), market=Market(()))
        )
        expectations[HOMES, ALL, area, 12] = _more_or_less(needed)
    ahead = Kept(
        COUNCIL, origin=date(2020, 9, 30), method="made up", months=24, cells=tuple(cells), segments={HOMES: segment},
        expectations=expectations,
    )  # fmt: skip
    live = json.loads((folder / LIVE).read_text("utf-8")) | {"ahead": to_text(ahead)}
    (folder / LIVE).write_text(json.dumps(live, sort_keys=True) + "\n", "utf-8")
    manifest = json.loads((folder / MANIFEST).read_text("utf-8")) | {"live": digest((folder / LIVE).read_bytes())}
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def _more_or_less(mean: float) -> Expected:
    return Expected(mean, np.linspace(mean * 0.95, mean * 1.05, 50), "a made-up forecast")
