"""The site over the sample council, asked through Django's test client."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "careshape.site.settings")

import django

from tests.statement.sample import make_sample_ahead


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of the sample."""
    django.setup()
    return make_sample_ahead(tmp_path_factory.mktemp("site-data"))


@pytest.fixture
def client(data: Path, monkeypatch: pytest.MonkeyPatch):
    """A client of the site that shows what a reader sees, error pages included."""
    django.setup()
    from django.conf import settings
    from django.test import Client

    monkeypatch.setattr(settings, "CARESHAPE_DIR", data)
    return Client(raise_request_exception=False, SERVER_NAME="localhost")
