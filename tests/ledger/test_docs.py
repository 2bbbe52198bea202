"""The reference names every column that a reader reads and every rule, and says their outcomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from careshape.ledger.readers import READER_IDS, reader
from careshape.ledger.rules import rules

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("reader_id", READER_IDS)
def test_every_column_of_a_reader_is_in_the_reference(reader_id: str) -> None:
    text = (REFERENCE / "files.md").read_text("utf-8")
    assert [column.name for column in reader(reader_id).column if f"`{column.name}`" not in text] == []


def test_every_rule_is_in_the_reference_with_its_outcome() -> None:
    text = (REFERENCE / "ledger.md").read_text("utf-8")
    assert [rule.id for rule in rules().values() if f"| `{rule.id}` | {rule.outcome} |" not in text] == []
