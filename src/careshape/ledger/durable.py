"""What a power cut leaves: files, and names of files, that stand on disk and not only in the memory of the system."""

from __future__ import annotations

import os
from pathlib import Path


def flush(*paths: Path) -> None:
    """Write files, or the names that folders hold, to disk, in the order given; returns when they are there.

    A new file stands after a power cut only if both it and its folder were flushed. What the disk itself says is
    written is taken to be so. Systems that cannot open a folder keep its names by themselves.
    """
    for path in paths:
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except PermissionError:
            if not path.is_dir():
                raise
            continue
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
