"""What programs may do about what is held of somebody: collect it, and place, see and lift legal holds."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from careshape.accounts.models import Account
from careshape.audit.change import reading, tell
from careshape.policy.fields import seen
from careshape.privacy.access import collect
from careshape.privacy.hold import ACT as HOLD
from careshape.privacy.hold import lift, place_for
from careshape.privacy.models import LegalHold
from careshape.work.api.acts import doing
from careshape.work.api.given import as_things_stand
from careshape.work.api.people_shapes import DoneOut
from careshape.work.api.records_shapes import HoldIn, HoldOut, WhoseIn
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged
from careshape.work.desk import desk_of
from careshape.work.privacy_views import as_file, ledger_of

ACCESS = "privacy.access"
ZIP = {"description": "A ZIP with an index to read, and each part as CSV and JSON.",
       "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}  # fmt: skip
router = Router(tags=["Privacy"])


@router.post("/privacy/access", response={200: None}, **doing(ACCESS, {200: ZIP}))
def access(request: HttpRequest, asked: WhoseIn) -> HttpResponse:
    """Collect what is held about somebody who asks for it, as one file.

    It changes nothing and is not kept to be answered again; that it was collected is told in the log.
    """
    return as_file(collect(request.principal, ledger_of(desk_of(request)), asked.email.strip(), asked.person.strip()))


@router.get("/privacy/holds", response=Page[HoldOut], **doing(HOLD))
@reading
def holds(request: HttpRequest, paging: Query[Paging], lifted: bool = False) -> Any:
    """The legal holds of the council, the latest first; with those that were lifted where that is asked."""
    rows = LegalHold.objects.reached(desk_of(request).principal, HOLD).order_by("-pk")
    found = rows if lifted else rows.filter(lifted_at__isnull=True)
    keys = {one.placed_by for one in found} | {int(one.reference) for one in found if one.what == "account"}
    names = dict(Account.objects.filter(pk__in=keys).values_list("pk", "name"))
    page = paged(found, paging, lambda one: _hold(request, one, names))
    tell(request.principal, HOLD, "privacy.legalhold", rows=len(page["items"]))
    return page


@router.post("/privacy/holds", response={201: DoneOut}, **doing(HOLD))
@once
def place_hold(request: HttpRequest, asked: HoldIn) -> Any:
    """Hold an account, a person of the records, or with neither all that the council has: nothing of it goes."""
    whose = {"email": asked.email.strip(), "person": asked.person.strip()}
    with as_things_stand():
        made = place_for(request.principal, ledger_of(desk_of(request)), asked.why, asked.until, **whose)
    return 201, {"id": made.pk, "done": "placed"}


@router.post("/privacy/holds/{int:pk}/lift", response=DoneOut, **doing(HOLD))
@once
def lift_hold(request: HttpRequest, pk: int) -> Any:
    """Lift a hold: what it covered may go from now on."""
    with as_things_stand():
        lift(LegalHold.objects.reach(request.principal, HOLD, pk=pk), request.principal)
    return 200, {"id": pk, "done": "lifted"}


def _hold(request: HttpRequest, row: LegalHold, names: dict[int, str]) -> dict[str, Any]:
    values = {
        "id": row.pk, "what": row.what, "why": row.why, "placed": row.placed_at, "until": row.until,
        "who": names.get(int(row.reference), "") if row.what == "account" else "", "lifted": row.lifted_at,
        "by": names.get(row.placed_by or 0, "The command line"),
    }  # fmt: skip
    return seen(request.principal, HOLD, "hold", values)
