"""Scenarios as files: those that come with careshape, and a council's own."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from careshape.declared import declared, read_toml
from careshape.errors import CallError, CatalogueError, InputError
from careshape.evaluate.forecast.levers import Scenario
from careshape.home import Home

FOLDER: Final = "scenarios"
"""Folder of a council's own scenarios, within the council's."""
MIX: Final = "mix.toml"
"""File of the options for the cheapest mix, beside the scenarios."""
_ID: Final = re.compile(r"^[a-z][a-z0-9-]*$")


def scenarios(home: Home, authority: str) -> dict[str, Scenario]:
    """Id -> scenario: the packaged ones of a council, and its own, which win where ids are the same.

    Raises CatalogueError where a file breaks the schema, naming file, entry, field, value and rule.
    """
    found = {one.id: one for one in (_parse(name, text) for name, text in _packaged(authority))}
    for path in sorted((home.council_path(authority) / FOLDER).glob("*.toml")):
        if path.name != MIX:
            one = _parse(path.name, path.read_text("utf-8"))
            found[one.id] = one
    return dict(sorted(found.items()))


def find_scenario(home: Home, authority: str, id_: str) -> Scenario:
    """One scenario. Raises CallError where there is none of that id, naming those there are."""
    known = scenarios(home, authority)
    if id_ not in known:
        raise CallError(f"There is no scenario '{id_}' for {authority}. There are: {', '.join(known) or 'none yet'}.")
    return known[id_]


def read_scenario(path: Path) -> Scenario:
    """The scenario of a file. Raises InputError where there is no such file or it is not text, else CatalogueError."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise InputError(f"There is no file '{path}'.") from None
    except UnicodeDecodeError:
        raise InputError(f"'{path.name}' is not UTF-8 text. A scenario is a TOML file.") from None
    return _parse(path.name, text)


def save_scenario(home: Home, authority: str, path: Path, *, replace: bool = False) -> Path:
    """Check a scenario and keep it with the council's own; returns where it is kept.

    Raises CallError where the council keeps another of the same id already and ``replace`` is not set.
    """
    one = read_scenario(path)
    target = home.council_path(authority) / FOLDER / f"{one.id}.toml"
    text = path.read_text("utf-8")
    if target.is_file() and target.read_text("utf-8") != text and not replace:
        raise CallError(f"{authority} keeps another scenario '{one.id}' already. Give --replace to replace it.")
    target.parent.mkdir(exist_ok=True)
    scratch = target.with_suffix(".new")
    scratch.write_text(text, "utf-8")
    scratch.replace(target)
    return target


def remove_scenario(home: Home, authority: str, id_: str) -> None:
    """Take away one of the council's own. Raises CallError where it keeps none of that id."""
    target = home.council_path(authority) / FOLDER / f"{id_}.toml"
    if not _ID.match(id_) or not target.is_file():
        raise CallError(f"{authority} keeps no scenario '{id_}' of its own; those that come with careshape stay.")
    target.unlink()


def mix_file(home: Home, authority: str) -> tuple[str, dict[str, Any]]:
    """Name and content of the options for the cheapest mix: the council's own file, else the packaged one.

    Raises CallError where there is neither, CatalogueError where it is not TOML.
    """
    own = home.council_path(authority) / FOLDER / MIX
    packaged = files("careshape.evaluate.scenario").joinpath("data", authority, MIX)
    if own.is_file():
        text = own.read_text("utf-8")
    elif packaged.is_file():
        text = packaged.read_text("utf-8")
    else:
        raise CallError(f"No options are known for {authority}. Write them to {own}, or name a file with --options.")
    return MIX, read_toml(text, MIX)


def _packaged(authority: str) -> list[tuple[str, str]]:
    folder = files("careshape.evaluate.scenario").joinpath("data", authority)
    if not folder.is_dir():
        return []
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml") and one.name != MIX)
    return [(name, folder.joinpath(name).read_text("utf-8")) for name in names]


def _parse(name: str, text: str) -> Scenario:
    found = declared(Scenario, read_toml(text, name), name)
    if not _ID.match(found.id):
        raise CatalogueError(name, found.id, "id", found.id, "It must be lower-case letters, digits and hyphens.")
    if not found.name or not found.levers:
        raise CatalogueError(name, found.id, "name, levers", "", "A scenario needs a name and at least one lever.")
    return found
