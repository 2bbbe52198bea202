"""What processes of tests leave out, because it takes long and nothing rests on it."""

from __future__ import annotations

import sys
from typing import Any


def hash_quickly() -> None:
    """Let this process hash passwords quickly, and still read those that were hashed as they should be."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def without_slow_imports() -> None:
    """Let this process do without the grammars of addresses in other scripts: no schema of ours asks for them.

    A tool of the tests brings them, an installation has none, and ``jsonschema`` takes them in wherever they are, which
    takes two seconds of processor.
    """
    modules: dict[str, Any] = sys.modules
    modules.setdefault("rfc3987_syntax", None)
