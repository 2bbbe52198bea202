"""A data folder with a council whose one released edition holds the sample statement."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from careshape.editions.folders import MANIFEST, PAGES, digest, edition_path
from careshape.editions.models import Edition
from careshape.home import Home
from tests.exchange.sample import sample


def make(data: Path, slug: str, number: int, state: str, statement: dict[str, Any]) -> Edition:
    """An edition of a council that holds a statement and nothing else."""
    folder = edition_path(Home(data), slug, number)
    (folder / PAGES / "data").mkdir(parents=True)
    content = json.dumps(statement).encode()
    (folder / PAGES / "data" / "statement.json").write_bytes(content)
    manifest = json.dumps({"pages": {"data/statement.json": digest(content)}}).encode()
    (folder / MANIFEST).write_bytes(manifest)
    released = {"agreed_at": now(), "released_at": now()} if state == "released" else {}
    return Edition.objects.create(
        council=slug, number=number, state=state, posting=1, known_on=date(2025, 3, 31), manifest=digest(manifest),
        prepared_at=now(), **released,
    )  # fmt: skip


@pytest.fixture
def data(tmp_path: Path, settings: Any, db: Any) -> Path:
    """Thurrock has released edition 1, and prepared edition 2, which nobody may see here."""
    settings.CARESHAPE_DIR = tmp_path
    (tmp_path / "councils").mkdir()
    make(tmp_path, "thurrock", 1, "released", sample("E06000034", "Thurrock Council"))
    make(tmp_path, "thurrock", 2, "prepared", sample("E06000034", "Thurrock Council", title="Not released"))
    return tmp_path
