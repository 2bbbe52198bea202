"""Where an edition stands: its folder, what is in it, and the digests by which a change shows."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from careshape.errors import CallError
from careshape.home import Home

MANIFEST: Final = "manifest.json"
INPUTS: Final = "inputs"
FIGURES: Final = "figures.json"
"""What readers are given: every figure as it is shown, and how the figures add up."""
COUNTED: Final = "counted.json"
"""The same figures as they were counted: never served, and needed by the gate of the next edition."""
REPORT: Final = "report.json"
REASONS: Final = "reasons.json"
"""Why each figure was kept back, and the attack figure by figure: for those who release, since it tells something."""
LIVE: Final = "live.json"
"""What the latest edition is asked by: the answers of its gate, and what is to come; never served as it is."""
SAID: Final = "said.json"
"""What it says section by section, as the next edition is compared with it; never served."""
MEASURED: Final = "measured.json"
"""What the rules of counting ask about, as it was worked out for the edition: never served."""
PAGES: Final = "pages"


def editions_path(home: Home, authority: str) -> Path:
    """The folder of a council's editions."""
    return home.council_path(authority) / "editions"


def edition_path(home: Home, authority: str, number: int) -> Path:
    """The folder of one edition, whether it is there or not."""
    return editions_path(home, authority) / str(number)


def numbers(home: Home, authority: str) -> list[int]:
    """The numbers of the editions whose folders are there, in order."""
    folder = editions_path(home, authority)
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(int(one.name) for one in found if one.name.isdigit() and (one / MANIFEST).is_file())


def need_edition(home: Home, authority: str, number: int) -> Path:
    """The folder of an edition. Raises CallError where there is none."""
    folder = edition_path(home, authority, number)
    if not (folder / MANIFEST).is_file():
        known = ", ".join(map(str, numbers(home, authority))) or "none yet"
        raise CallError(f"There is no edition {number} of {authority}. There is {known}.")
    return folder


def stands(home: Home, authority: str, number: int) -> bool:
    """Whether the folder of an edition is there."""
    return (edition_path(home, authority, number) / MANIFEST).is_file()


def kept(home: Home, authority: str, number: int, name: str) -> dict[str, Any]:
    """What one of an edition's files of JSON says; empty where it is not there."""
    file = edition_path(home, authority, number) / name
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return found


def digest(content: bytes) -> str:
    """SHA-256 of some bytes, as text."""
    return hashlib.sha256(content).hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """File below a folder -> its digest, in the order of the names."""
    if not folder.is_dir():
        return {}
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in files}
