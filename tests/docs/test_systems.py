"""The map of what is promised: every system of the two councils' documents, and what the product has of it."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from careshape.cli.group import COMMANDS

ROOT = Path(__file__).parents[2]
MAP = ROOT / "docs" / "systems.csv"
INVENTORY = ROOT.parent / "shared" / "reference" / "systems.md"

COLUMNS = ["id", "name", "mechanism", "state", "where", "test"]
MECHANISMS = {
    *("case", "package", "placement", "booking", "loan", "match", "journey"),
    *("account", "grant", "membership", "register", "measure", "rule", "document"),
}
STATES = {"works", "partly", "not yet"}


def read_rows() -> list[dict[str, str]]:
    with MAP.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = read_rows()
SHOWN = [row for row in ROWS if row["state"] != "not yet"]


def parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";")]


@cache
def text_of(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


def test_columns_are_the_declared_ones():
    assert list(ROWS[0]) == COLUMNS


def test_every_system_stands_once_in_order():
    assert [row["id"] for row in ROWS] == [f"S-{number:03d}" for number in range(1, 219)]


@pytest.mark.data
def test_ids_and_names_are_those_of_the_inventory():
    if not INVENTORY.is_file():
        pytest.skip("the inventory of systems does not stand beside the checkout")
    listed = dict(re.findall(r"^### (S-\d{3}) (.+)$", INVENTORY.read_text("utf-8"), flags=re.MULTILINE))
    assert {row["id"]: row["name"] for row in ROWS} == listed


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_mechanism_and_state_are_from_their_lists(row):
    assert row["name"].strip()
    assert row["mechanism"] in MECHANISMS
    assert row["state"] in STATES


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_place_and_test_stand_exactly_where_there_is_something(row):
    present = row["state"] != "not yet"
    assert bool(row["where"]) is present
    assert bool(row["test"]) is present


@pytest.mark.parametrize("row", SHOWN, ids=lambda row: row["id"])
def test_every_place_exists(row):
    for place in parts(row["where"]):
        if place.startswith("careshape "):
            assert place.split()[1] in COMMANDS, f"there is no command '{place}'"
            continue
        path, _, anchor = place.partition("#")
        assert (ROOT / path).exists(), f"{path} is not there"
        assert anchor in text_of(path) if anchor else True, f"{path} does not name '{anchor}'"


@pytest.mark.parametrize("row", SHOWN, ids=lambda row: row["id"])
def test_every_test_exists(row):
    for place in parts(row["test"]):
        path, _, name = place.partition("::")
        assert re.fullmatch(r"tests/.*test_\w+\.py", path), f"{path} is no test file"
        assert (ROOT / path).is_file(), f"{path} is not there"
        assert f"def {name}(" in text_of(path) if name else "def test_" in text_of(path), f"{path} has no test '{name}'"
