"""Where what is to come is kept: a file for each state of a council, beside the ledgers, made once for all processes.

A file is named by what it was worked out from: the ledger's last commit, the council's own files, the editions of
official statistics, the forecasts that its text quotes, the words of the language that is spoken, and the code. It is
written beside its place and put there in one step, so that readers meet it whole or not at all; two that work out the
same write the same. Nothing here opens a ledger, so that a worker, which forks, may ask.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import secrets
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

import careshape
from careshape.errors import CareshapeError, InputError
from careshape.language import current
from careshape.records.unmet_need import FILE as UNMET
from careshape.statement.outlook.codec import from_text, to_text
from careshape.statement.outlook.kept import Kept

FOLDER: Final = "outlook"
"""The folder within the data folder; no backup holds it, since it is made again."""
END: Final = ".json.gz"
KEEP: Final = 2
"""Files of a council that stay: the latest, and the one before it, which is shown while another is worked out."""
MOST: Final = 200_000_000
"""Characters of a file, unpacked; a council of a million lines has some twenty millions."""
LEFT: Final = 3600.0
"""Seconds after which what a killed process left half written is swept."""
OWN: Final = (".toml", ".csv", ".parquet", ".xlsx", ".json")
_NOT_ITS_OWN: Final = ("ledger", "register", "reports", "statement", "editions")
_ROOMS: Final = ("language", "catalogue", "ledger", "records", "evaluate", "design", "statement")
_CODE: Final = (".py", ".toml", ".csv", ".json", ".md")
_QUOTED: Final = re.compile(r"\bforecast\s*\([^)]*\)")
_keys: dict[Path, tuple[tuple[object, ...], str]] = {}


def state_key(data: Path, slug: str) -> str:
    """Name of what would be worked out for a council as it is now; files are read anew only where one has changed."""
    folder = data / "councils" / slug
    found = sorted(_files(data, folder))
    files = [(path, one.st_mtime_ns, one.st_size) for path in found if (one := _stat(path)) is not None]
    stamp = (current().mark, *files)
    known = _keys.get(folder)
    if known is None or known[0] != stamp:
        known = (stamp, _digest(data, folder, [path for path, _, _ in files]))
        _keys[folder] = known
    return known[1]


def place(data: Path, slug: str) -> Path:
    """The folder of a council's results."""
    return data / FOLDER / slug


def stamp(data: Path, slug: str) -> int:
    """What changes when something is kept or swept."""
    found = _stat(place(data, slug))
    return found.st_mtime_ns if found else 0


def there(data: Path, slug: str, key: str) -> bool:
    """Whether something is kept under a key."""
    return _path(data, slug, key).is_file()


def load(data: Path, slug: str, key: str) -> Kept | None:
    """What is kept for a state, or the latest for an earlier one, which says so; None where there is neither.

    A state without a key, such as one that was put together by hand, has nothing kept.
    """
    if not key:
        return None
    found = _read(_path(data, slug, key))
    if found is not None:
        return found
    for path in _latest(place(data, slug)):
        earlier = _read(path)
        if earlier is not None:
            return earlier.as_older()
    return None


def keep(data: Path, slug: str, key: str, kept: Kept) -> Path:
    """Keep results for a state, and sweep what is older. Raises InputError where they are larger than may be."""
    text = to_text(kept)
    if len(text) > MOST:
        raise InputError(f"The outlook of {slug} has {len(text):,} characters; at most {MOST:,} are kept.")
    path = _path(data, slug, key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.new")
    try:
        draft.write_bytes(gzip.compress(text.encode(), compresslevel=3, mtime=0))
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    sweep(data, slug)
    return path


def sweep(data: Path, slug: str) -> int:
    """Remove all but the latest results of a council, and what was left half written; returns how many files."""
    folder, now = place(data, slug), time.time()
    gone = list(_latest(folder))[KEEP:]
    gone += [one for one in folder.glob(".*.new") if (found := _stat(one)) and now - found.st_mtime > LEFT]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def _path(data: Path, slug: str, key: str) -> Path:
    return place(data, slug) / f"{key}{END}"


def _latest(folder: Path) -> Iterator[Path]:
    """The files of a folder, the latest first."""
    found = [(one.st_mtime_ns, path) for path in folder.glob(f"[!.]*{END}") if (one := _stat(path)) is not None]
    yield from (path for _, path in sorted(found, reverse=True))


def _read(path: Path) -> Kept | None:
    """What a file holds. A file that is damaged, or another version's, is as good as none, and is removed."""
    try:
        with gzip.open(path, "rb") as file:
            content = file.read(MOST + 1)
    except FileNotFoundError:
        return None
    except (OSError, EOFError, zlib.error):
        content = b""
    try:
        if len(content) <= MOST and isinstance(kept := from_text(content.decode("utf-8", "replace")), Kept):
            return kept
    except CareshapeError:
        pass
    with suppress(OSError):
        path.unlink(missing_ok=True)
    return None


def _files(data: Path, folder: Path) -> Iterator[Path]:
    """The files on which the results of a council rest."""
    yield from sorted((folder / "ledger" / "_delta_log").glob("*.json"))[-1:]
    yield from (data / "statistics").glob("*/*/manifest.json")
    yield from (path for path in folder.glob("*.*") if path.suffix in OWN and path.name != UNMET)
    for inner in folder.iterdir() if folder.is_dir() else ():
        if inner.is_dir() and inner.name not in _NOT_ITS_OWN:
            yield from (path for path in inner.rglob("*.*") if path.suffix in OWN)
    yield from (folder / "statement").glob("*.*")


def _digest(data: Path, folder: Path, files: list[Path]) -> str:
    told = hashlib.sha256(f"{careshape.__version__} {_code()} {current().mark}".encode())
    quoted: set[str] = set()
    for path in files:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # it went meanwhile: the next look finds another state
        if path.parent == folder / "statement":
            quoted.update(_QUOTED.findall(content.decode("utf-8", "replace")))
        else:
            told.update(f"{path.relative_to(data)} {hashlib.sha256(content).hexdigest()}\n".encode())
    told.update("\n".join(sorted(quoted)).encode())
    return told.hexdigest()[:32]


@cache
def _code() -> str:
    """Digest of the code and of the packaged data that results are worked out with."""
    told, root = hashlib.sha256(), Path(careshape.__file__).parent
    for room in _ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix in _CODE:
                told.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    told.update(repr([os.environ.get(name) for name in ("CARESHAPE_CATALOGUE", "CARESHAPE_MEASURES")]).encode())
    return told.hexdigest()


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
