"""Passwords of tests, hashed by a method made for nothing else: the real one takes a tenth of a second on purpose."""

from __future__ import annotations


def hash_quickly() -> None:
    """Let this process hash passwords quickly, and still read those that were hashed as they should be."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
