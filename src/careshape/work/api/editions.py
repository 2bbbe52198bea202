"""What programs may do about editions: have one prepared, read its report, agree, release or discard it."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Query, Router
from ninja.errors import HttpError

from careshape.editions import ruled
from careshape.editions.background import start_preparing
from careshape.editions.folders import REASONS, REPORT, kept, stands
from careshape.editions.models import Edition, State
from careshape.editions.settle import SupersededError, agree, discard, release, schedule
from careshape.editions.since import changed_since
from careshape.home import Home
from careshape.jobs.models import Job
from careshape.policy.fields import seen
from careshape.work.api.acts import doing
from careshape.work.api.edition_shapes import (
    AgreeEditionIn,
    EditionOut,
    EditionWholeOut,
    PreparingOut,
    ReleaseDayIn,
    ReleaseIn,
)
from careshape.work.api.given import as_things_stand
from careshape.work.api.people_shapes import DoneOut
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged
from careshape.work.desk import desk_of

SEE, PREPARE, AGREE, RELEASE, DISCARD = (f"editions.{one}" for one in ("see", "prepare", "agree", "release", "discard"))
ON_ITS_WAY = (State.PREPARED.value, State.AGREED.value)
OTHER = "Edition {} has another manifest than the one that you read. Read it again."
CHANGED = (
    "Something was changed since edition {} was prepared that you do not say you know. Read the edition: `since` says "
    "what, and its digest, sent as `aware`, that you know."
)
router = Router(tags=["Editions"])


@router.get("/editions", response=Page[EditionOut], **doing(SEE))
def editions(request: HttpRequest, paging: Query[Paging], state: Annotated[str, Field(max_length=20)] = "") -> Any:
    """The council's editions, the latest first; with a `state` those that are in it."""
    rows = Edition.objects.reached(desk_of(request).principal, SEE)
    found = rows.select_related("prepared_by", "agreed_by").order_by("-number")
    return paged(found.filter(state=state) if state else found, paging, lambda one: _edition(request, one))


@router.post("/editions", response={202: PreparingOut}, **doing(PREPARE))
@once
def prepare_edition(request: HttpRequest) -> Any:
    """Have the next edition prepared in the background, as the records and the text are now."""
    job = start_preparing(request.principal)
    own = Job.objects.reached(request.principal, "jobs.read").filter(pk=job.pk).exists()
    return 202, {"number": job.arguments["number"], "job": job.pk if own else None}


@router.get("/editions/{int:number}", response=EditionWholeOut, **doing(SEE))
def edition(request: HttpRequest, number: int) -> Any:
    """One edition, with the report of the gate, and what changed since it was prepared."""
    row, home = _one(request, SEE, number), Home(settings.CARESHAPE_DIR)
    since = changed_since(home, row) if row.state in ON_ITS_WAY else None
    told = {"digest": since.digest, "files": since.names, "postings": since.postings} if since is not None else None
    return {
        **_edition(request, row), "manifest": row.manifest, "there": stands(home, row.council, number), "since": told,
        "rules": [asdict(one) | {"stops": one.stops} for one in ruled.findings(row)] if row.state in ON_ITS_WAY else [],
        "report": kept(home, row.council, number, REPORT), "reasons": kept(home, row.council, number, REASONS),
    }  # fmt: skip


@router.post("/editions/{int:number}/agree", response=DoneOut, **doing(AGREE))
@once
def agree_edition(request: HttpRequest, number: int, asked: AgreeEditionIn) -> Any:
    """Agree what a colleague prepared and you have read. Nobody agrees what they prepared themselves."""
    row = _one(request, AGREE, number)
    if asked.manifest != row.manifest:
        raise HttpError(409, OTHER.format(number))
    with _told(number):
        agree(request.principal, row, asked.aware)
    return 200, {"id": number, "done": "agreed"}


@router.post("/editions/{int:number}/release", response=DoneOut, **doing(RELEASE))
@once
def release_edition(request: HttpRequest, number: int, asked: ReleaseIn) -> Any:
    """Release an agreed edition to everybody, for good."""
    row = _one(request, RELEASE, number)
    with _told(number):
        if asked.facts:
            ruled.say(request.principal, row, asked.facts)
        release(request.principal, row, asked.aware)
    return 200, {"id": number, "done": "released"}


@router.post("/editions/{int:number}/schedule", response=DoneOut, **doing(RELEASE))
@once
def schedule_edition(request: HttpRequest, number: int, asked: ReleaseDayIn) -> Any:
    """Set the day on which an agreed edition is released by itself, or take it away."""
    row = _one(request, RELEASE, number)
    with _told(number):
        if asked.facts:
            ruled.say(request.principal, row, asked.facts)
        schedule(request.principal, row, asked.on, asked.aware)
    return 200, {"id": number, "done": "scheduled" if asked.on else "unscheduled"}


@router.post("/editions/{int:number}/discard", response=DoneOut, **doing(DISCARD))
@once
def discard_edition(request: HttpRequest, number: int) -> Any:
    """Discard an edition that is not released. Its number is not used again."""
    row = _one(request, DISCARD, number)
    with as_things_stand():
        discard(request.principal, row)
    return 200, {"id": number, "done": "discarded"}


@contextmanager
def _told(number: int) -> Iterator[None]:
    """Answer with 409 what cannot be done as things stand; of what changed since, where it is read."""
    with as_things_stand():
        try:
            yield
        except SupersededError:
            raise HttpError(409, CHANGED.format(number)) from None


def _one(request: HttpRequest, act: str, number: int) -> Edition:
    found = Edition.objects.select_related("prepared_by", "agreed_by")
    row: Edition = found.reach(request.principal, act, council=request.principal.council, number=number)
    return row


def _edition(request: HttpRequest, row: Edition) -> dict[str, Any]:
    values = {
        "number": row.number, "state": row.state, "known_on": row.known_on, "prepared": row.prepared_at,
        "by": row.prepared_by.name if row.prepared_by else "", "agreed": row.agreed_by.name if row.agreed_by else "",
        "released": row.released_at,
    }  # fmt: skip
    shown = seen(request.principal, SEE, "edition", values)
    return {**shown, "posting": row.posting, "release_on": row.release_on}
