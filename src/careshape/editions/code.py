"""Which code this is: a digest of the product's own files and of the libraries that it stands on, beside its version.

A version names what was released of careshape; two builds of one version may differ, and write other bytes.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Final

import careshape

_LEFT_OUT: Final = frozenset(("__pycache__",))
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")


@cache
def code_digest() -> str:
    """SHA-256 of what this process runs, as its files were when it was first asked: code, data, templates, libraries.

    Same digest, same bytes of what is made from the same inputs.
    """
    return digest_of(Path(careshape.__file__).parent, _libraries())


def digest_of(folder: Path, libraries: tuple[str, ...] = ()) -> str:
    """The digest of every file below a folder, by name and content, and of names of libraries with their versions.

    What Python compiled for itself, and hidden files, are left out.
    """
    told = hashlib.sha256()
    files = (path for path in folder.rglob("*") if path.is_file() and not _hidden(path.relative_to(folder)))
    for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in files):
        told.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    for one in libraries:
        told.update(f"{one}\n".encode())
    return told.hexdigest()


def _hidden(path: Path) -> bool:
    return any(part in _LEFT_OUT or part.startswith(".") for part in path.parts)


def _libraries() -> tuple[str, ...]:
    """The libraries that careshape names as its own requirements, each with the version that is installed."""
    try:
        named = {match[0] for one in requires("careshape") or () if (match := _NAME.match(one))}
    except PackageNotFoundError:
        return ()
    found = []
    for name in sorted(named):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return tuple(found)
