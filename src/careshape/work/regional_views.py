"""Pages on which an administrator brings another council's statement to lay it beside the others, and withdraws it."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from careshape.errors import CallError, InputError
from careshape.policy.listing import Column, Listing, arrange, download, listed
from careshape.policy.views import does
from careshape.reuse.bring import LARGEST, Faulty, bring, withdraw
from careshape.reuse.models import Brought
from careshape.statement.formatting import day
from careshape.work.capped import TOO_LARGE
from careshape.work.pages import notify, page

HOME: Final = "/work/regional/"
ACT: Final = "reuse.bring"


@does(ACT)
def regional(request: HttpRequest) -> HttpResponse:
    """The statements that the council brought, the latest first."""
    return page(request, "regional.html", here=HOME, arranged=arrange(_listing(request), request.GET.dict()))


@does(ACT)
def regional_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return download(arrange(_listing(request), request.GET.dict()), kind, "statements-brought")


@does(ACT, POST=ACT)
def bring_page(request: HttpRequest) -> HttpResponse:
    """Bring a file: it is checked whole, and either laid beside the others or refused with every fault."""
    if request.method != "POST":
        return _bring_page(request)
    file = request.FILES.get("file")
    if request.META.get(TOO_LARGE):
        return _bring_page(request, f"The file is larger than {LARGEST // 1_000_000} MB.")
    if file is None:
        return _bring_page(request, "Select a file.")
    if file.size > LARGEST:
        return _bring_page(request, f"The file is larger than {LARGEST // 1_000_000} MB.")
    try:
        row = bring(request.principal, file.name or "statement", file.read())
    except Faulty as error:
        return _bring_page(request, "The file does not keep to the open form.", error)
    except InputError as error:
        return _bring_page(request, str(error))
    notify(request, f"{row.name}, {row.edition}, stands beside the others.")
    return HttpResponseRedirect(HOME)


@does(ACT, POST=ACT)
def withdraw_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw one, after a question."""
    row = Brought.objects.reach(request.principal, ACT, pk=pk)
    if request.method == "POST":
        try:
            withdraw(request.principal, row)
            notify(request, f"{row.name}, {row.edition}, was withdrawn. To undo it, bring the file again.")
        except CallError as error:
            notify(request, str(error))
        return HttpResponseRedirect(HOME)
    return page(request, "regional_withdraw.html", here=HOME, row=row, crumbs=(("Regional", HOME), ("Withdraw", "")))


def _bring_page(request: HttpRequest, problem: str = "", faulty: Faulty | None = None) -> HttpResponse:
    return page(
        request, "regional_bring.html", here=HOME, status=422 if problem else 200,
        crumbs=(("Regional", HOME), ("Bring a statement", "")), errors={"file": problem} if problem else {},
        faults=[str(one) for one in faulty.found.faults[:50]] if faulty else [],
        more=max(0, len(faulty.found.faults) + faulty.found.more - 50) if faulty else 0, megabytes=LARGEST // 1_000_000,
    )  # fmt: skip


def _listing(request: HttpRequest) -> Listing:
    rows = Brought.objects.reached(request.principal, ACT).defer("statement").order_by("-added_at", "-pk")
    columns = (
        Column("name", "Council", link="href"), Column("code", "ONS code"), Column("edition", "Edition"),
        Column("known_on", "As known on", text=day), Column("state", "State", filtered=True),
        Column("added", "Brought on", text=day), Column("file", "File"), Column("checksum", "Checksum", shown=False),
    )  # fmt: skip
    found = [
        {
            "name": row.name, "code": row.code, "edition": row.edition, "known_on": row.known_on,
            "state": "Withdrawn" if row.withdrawn_at else "Stands", "added": timezone.localdate(row.added_at),
            "file": row.file_name, "checksum": row.checksum,
            "href": "" if row.withdrawn_at else f"{HOME}{row.pk}/withdraw/",
        }
        for row in rows
    ]  # fmt: skip
    return listed(
        request.principal, ACT, "brought", columns, found, id="regional", title="Statements that were brought",
        empty="No statement was brought yet.",
    )  # fmt: skip
