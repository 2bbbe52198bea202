"""The data folders of the tests of population."""

from __future__ import annotations

from tests.evaluate.population.conftest import empty, projected, varied

__all__ = ["empty", "projected", "varied"]
