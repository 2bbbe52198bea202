"""The clock of a release: each step's seconds add up, and a slow or refused release is told."""

from __future__ import annotations

import json

from careshape.bench.release import NAMES, Released, Stopwatch, failed, missed, timed_release
from careshape.cli import main
from careshape.editions.prepare import STEPS
from tests.statement.sample import make_sample


def test_stopwatch_adds_up_each_step_as_it_is_told():
    watch = Stopwatch()
    for words in ("counting", "drawing pages: 0 of 9", "drawing pages: 5 of 9", "a step of others"):
        watch.say(0, 1, words)
    watch.end()
    assert list(watch.wall) == ["counting", "pages", "a step of others"]


def test_every_step_of_a_release_has_its_figure():
    assert set(NAMES) == set(STEPS)


def released(seconds: float, safe: bool = True) -> Released:
    return Released("example", {"counting": seconds}, {"counting": seconds}, 1, 1, safe)


def test_goal_is_a_minute_and_fails_beyond_three():
    assert missed([released(59)]) == []
    assert len(missed([released(61)])) == 1
    assert failed([released(61)]) == []
    assert len(failed([released(181)])) == 1
    assert "refused" in failed([released(1, safe=False)])[0]


def test_release_of_a_council_is_timed_by_step(tmp_path, capsys):
    data = make_sample(tmp_path)
    code = main(["--dir", str(data), "bench", "release", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert found["seconds"]["total"] > found["seconds"]["counting"] > 0
    assert found["seconds"]["data"] > 0
    assert found["councils"]["worcestershire"]["files"] > 10
    assert not (data / "councils" / "worcestershire" / "editions").exists(), "nothing is kept of it"


def test_timed_release_closes_its_last_step():
    found = timed_release("example", lambda say: say(0, 1, "counting") or (1, 2, True))
    assert (found.figures, found.files, found.safe) == (1, 2, True)
    assert found.as_json()["seconds"]["counting"] >= 0
