"""Run a piece of work in a process of its own, so that what others do counts neither in its time nor in its memory."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from careshape.errors import CareshapeError


def run_apart(
    command: Sequence[str], what: str, environment: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """Run ``command`` and yield the JSON objects it prints, one a line. Raises CareshapeError where it fails.

    what: the work in words, for the message. environment: variables beside those of this process.
    """
    with (
        tempfile.TemporaryFile("w+") as complaints,
        subprocess.Popen(
            list(command),
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            env={**os.environ, **(environment or {})},
        ) as process,
    ):
        for line in process.stdout or ():
            yield json.loads(line)
        process.wait()
        complaints.seek(0)
        said = complaints.read().strip().splitlines()
    if process.returncode:
        reason = said[-1] if said else f"exit code {process.returncode}"
        raise CareshapeError(f"The benchmark of {what} stopped: {reason}")
