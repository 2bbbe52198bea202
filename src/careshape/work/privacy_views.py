"""The page on which an administrator collects what is held about somebody who asks for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from careshape.accounts.pages import confirmed
from careshape.errors import CallError
from careshape.ledger import Ledger
from careshape.policy.views import does
from careshape.privacy.access import collect
from careshape.work.desk import Desk, desk_of
from careshape.work.pages import page

HOME = "/work/privacy/"


@does("privacy.access", POST="privacy.access")
@confirmed
def access_page(request: HttpRequest) -> HttpResponse:
    """Collect what is held about the owner of an account, or about a person of the ledger, as one file."""
    asked = {name: request.POST.get(name, "").strip() for name in ("email", "person")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            return as_file(collect(request.principal, ledger_of(desk_of(request)), asked["email"], asked["person"]))
        except CallError as error:
            errors["email" if asked["email"] or not asked["person"] else "person"] = str(error)
    return page(
        request, "privacy.html", here=HOME, crumbs=(("What is held about somebody", ""),), asked=asked, errors=errors,
        status=400 if errors else 200,
    )  # fmt: skip


def as_file(content: bytes) -> HttpResponse:
    """What was collected, as a file that nobody keeps on the way."""
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="subject-access.zip"'
    response["Cache-Control"] = "no-store"
    return response


def ledger_of(desk: Desk) -> Ledger | None:
    """The ledger of the council in which somebody works; None where it has none yet."""
    return Ledger.open(desk.council.ledger.path) if desk.council is not None else None
