"""What a person changes about their own account: password, sessions, the membership in use."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.http import HttpRequest
from django.utils.http import base36_to_int, int_to_base36

from careshape.accounts.mail import link, write
from careshape.accounts.models import Account
from careshape.accounts.principals import MEMBERSHIP, principal_for, usable_memberships
from careshape.accounts.sessions import end_sessions
from careshape.accounts.signing_in import ACT, current, may_sign_in, refuse
from careshape.audit.change import change, tell
from careshape.errors import InputError
from careshape.policy import ANYBODY, Principal

OWN = "accounts.own"


def change_password(principal: Principal, account: Account, password: str) -> None:
    """Give an account another password; every session of it ends, and the page that asked signs in anew."""
    if account.demonstration:
        raise InputError("An account of the demonstration keeps its password.")
    with change(principal, OWN, lock=[account]) as told:
        account.set_password(password)
        account.save(update_fields=["password"])
        end_sessions(account.pk)
        told(account, fields=["password"])
        write(account.email, "password_changed", name=account.name)


def send_reset(request: HttpRequest, email: str) -> None:
    """Send a link for a new password to the address of an account; nothing goes to one that is not known, and who asked
    is told the same.
    """
    account = Account.objects.filter(email__iexact=email.strip()).first()
    if account is None or not may_sign_in(account) or account.demonstration:
        with transaction.atomic():
            refuse(account, "reset")
            write("", "reset", name="", address=link("/sign-in/reset/", request))
        return
    membership = current(account).select_related("council").order_by("pk").first()
    token = f"{int_to_base36(account.pk)}-{default_token_generator.make_token(account)}"
    address = link(f"/sign-in/reset/{token}/", request)
    with transaction.atomic():
        tell(principal_for(membership), ACT, account, outcome="done", asked="reset")
        write(account.email, "reset", name=account.name, address=address)


def account_of_reset(token: str) -> Account | None:
    """The account that a link for a new password is for; None where the link is good no more, or never was."""
    key, _, rest = token.partition("-")
    try:
        account = Account.objects.filter(pk=base36_to_int(key)).first()
    except (ValueError, OverflowError):
        return None
    if account is None or not may_sign_in(account) or account.demonstration:
        return None
    return account if default_token_generator.check_token(account, rest) else None


def reset_password(account: Account, password: str) -> None:
    """Give an account the password that was chosen by a link; its second factor stays, and its sessions end."""
    membership = current(account).select_related("council").order_by("pk").first()
    chain = membership.council.slug if membership else None
    with change(ANYBODY, ACT, lock=[account], chain=chain) as told:
        account.set_password(password)
        account.save(update_fields=["password"])
        end_sessions(account.pk)
        told(account, fields=["password"], by="reset")
        write(account.email, "password_changed", name=account.name)


def end_other_sessions(request: HttpRequest, account: Account) -> int:
    """End every session of the account but the one that asks; return how many."""
    with change(request.principal, OWN, lock=[account]) as told:
        ended = end_sessions(account.pk, keep=request.session.session_key)
        told(account, sessions=ended)
    return ended


def work_as(request: HttpRequest, key: str) -> bool:
    """Work in another of one's memberships from now on; False where it is none of those."""
    chosen = next((one for one in usable_memberships(request) if str(one.pk) == key), None)
    if chosen is None:
        return False
    with change(principal_for(chosen), OWN) as told:
        request.session[MEMBERSHIP] = chosen.pk
        request.session.cycle_key()
        told(chosen, used="now")
    return True
