"""Kills at random moments of edits, pages that are agreed, editions that are released, care that is arranged,
background work and imports, over both databases: what was acknowledged is there, and nothing is half done.
"""

from __future__ import annotations

import json
import os
from collections import Counter

import pytest

from tests.installation import Installation

RIG = "import runpy; runpy.run_module('tests.site.crash_rig', run_name='__main__')"
KILLS = int(os.environ.get("CARESHAPE_TEST_KILLS", "100"))
"""Kills over each database of those who arrange care: 200 in all; as many over all other work. `./soak` makes more."""
UNSAFE_KILLS, UNSAFE_RUNS = 30, 5
"""Kills of the control, and how often it may be run: a busy machine may let a whole run miss."""


def run_rig(places: list[Installation], kills: int, variant: str, more: int = 0) -> list[dict]:
    """Run the rig over every database at once: it waits for most of its time."""
    seed = int(os.environ.get("CARESHAPE_TEST_SEED", "2026")) + more
    runs = [place.start(RIG, place.data, kills, seed, variant) for place in places]
    for run in runs:
        assert run.wait(3600) == 0, run.err.read_text()
    return [json.loads(run.out.read_text().splitlines()[-1]) for run in runs]


@pytest.mark.postgres
def test_kills_lose_nothing_and_leave_nothing_half_done(installations, promise):
    safe = run_rig(installations, KILLS, "safe")
    for found in safe:
        total = whole(found)
        assert total["kills"] == 2 * KILLS
        assert found["broken"] == [], "every chain of the audit log is whole"
        assert (total["lost"], total["half"], total["untold"], total["stuck"]) == (0, 0, 0, 0), found
        assert total["taken over"] > 0, "no kill met a job under way: the rig shows nothing"
    halves: list[Counter[str]] = [Counter() for _ in installations]
    for more in range(UNSAFE_RUNS):
        left = [number for number, half in enumerate(halves) if not half or min(half.values()) == 0]
        for number, control in zip(
            left, run_rig([installations[n] for n in left], UNSAFE_KILLS, "unsafe", more), strict=True
        ):
            halves[number].update({name: part.get("half", 0) for name, part in control["found"].items()})
    for place, found, half in zip(installations, safe, halves, strict=True):
        assert min(half.values()) > 0, (place.vendor, half)
        total = whole(found)
        promise(
            f"R3 crash on {place.vendor}",
            f"{total['kills']} kills over edits, pages that are agreed, editions that are prepared, agreed, released, "
            f"told, commented on and answered, awards, suspensions, changes, uplifts and payments of care, "
            f"background work and imports: "
            f"{total['acknowledged']:,} acknowledged, "
            f"0 lost, 0 half done, every chain whole; control without transactions: {sum(half.values())} half done",
        )


def whole(found: dict) -> Counter[str]:
    """What was found in all kinds of work together."""
    return sum((Counter(part) for part in found["found"].values()), Counter())
