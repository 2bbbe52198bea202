"""Pages on which a provider sends its returns as a file, and reads what was wrong in it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.times import moment
from careshape.errors import CareshapeError
from careshape.market.faults import COLUMNS as FAULTS
from careshape.policy import Principal
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.providers.capacity.bring import bring, faults_of
from careshape.providers.capacity.send import ACT
from careshape.providers.capacity.standing import RETURNS
from careshape.providers.models import Brought
from careshape.statement.in_browser import in_browser
from careshape.work.desk import desk_of
from careshape.work.intake.guard import MEGABYTE, Limits, inspect
from careshape.work.keep import file_name
from careshape.work.pages import notify, page

HOME: Final = "/work/returns/"
FILES: Final = f"{HOME}files/"
LIMITS: Final = Limits(size=4 * MEGABYTE, columns=100, unpacked=40 * MEGABYTE, cells=300_000)
"""What a file of returns may ask for: those of a thousand locations are smaller."""
HIDDEN: Final = "(seen by its sender)"
_CRUMBS: Final = (("Returns of capacity", HOME), ("Files", FILES))


@does(RETURNS)
def files(request: HttpRequest) -> HttpResponse:
    """The files of returns that were sent."""
    return page(
        request, "care_list.html", here=HOME, crumbs=(_CRUMBS[0], ("Files", "")), title="Files of returns",
        arranged=arrange(_listing(request), request.GET.dict()), download="/work/returns/files",
        intro="Rows that were good count at once. What was refused stands in each file's report, to be put right.",
        add=("Send a file", f"{FILES}add/") if desk_of(request).may(ACT) else None,
    )  # fmt: skip


@does(RETURNS)
def files_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return download(arrange(_listing(request), request.GET.dict()), kind, "files-of-returns")


def _listing(request: HttpRequest) -> Listing:
    rows = [
        {
            "name": one.name, "provider": one.organisation.name, "sent": one.sent_at, "lines": one.lines,
            "refused": one.refused, "href": f"{FILES}{one.pk}/",
        }
        for one in Brought.objects.reached(request.principal, RETURNS).select_related("organisation").order_by("-pk")
    ]  # fmt: skip
    columns = (
        Column("name", "File", link="href"),
        Column("provider", "Provider", filtered=True),
        Column("sent", "Sent", text=moment),
        Column("lines", "Rows that count", numeric=True),
        Column("refused", "Rows refused", numeric=True),
    )
    return Listing("files", "Files of returns", columns, rows, "No file of returns was sent yet.")


@does(ACT, POST=ACT)
def add_page(request: HttpRequest) -> HttpResponse:
    """Send a file of returns."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        sent = request.FILES.get("file")
        if sent is None:
            errors["file"] = "Select a file."
        else:
            try:
                made = taken(request.principal, sent)
            except CareshapeError as error:
                errors["file"] = in_browser(str(error))
            else:
                notify(request, _told(made))
                return HttpResponseRedirect(f"{FILES}{made.pk}/")
    return page(
        request, "return_file_add.html", here=HOME, crumbs=(*_CRUMBS, ("Send a file", "")), errors=errors,
        megabytes=LIMITS.size // MEGABYTE, status=422 if errors else 200,
    )  # fmt: skip


def taken(principal: Principal, sent: UploadedFile, way: str = "file") -> Brought:
    """Take a file that was sent, once it was looked at. Raises CareshapeError for what is no file of returns."""
    name = file_name(sent.name or "")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / name
        with path.open("wb") as file:
            for block in sent.chunks():
                file.write(block)
        inspect(path, LIMITS)
        return bring(principal, path, name, way)


def _told(made: Brought) -> str:
    if not made.refused:
        return f"{made.name} is in: all of its {made.lines:,} rows count."
    return f"{made.lines:,} rows of {made.name} count, and {made.refused:,} are refused. See why below."


@does(RETURNS)
def file_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What was wrong in a file."""
    made = Brought.objects.select_related("organisation").reach(request.principal, RETURNS, pk=pk)
    own = desk_of(request).may(ACT)
    return page(
        request, "return_file.html", here=HOME, crumbs=(*_CRUMBS, (made.name, "")), made=made, moment=moment,
        arranged=arrange(_faults(made, own=own), request.GET.dict()), rows_kept=own and bool(made.rows),
        download=f"{FILES}{pk}/report",
    )  # fmt: skip


@does(RETURNS)
def report_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """What was wrong in a file, as a file."""
    made = Brought.objects.reach(request.principal, RETURNS, pk=pk)
    listing = _faults(made, own=desk_of(request).may(ACT))
    return download(arrange(listing, request.GET.dict()), kind, f"report-of-return-{pk}")


@does(ACT)
def rows_download(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as they came, to be put right and sent again; for who sent them alone."""
    made = Brought.objects.reach(request.principal, ACT, pk=pk)
    if not made.rows:
        raise Http404("No row was refused.")
    response = HttpResponse(made.rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-rows-{pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _faults(made: Brought, *, own: bool) -> Listing:
    """What is said of the rows; what stood in a cell is for its sender alone, since a wrong file may hold anything."""
    rows = [
        {**one, "value": one["value"] if own or not one["value"] else HIDDEN, "message": _masked(one, own=own)}
        for one in faults_of(made)
    ]
    columns = (
        Column("row", "Row", numeric=True),
        Column("column", "Column", filtered=True),
        Column("value", "Value"),
        Column("outcome", "Outcome", filtered=True, text=str.capitalize),
        Column("message", "What is wrong, and what to do", wide=True),
        Column("file", "File", shown=False),
    )
    assert {one.name for one in columns} == set(FAULTS)
    return Listing("report", "What was wrong", columns, rows, "Every row is good.", sort="row")


def _masked(one: dict[str, str], *, own: bool) -> str:
    return one["message"] if own or not one["value"] else one["message"].replace(one["value"], HIDDEN)
