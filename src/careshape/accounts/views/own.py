"""Pages of one's own account."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts import one_time, own, passkeys, second_factor
from careshape.accounts import signing_in as steps
from careshape.accounts.forms import ChangePasswordForm, CodeForm, ForgottenForm, NewPasswordForm, PasswordForm
from careshape.accounts.header import label
from careshape.accounts.models import Account, OneTimeCodes, Passkey
from careshape.accounts.pages import confirmed, notify, own_account, page, safe_next
from careshape.accounts.principals import FACTOR, usable_memberships
from careshape.accounts.sessions import sessions_of, stored_key
from careshape.accounts.tries import begin_try
from careshape.audit.change import tell
from careshape.errors import InputError
from careshape.policy.views import does

OWN = own.OWN


@does(OWN)
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: memberships, second factors, sessions."""
    found = own_account(request)
    key = stored_key(request.session.session_key or "")
    return page(
        request,
        "account.html",
        account=found,
        memberships=[
            (one.pk, label(one), one.team.name if one.team else "", one.pk == request.principal.membership)
            for one in usable_memberships(request)
        ],
        codes=OneTimeCodes.objects.reached(request.principal, OWN).first(),
        passkeys=Passkey.objects.reached(request.principal, OWN).order_by("pk"),
        recovery=one_time.recovery_codes_left(found),
        sessions=[(one, one.session_key == key) for one in sessions_of(found.pk)],
    )


@does(OWN, POST=OWN)
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password: the present one is asked for, and every other session ends."""
    found = own_account(request)
    form = ChangePasswordForm(request.POST or None, account=found)
    if request.method != "POST":
        return page(request, "password.html", form=form)
    if not form.is_valid():
        return page(request, "password.html", status=422, form=form)
    try:
        steps.by_password(request, found.email, form.cleaned_data["present"])
        factor, limit = request.session.get(FACTOR, ""), request.session.get("limit", "")
        own.change_password(request.principal, found, form.cleaned_data["password"])
    except steps.Refused as refused:
        form.add_error("present", steps.LOCKED if refused.locked else "This is not your password")
        return page(request, "password.html", status=429 if refused.locked else 422, form=form)
    except InputError as error:
        form.add_error(None, str(error))
        return page(request, "password.html", status=422, form=form)
    steps.begin(request, found, limit=limit)
    steps.finish(request, found, factor)
    notify(request, "Your password was changed. Every other session was signed out.")
    return HttpResponseRedirect("/account/")


@does(steps.ACT, POST=steps.ACT)
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link to choose a new password."""
    form = ForgottenForm(request.POST or None)
    if request.method != "POST":
        return page(request, "forgotten.html", form=form)
    if not form.is_valid():
        return page(request, "forgotten.html", status=422, form=form)
    attempt = begin_try(request, f"reset {form.cleaned_data['email']}")
    if attempt.locked:
        steps.refuse(None, "locked")
        form.add_error(None, "There were too many requests. Wait 15 minutes, then try again")
        return page(request, "forgotten.html", status=429, form=form)
    own.send_reset(request, form.cleaned_data["email"])
    return page(request, "forgotten_sent.html")


