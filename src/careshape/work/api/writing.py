"""What programs may do: bring files of records, post or discard them, take back lines, withdraw postings."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
import json
from typing import Any

from django.http import Http404, HttpRequest
from ninja import File, Form, Query, Router
from ninja.errors import HttpError
from ninja.files import UploadedFile

from careshape.errors import CallError
from careshape.jobs.views import told_of
from careshape.work import settle
from careshape.work.api.acts import doing
from careshape.work.api.replay import once
from careshape.work.api.shapes import Bringing, ImportOut, JobOut, Page, Paging, WithdrawalIn, paged
from careshape.work.bring import bring, withdraw
from careshape.work.capped import TOO_LARGE
from careshape.work.desk import desk_of
from careshape.work.intake.guard import LIMITS, MEGABYTE
from careshape.work.models import Import
from careshape.work.posting_views import posting_of
from careshape.work.reversing import REVERSE, begin, foreseen

router = Router(tags=["Imports"])


@router.get("/imports", response=Page[ImportOut], **doing("work.import"))
def imports(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The files that were brought, the latest first."""
    found = Import.objects.reached(desk_of(request).principal, "work.import").order_by("-pk")
    return paged(found, paging, shaped)


@router.post("/imports", response={201: ImportOut, 202: ImportOut}, **doing("work.import"))
@once
def bring_file(request: HttpRequest, file: File[UploadedFile], more: Form[Bringing]) -> Any:
    """Bring a file of records. It is checked, at once or in the background, and posted by another request."""
    if request.META.get(TOO_LARGE):
        raise HttpError(422, f"The file must be smaller than {LIMITS.size // MEGABYTE} MB. Bring it in parts.")
    found = bring(request.principal, file.name or "", file.chunks(), more.reader)
    return (202 if found.busy else 201), shaped(found)


@router.get("/imports/{int:pk}", response=ImportOut, **doing("work.import"))
def import_(request: HttpRequest, pk: int) -> Any:
    """One file, and how far it is."""
    return shaped(_one(request, pk))


@router.get("/imports/{int:pk}/report", response=dict, **doing("work.import"))
def report(request: HttpRequest, pk: int) -> Any:
    """The checking report of a file, without what cells say that could name somebody."""
    found = _one(request, pk)
    if not found.report:
        raise Http404("There is no report.")
    return json.loads(found.report)


@router.post("/imports/{int:pk}/post", response={200: ImportOut, 202: ImportOut}, **doing("work.import"))
@once
def post(request: HttpRequest, pk: int) -> Any:
    """Post a file that was checked to the ledger."""
    found = _settled(settle.post, request, pk)
    return (202 if found.busy else 200), shaped(found)


@router.post("/imports/{int:pk}/discard", response={200: ImportOut}, **doing("work.import"))
@once
def discard(request: HttpRequest, pk: int) -> Any:
    """Discard a file that was not posted."""
    return 200, shaped(_settled(settle.discard, request, pk))


@router.post("/withdrawals", response={201: ImportOut, 202: ImportOut}, **doing("work.withdraw"))
@once
def withdrawal(request: HttpRequest, asked: WithdrawalIn) -> Any:
    """Take back lines that were entered in error: checked now, and posted as any import."""
    found = withdraw(request.principal, asked.references)
    return (202 if found.busy else 201), shaped(found)


@router.post("/postings/{int:number}/withdraw", response={202: JobOut}, **doing(REVERSE))
@once
def reverse(request: HttpRequest, number: int) -> Any:
    """Withdraw a whole posting that was made by mistake, in the background. To undo it, bring its file again."""
    posting_of(desk_of(request), number)
    try:
        foreseen(request.principal, number)
        job = begin(request.principal, number)
    except CallError as error:
        raise HttpError(409, str(error)) from None
    return 202, told_of(job)


def shaped(one: Import) -> dict[str, Any]:
    """An import as the API gives it."""
    return {
        "id": one.pk, "file": one.file_name, "state": one.state, "stage": one.stage, "problem": one.problem,
        "rows": one.rows, "refused": one.refused, "posting": one.posting, "brought_at": one.brought_at.isoformat(),
    }  # fmt: skip


def _one(request: HttpRequest, pk: int) -> Import:
    found: Import = Import.objects.select_related("council").reach(request.principal, "work.import", pk=pk)
    return found


def _settled(how: Any, request: HttpRequest, pk: int) -> Import:
    try:
        found: Import = how(request.principal, _one(request, pk))
    except CallError as error:
        raise HttpError(409, str(error)) from None
    return found
