"""Pages of signing in: password, second factor, passkey; and signing out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts import one_time, passkeys
from careshape.accounts import signing_in as steps
from careshape.accounts.councils import only_demonstrations
from careshape.accounts.forms import CodeForm, SignInForm
from careshape.accounts.models import Account, IdentityProvider, OneTimeCodes, Passkey
from careshape.accounts.pages import again, page, safe_next
from careshape.accounts.principals import LIMIT
from careshape.accounts.tries import begin_try
from careshape.audit.change import tell
from careshape.errors import InputError
from careshape.policy.views import does

WRONG = "The e-mail address or the password is not right"
WRONG_CODE = "This code is not right. Enter the one that is shown now: each can be used once"
WRONG_RECOVERY = "This recovery code is not right, or was used already"


@does(steps.ACT, POST=steps.ACT)
def sign_in(request: HttpRequest) -> HttpResponse:
    """The first page: e-mail address and password, or another way."""
    if request.method != "POST":
        known = _already(request)
        return known or _sign_in_page(request, SignInForm(initial={"next": request.GET.get("next", "")}))
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, 422)
    try:
        account = steps.by_password(request, form.cleaned_data["email"], form.cleaned_data["password"])
    except steps.Refused as refused:
        form.add_error(None, steps.LOCKED if refused.locked else WRONG)
        return _sign_in_page(request, form, 429 if refused.locked else 422)
    steps.begin(request, account, then=safe_next(request, form.cleaned_data["next"]))
    return next_step(request, account)


def next_step(request: HttpRequest, account: Account, first: str = "password") -> HttpResponse:
    """Where who has shown a first factor goes: to show the second, to set one up, or in."""
    if account.demonstration:
        return HttpResponseRedirect(steps.finish(request, account, "demonstration", first))
    if steps.has_factor(account):
        return HttpResponseRedirect("/sign-in/second/")
    if steps.needs_factor(account):
        return HttpResponseRedirect("/sign-in/set-up/")
    return HttpResponseRedirect(steps.finish(request, account, "", first))


@does(steps.ACT, POST=steps.ACT)
def second(request: HttpRequest) -> HttpResponse:
    """The second factor: a one-time code, or a passkey."""
    account = steps.pending(request)
    if account is None or not steps.has_factor(account):
        return again(request)
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    if request.method != "POST":
        return _second_page(request, account, form)
    return _code(request, account, form, "code")


@does(steps.ACT, POST=steps.ACT)
def recovery(request: HttpRequest) -> HttpResponse:
    """A recovery code in place of the second factor."""
    account = steps.pending(request)
    if account is None or not steps.has_factor(account):
        return again(request)
    form = CodeForm(request.POST) if request.method == "POST" else CodeForm()
    form.fields["code"].label = "Recovery code"
    if request.method != "POST":
        return page(request, "recovery.html", form=form)
    return _code(request, account, form, "recovery")


def _code(request: HttpRequest, account: Account, form: CodeForm, kind: str) -> HttpResponse:
    """Take a code and go in, or say that it is not right."""
    if not form.is_valid():
        return _code_page(request, account, form, kind, 422)
    attempt = begin_try(request, f"second {account.email}")
    taken = not attempt.locked and (
        one_time.take_code(account, form.cleaned_data["code"])
        if kind == "code"
        else one_time.take_recovery_code(account, form.cleaned_data["code"])
    )
    if taken:
        attempt.right(f"second {account.email}")
        return HttpResponseRedirect(steps.finish(request, account, kind))
    steps.refuse(account, "locked" if attempt.locked else kind)
    wrong = WRONG_CODE if kind == "code" else WRONG_RECOVERY
    form.add_error("code", steps.LOCKED if attempt.locked else wrong)
    return _code_page(request, account, form, kind, 429 if attempt.locked else 422)


@does(steps.ACT, POST=steps.ACT)
def second_passkey(request: HttpRequest) -> HttpResponse:
    """A passkey as the second factor."""
    account = steps.pending(request)
    if account is None or request.method != "POST":
        return HttpResponseRedirect("/sign-in/second/") if account else again(request)
    try:
        passkeys.take_challenge(request, request.POST.get("answer", ""), account)
    except InputError as error:
        steps.refuse(account, "passkey")
        form = CodeForm({})
        form.errors.clear()
        form.add_error(None, str(error))
        return _second_page(request, account, form, 422)
    return HttpResponseRedirect(steps.finish(request, account, "passkey"))


@does(steps.ACT, POST=steps.ACT)
def passkey(request: HttpRequest) -> HttpResponse:
    """A passkey in place of password and second factor: the device has checked its holder."""
    problem = ""
    if request.method == "POST":
        try:
            row = passkeys.take_challenge(request, request.POST.get("answer", ""))
            if steps.may_sign_in(row.account):
                return HttpResponseRedirect(steps.finish(request, row.account, "passkey", "passkey"))
            raise InputError("The passkey was not taken. Try again, or use another way to sign in.")
        except InputError as error:
            steps.refuse(None, "passkey")
            problem = str(error)
    options = passkeys.put_challenge(request)
    return page(request, "passkey.html", status=422 if problem else 200, options=options, problem=problem)


@does(steps.ACT, POST=steps.ACT)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, and say so; reading this address changes nothing."""
    if request.method != "POST":
        return HttpResponseRedirect("/")
    if request.principal.signed_in:
        tell(request.principal, "accounts.sign_in", request.user, outcome="done", signed="out")
    logout(request)
    answer = page(request, "signed_out.html")
    # Pages are never stored; this has the browser let go of whatever else it keeps for the site.
    answer["Clear-Site-Data"] = '"storage"'
    return answer


def _already(request: HttpRequest) -> HttpResponse | None:
    """Where somebody goes who is signed in already, or whose new role needs a second factor that they did not show."""
    if request.principal.signed_in:
        return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    account = request.user
    if isinstance(account, Account) and steps.may_sign_in(account):
        steps.begin(request, account, limit=request.session.get(LIMIT, ""))
        return next_step(request, account)
    return None


def _sign_in_page(request: HttpRequest, form: SignInForm, status: int = 200) -> HttpResponse:
    providers = IdentityProvider.objects.filter(ended_at__isnull=True).order_by("name")
    return page(
        request, "sign_in.html", status=status, form=form, providers=providers, demonstration=only_demonstrations()
    )


def _second_page(request: HttpRequest, account: Account, form: CodeForm, status: int = 200) -> HttpResponse:
    has_passkeys = Passkey.objects.filter(account=account).exists()
    return page(
        request,
        "second.html",
        status=status,
        form=form,
        codes=OneTimeCodes.objects.filter(account=account).exists(),
        options=passkeys.put_challenge(request, account) if has_passkeys else "",
    )


def _code_page(request: HttpRequest, account: Account, form: CodeForm, kind: str, status: int) -> HttpResponse:
    if kind == "code":
        return _second_page(request, account, form, status)
    return page(request, "recovery.html", status=status, form=form)
