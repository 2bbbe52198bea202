"""The arithmetic of the chain: each event's digest covers its content and the digest before it, under a key.

A keyed digest (HMAC-SHA256, RFC 2104) is used, so that who can write to the database but does not hold the key cannot
make a changed history fit again. The key comes from the installation's secret, which lies outside the database.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any, Final

from django.conf import settings

FIRST: Final = "0" * 64
"""What stands before the first event of a chain."""
COVERED: Final = ("chain", "number", "at", "account", "role", "act", "outcome", "object", "detail")
"""The columns that a digest covers, in this order."""


def key() -> bytes:
    """The key of the digests."""
    secret: bytes = settings.CARESHAPE_AUDIT_KEY
    return secret


def digest(secret: bytes, previous: str, values: tuple[Any, ...]) -> str:
    """The digest of an event. ``values`` are its columns in the order of ``COVERED``."""
    chain, number, at, account, role, act, outcome, row, detail = values
    who, text = "null" if account is None else account, encode_basestring
    # A JSON array, written by hand: a million events are verified at every look, and an encoder takes twice as long.
    covered = (
        f"{previous}[{text(chain)}, {number}, {text(at)}, {who}, {text(role)}, {text(act)}, {text(outcome)}, "
        f"{text(row)}, {text(detail)}]"
    )
    return hmac.digest(secret, covered.encode(), "sha256").hex()


def seal(secret: bytes, chain: str, number: int, last: str, retired: int, retired_digest: str) -> str:
    """The seal of a head: who cannot make it cannot put an earlier head in its place."""
    covered = f"head {encode_basestring(chain)} {number} {last} {retired} {retired_digest}"
    return hmac.digest(secret, covered.encode(), "sha256").hex()


def canonical(detail: Mapping[str, Any]) -> str:
    """What an event tells more, as text that is always the same for the same content."""
    return json.dumps(detail, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
