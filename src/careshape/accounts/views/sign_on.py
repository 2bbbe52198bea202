"""Signing in with an identity provider."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts import sign_on
from careshape.accounts import signing_in as steps
from careshape.accounts.mail import link
from careshape.accounts.models import IdentityProvider
from careshape.accounts.pages import page, safe_next
from careshape.accounts.views.signing_in import next_step
from careshape.errors import InputError
from careshape.policy.views import does

KEPT = "sign-on"
"""Where the session holds what a try at a provider must come back with."""


@does(steps.ACT)
def start(request: HttpRequest, provider: str) -> HttpResponse:
    """To the provider, to sign in there."""
    row = _provider(provider)
    try:
        address, kept = sign_on.begin(row, link(f"/sign-in/with/{row.slug}/back/", request))
    except InputError:
        return _refused(request, row, "provider")
    request.session[KEPT] = {**kept, "then": safe_next(request, request.GET.get("next", ""))}
    return HttpResponseRedirect(address)


@does(steps.ACT)
def back(request: HttpRequest, provider: str) -> HttpResponse:
    """Back from the provider: in, or on to the second factor, or told that it cannot be."""
    row = _provider(provider)
    kept = request.session.pop(KEPT, None)
    try:
        if kept is None:
            raise InputError("No try was begun.")
        person = sign_on.end(row, kept, request.GET.dict())
        account = sign_on.account_for(row, person)
    except InputError:
        return _refused(request, row, "sign-on")
    steps.begin(request, account, limit=row.council.slug if row.council else "", then=kept["then"])
    if person.second_factor:
        return HttpResponseRedirect(steps.finish(request, account, "provider", "provider"))
    return next_step(request, account, "provider")


def _provider(slug: str) -> IdentityProvider:
    row = IdentityProvider.objects.select_related("council").filter(slug=slug, ended_at__isnull=True).first()
    if row is None:
        raise Http404("There is no such provider.")
    return row


def _refused(request: HttpRequest, row: IdentityProvider, reason: str) -> HttpResponse:
    """One answer for every reason: it tells nothing of which accounts there are."""
    steps.refuse(None, reason, provider=row.pk)
    return page(request, "sign_on_refused.html", status=422, provider=row)
