"""What tests of the providers' register share."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data directory, as the installation's."""
    folder = tmp_path / "data"
    (folder / "councils" / "worcestershire" / "providers").mkdir(parents=True)
    monkeypatch.setattr(settings, "CARESHAPE_DIR", folder)
    return folder
