"""What programs may do about several councils: read them side by side, bring another's statement, withdraw it."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, File, Query, Router
from ninja.errors import HttpError
from ninja.files import UploadedFile

from careshape.policy.fields import seen
from careshape.reuse.beside import beside
from careshape.reuse.bring import ACT as BRING
from careshape.reuse.bring import LARGEST, REGIONAL, bring, withdraw
from careshape.reuse.models import Brought
from careshape.reuse.regional_views import as_line, sources_of
from careshape.work.api.acts import doing
from careshape.work.api.given import as_things_stand, as_written
from careshape.work.api.people_shapes import DoneOut
from careshape.work.api.records_shapes import BesideOut, BroughtOut
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, number, paged
from careshape.work.capped import TOO_LARGE
from careshape.work.desk import desk_of

Filter = Annotated[str, Field(max_length=100)]
router = Router(tags=["Other councils"])


@router.get("/regional", response=Page[BesideOut], **doing(REGIONAL))
def side_by_side(
    request: HttpRequest, paging: Query[Paging], service: Filter = "", topic: Filter = "", council: Filter = ""
) -> Any:
    """Councils side by side, from released editions and from statements that were brought: a row a council and figure.

    With a `service`, a `topic` (need, supply, gap, price, quality, intentions) or the ONS code of a `council` what is
    of it.
    """
    found = [
        line for row in beside(sources_of(request)) for cell in row.cells.values()
        for line in (as_line(row, one) for one in cell)
        if (not service or service in row.services) and (not topic or row.topic == topic)
        and council in ("", line["council_code"])
    ]  # fmt: skip
    return paged(found, paging, lambda one: {**one, "value": number(one["value"])})


@router.get("/regional/statements", response=Page[BroughtOut], **doing(BRING))
def statements_brought(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The statements of other councils that the council brought, the latest first, with those withdrawn."""
    rows = Brought.objects.reached(desk_of(request).principal, BRING).defer("statement").order_by("-added_at", "-pk")
    return paged(rows, paging, lambda one: _brought(request, one))


@router.post("/regional/statements", response={201: DoneOut}, **doing(BRING))
@once
def bring_statement(request: HttpRequest, file: File[UploadedFile]) -> Any:
    """Bring another council's statement in the open form. It is checked whole, and refused with every fault of it."""
    if request.META.get(TOO_LARGE) or (file.size or 0) > LARGEST:
        raise HttpError(422, f"The file is larger than {LARGEST // 1_000_000} MB.")
    with as_written():
        row = bring(request.principal, file.name or "statement", file.read())
    return 201, {"id": row.pk, "done": "brought"}


@router.post("/regional/statements/{int:pk}/withdraw", response=DoneOut, **doing(BRING))
@once
def withdraw_statement(request: HttpRequest, pk: int) -> Any:
    """Take a statement away from beside the others. Brought again, it stands again."""
    with as_things_stand():
        withdraw(request.principal, Brought.objects.reach(request.principal, BRING, pk=pk))
    return 200, {"id": pk, "done": "withdrawn"}


def _brought(request: HttpRequest, row: Brought) -> dict[str, Any]:
    values = {
        "name": row.name, "code": row.code, "edition": row.edition, "known_on": row.known_on,
        "state": "withdrawn" if row.withdrawn_at else "stands", "added": row.added_at, "file": row.file_name,
        "checksum": row.checksum,
    }  # fmt: skip
    return {"id": row.pk, **seen(request.principal, BRING, "brought", values)}
