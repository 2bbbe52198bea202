"""``careshape bench forecast``, ``backtest`` and ``draws``: keys that others rely on, and what a wrong call says.

The page that shows ``backtest`` and ``draws`` does not run them: these do.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from careshape.cli import main

HORIZONS = ["3", "6", "12", "24"]
PAGE = Path(__file__).parents[2] / "docs/how-to/measure-speed.md"


def shown(*call: str) -> list[str]:
    """A call that the page shows as it stands here."""
    assert f"\n$ careshape {' '.join(call)}\n" in PAGE.read_text("utf-8")
    return list(call)


def test_backtest_gives_coverage_and_scores_by_kind_and_horizon(capsys):
    code = main(shown("bench", "backtest", "--worlds", "4", "--format", "json"))
    said = capsys.readouterr()
    found = json.loads(said.out)
    for kind in ("inside", "outside"):
        for name in ("coverage_80", "coverage_95", "score_ratio"):
            assert list(found[kind][name]) == list(found[kind]["county"][name]) == HORIZONS
    assert code == (1 if found["missed"] else 0)
    assert said.err.count("Missed: ") == len(found["missed"])
    assert (found["seed"], found["tuned_on"]) == (5, [1, 3])


def test_draws_gives_processor_seconds(capsys, tmp_path):
    call = shown("bench", "draws", "--lines", "3000", "--councils", "2")
    call += ["--work", str(tmp_path), "--format", "json"]
    assert main(call) == 0
    found = json.loads(capsys.readouterr().out)
    assert 0 < found["cpu_seconds"] < found["region_cpu_seconds"]
    assert found["draws"] == 1_000
    assert main(call[:-2]) == 0
    assert "processor seconds" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["forecast", "--peer-python", "no-such-python"], "There is no interpreter no-such-python"),
        (["forecast", "--episodes", "3"], "episodes"),  # too few children for three phases
        (["backtest", "--worlds", "1"], "worlds"),  # one county has no standard error, and not every departure
    ],
)
def test_a_wrong_call_is_said_in_a_sentence(capsys, call, said):
    assert main(["bench", *call]) == 2
    assert said in capsys.readouterr().err
