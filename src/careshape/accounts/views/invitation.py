"""Coming in by an invitation."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts import signing_in as steps
from careshape.accounts.forms import AcceptForm
from careshape.accounts.invite import accept, accept_as, invitation_of
from careshape.accounts.models import Account, Invitation
from careshape.accounts.pages import notify, own_account, page
from careshape.accounts.views.signing_in import next_step
from careshape.errors import InputError
from careshape.policy import roles
from careshape.policy.views import does


@does(steps.ACT, POST=steps.ACT)
def accepting(request: HttpRequest, token: str) -> HttpResponse:
    """What the link of an invitation leads to: a name and a password, then the second factor."""
    invitation = invitation_of(token)
    if invitation is None:
        return page(request, "link_over.html", status=410, what="invitation")
    known = Account.objects.filter(email=invitation.email, is_active=True).first()
    if known is not None:
        return _known(request, invitation, known)
    context: dict[str, Any] = {"invitation": invitation, "role": roles()[invitation.role]}
    form = AcceptForm(request.POST or None, account=Account(email=invitation.email))
    if request.method != "POST":
        return page(request, "accept.html", form=form, **context)
    if form.is_valid():
        try:
            account = accept(invitation, form.cleaned_data["name"], form.cleaned_data["password"])
            steps.begin(request, account)
            return next_step(request, account, "invitation")
        except InputError as error:
            form.add_error(None, str(error))
    return page(request, "accept.html", status=422, form=form, **context)


def _known(request: HttpRequest, invitation: Invitation, known: Account) -> HttpResponse:
    """Who has an account signs in, and takes the invitation there."""
    context: dict[str, Any] = {"invitation": invitation, "role": roles()[invitation.role]}
    if not request.principal.signed_in:
        return page(request, "accept_known.html", next=urlencode({"next": request.path}), signed_in=False, **context)
    account = own_account(request)
    if account.pk != known.pk:
        return page(request, "accept_known.html", other=True, signed_in=True, **context)
    if request.method == "POST":
        try:
            accept_as(request.principal, invitation, account)
        except InputError as error:
            return page(request, "accept_known.html", status=422, problem=str(error), signed_in=True, **context)
        notify(request, "You took the invitation. Choose below as what you work.")
        return HttpResponseRedirect("/account/#memberships")
    return page(request, "accept_known.html", signed_in=True, **context)
