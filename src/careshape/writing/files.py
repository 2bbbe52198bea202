"""Every file that a council writes or decides in the browser, of whichever kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from careshape.home import Home
from careshape.writing import every_kind  # noqa: F401  (registers the kinds)
from careshape.writing.kinds import Kind, kinds
from careshape.writing.place import path_of

_TOP: Final = re.compile(r"[a-z-]+(?=/)")


@dataclass(frozen=True)
class Written:
    """A file that is in force: its place, and its kind."""

    file: str
    kind: Kind


def files_in_force(home: Home, council: str) -> list[Written]:
    """The files in force, in the order of their kinds and of their places."""
    return [Written(file, kind) for kind in kinds() for file in _files(home, council, kind)]


def _files(home: Home, council: str, kind: Kind) -> list[str]:
    top = _TOP.match(kind.files.pattern)
    if top is None:
        return []
    folders = (home.council_path(council) / top[0], kind.packaged(council))
    found = {
        f"{top[0]}/{path.relative_to(folder).as_posix()}"
        for folder in folders if folder is not None and folder.is_dir() for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip
    return sorted(file for file in found if kind.files.fullmatch(file) and path_of(home, council, file) is not None)
