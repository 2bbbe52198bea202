"""Targets: the published figures as the generator reads them, so that none is typed in code."""

from __future__ import annotations

from decimal import Decimal

from careshape.records import Observation, Observations, slug


class Targets:
    """The observations of one council, asked for by measure and dimension."""

    def __init__(self, observations: Observations) -> None:
        self.observations = observations

    def rows(self, **wanted: str | list[str]) -> list[Observation]:
        """The figures that match; empty where none does."""
        return list(self.observations.find(**wanted))

    def value(self, **wanted: str | list[str]) -> Decimal:
        """The only figure that matches. Raises CallError where there is none, or several."""
        return self.observations.one(**wanted).value

    def count(self, **wanted: str | list[str]) -> int:
        """The only figure that matches, as a whole number."""
        return int(self.value(**wanted))

    def prose(self, row: str) -> Decimal:
        """A figure in running text by its id."""
        return self.observations[row].value

    def by(self, dimension: str, **wanted: str | list[str]) -> dict[str, Decimal]:
        """Figures by the slug of a dimension, totals left out."""
        return {
            slug(one.dims[dimension]): one.value
            for one in self.rows(**wanted)
            if slug(one.dims.get(dimension, "")) not in ("", "all")
        }
