"""Where a council's files stand: what is in force of each, and how another content takes its place, whole or not."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from careshape.errors import InputError
from careshape.folders import beside, put_in_place
from careshape.home import Home
from careshape.writing.kinds import kind_of


def digest(content: str) -> str:
    """SHA-256 of a content, as text."""
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


def in_force(home: Home, council: str, file: str) -> str | None:
    """The content of a file as it is now: the council's own, else what comes with careshape; None where neither is.

    Raises CallError for a file that is not changed here, InputError where it cannot be read.
    """
    path = path_of(home, council, file)
    if path is None:
        return None
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}.") from None


def path_of(home: Home, council: str, file: str) -> Path | None:
    """Where a file stands now; None where there is none."""
    kind = kind_of(file)
    top, _, rest = file.partition("/")
    own = home.council_path(council) / top
    whole = (own / rest).is_file() if kind.by_file else _holds(own)
    folder = own if whole else kind.packaged(council)
    path = folder / rest if folder is not None else None
    return path if path is not None and path.is_file() else None


def put(home: Home, council: str, file: str, content: str) -> None:
    """Put a content in force, in one step: readers meet the old file or the new one, whole.

    A council without a folder of its own gets a copy of the one that comes with careshape, with this file in it. The
    caller sees to it that nobody else changes the folder meanwhile.
    """
    top, _, rest = file.partition("/")
    folder = home.council_path(council) / top
    packaged = kind_of(file).packaged(council)
    with beside(folder) as fresh:
        if _holds(folder):
            part = fresh / "content"
            _write(part, content)
            (folder / rest).parent.mkdir(parents=True, exist_ok=True)
            part.replace(folder / rest)
            _settle((folder / rest).parent)
            return
        if packaged is not None:
            shutil.copytree(packaged, fresh, dirs_exist_ok=True, copy_function=shutil.copyfile)
        (fresh / rest).parent.mkdir(parents=True, exist_ok=True)
        _write(fresh / rest, content)
        put_in_place(fresh, folder, lambda found: False)
        _settle(folder.parent)


def has_own(home: Home, council: str, top: str) -> bool:
    """Whether a council has files of its own in a folder, in the place of those that come with careshape."""
    return _holds(home.council_path(council) / top)


def put_all(home: Home, council: str, contents: Mapping[str, str]) -> None:
    """Put the contents of several files of one folder in force, in one step, for a council without a folder of its own.

    The rest of the folder is copied from the one that comes with careshape.
    """
    top = next(iter(contents)).partition("/")[0]
    folder = home.council_path(council) / top
    packaged = kind_of(next(iter(contents))).packaged(council)
    with beside(folder) as fresh:
        if packaged is not None:
            shutil.copytree(packaged, fresh, dirs_exist_ok=True, copy_function=shutil.copyfile)
        for file, content in contents.items():
            (fresh / file.partition("/")[2]).write_text(content, "utf-8", newline="\n")
        put_in_place(fresh, folder, lambda found: False)
        _settle(folder.parent)


def _holds(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _write(path: Path, content: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Have the folder itself on the disk: a name that a power cut takes back would be a change that was lost."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
