"""The ledger as a lazy frame of any engine: DuckDB by default, Polars to check it, Spark where one machine ends."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal, Protocol, get_args

import narwhals as nw

from careshape.errors import CallError, CareshapeError
from careshape.ledger.engine import spilling

Engine = Literal["duckdb", "polars", "spark"]
ENGINES: tuple[str, ...] = get_args(Engine)
MEMORY_LIMIT = "1GB"
"""What DuckDB may hold before it spills to disk."""


class LedgerLike(Protocol):
    """What a measure needs of a ledger: its files, its authority, and which posting was the last on a day."""

    @property
    def authority(self) -> str:
        """Slug of the council."""

    def files(self) -> list[str]:
        """Parquet files that hold every row."""

    def posting_on(self, moment: date | datetime | None) -> int:
        """Number of the last posting recorded by the end of ``moment``; None means the latest."""

    def recorded_on(self, number: int) -> date | None:
        """The day on which a posting was recorded; None for a number that no posting has."""


@dataclass(frozen=True)
class Snapshot:
    """One ledger at one moment: its files, the last posting in them, and the last that was known on a day."""

    files: tuple[str, ...]
    latest: int
    known: int


def snapshot(ledger: LedgerLike, known_on: date | datetime | None = None) -> Snapshot:
    """Take files and postings of one moment: where a posting lands in between, they are read again."""
    while True:
        latest = ledger.posting_on(None)
        files = tuple(ledger.files())
        if ledger.posting_on(None) == latest:
            return Snapshot(files, latest, latest if known_on is None else ledger.posting_on(known_on))


def open_frame(snapshots: Sequence[Snapshot], engine: str = "duckdb", master: str | None = None) -> nw.LazyFrame[Any]:
    """Open the rows of ledgers as they were known, as one lazy frame.

    ``master`` is the address of the Spark cluster and serves only the engine ``spark``; without one the environment
    variable CARESHAPE_SPARK gives it, else Spark runs on this machine. Raises CallError for an unknown engine and
    CareshapeError where the ledgers hold nothing yet.
    """
    if engine not in ENGINES:
        raise CallError(f"No engine is called '{engine}'. Choose from {', '.join(ENGINES)}.")
    held = [one for one in snapshots if one.files]
    if not held:
        raise CareshapeError(
            "The ledger holds no line yet. Import a file first: `careshape import FILE --authority NAME`."
        )
    reader = _reader(engine, master or os.environ.get("CARESHAPE_SPARK") or "local[*]")
    if all(one.known == one.latest for one in held):
        return reader([file for one in held for file in one.files])
    frames = [reader(one.files).filter(nw.col("posting") <= one.known) for one in held]
    return frames[0] if len(frames) == 1 else nw.concat(frames)


def _reader(engine: str, master: str) -> Any:
    """Return a function from Parquet files to a lazy frame of ``engine``."""
    if engine == "duckdb":
        import duckdb

        settings = spilling(MEMORY_LIMIT, f"{_spill_folder()}/{uuid.uuid4()}")  # made by the engine if needed
        connection = duckdb.connect(config=settings | {"preserve_insertion_order": False})
        # Files are added and never changed, so what their footers say is read once and not for every question: with
        # hundreds of row groups that costs as much as a small question.
        connection.execute("SET parquet_metadata_cache = true")
        return lambda files: nw.from_native(connection.read_parquet(list(files)))
    if engine == "polars":
        return _polars_reader()
    return _spark_reader(master)


@lru_cache(maxsize=1)
def _spill_folder() -> str:
    """Where queries spill: outside of the working and the data folder, and removed when the process ends.

    Frames are evaluated later than they are opened, so no shorter life would do.
    """
    folder = tempfile.mkdtemp(prefix="careshape-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _polars_reader() -> Any:
    try:
        import polars as pl
    except ImportError as error:
        raise CallError("The engine 'polars' needs the package polars: pip install polars.") from error
    return lambda files: nw.from_native(pl.scan_parquet(list(files)))


def _spark_reader(master: str) -> Any:
    try:
        from careshape.evaluate.measure.spark import spark_session
    except ImportError as error:
        raise CallError(
            "The engine 'spark' needs the extra 'national': pip install 'careshape[national]', and Java 17."
        ) from error
    session = spark_session(master)
    return lambda files: nw.from_native(session.read.parquet(*[_address(file) for file in files]))


def _address(file: str) -> str:
    """Spark reads a bare path from its default file system, which on a cluster is not this machine."""
    return file if "://" in file else f"file://{file}"


def rows_of(frame: nw.LazyFrame[Any]) -> Iterable[tuple[Any, ...]]:
    """Evaluate a small result and return its rows; the engines' wide sums come back as decimals and are left so."""
    return frame.collect().iter_rows()
