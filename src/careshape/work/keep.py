"""Where the files that people bring lie: a folder of its own each, in the data folder, for its owner alone.

They stand outside of the councils' folders: what was not posted is no record of the council, and belongs in no backup.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

FOLDER: Final = "uploads"
REFUSED: Final = "refused rows.csv"
LONGEST: Final = 100
_STRANGE: Final = re.compile(r"[^\w .()+&,@=-]")


@dataclass(frozen=True)
class Kept:
    """A file that was written."""

    folder: str
    name: str
    size: int
    checksum: str


def path_of(council: str, folder: str, name: str) -> Path:
    """Where a file lies."""
    return Path(settings.CARESHAPE_DIR) / FOLDER / council / folder / name


def keep(council: str, name: str, blocks: Iterable[bytes]) -> Kept:
    """Write a file as it comes."""
    folder, name = secrets.token_hex(16), file_name(name)
    path = path_of(council, folder, name)
    path.parent.mkdir(parents=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for block in blocks:
                digest.update(block)
                size += len(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        shutil.rmtree(path.parent, ignore_errors=True)
        raise
    return Kept(folder, name, size, digest.hexdigest())


def remove(council: str, folder: str) -> None:
    """Remove a file with its folder, the refused rows among it; what is gone already is no fault."""
    shutil.rmtree(path_of(council, folder, REFUSED).parent, ignore_errors=True)


def remove_file(council: str, folder: str, name: str) -> None:
    """Remove a file, and leave the refused rows beside it."""
    path_of(council, folder, name).unlink(missing_ok=True)


def file_name(name: str) -> str:
    """A name under which a file can lie: without its folder, and without what no name of a file should hold."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = _STRANGE.sub("_", last).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 8:
        stem, ending = plain, ""
    stem = stem[: LONGEST - 10].strip(" .") or "file"
    found = f"{stem}.{ending}" if ending else stem
    return f"_{found}" if found == REFUSED else found
