"""The files of a statement, wherever they lie: one file, a folder, or an archive that is read and never unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from careshape.errors import CallError
from careshape.exchange.bounds import MOST_BYTES, MOST_FILES, Unreadable
from careshape.exchange.fault import fault
from careshape.language import numeral, say

READ: Final = (".json", ".csv")
"""What is read of a folder or an archive."""
_LESS: Final = "Keep only the files of the statement in it"


def _large() -> str:
    return say("It holds more than {many} megabytes", many=MOST_BYTES // 1_000_000)


def _many() -> str:
    return say("It holds more than {many} files", many=numeral(f"{MOST_FILES:,}"))


def files_of(path: Path) -> dict[str, bytes]:
    """Name -> content of the files at a path.

    Raises CallError where there is nothing at the path, Unreadable where it is too large or no archive.
    """
    if path.is_dir():
        return dict(_of_folder(path))
    if not path.is_file():
        raise CallError(say("There is no file '{path}'.", path=path))
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(fault(path.name, None, _large(), _LESS))
    return files_in(path.name, path.read_bytes())


def files_in(name: str, content: bytes) -> dict[str, bytes]:
    """The same for content that was sent under a name. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(fault(name, None, _large(), _LESS))
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _of_archive(name, content)
    return {name: content}


def _of_folder(path: Path) -> Iterator[tuple[str, bytes]]:
    left, many = MOST_BYTES, 0
    for file in sorted(path.rglob("*")):
        if file.suffix.lower() not in READ or file.is_symlink() or not file.is_file():
            continue
        left, many = left - file.stat().st_size, many + 1
        if left < 0 or many > MOST_FILES:
            raise Unreadable(fault(path.name, None, _large() if left < 0 else _many(), _LESS))
        yield file.relative_to(path).as_posix(), file.read_bytes()


def _of_archive(name: str, content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _rooted(dict(_members(name, archive)))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        said = str(error) or type(error).__name__
        rule = say("The archive cannot be read ({error})", error=f"{said[:1].lower()}{said[1:]}")
        raise Unreadable(fault(name, None, rule, "Pack it again, as an ordinary ZIP file without a password")) from None


def _members(name: str, archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    left = MOST_BYTES
    if len(archive.infolist()) > MOST_FILES:
        raise Unreadable(fault(name, None, _many(), _LESS))
    for one in archive.infolist():
        if one.is_dir() or PurePosixPath(one.filename).suffix.lower() not in READ:
            continue
        with archive.open(one) as file:
            # What an archive says of its sizes may be untrue: no more is ever unpacked than there is room for.
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise Unreadable(fault(name, None, _large(), _LESS))
        yield one.filename, content


def _rooted(found: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files by their names within the one folder that an archive may have around them."""
    tops = {name.partition("/")[0] for name in found}
    if len(tops) == 1 and all("/" in name for name in found):
        return {name.partition("/")[2]: content for name, content in found.items()}
    return dict(found)
