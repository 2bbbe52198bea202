"""Background work on a council that is not as it was: what is to come is worked out anew, then all is printed anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.conf import settings

from careshape.audit.change import SYSTEM
from careshape.errors import CareshapeError
from careshape.jobs import clock
from careshape.jobs.enqueue import enqueue
from careshape.jobs.kinds import Lane, kind
from careshape.jobs.models import ENDED, Job, State
from careshape.jobs.watch import watch
from careshape.jobs.work import Work
from careshape.statement.council import council_slugs, open_council
from careshape.statement.outlook import store
from careshape.statement.outlook.work_out import look_ahead
from careshape.statement.print import kept

LOOK_AHEAD: Final = "statement.outlook"
PRINT: Final = "statement.print"
AGAIN: Final = timedelta(hours=1)
"""After a failure it is tried again so much later, by itself: what it failed at may have been put right."""


@kind(LOOK_AHEAD, title="Work out what is to come", attempts=3, lane=Lane.OWN)
def work_out(work: Work) -> dict[str, Any]:
    """Work out what is to come for a council as it is now, unless that is kept already."""
    council = open_council(settings.CARESHAPE_DIR, work.council)
    if council is None:
        raise CareshapeError(f"There is no council '{work.council}' here.")
    found = look_ahead(council, work.progress)
    return {"known": found.known, "segments": len(found.segments), "pages": len(found.reports)}


@kind(PRINT, title="Print the statement", attempts=3, lane=Lane.OWN)
def print_statements(work: Work) -> dict[str, Any]:
    """Print every form of a council's statements as they are now."""
    return {"files": len(kept.keep_all(settings.CARESHAPE_DIR, work.council, work.progress))}


@watch
def look() -> None:
    """Start it for every council of which what is kept is of another state: a posting landed, figures were loaded, a
    file of the council's own or careshape itself changed; for print also the text, and the day.
    """
    data = settings.CARESHAPE_DIR
    for slug in council_slugs(data):
        key = store.state_key(data, slug)
        if not store.there(data, slug, key):
            ask(slug, key)
            continue
        printing = kept.print_key(data, slug)  # not before what is to come is known, which it quotes
        if not kept.there(data, slug, printing):
            ask(slug, printing, PRINT)


def ask(slug: str, key: str, what: str = LOOK_AHEAD) -> None:
    """Have a state worked out, or printed, unless that is under way, or failed a short time ago."""
    ours = Job.objects.filter(council=slug, kind=what)
    if ours.exclude(state__in=ENDED).exists():
        return
    earlier = ours.filter(key__startswith=f"{what}:{key}")
    last = earlier.order_by("-pk").first()
    if last and last.state != State.DONE and last.ended_at and last.ended_at > clock.now() - AGAIN:
        return
    enqueue(SYSTEM, what, {}, council=slug, key=f"{what}:{key}:{earlier.count()}")


def standing(slug: str) -> str:
    """How far the latest work on a council is, as a word of `State`; empty where none was started."""
    last = Job.objects.filter(council=slug, kind=LOOK_AHEAD).order_by("-pk").first()
    return str(last.state) if last else ""
