"""Letting go as background work, once a day."""

from __future__ import annotations

from typing import Any, Final

from careshape.jobs.kinds import kind
from careshape.jobs.work import Work
from careshape.privacy.retain import retain

RETAIN: Final = "privacy.retain"


@kind(RETAIN, act="privacy.erase", title="Let go of what was kept long enough")
def let_go(work: Work) -> dict[str, Any]:
    """Let go of what is due. Doing it again finds nothing more that is due."""
    return {one.table: {"rows": one.rows, "held": one.held} for one in retain()}
