"""What waits of editions: to be agreed by a second person, to be released, to be mended or prepared anew."""

from __future__ import annotations

from typing import Any, Final

from careshape.editions.background import PREPARE
from careshape.editions.models import Edition, State
from careshape.jobs.models import ENDED, Job
from careshape.jobs.models import State as JobState
from careshape.policy import Principal
from careshape.statement.formatting import day
from careshape.work.desk import Desk
from careshape.work.found import Found
from careshape.work.job_views import told

HOME: Final = "/work/editions/"


def editions_to_agree(desk: Desk) -> Found:
    """Editions that another person prepared and nobody agreed yet."""
    rows = Edition.objects.reached(desk.principal, "editions.agree").filter(state=State.PREPARED.value)
    return _found([one for one in rows.order_by("number") if one.prepared_by_id != desk.principal.account])


def editions_to_release(desk: Desk) -> Found:
    """Agreed editions for which no day is set, which are released by nobody's doing nothing."""
    rows = Edition.objects.reached(desk.principal, "editions.release")
    return _found(list(rows.filter(state=State.AGREED.value, release_on__isnull=True).order_by("number")))


def editions_stopped(desk: Desk) -> Found:
    """The latest edition, where the gate refused it; the latest attempt at one, where it did not come to an end."""
    last = Edition.objects.reached(desk.principal, "editions.prepare").order_by("-number").first()
    tried = Job.objects.filter(council=desk.principal.council, kind=PREPARE).order_by("-pk").first()
    stopped = tried is not None and tried.state in (JobState.FAILED.value, JobState.GIVEN_UP.value)
    unmade = stopped and (last is None or tried.arguments["number"] > last.number)
    if tried is not None and unmade and Job.objects.reached(desk.principal, "jobs.read").filter(pk=tried.pk).exists():
        return Found(1, tried.fault, f"/work/jobs/{tried.pk}/")
    if last is not None and last.state == State.REFUSED.value:
        return Found(1, f"The gate refused edition {last.number}.", f"{HOME}{last.number}/")
    return Found(0)


def prepared_now(principal: Principal) -> list[dict[str, Any]]:
    """The editions that are being prepared: number, how far it is, and where more is said to who may read that."""
    rows = Job.objects.filter(council=principal.council, kind=PREPARE).exclude(state__in=ENDED).order_by("pk")
    mine = set(Job.objects.reached(principal, "jobs.read").filter(kind=PREPARE).values_list("pk", flat=True))
    return [
        {"number": one.arguments["number"], "far": told(one), "href": f"/work/jobs/{one.pk}/" if one.pk in mine else ""}
        for one in rows
    ]


def _found(rows: list[Edition]) -> Found:
    said = "; ".join(f"edition {one.number}, figures as known on {day(one.known_on)}" for one in rows)
    return Found(len(rows), said and f"{said[0].upper()}{said[1:]}.", f"{HOME}{rows[0].number}/" if rows else "")
