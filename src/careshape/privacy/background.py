"""The rules of keeping, carried out every day in the background."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from careshape.jobs.kinds import Lane, kind
from careshape.jobs.work import Work
from careshape.privacy.erase import scrub
from careshape.privacy.retain import retain


@kind("privacy.retain", title="Let go what is kept long enough", attempts=3, lane=Lane.OWN)
def let_go(work: Work) -> dict[str, Any]:
    """Let everything go that is due; a second run finds what a killed one left."""
    found = retain()
    if any(one.rows for one in found):
        transaction.on_commit(scrub)  # the database's files hold nothing of what went
    return {"rows": sum(one.rows for one in found), "held": sum(one.held for one in found)}
