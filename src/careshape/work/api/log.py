"""What programs may do about the audit log: read it, and verify that it is whole."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
import json
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router

from careshape.accounts.models import Account
from careshape.audit.change import reading
from careshape.audit.models import Event
from careshape.audit.verify import verify_and_tell
from careshape.policy import policy
from careshape.policy.fields import all_seen
from careshape.work.api.acts import doing
from careshape.work.api.records_shapes import EventOut, VerdictOut
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging
from careshape.work.audit_views import said_of_ledger, told_reading, who_of
from careshape.work.desk import desk_of
from careshape.work.naming import names_of

READ, VERIFY = "audit.read", "audit.verify"
Filter = Annotated[str, Field(max_length=60)]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
router = Router(tags=["Audit log"])


@router.get("/audit/events", response=Page[EventOut], **doing(READ))
@reading
def events(
    request: HttpRequest, paging: Query[Paging], act: Filter = "", outcome: Filter = "", last: Number | None = None
) -> Any:
    """The log, the latest first; with an `act` or `outcome` what has it. That you read it is told in it.

    Ask for further pages with the number of the first event of the first page as `last`: what is done meanwhile then
    moves nothing.
    """
    principal = desk_of(request).principal
    found = Event.objects.reached(principal, READ).order_by("-number")
    for name, value in (("act", act), ("outcome", outcome), ("number__lte", last)):
        found = found.filter(**{name: value}) if value else found
    total, rows = found.count(), list(found[paging.offset : paging.offset + paging.limit])
    told_reading(request, len(rows))
    return {"items": _told(principal, rows), "total": total, "limit": paging.limit, "offset": paging.offset}


@router.post("/audit/verify", response=VerdictOut, **doing(VERIFY))
@once
def verify_log(request: HttpRequest) -> Any:
    """Verify that the log is whole, event by event, and that it and the ledger tell the same of each other; told in the
    log.
    """
    had, verdict = verify_and_tell(request.principal)
    return 200, {
        "whole": verdict.whole or not had, "events": verdict.events, "head": verdict.number, "digest": verdict.head,
        "wrong": verdict.wrong if had else "", "ledger": said_of_ledger(request),
    }  # fmt: skip


def _told(principal: Any, rows: list[Event]) -> list[dict[str, Any]]:
    people = dict(Account.objects.filter(pk__in={one.account for one in rows}).values_list("pk", "name"))
    names, acts = names_of(principal, (one.object for one in rows)), policy().acts
    values = [
        {
            "number": one.number, "at": one.at, "who": who_of(one, people), "role": one.role, "act": one.act,
            "title": acts[one.act].title if one.act in acts else one.act, "outcome": one.outcome,
            "row": names[one.object][0], "object": one.object, "detail": json.loads(one.detail), "digest": one.digest,
        }
        for one in rows
    ]  # fmt: skip
    return list(all_seen(principal, READ, "event", values))
