"""The council at home with somebody to support."""

from __future__ import annotations

from tests.source.conftest import data, place, sample

__all__ = ("data", "place", "sample")
