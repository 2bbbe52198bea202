"""Kills at random moments of edits, pages that are agreed, background work and imports, over both databases: what was
acknowledged is there, and nothing is half done.
"""

from __future__ import annotations

import json
import os
from collections import Counter

import pytest

from tests.installation import Installation

RIG = "import runpy; runpy.run_module('tests.site.crash_rig', run_name='__main__')"
KILLS = int(os.environ.get("CARESHAPE_TEST_KILLS", "100"))
"""Kills over each database: 200 in all; `./soak` makes more."""
UNSAFE_KILLS, UNSAFE_RUNS = 30, 3
"""Kills of the control, and how often it may be run: a busy machine may let a whole run miss."""


def run_rig(place: Installation, kills: int, variant: str, more: int = 0) -> dict:
    seed = int(os.environ.get("CARESHAPE_TEST_SEED", "2026")) + more
    run = place.start(RIG, place.data, kills, seed, variant)
    assert run.wait(3600) == 0, run.err.read_text()
    return json.loads(run.out.read_text().splitlines()[-1])


def test_kills_lose_nothing_and_leave_nothing_half_done(installation, promise):
    found = run_rig(installation, KILLS, "safe")
    total = sum((Counter(part) for part in found["found"].values()), Counter())
    assert total["kills"] == KILLS
    assert found["broken"] == [], "every chain of the audit log is whole"
    assert (total["lost"], total["half"], total["untold"]) == (0, 0, 0), found
    assert total["taken over"] > 0, "no kill met a job under way: the rig shows nothing"
    halves: Counter[str] = Counter()
    for more in range(UNSAFE_RUNS):
        control = run_rig(installation, UNSAFE_KILLS, "unsafe", more)["found"]
        halves.update({name: part.get("half", 0) for name, part in control.items()})
        if min(halves.values()) > 0:
            break
    assert min(halves.values()) > 0, halves
    promise(
        f"R3 crash on {installation.vendor}",
        f"{total['kills']} kills over edits, pages that are agreed, background work and imports: "
        f"{total['acknowledged']:,} acknowledged, "
        f"0 lost, 0 half done, every chain whole; control without transactions: {sum(halves.values())} half done",
    )


@pytest.fixture(autouse=True)
def incoming(installation: Installation) -> None:
    """The folder of the files that are imported."""
    installation.data.mkdir(exist_ok=True)
