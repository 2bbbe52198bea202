"""The installation's secret: what sessions are signed and the audit log is chained with. It lies outside the data.

It is given by CARESHAPE_SECRET_KEY, or kept in a file that only its owner reads: the one that CARESHAPE_SECRET_FILE
names, or the user's own. Where neither is there, one is made.
"""

from __future__ import annotations

import hmac
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from careshape.errors import InputError

VARIABLE: Final = "CARESHAPE_SECRET_KEY"
FILE_VARIABLE: Final = "CARESHAPE_SECRET_FILE"
LEAST: Final = 32
"""Fewest characters of a secret."""


def secret_path() -> Path:
    """Where the secret is kept where no variable gives it."""
    named = os.environ.get(FILE_VARIABLE)
    return Path(named) if named else Path.home() / ".config" / "careshape" / "site.secret"


def installation_secret() -> str:
    """The secret, made where there is none yet.

    Raises InputError for one that is too short to keep anything, or a file that other users can read.
    """
    given = os.environ.get(VARIABLE)
    if given is not None:
        if len(given) < LEAST:
            raise InputError(
                f"{VARIABLE} has {len(given)} characters; it needs at least {LEAST} by chance. "
                "Leave it out, and careshape makes one and keeps it."
            )
        return given
    path = secret_path()
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise InputError(f"The secret {path} can be read by other users. Run: chmod 600 {path}")
    except FileNotFoundError:
        _make(path)
    found = path.read_text("utf-8").strip()
    if len(found) < LEAST:
        raise InputError(f"The secret {path} holds fewer than {LEAST} characters. Remove it, and a new one is made.")
    return found


def derived(secret: str, purpose: str) -> bytes:
    """A key for one purpose, which tells nothing of the secret or of the keys for others."""
    return hmac.digest(secret.encode(), f"careshape {purpose}".encode(), "sha256")


def _make(path: Path) -> None:
    """Write a new secret so that it appears whole or not at all; of two at once, both read the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50) + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
