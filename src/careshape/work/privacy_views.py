"""The page on which an administrator collects what is held about somebody who asks for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from careshape.accounts.models import Membership
from careshape.accounts.pages import confirmed
from careshape.errors import CallError
from careshape.ledger import Ledger
from careshape.policy.views import does
from careshape.privacy.access import access_account, access_person
from careshape.work.desk import Desk, desk_of
from careshape.work.pages import page

HOME = "/work/privacy/"
ONE_OF_TWO = "Say who asked: either the address of an account, or the identifier of a person of the records."
NOBODY = "Nobody who works or worked for the council has this address. Write the one with which they sign in."


@does("privacy.access", POST="privacy.access")
@confirmed
def access_page(request: HttpRequest) -> HttpResponse:
    """Collect what is held about the owner of an account, or about a person of the ledger, as one file."""
    asked = {name: request.POST.get(name, "").strip() for name in ("email", "person")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _file(_collected(desk_of(request), asked["email"], asked["person"]))
        except CallError as error:
            errors["email" if asked["email"] or not asked["person"] else "person"] = str(error)
    return page(
        request, "privacy.html", here=HOME, crumbs=(("What is held about somebody", ""),), asked=asked, errors=errors,
        status=400 if errors else 200,
    )  # fmt: skip


def _collected(desk: Desk, email: str, person: str) -> bytes:
    """What is held. Raises CallError for nobody, or for both at once; somebody of another council is nobody here."""
    if bool(email) == bool(person):
        raise CallError(
            "Say who asked: either the address of an account, or the identifier of a person of the records."
        )
    if email:
        mine = Membership.objects.reached(desk.principal, "privacy.access").filter(account__email__iexact=email)
        found = mine.select_related("account").first()
        if found is None:
            raise CallError(NOBODY)
        return access_account(found.account, desk.principal, council=desk.principal.council)
    if desk.council is None:
        raise CallError("The council has no records yet.")
    return access_person(Ledger.open(desk.council.ledger.path), person, desk.principal)


def _file(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="subject-access.zip"'
    response["Cache-Control"] = "no-store"
    return response
