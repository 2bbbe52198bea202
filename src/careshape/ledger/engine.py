"""A private DuckDB session for one import: bounded memory, encrypted spill files that vanish with it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

MEMORY_LIMIT: Final = "512MB"
"""What the engine may hold in memory; beyond it, intermediate rows go to encrypted files."""
THREADS: Final = min(os.cpu_count() or 1, 4)


def spilling(memory_limit: str, folder: str) -> dict[str, str | bool | int | float | list[str]]:
    """Settings of an engine whose intermediate rows go to encrypted files in a folder, and nowhere else."""
    return {
        "memory_limit": memory_limit,
        "temp_directory": folder,
        "temp_file_encryption": True,
        # The module that comes with the engine encrypts well and draws its keys less well than OpenSSL, which the
        # engine would have to download. Spill files hold pseudonyms only, live for minutes, and are for their owner
        # alone.
        "force_mbedtls_unsafe": True,
    }


@contextmanager
def session(memory_limit: str = MEMORY_LIMIT) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A connection, and a temporary folder outside of the data folder that its owner alone can read and that vanishes
    at the end.
    """
    with tempfile.TemporaryDirectory(prefix="careshape-") as folder:
        settings = spilling(memory_limit, folder) | {"threads": THREADS, "preserve_insertion_order": True}
        with duckdb.connect(":memory:", config=settings) as connection:
            connection.execute("SET enable_progress_bar = false")
            yield connection, Path(folder)
