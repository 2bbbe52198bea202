"""Every address of the site, asked by everybody for every kind of object; the table written by hand judges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.policy.sweep import sweep
from tests.policy.world import World, make_data, statement_paths, strangers


@pytest.fixture(params=[False, True], ids=["closed", "open"])
def world(request: pytest.FixtureRequest, tmp_path: Path, people: Any, settings: Any) -> World:
    """Two councils; the other one is closed or open."""
    settings.CARESHAPE_DIR = make_data(tmp_path, open_other=request.param)
    return World(people, tmp_path, request.param, statement_paths(tmp_path), strangers(people))


def test_every_address_answers_as_the_table_says(world: World, promise: Callable[[str, str], None]) -> None:
    found = sweep(world)
    assert found.wrong == []
    promise(
        f"R6 authorisation, {'open' if world.open_other else 'closed'}", f"{found.requests:,} requests, 0 mismatches"
    )
