"""What is done for requests and packages in the background."""

from __future__ import annotations

from careshape.jobs.kinds import Lane, kind
from careshape.jobs.work import Work
from careshape.source.handover import HAND_OVER, hand_over, try_again
from careshape.source.notices import WRITE, write_to_providers


@kind(HAND_OVER, title="Hand lines of packages over to the records", limit=600, lane=Lane.QUICK)
def hand_lines_over(work: Work) -> dict[str, int]:
    """Hand over what waits; once a day also what was refused before, and what a run that failed left."""
    if "day" in work.arguments:  # as a schedule starts it
        try_again(work.council)
    return {"rows": hand_over(work.council)}


@kind(WRITE, title="Write to providers about a request for care", lane=Lane.QUICK)
def write(work: Work) -> dict[str, int]:
    """Write to who was asked."""
    return {"written": write_to_providers(work.council, int(work.arguments["request"]))}
