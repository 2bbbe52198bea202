from __future__ import annotations

import csv
import sys
from dataclasses import replace

import numpy as np
import pytest

from careshape.bench import peer
from careshape.bench.children import rates_of, read_returns
from careshape.bench.forecast import Compared, bench_forecast
from careshape.bench.returns import write_returns
from careshape.errors import CareshapeError
from careshape.ledger.columns import OPEN_DAY

GOOD = Compared(1_000_000, 975_000, 1.234, 1.231, 1.0, 30.0, 100.0, 600.0, {}, {})


@pytest.fixture(scope="module")
def returns(tmp_path_factory):
    return write_returns(tmp_path_factory.mktemp("returns"), 600, 42)


def read(file):
    with file.open() as lines:
        return list(csv.DictReader(lines))


def test_returns_are_five_yearly_folders_of_episodes_that_start_in_their_year(returns):
    folders = sorted(path.name for path in returns.iterdir())
    assert folders == ["2018", "2019", "2020", "2021", "2022"]
    rows = read(returns / "2020" / "episodes.csv")
    assert all(row["DECOM"][-4:] in ("2019", "2020") for row in rows)
    assert len({row["PLACE"] for row in rows}) == 11
    headers = {row["CHILD"] for row in read(returns / "2020" / "header.csv")}
    assert {row["CHILD"] for row in rows} == headers


def test_a_child_has_one_stay_at_a_time(returns):
    spells = read_returns(returns)
    same = spells.person[1:] == spells.person[:-1]
    assert same.any()
    assert (spells.start[1:][same] > spells.end[:-1][same]).all()
    assert (spells.end[:-1][same] < OPEN_DAY).all()
    assert 0.9 * 600 < len(spells) < 600


def test_people_on_the_last_day_are_those_with_an_open_stay(returns):
    spells = read_returns(returns)
    rates = rates_of(spells)
    assert rates.stock.sum() == ((spells.start <= spells.window[1]) & (spells.end >= spells.window[1])).sum()
    mean = rates.mean(365)
    assert mean.shape == (366, 20)
    assert np.all(mean >= 0)


def test_missed_goals_are_said_in_words():
    assert GOOD.missed() == []
    slow = replace(GOOD, cpu_ours=2.0, peak_mb_ours=200.0, mean_peer=1.25)
    assert [said.split(" ")[0] for said in slow.missed()] == ["cpu_ratio", "memory_ratio", "the"]
    assert replace(slow, episodes=1_000).missed() == ["the means differ: 1.2340 here, 1.2500 there"]


def test_an_interpreter_without_the_peer_is_said_in_a_sentence(tmp_path):
    with pytest.raises(CareshapeError, match=r"The benchmark of cs-demand-model stopped: .*cs_demand_model"):
        bench_forecast(tmp_path / "work", 60, 42, lambda text: None, python=sys.executable)


def test_a_peer_that_cannot_be_installed_is_said_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))  # no uv and no other Python
    monkeypatch.setattr(peer, "PACKAGE", "cs-demand-model @ file:///no/such/place")
    with pytest.raises(CareshapeError, match=r"could not be installed: .*--peer-python"):
        peer.peer_python(lambda text: None, tmp_path / "cache")
