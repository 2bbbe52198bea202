"""The page on the layout of the house says what the import contract and the folders say."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explanation" / "architecture.md").read_text("utf-8")


def rooms_of(lines: list[str]) -> list[set[str]]:
    return [{room.strip().removeprefix("careshape.") for room in line.split("|")} for line in lines if line.strip()]


def test_layers_are_those_of_the_import_contract() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", "utf-8")
    declared = rooms_of(contracts["importlinter:contract:layers"]["layers"].splitlines())
    block = re.search(r"```layers\n(.*?)```", PAGE, re.S)
    assert block is not None
    assert rooms_of(block[1].splitlines()) == declared


def test_every_room_stands_in_the_table_and_no_other() -> None:
    source = ROOT / "src" / "careshape"
    there = {entry.stem for entry in source.iterdir() if (entry / "__init__.py").is_file() or entry.suffix == ".py"} - {
        "__init__",
        "__main__",
    }
    parts = {f"evaluate.{entry.parent.name}" for entry in (source / "evaluate").glob("*/__init__.py")}
    assert set(re.findall(r"^\| `([\w.`, ]+?)` \|", PAGE, re.M)) == there | parts
