"""The course of an application to a list, as the data states it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from careshape.declared import declared, read_toml
from careshape.source.lists.courses import Steps

FILE: Final = "applications.toml"


@cache
def applying() -> Steps:
    """The course of an application. Raises CatalogueError for a fault in the file."""
    text = files("careshape.source").joinpath("data", FILE).read_text("utf-8")
    return declared(Steps, read_toml(text, FILE)["course"], f"source/{FILE}")
