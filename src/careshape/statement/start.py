"""Begin a council's own statement: a starter text in its folder, for its authors to go on from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from careshape.errors import CallError


def start_statement(council_folder: Path) -> list[Path]:
    """Write the starter text to ``council_folder/statement`` and return its files.

    Nothing is overwritten: raises CallError where the council has a text of its own already.
    """
    folder = council_folder / "statement"
    if folder.exists() and any(folder.iterdir()):
        raise CallError(f"{folder} already holds a text. Edit it, or move it away to begin anew.")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for source in sorted(files("careshape.statement").joinpath("starter").iterdir(), key=lambda entry: entry.name):
        target = folder / source.name
        target.write_text(source.read_text("utf-8"), encoding="utf-8")
        written.append(target)
    return written
