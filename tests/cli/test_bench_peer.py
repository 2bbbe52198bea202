"""``careshape bench forecast`` beside the real cs-demand-model.

The model cannot live in the environment of careshape (it needs pandas 1.5), so this file is collected only where
``careshape bench forecast`` has installed it, over a network, in an environment of its own: see conftest.py.
"""

from __future__ import annotations

import json

import pytest

from careshape.cli import main


def test_forecast_gives_the_same_mean_as_the_peer_and_ratios(capsys):
    assert main(["bench", "forecast", "--episodes", "1000", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert round(found["mean_ours"], 2) == round(found["mean_peer"], 2) > 0
    assert found["cpu_ratio"] == pytest.approx(found["cpu_peer"] / found["cpu_ours"])
    assert found["memory_ratio"] == pytest.approx(found["peak_mb_peer"] / found["peak_mb_ours"])
