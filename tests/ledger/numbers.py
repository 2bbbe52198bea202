"""The numbers by which the ledger knows people, lines, providers and settings, as their definition has them."""

from __future__ import annotations

import hashlib
import hmac


def person_number(key: bytes, authority: str, identifier: str) -> int:
    """The first 63 bits of HMAC-SHA256 (RFC 2104) over council and identifier."""
    return _first_bits(hmac.digest(key, f"{authority}\x1f{_tidy(identifier)}".encode(), "sha256"))


def line_number(key: bytes, authority: str, reference: str) -> int:
    """The same of SHA-256 over a keyed prefix of the council and the line's reference."""
    prefix = hmac.digest(key, f"line\x1f{authority}".encode(), "sha256")
    return _first_bits(hashlib.sha256(prefix + _tidy(reference).encode()).digest())


def public_number(reference: str) -> int:
    """The same of SHA-256 over the reference alone."""
    return _first_bits(hashlib.sha256(_tidy(reference).encode()).digest())


def _tidy(text: str) -> str:
    return text.strip().upper()


def _first_bits(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "big") >> 1