@does(steps.ACT, POST=steps.ACT)
def reset(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a new password by a link; the second factor is asked for afterwards as ever."""
    found = own.account_of_reset(token)
    if found is None:
        return page(request, "link_over.html", status=410, what="password")
    form = NewPasswordForm(request.POST or None, account=found)
    if request.method != "POST":
        return page(request, "reset.html", form=form)
    if not form.is_valid():
        return page(request, "reset.html", status=422, form=form)
    own.reset_password(found, form.cleaned_data["password"])
    return page(request, "reset_done.html")


@does(OWN, POST=OWN)
def confirm(request: HttpRequest) -> HttpResponse:
    """Show once more who one is, before changing what protects accounts."""
    found = own_account(request)
    then = safe_next(request, request.POST.get("next") or request.GET.get("next", "")) or "/account/"
    context = {"then": then, "codes": OneTimeCodes.objects.reached(request.principal, OWN).exists()}
    has_password = found.has_usable_password()
    form = PasswordForm(request.POST or None) if has_password else CodeForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid() and _shown(request, found, form):
            steps.confirm(request)
            tell(request.principal, OWN, found, outcome="done", confirmed="password" if has_password else "code")
            return HttpResponseRedirect(then)
        context["form"] = form
    if request.session.get(FACTOR) == "passkey" or not has_password:
        context["options"] = (
            passkeys.put_challenge(request, found) if Passkey.objects.reached(request.principal, OWN).exists() else ""
        )
    return page(request, "confirm.html", **{"form": form, **context}, status=422 if form.errors else 200)


@does(OWN, POST=OWN)
def confirm_passkey(request: HttpRequest) -> HttpResponse:
    """Show who one is by a passkey."""
    found = own_account(request)
    then = safe_next(request, request.POST.get("next", "")) or "/account/"
    if request.method == "POST":
        try:
            passkeys.take_challenge(request, request.POST.get("answer", ""), found)
        except InputError as error:
            tell(request.principal, OWN, found, outcome="refused", confirmed="passkey")
            notify(request, str(error))
            return HttpResponseRedirect("/account/confirm/")
        steps.confirm(request)
        tell(request.principal, OWN, found, outcome="done", confirmed="passkey")
    return HttpResponseRedirect(then)


def _shown(request: HttpRequest, found: Account, form: PasswordForm | CodeForm) -> bool:
    """Whether the password or the code is right; if not, the form says so."""
    if isinstance(form, PasswordForm):
        try:
            steps.by_password(request, found.email, form.cleaned_data["password"])
        except steps.Refused as refused:
            form.add_error("password", steps.LOCKED if refused.locked else "This is not your password")
        return not form.errors
    attempt = begin_try(request, f"second {found.email}")
    if not attempt.locked and one_time.take_code(found, form.cleaned_data["code"]):
        attempt.right(f"second {found.email}")
        return True
    steps.refuse(found, "locked" if attempt.locked else "code")
    form.add_error("code", steps.LOCKED if attempt.locked else "This code is not right")
    return False


@does(OWN, POST=OWN)
def membership(request: HttpRequest) -> HttpResponse:
    """Work in another of one's memberships."""
    if request.method == "POST" and not own.work_as(request, request.POST.get("membership", "")):
        raise Http404("There is no such membership in reach.")
    return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)


@does(OWN, POST=OWN)
def sessions(request: HttpRequest) -> HttpResponse:
    """Sign out every other session."""
    if request.method == "POST":
        ended = own.end_other_sessions(request, own_account(request))
        notify(request, f"{ended} other {'session was' if ended == 1 else 'sessions were'} signed out.")
    return HttpResponseRedirect("/account/#sessions")


@does(OWN, POST=OWN)
@confirmed
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes; the old ones are good no more."""
    found = own_account(request)
    if request.method != "POST" or not steps.has_factor(found):
        return page(request, "recovery_renew.html", can=steps.has_factor(found))
    codes = second_factor.renew_recovery_codes(request.principal, found)
    return page(request, "recovery_codes.html", codes=codes, onwards="/account/")


@does(OWN, POST=OWN)
@confirmed
def remove_codes(request: HttpRequest) -> HttpResponse:
    """Take the application for one-time codes away."""
    found = own_account(request)
    row = OneTimeCodes.objects.reached(request.principal, OWN).first()
    if row is None:
        raise Http404("There are no one-time codes.")
    what = "the application for one-time codes"
    if request.method != "POST":
        return page(request, "remove.html", what=what)
    try:
        second_factor.remove_codes(request.principal, found)
    except InputError as error:
        return page(request, "remove.html", status=422, what=what, problem=str(error))
    notify(request, "The application for one-time codes was taken away.")
    return HttpResponseRedirect("/account/#factors")


@does(OWN, POST=OWN)
@confirmed
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a passkey away."""
    row = Passkey.objects.reach(request.principal, OWN, pk=pk)
    what = f"the passkey '{row.name}'"
    if request.method != "POST":
        return page(request, "remove.html", what=what)
    try:
        second_factor.remove_passkey(request.principal, own_account(request), row)
    except InputError as error:
        return page(request, "remove.html", status=422, what=what, problem=str(error))
    notify(request, "The passkey was taken away.")
    return HttpResponseRedirect("/account/#factors")
