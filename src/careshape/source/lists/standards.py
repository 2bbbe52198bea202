"""Standards that may be asked of the providers of a list, and the course of a switch, as the data states them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import Field

from careshape.declared import declared, read_toml
from careshape.source.lists.courses import Slug, Steps, Table, Words

FILE: Final = "standards.toml"
GOLD_AND_SILVER: Final = "gold-and-silver"


class Standard(Table):
    """A standard. The comments at the head of ``data/standards.toml`` explain each field."""

    id: Slug
    title: Words
    grades: Annotated[tuple[Slug, ...], Field(min_length=1)]
    source: Words


@cache
def standards() -> dict[str, Standard]:
    """Every standard by its id. Raises CatalogueError for a fault in the file."""
    found = [declared(Standard, entry, f"source/{FILE}") for entry in read_toml(_text(), FILE)["standard"]]
    return {one.id: one for one in found}


@cache
def switching() -> Steps:
    """The course that a switch takes. Raises CatalogueError for a fault in the file."""
    return declared(Steps, read_toml(_text(), FILE)["course"], f"source/{FILE}")


def _text() -> str:
    return files("careshape.source").joinpath("data", FILE).read_text("utf-8")
