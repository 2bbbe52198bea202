"""The true rates of a synthetic council, read from its ``flows.toml``."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from careshape.catalogue.periods import day_date
from careshape.demo.chance import Stay
from careshape.demo.days import Span, aprils, span
from careshape.demo.flows_schema import check_flows
from careshape.demo.stock import Shock
from careshape.errors import CatalogueError


class Flows:
    """Rates by section; ``flows["care-homes"]["homes"]`` gives one as it stands in the file."""

    def __init__(self, name: str) -> None:
        self.file = f"demo/data/{name}/flows.toml"
        text = files("careshape.demo").joinpath("data", name, "flows.toml").read_text("utf-8")
        self.raw: dict[str, Any] = tomllib.loads(text)
        check_flows(self.file, self.raw)

    def __getitem__(self, section: str) -> Any:
        if section not in self.raw:
            raise CatalogueError(self.file, section, "section", section, "The section is missing.")
        return self.raw[section]

    @property
    def window(self) -> Span:
        """The days that the ledger covers."""
        return span(self["council"]["window"])

    def stay(self, section: str, group: str | None = None, service: str | None = None) -> Stay:
        """Length of stay in a service, by group and service where the file has them."""
        found = self[section]["stay"]
        found = found[service] if service else found
        found = found.get(group, found.get("other")) if isinstance(found, dict) else found
        if not (isinstance(found, list) and len(found) == 2):
            raise CatalogueError(self.file, section, "stay", found, "A stay is a list of mean days and shape.")
        return Stay(float(found[0]), float(found[1]))

    def shock(self, group: str) -> Shock | None:
        """The share of spells that the pandemic's first wave ended; None where the file has none."""
        raw = self["council"].get("shock")
        return Shock(span(raw["span"]), raw.get(group, raw["other"])) if raw else None

    def uplift(self, start: int, end: int) -> float:
        """Factor by which prices rose on each 1 April after ``start`` and up to ``end``."""
        factor = 1.0
        for day in aprils(start, end):
            factor *= self["council"]["uplift"].get(str(day_date(day).year), 1.0)
        return factor
