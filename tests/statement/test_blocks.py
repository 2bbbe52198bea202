"""What stands on a line of its own."""

from __future__ import annotations

import pytest

from careshape.records import intentions
from careshape.statement.blocks import intended

KNOWN = {one.id: one for slug in ("worcestershire", "thurrock") for one in intentions(slug)}


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("W-CI-020", ""),  # ... by 2024
        ("W-CI-059", ""),  # in 2022/23: by 31 March 2023
        ("W-CI-131", ""),  # by March 2022: by 31 March 2022
        ("W-CI-042", "2024"),
        ("T-CI-009", "February 2022"),
    ],
)
def test_intended_says_its_date_once(name, by):
    assert intended(KNOWN[name]).by == by
