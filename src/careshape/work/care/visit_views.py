"""Pages on which files of visits are taken in, and what was refused of them."""

from __future__ import annotations

from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.forms import Form
from careshape.audit.change import reading
from careshape.policy.listing import Column, Listing, listed
from careshape.policy.views import does
from careshape.source.models import VisitFile
from careshape.source.money.visit_files import ALL, refused_of, take_in
from careshape.statement.formatting import day
from careshape.work.care.forms import done
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page
from careshape.work.told_list import list_download, list_page

HOME: Final = "/work/visits/"
ACT: Final = "source.visits"
OWED: Final = "source.owed"
_CRUMB: Final = ("Visits", HOME)


class VisitFileForm(Form):
    """A file of visits."""

    file = forms.FileField(label="File of visits", help_text=f"CSV with the columns {', '.join(ALL)}.")


@does(OWED)
@reading
def visit_files(request: HttpRequest) -> HttpResponse:
    """The files of visits that were taken in."""
    return list_page(
        request, OWED, _files(request), here=HOME,
        intro="Visits as planned and as delivered, by which parts of packages are paid. Of two with one reference the "
        "later file counts.", add=("Take in a file", f"{HOME}add/") if desk_of(request).may(ACT) else None,
    )  # fmt: skip


@does(OWED)
@reading
def visit_files_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return list_download(request, OWED, _files(request), kind)


@does(ACT, POST=ACT)
@reading
def visits_page(request: HttpRequest) -> HttpResponse:
    """Take in a file of visits."""
    form = VisitFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and not form.is_bound:
        form = VisitFileForm({}, {})
    made = done(request, form, lambda given: take_in(request.principal, given["file"].name, given["file"].read()))
    if made is not None:
        notify(request, f"{made.taken} visits are taken in, {made.refused} rows are refused.")
        return HttpResponseRedirect(f"{HOME}{made.pk}/")
    return page(
        request, "visits_add.html", here=HOME, form=form, crumbs=(_CRUMB, ("Take in a file", "")),
        status=422 if form.errors else 200,
    )  # fmt: skip


@does(OWED)
@reading
def visit_file_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One file, with what was refused of it."""
    row = VisitFile.objects.reach(request.principal, OWED, pk=pk)
    return list_page(
        request, OWED, _refused(request, row), here=f"{HOME}{pk}/", crumbs=(_CRUMB, (row.name, "")),
        intro=f"{row.taken} visits were taken in. The rows below were refused: put them right, and send "
        "them in a new file.",
    )  # fmt: skip


@does(OWED)
@reading
def visit_file_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The refused rows as a file."""
    return list_download(
        request, OWED, _refused(request, VisitFile.objects.reach(request.principal, OWED, pk=pk)), kind
    )


def _files(request: HttpRequest) -> Listing:
    rows = [
        {"number": one.pk, "href": f"{HOME}{one.pk}/", "part": one.name, "day": one.at.date(), "by": one.by.name,
         "packages": one.taken, "left": one.refused}
        for one in VisitFile.objects.reached(request.principal, OWED).select_related("by").order_by("-pk")
    ]  # fmt: skip
    columns = (
        Column("number", "File", numeric=True, link="href"), Column("part", "Name"), Column("day", "Day", text=day),
        Column("by", "By"), Column("packages", "Taken in", numeric=True), Column("left", "Refused", numeric=True),
    )  # fmt: skip
    return listed(
        request.principal, OWED, "owed", columns, rows, id="visits", title="Visits",
        empty="No file of visits was taken in yet.",
    )  # fmt: skip


def _refused(request: HttpRequest, row: VisitFile) -> Listing:
    rows = [{"number": one.row, "part": one.column, "working": one.why} for one in refused_of(row)]
    columns = (
        Column("number", "Row of the file", numeric=True), Column("part", "Column", filtered=True),
        Column("working", "What is wrong", wide=True),
    )  # fmt: skip
    return listed(
        request.principal, OWED, "owed", columns, rows, id="visits", title=row.name, empty="No row was refused."
    )  # fmt: skip
