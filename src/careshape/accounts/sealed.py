"""Small secrets in the database: encrypted where they must be read again, digested where they need only be recognised.

Both keys come from the installation's secret, which lies outside the database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from careshape.errors import InputError

TOKEN_BYTES: Final = 32
"""Chance in the token of a link: 256 bits."""


def sealed(text: str) -> str:
    """Encrypt a secret (Fernet: AES-128-CBC with HMAC-SHA256)."""
    return _box().encrypt(text.encode()).decode()


def opened(text: str) -> str:
    """Decrypt a secret. Raises InputError where the installation's secret is not the one it was encrypted under."""
    try:
        return _box().decrypt(text.encode()).decode()
    except InvalidToken:
        raise InputError(
            "A secret in the database was encrypted under another installation secret. Put the earlier secret back."
        ) from None


def digest(purpose: str, *parts: str) -> str:
    """A keyed digest by which a value is recognised and not read; of each purpose another."""
    key: bytes = settings.CARESHAPE_FIELD_KEY
    return hmac.digest(key, "\0".join((purpose, *parts)).encode(), "sha256").hex()


def new_token() -> tuple[str, str]:
    """A token for a link, and the digest that is kept of it."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, token_digest(token)


def token_digest(token: str) -> str:
    """What is kept of a token. It holds so much chance that a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(settings.CARESHAPE_FIELD_KEY))
