"""Signing in: who has shown a first factor waits in the session until the second is shown too.

Nobody is signed in before that, so that every page but those of signing in refuses them by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime

from careshape.accounts.councils import only_demonstrations
from careshape.accounts.models import Account, Membership, OneTimeCodes, Passkey
from careshape.accounts.principals import FACTOR, LIMIT, MEMBERSHIP, principal_for
from careshape.accounts.sessions import BEGAN, DEVICE, SessionStore, device_of
from careshape.accounts.tries import begin_try
from careshape.audit.change import INSTALLATION, tell
from careshape.policy import ANYBODY, roles

ACT: Final = "accounts.sign_in"
BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
CONFIRMED: Final = "confirmed"
"""Where the session holds when the person last showed who they are."""
PENDING: Final = "pending"
PENDING_FOR: Final = timedelta(minutes=15)
LOCKED: Final = (
    "There were too many tries that failed, for this account or from your network. Wait 15 minutes, then try again."
)


@dataclass(frozen=True)
class Refused(Exception):
    """A try to sign in that was refused; ``locked`` where too many failed before."""

    locked: bool = False


def by_password(request: HttpRequest, email: str, password: str) -> Account:
    """The account of an e-mail address and password.

    Raises Refused in the same way, and after the same work, for a wrong password, an address that is not known, an
    account that has ended, and a demonstration's account where it may not be used.
    """
    attempt = begin_try(request, email)
    if attempt.locked:
        refuse(_account_of(email), "locked")
        raise Refused(locked=True)
    found = authenticate(request, username=email.strip(), password=password)
    account = found if isinstance(found, Account) and may_sign_in(found) else None
    if account is None:
        refuse(_account_of(email), "password")
        raise Refused
    attempt.right(email)
    return account


def may_sign_in(account: Account) -> bool:
    """Whether an account may sign in at all."""
    if not account.is_active or not current(account).exists():
        return False
    return not account.demonstration or only_demonstrations()


def current(account: Account) -> Any:
    """The memberships that an account has now."""
    return Membership.objects.filter(account=account, ended_at__isnull=True)


def needs_factor(account: Account) -> bool:
    """Whether an account must show a second factor: for every role of a council's staff."""
    if account.demonstration:
        return False
    return any(roles()[role].needs_second_factor for role in current(account).values_list("role", flat=True))


def has_factor(account: Account) -> bool:
    """Whether an account has a second factor set up."""
    return OneTimeCodes.objects.filter(account=account).exists() or Passkey.objects.filter(account=account).exists()


def begin(request: HttpRequest, account: Account, *, limit: str = "", then: str = "") -> None:
    """Remember who showed a first factor. ``limit`` is the one council for which the provider of it speaks."""
    request.session.flush()
    request.session[PENDING] = {
        "account": account.pk,
        "hash": account.get_session_auth_hash(),
        "at": timezone.now().isoformat(),
        "limit": limit,
        "then": then,
    }


def pending(request: HttpRequest) -> Account | None:
    """Who has shown a first factor, and may show the second; None after a quarter of an hour, or a new password."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    held = request.session.get(PENDING)
    at = parse_datetime(held["at"]) if held else None
    if at is None or timezone.now() - at > PENDING_FOR:
        return None
    account = Account.objects.filter(pk=held["account"]).first()
    if account is None or not constant_time_compare(held["hash"], account.get_session_auth_hash()):
        return None
    return account if may_sign_in(account) else None


def finish(request: HttpRequest, account: Account, factor: str, first: str = "password") -> str:
    """Sign the account in under a new session key, and tell of it; return the address to go to.

    ``factor`` is how the second factor was shown: code, recovery, passkey, provider, demonstration; empty for none.
    """
    held = request.session.get(PENDING) or {}
    request.session.flush()
    login(request, account, backend=BACKEND)
    now = timezone.now().isoformat()
    request.session.update(
        {
            FACTOR: factor,
            BEGAN: now,
            CONFIRMED: now,
            DEVICE: device_of(request.META.get("HTTP_USER_AGENT", "")),
            LIMIT: held.get("limit", ""),
        }
    )
    SessionStore.clear_expired()
    memberships = current(account).select_related("council").order_by("pk")
    if held.get("limit"):
        memberships = memberships.filter(council__slug=held["limit"])
    membership = memberships.first()
    if membership is not None:
        request.session[MEMBERSHIP] = membership.pk
    tell(principal_for(membership), ACT, account, outcome="done", first=first, second=factor or "none")
    return held.get("then") or settings.LOGIN_REDIRECT_URL


def refuse(account: Account | None, reason: str, **detail: Any) -> None:
    """Tell of a try that was refused: in the chain of the account's council, or of the installation."""
    membership = current(account).select_related("council").order_by("pk").first() if account else None
    chain = membership.council.slug if membership else INSTALLATION
    tell(ANYBODY, ACT, account or "", outcome="refused", chain=chain, reason=reason, **detail)


def confirm(request: HttpRequest) -> None:
    """Remember that the person showed just now who they are."""
    request.session[CONFIRMED] = timezone.now().isoformat()
    request.session.cycle_key()


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person showed lately who they are (CARESHAPE_CONFIRM)."""
    at = parse_datetime(request.session.get(CONFIRMED) or "")
    return at is not None and timezone.now() - at <= settings.CARESHAPE_CONFIRM


def _account_of(email: str) -> Account | None:
    return Account.objects.filter(email__iexact=email.strip()).first()
