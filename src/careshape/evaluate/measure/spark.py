"""A quiet Spark session: on this machine, out of reach of others, or on a cluster."""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

with warnings.catch_warnings():
    # It warns of the newest pandas; answers come as Arrow tables, and pandas has no part in them.
    warnings.simplefilter("ignore", FutureWarning)
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

from careshape.errors import CareshapeError

HERE = "127.0.0.1"


def spark_session(master: str) -> SparkSession:
    """The running session, or a new one on ``master`` (``local[*]``, ``spark://host:7077``), stopped when Python ends.

    Raises CareshapeError where Spark cannot start.
    """
    running = SparkSession.getActiveSession()
    if running is not None:
        return running
    settings: dict[str, bool | float | int | str | None] = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", HERE)
        settings |= {"spark.driver.host": HERE, "spark.driver.bindAddress": HERE}
        # On one machine Spark's own 200 only cost time, and so does every one that no processor takes at once.
        settings["spark.sql.shuffle.partitions"] = str(min(8, os.cpu_count() or 1))
    builder = SparkSession.builder.master(master).appName("careshape").config(map=settings)
    with _aside() as said:
        try:
            session = builder.getOrCreate()
        except (PySparkException, OSError, RuntimeError) as error:
            raise CareshapeError(
                f"Spark did not start on {master}. It needs Java 17 and a cluster that answers. It said: "
                f"{_cause(said) or error}"
            ) from error
    atexit.register(session.stop)
    return session


def _cause(said: IO[str]) -> str:
    """The line in which Java named what went wrong."""
    said.seek(0)
    return next((line.strip() for line in said if "Exception" in line or "rror:" in line), "")


@contextmanager
def _aside() -> Iterator[IO[str]]:
    """Let the Java process that starts meanwhile, and it alone, write its messages into a file that vanishes with it.

    What goes wrong in a question reaches Python as an exception, so nothing is lost but the noise.
    """
    sys.stderr.flush()
    ours = os.dup(2)
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        os.dup2(said.fileno(), 2)
        try:
            yield said
        finally:
            os.dup2(ours, 2)
            os.close(ours)
