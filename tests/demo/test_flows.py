"""The rates of a council are checked when they are loaded; an error names file, section, field, value and rule."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from careshape.demo.days import first_april, span
from careshape.demo.flows import Flows
from careshape.demo.flows_schema import check_flows
from careshape.errors import CatalogueError

COUNCILS = ("worcestershire", "thurrock")


@pytest.mark.parametrize("council", COUNCILS)
def test_packaged_rates_meet_the_schema(council: str) -> None:
    assert Flows(council).window.days > 1000


SLIPS = [
    # No factor at all.
    (("council", "uplift", "2019"), "lots", "council", "uplift"),
    # A period that cannot be read.
    (("council", "window"), "2018 to 2021", "council", "A period is"),
    # A stay needs a mean and a shape.
    (("home-care", "stay", "younger"), [900], "home-care", "mean days and shape"),
    # A mean of nothing.
    (("home-care", "stay", "younger"), [0, 1.0], "home-care", "mean days and shape"),
    # More deaths than ends.
    (("care-homes", "death", "older-people"), 1.2, "care-homes", "between 0 and 1"),
    # Nobody is that old.
    (("groups", "older-people", "age"), {"mean": 83, "sd": 7, "low": 65, "high": 160}, "groups.older-people", "low"),
    # Reasons that leave some people without one.
    (("groups", "learning-disability", "reasons"), {"learning-disability": 0.9}, "learning-disability", "add up to 1"),
    # A reason that the catalogue does not have.
    (("groups", "learning-disability", "reasons"), {"bad-luck": 1.0}, "learning-disability", "no support reason"),
]


@pytest.mark.parametrize(("path", "value", "section", "rule"), SLIPS)
def test_slip_in_the_rates_is_named(path: tuple[str, ...], value: object, section: str, rule: str) -> None:
    raw: Any = copy.deepcopy(Flows("worcestershire").raw)
    inner = raw
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    with pytest.raises(CatalogueError) as caught:
        check_flows("flows.toml", raw)
    assert section in str(caught.value)
    assert rule in str(caught.value)


def test_missing_section_is_named() -> None:
    with pytest.raises(CatalogueError, match="no-such"):
        Flows("worcestershire")["no-such"]


def test_uplift_multiplies_the_aprils_between_two_days() -> None:
    flows = Flows("worcestershire")
    rises = flows["council"]["uplift"]
    assert flows.uplift(span("2019-03").first, span("2020-05").last) == pytest.approx(rises["2019"] * rises["2020"])
    assert flows.uplift(first_april(2020), span("2021-03").last) == 1.0
