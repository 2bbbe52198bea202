"""Begin a council's own statement: a starter text in its folder, for its authors to go on from."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Final

from careshape.errors import CallError
from careshape.statement.slots import uk_today

_REVIEW: Final = "2099-03-31"
"""The date of review in the starter text: what is begun today is looked at again within a year."""
_YEAR: Final = 365


def start_statement(council_folder: Path) -> list[Path]:
    """Write the starter text to ``council_folder/statement`` and return its files.

    Nothing is overwritten: raises CallError where the council has a text of its own already.
    """
    folder = council_folder / "statement"
    if folder.exists() and any(folder.iterdir()):
        raise CallError(f"{folder} already holds a text. Edit it, or move it away to begin anew.")
    folder.mkdir(parents=True, exist_ok=True)
    written, review = [], uk_today() + timedelta(days=_YEAR)
    for source in sorted(files("careshape.statement").joinpath("starter").iterdir(), key=lambda entry: entry.name):
        target = folder / source.name
        target.write_text(source.read_text("utf-8").replace(_REVIEW, f"{review}"), encoding="utf-8")
        written.append(target)
    return written
