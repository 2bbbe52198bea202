"""Setting up a second factor: before anything else for who has none yet, and later from one's own account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts import one_time, passkeys
from careshape.accounts import signing_in as steps
from careshape.accounts.forms import CodeForm, PasskeyForm
from careshape.accounts.models import Account
from careshape.accounts.pages import again, confirmed, own_account, page
from careshape.accounts.principals import FACTOR, principal_for
from careshape.accounts.sealed import opened, sealed
from careshape.accounts.second_factor import OWN, set_up_codes, set_up_passkey
from careshape.errors import InputError
from careshape.policy import Principal
from careshape.policy.views import does

SECRET = "new-secret"
"""Where the session holds the secret of one-time codes until the first code shows that the application has it."""


@does(steps.ACT)
def choose(request: HttpRequest) -> HttpResponse:
    """Which second factor to set up."""
    account = _without(request)
    return page(request, "set_up.html") if account else again(request)


@does(steps.ACT, POST=steps.ACT)
def first_codes(request: HttpRequest) -> HttpResponse:
    """One-time codes as the first second factor."""
    account = _without(request)
    return _codes(request, account) if account else again(request)


@does(steps.ACT, POST=steps.ACT)
def first_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey as the first second factor."""
    account = _without(request)
    return _passkey(request, account) if account else again(request)


@does(OWN, POST=OWN)
@confirmed
def codes(request: HttpRequest) -> HttpResponse:
    """One-time codes, from one's own account."""
    return _codes(request, own_account(request))


@does(OWN, POST=OWN)
@confirmed
def passkey(request: HttpRequest) -> HttpResponse:
    """Another passkey, from one's own account."""
    return _passkey(request, own_account(request))


def _without(request: HttpRequest) -> Account | None:
    """Who has shown a first factor and has no second one yet."""
    account = steps.pending(request)
    return account if account is not None and not steps.has_factor(account) else None


def _codes(request: HttpRequest, account: Account) -> HttpResponse:
    held = request.session.get(SECRET)
    secret = opened(held) if held else one_time.new_secret()
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    status = 200
    if request.method == "POST" and SECRET in request.session:
        if form.is_valid():
            try:
                new = set_up_codes(_principal(request, account), account, secret, form.cleaned_data["code"])
                return _done(request, account, "code", new)
            except InputError as error:
                form.add_error("code", str(error))
        status = 422
    request.session[SECRET] = held or sealed(secret)
    address = one_time.key_address(account, secret, "careshape")
    shown = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    context = {"form": form, "secret": shown, "picture": one_time.picture(address)}
    return page(request, "set_up_codes.html", status=status, **context)


def _passkey(request: HttpRequest, account: Account) -> HttpResponse:
    form = PasskeyForm(request.POST) if request.method == "POST" else PasskeyForm()
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                answer, name = form.cleaned_data["answer"], form.cleaned_data["name"]
                new = set_up_passkey(request, _principal(request, account), account, answer, name)
                return _done(request, account, "passkey", new)
            except InputError as error:
                form.add_error(None, str(error))
        status = 422
    options = passkeys.put_registration(request, account)
    return page(request, "set_up_passkey.html", status=status, form=form, options=options)


def _principal(request: HttpRequest, account: Account) -> Principal:
    """Who sets it up: the person signed in, or the one about to be."""
    if request.principal.signed_in:
        found: Principal = request.principal
        return found
    return principal_for(steps.current(account).select_related("council").order_by("pk").first())


def _done(request: HttpRequest, account: Account, factor: str, new: list[str]) -> HttpResponse:
    """Sign in who was about to, and show the recovery codes this once."""
    onwards = "/account/"
    if not request.principal.signed_in:
        onwards = steps.finish(request, account, factor)
    else:
        request.session.pop(SECRET, None)
        request.session[FACTOR] = request.session.get(FACTOR) or factor
    if not new:
        return HttpResponseRedirect(onwards)
    return page(request, "recovery_codes.html", codes=new, onwards=onwards)
