"""Time the import, with checking, of a file of Client Level Data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from careshape.bench.build import AUTHORITY
from careshape.bench.clock import MEGABYTE
from careshape.bench.figures import Imported
from careshape.bench.files import write_cld_file
from careshape.bench.worker import run
from careshape.errors import CallError
from careshape.ledger import Ledger

Say = Callable[[str], None]


def bench_import(folder: Path, rows: int, seed: int, say: Say) -> Imported:
    """Write a file of ``rows`` rows, and import it into an empty ledger in a process of its own.

    Raises CallError where ``folder`` already holds something: an import is timed into an empty ledger.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CallError(f"{folder} is not empty. Name another folder with --work, or empty this one.")
    folder.mkdir(parents=True, exist_ok=True)
    say(f"Writing a file of {rows:,} rows.")
    file = write_cld_file(folder / "synthetic-cld.csv", rows, seed)
    Ledger.create(folder / "council", authority=AUTHORITY, demonstration=True)
    say("Importing it.")
    (line,) = run("import", str(folder / "council"), str(file))
    size = file.stat().st_size / MEGABYTE
    return Imported(rows=rows, file_mb=size, **line)
