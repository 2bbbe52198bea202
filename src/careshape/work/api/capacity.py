"""What programs may do about capacity: return it, read what is free, and what lies beyond a line."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
import json
import tempfile
from pathlib import Path
from typing import Annotated, Any, cast

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router
from ninja.errors import HttpError

from careshape.ledger.posting import uk_day
from careshape.market.capacity.fields import PARTS, Kind
from careshape.market.capacity.occupancy import capacity_by
from careshape.providers.alerts import ACT as ALERTS
from careshape.providers.capacity.bring import bring, faults_of
from careshape.providers.capacity.send import ACT as SEND
from careshape.providers.capacity.standing import RETURNS, SEE, market_lines, newest_row, returns_of, standing
from careshape.providers.models import Location, Return
from careshape.work.api.acts import doing
from careshape.work.api.capacity_shapes import AlertOut, CapacityOut, ReturnBroughtOut, ReturnedOut, ReturnsIn
from careshape.work.api.given import as_written
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, number, paged
from careshape.work.care.alert_views import figures_of, raised
from careshape.work.care.capacity_views import BY, said

router = Router(tags=["Capacity"])
Words = Annotated[str, Field(max_length=40)]
NAME = "returns.json"


@router.post("/capacity/returns", response={201: ReturnBroughtOut}, **doing(SEND))
@once
def send_returns(request: HttpRequest, asked: ReturnsIn) -> Any:
    """Return how much care locations of your own could begin. What is good counts at once; of the rest nothing does."""
    rows = [one.model_dump(exclude_none=True) for one in asked.returns]
    with tempfile.TemporaryDirectory() as scratch, as_written():
        path = Path(scratch) / NAME
        path.write_text(json.dumps(rows), "utf-8")
        made = bring(request.principal, path, NAME, "api")
    return 201, {"id": made.pk, "lines": made.lines, "refused": made.refused, "faults": faults_of(made)}


@router.get("/capacity/{what}", response=Page[CapacityOut], **doing(SEE))
def capacity(request: HttpRequest, what: str, paging: Query[Paging], by: Words = "") -> Any:
    """What is in use and what is free: of `beds`, `hours` or `staff`, in parts `by` district, zone, type and others."""
    kind = _kind(what)
    if by and by not in BY[kind]:
        raise HttpError(422, f"by: Choose one of {', '.join(BY[kind])}.")
    split = by or BY[kind][0]
    found = standing(request.principal, SEE, kind)
    rows = capacity_by(found.lines, kind, uk_day(timezone.now()), [split], found.places) if found.lines else []

    def shaped(row: dict[str, Any]) -> dict[str, Any]:
        figures = {name: number(value) for name, value in row.items() if name != split}
        return {"part": row[split], "label": said(split, row[split], found.places), "figures": figures}

    return paged(rows, paging, shaped)


@router.get("/capacity/locations/{int:pk}/{what}", response=Page[ReturnedOut], **doing(RETURNS))
def returned(request: HttpRequest, pk: int, what: str, paging: Query[Paging]) -> Any:
    """What a location returned, the latest first."""
    location = Location.objects.reach(request.principal, RETURNS, pk=pk)
    kind = _kind(what)
    newest = newest_row(location, kind)
    rows = returns_of(location, kind).prefetch_related("lines").order_by("-day", "-sent_at")
    lines = [(one, line) for one in rows for line in market_lines(one, "")]
    counts = newest.given_id if newest is not None else None
    return paged(lines, paging, lambda pair: _returned(pair[0], pair[1], counts))


@router.get("/alerts", response=Page[AlertOut], **doing(ALERTS))
def alerts(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The figures of the market that lie beyond a line, those to act on first."""
    today = uk_day(timezone.now())
    found = raised(request.principal, figures_of(request.principal, today), today)
    return paged(found, paging, lambda one: {name: number(value) for name, value in one.as_row().items()})


def _kind(what: str) -> Kind:
    if what not in PARTS:
        raise Http404("There is no such return. There are beds, hours and staff.")
    return cast("Kind", what)


def _returned(given: Return, line: Any, newest: int | None) -> dict[str, Any]:
    return {
        "day": given.day, "sent": given.sent_at, "way": given.way, "part": list(line.part),
        "figures": {name: number(value) for name, value in line.figures.items()}, "closed_reason": line.closed_reason,
        "counts": given.pk == newest,
    }  # fmt: skip
