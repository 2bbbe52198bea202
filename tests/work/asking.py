"""Asking the API in tests."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

ROOT = "/api/v1"


def send(client: Client, path: str, given: object = None, **headers: str) -> HttpResponse:
    """A POST with JSON."""
    return client.post(f"{ROOT}/{path}", {} if given is None else given, "application/json", headers=headers)
