"""A world for the sweep of authorisation: two councils that are closed, or the second one open, and an object of every
kind in each.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.urls import resolve

from careshape.policy.table import MISSING, OPEN_COUNCIL, OTHER_COUNCIL, OTHER_TEAM, OWN
from careshape.statement.council import open_council
from careshape.statement.export import council_paths
from tests.accounts.people import People
from tests.statement.sample import make_sample

HOME, OTHER = "worcestershire", "thurrock"


@dataclass
class World:
    """What the sweep asks for."""

    people: People
    data: Path
    paths: dict[str, str] = field(default_factory=dict)
    """Pattern of the site -> a path of the council at home that answers."""

    def statement_path(self, url: str, kind: str) -> str | None:
        """A path of a statement's page for a kind of object; None where the council at home has no such page."""
        path = self.paths.get(url)
        council = {OWN: HOME, OTHER_COUNCIL: OTHER, OPEN_COUNCIL: OTHER, MISSING: "no-such-council"}[kind]
        return path.replace(f"/{HOME}/", f"/{council}/", 1) if path else None


def make_data(folder: Path, *, open_other: bool) -> Path:
    """Two councils with the same records; the one at home is closed, the other one is a demonstration if it is open."""
    data = make_sample(folder)
    councils = data / "councils"
    shutil.rmtree(councils / OTHER)
    shutil.copytree(councils / HOME, councils / OTHER)
    for slug, demonstration in ((HOME, False), (OTHER, open_other)):
        about = councils / slug / "council.toml"
        text = about.read_text("utf-8").replace(f'authority = "{HOME}"', f'authority = "{slug}"')
        text = text.replace("demonstration = true", f"demonstration = {str(demonstration).lower()}")
        about.write_text(text, "utf-8")
    return data


def statement_paths(data: Path) -> dict[str, str]:
    """For every pattern of a statement's addresses, the first path of the council at home."""
    council = open_council(data, HOME)
    assert council is not None
    council.warm()
    found: dict[str, str] = {}
    for path in [*council_paths(council), f"/{HOME}/search/"]:
        found.setdefault(f"/{resolve(path).route}", path)
    return found


Fill = Callable[[World, str, str], str]
"""From the world, the kind of object and the method to a path."""
FILLS: dict[str, Fill] = {}
"""Pattern of the site -> how its parts are filled in, for addresses that name no council."""
KINDS = (OWN, OTHER_TEAM, OTHER_COUNCIL, MISSING)


def fills(url: str) -> Callable[[Fill], Fill]:
    """Declare how the parts of a pattern are filled in."""

    def declared(fill: Fill) -> Fill:
        FILLS[url] = fill
        return fill

    return declared


def outcome(response: Any) -> str:
    """What a response amounts to."""
    if response.status_code == 302 and response.headers["Location"].startswith("/sign-in/"):
        return "sign-in"
    return {403: "forbidden", 404: "not-found", 405: "no-method", 401: "sign-in"}.get(response.status_code, "allowed")
