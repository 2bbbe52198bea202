"""The reference pages that follow from the code are as the code has it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def pages() -> dict:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "scripts" / "reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PAGES


@pytest.mark.parametrize(
    "name",
    [
        "commands.md",
        "measures.md",
        "columns.md",
        "expressions.md",
        "configuration.md",
        "api.md",
        "../explanation/rules.md",
    ],
)
def test_page_is_what_the_code_says(name):
    written = (ROOT / "docs" / "reference" / name).read_text("utf-8")
    assert written == pages()[name](), "run: python scripts/reference.py"
