"""Folders that are made beside their place and put there in one step, and folders that a server holds."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from careshape.errors import CallError

HELD_FILE: Final = "serve.lock"
"""The file of a data folder that a server holds for as long as it runs."""
_HERE: Final = -100  # AT_FDCWD: paths are taken from the working folder
_EXCHANGE: Final = 2  # RENAME_EXCHANGE of renameat2(2): both names stay, what stands under them changes places
_LEFT: Final = re.compile(r"\..+\.[0-9a-f]{12}\.new")
"""The name of a folder that `beside` makes."""
_NO_EXCHANGE: Final = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)


def own(folder: Path) -> Path:
    """Make a folder that nobody but its owner may enter; one that is there stays as it is."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """A new, empty folder beside ``target``, for this caller alone; what is left of it is removed at the end.

    A caller that is killed cannot remove it: the next one does, or whoever opens the data folder (see ``sweep``).
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent)
    with _at_work(target.parent):
        fresh = target.with_name(f".{target.name}.{secrets.token_hex(6)}.new")
        fresh.mkdir()
        try:
            yield fresh
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def sweep(parent: Path) -> list[Path]:
    """Remove what callers of ``beside`` that were killed left in a folder; the folders that were removed.

    Whoever works there holds the folder until it ends, however it ends: while anybody does, nothing is touched. Nor is
    what stands beside a folder of that name with ``.old``: there a change of places was cut off between its steps.
    """
    try:
        left = [one for one in parent.iterdir() if _LEFT.fullmatch(one.name) and one.is_dir() and not one.is_symlink()]
    except OSError:
        return []
    if not left:
        return []
    try:
        descriptor = os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return []
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        gone = [one for one in left if not one.with_name(f"{one.name}.old").exists()]
        for one in gone:
            shutil.rmtree(one, ignore_errors=True)
        return [one for one in gone if not one.exists()]
    except OSError:
        return []  # somebody works there, or the file system knows no locks
    finally:
        os.close(descriptor)


@contextmanager
def _at_work(parent: Path) -> Iterator[None]:
    """Hold a folder, beside others who do, so that nobody sweeps it; the system lets go of it when the process ends."""
    descriptor = os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # a file system without locks is never swept either
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def put_in_place(fresh: Path, target: Path, ours: Callable[[Path], bool]) -> None:
    """Give a finished folder the name of another in one step: readers meet the old one or the new one, whole.

    What stood there goes to the name of ``fresh``, for the caller to remove. Of two callers at once the last one wins.
    Raises CallError, and leaves all as it was, where ``target`` holds something of which ``ours`` is not true.
    """
    try:
        fresh.rename(target)  # into an empty place, or over an empty folder
        return
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise
    refusal = f"{target} holds other files. Choose an empty folder, or one that was made this way before."
    if not ours(target):
        raise CallError(refusal)
    _exchange(fresh, target)
    if not ours(fresh):  # somebody put it there in between
        _exchange(fresh, target)
        raise CallError(refusal)


def _exchange(one: Path, other: Path) -> None:
    """Let two folders change places in one step; in two renames where the file system knows no exchange."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is not None and rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return
    number = ctypes.get_errno() if rename is not None else errno.ENOSYS
    if number not in _NO_EXCHANGE:
        raise OSError(number, os.strerror(number), str(other))
    _exchange_in_steps(one, other)


def _exchange_in_steps(one: Path, other: Path) -> None:
    """Let two folders change places where the file system cannot do it at once: for a moment ``other`` is not there."""
    aside = one.with_name(f"{one.name}.old")
    other.rename(aside)
    one.rename(other)
    aside.rename(one)


def hold(data: Path) -> int | None:
    """Hold a data folder as a server does, until the process ends; the descriptor, or None where it cannot be written.

    Several servers may hold a folder; a run that replaces what they serve must not (see ``unserved``).
    """
    try:
        descriptor = os.open(data / HELD_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError:
        return None
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


@contextmanager
def unserved(data: Path) -> Iterator[None]:
    """Keep servers of a data folder from starting for a moment. Raises CallError where one runs."""
    own(data)
    with (data / HELD_FILE).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CallError(
                f"A server serves {data}, and its councils cannot be replaced under it. Stop it first, or name "
                "another folder with --dir."
            ) from None
        yield
