"""Many people at once, for a few seconds; ``careshape bench load`` does it at length and on a large ledger."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from careshape.bench.load import Load, percentile
from tests import warm
from tests.bench.load_rig import FOUND, GO, LINES, LONG, READERS, READY, SECONDS, SHORT, USERS
from tests.installation import until


@pytest.fixture(scope="module")
def rig(work: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[warm.Begun, Path]]:
    """An installation that waits to be put under load, and the folder by which it is told to go."""
    folder = tmp_path_factory.mktemp("load")
    (folder / f"lines-{LINES}").symlink_to(work)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CARESHAPE_", "DJANGO_"))}
    script = "import sys; from tests.bench.load_rig import main; main(sys.argv[1])"
    seen = kept | {"CARESHAPE_SECRET_KEY": "for tests only: this secret keeps nothing that matters"}
    seen |= {name: value for name, value in os.environ.items() if name == LONG}
    with warm.running(script, folder, env=seen, grace=90) as begun:
        yield begun, folder


def test_an_installation_is_made_and_counts_its_figures_before_anybody_comes(rig):
    """Here, where others may run beside it: the next test has the machine to itself."""
    begun, folder = rig
    assert until(lambda: (folder / READY).exists() or not begun.alive, 600)
    assert begun.alive, begun.said


@pytest.mark.alone
def test_fifty_users_and_fifty_readers_are_served_and_a_slow_or_forgetful_server_is_noticed(rig, promise):
    begun, folder = rig
    (folder / GO).touch()
    assert until(lambda: not begun.alive, 900 + 8 * SECONDS), begun.said
    assert (folder / FOUND).exists(), begun.said
    found = json.loads((folder / FOUND).read_text("utf-8"))
    honest, public, slow, forgets = (found[fault] for fault in ("none", "none, of readers", "slow", "forgets"))
    assert (honest["users"], public["readers"]) == (USERS, READERS)
    assert honest["reads"] > USERS
    assert public["public_reads"] > READERS
    for one in (honest, public):
        assert one["said"] == [], one
        assert one["errors"] == one["lost_writes"] == one["burst_impolite"] == 0
        assert set(one["burst"]) <= {"200", "302", "429", "503"}
        assert sum(one["burst"].values()) == 200
    # The controls, with one user in each role for a few seconds.
    assert any(words.startswith("95 of 100 reads took") for words in slow["said"]), slow
    assert slow["lost_writes"] == 0
    assert forgets["lost_writes"] > SHORT
    assert any("lost writes" in words for words in forgets["said"]), forgets
    promise(
        "R12 load",
        f"{USERS} users: p95 read {honest['p95_read_ms']:.0f} ms (goal 300), write {honest['p95_write_ms']:.0f} ms "
        f"(goal 600); {READERS} readers: p95 {public['p95_public_ms']:.0f} ms (goal 300); 0 errors, 0 of "
        f"{honest['acknowledged_writes']} writes lost, {honest['burst'].get('503', 0)} of a burst of 200 asked to come "
        f"again; controls: a slow server and {forgets['lost_writes']} lost writes noticed",
    )


def test_figures_stand_under_the_names_that_others_rely_on():
    found = Load(50, 90.0).as_json()
    assert {"p95_read_ms", "p95_write_ms", "errors", "p95_public_ms", "asked_to_wait_at_sign_in"} <= set(found)


def test_run_in_which_nobody_did_anything_fails():
    assert Load(1, 1.0).failed() == ["1 runs in which no user wrote anything; the goal is none"]
    assert Load(0, 1.0, readers=1).failed() == ["1 runs in which no reader read anything; the goal is none"]


def test_percentile_is_the_value_that_so_many_do_not_exceed():
    assert [percentile(range(1, 101), percent) for percent in (50, 95, 100)] == [50, 95, 100]
    assert percentile([7.0], 95) == 7.0
    assert percentile([], 95) == 0.0
