"""Faults on request: counted in the truth, met by the import, and harmless to what is counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from careshape.demo import Files, generate_council
from careshape.demo.faults import FAULTS, rates
from careshape.evaluate.published import check_published
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return generate_council("worcestershire", tmp_path_factory.mktemp("faulty"), seed=1, faults=True)


def test_every_kind_of_fault_is_counted(faulty: Files) -> None:
    counted = json.loads(faulty.truth.read_text("utf-8"))["faults"]
    for kind, makers in FAULTS.items():
        assert set(rates(kind)) == set(makers)
        assert set(counted[kind]) >= set(makers)
        assert all(number > 0 for number in counted[kind].values())


def test_import_meets_the_faults_that_the_truth_counts(faulty: Files, tmp_path: Path) -> None:
    counted = json.loads(faulty.truth.read_text("utf-8"))["faults"]
    ledger = Ledger.create(tmp_path / "w", authority="worcestershire", demonstration=True)
    events = import_file(ledger, faulty.cld[0])
    assert events.refused >= counted["cld"]["wrong-service"] + counted["cld"]["end-before-start"]
    assert events.repaired > counted["cld"]["row-twice"]
    packages = import_file(ledger, faulty.packages)
    refused = counted["packages"]
    assert packages.refused == refused["end-before-start"] + refused["start-missing"] + refused["unknown-service"]
    assert packages.by_rule["cost-negative"] == counted["packages"]["negative-cost"]
    assert packages.by_rule["line-repeated"] == counted["packages"]["row-twice"]
    import_file(ledger, faulty.deliveries)
    differs = [one for one in check_published("worcestershire", ledger) if one.status == "differs"]
    assert differs == []
