"""One small benchmark ledger for all tests of the benchmark."""

from __future__ import annotations

from pathlib import Path

import pytest

from careshape.bench.build import build_ledger
from careshape.demo.generate import SEED
from careshape.ledger import Ledger

LINES = 20_000


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a built benchmark ledger."""
    folder = tmp_path_factory.mktemp("bench") / "ledger"
    build_ledger(folder, LINES, SEED, lambda text: None)
    return folder


@pytest.fixture(scope="session")
def ledger(work: Path) -> Ledger:
    return Ledger.open(work / "council")
