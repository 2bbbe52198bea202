"""Setting up and taking away what a person signs in with beside a password."""

from __future__ import annotations

from django.http import HttpRequest

from careshape.accounts import one_time
from careshape.accounts.mail import write
from careshape.accounts.models import Account, OneTimeCodes, Passkey, RecoveryCode
from careshape.accounts.passkeys import take_registration
from careshape.accounts.sessions import end_sessions
from careshape.accounts.signing_in import has_factor, needs_factor
from careshape.audit.change import change
from careshape.errors import InputError
from careshape.policy import Principal

OWN = "accounts.own"


def set_up_codes(principal: Principal, account: Account, secret: str, code: str) -> list[str]:
    """Keep an application's secret when its code shows that it has it; return recovery codes where there were none.

    Raises InputError where the code is not right.
    """
    step = one_time.step_of(secret, code)
    if step is None:
        raise InputError("This code is not right. Enter the one that the application shows now")
    with change(principal, OWN, lock=[account]) as told:
        kept = one_time.add_codes(account, secret, step)
        told(kept, factor="code", done="added")
        codes = _first_recovery_codes(account)
        write(account.email, "factor_added", name=account.name, what="An application for one-time codes")
    return codes


def set_up_passkey(request: HttpRequest, principal: Principal, account: Account, answer: str, name: str) -> list[str]:
    """Keep a passkey; return recovery codes where there were none. Raises InputError where it is not taken."""
    with change(principal, OWN, lock=[account]) as told:
        kept = take_registration(request, account, answer, name)
        told(kept, factor="passkey", done="added")
        codes = _first_recovery_codes(account)
        write(account.email, "factor_added", name=account.name, what=f"The passkey '{name}'")
    return codes


def remove_codes(principal: Principal, account: Account) -> None:
    """Take the application for one-time codes away. Raises InputError where nothing would be left that is needed."""
    with change(principal, OWN, lock=[account]) as told:
        codes = OneTimeCodes.objects.get(account=account)
        told(codes, factor="code", done="removed")
        codes.delete()
        _keep_one(account)
        write(account.email, "factor_removed", name=account.name, what="The application for one-time codes")


def remove_passkey(principal: Principal, account: Account, passkey: Passkey) -> None:
    """Take a passkey away. Raises InputError where nothing would be left that is needed."""
    with change(principal, OWN, lock=[account]) as told:
        told(passkey, factor="passkey", done="removed")
        passkey.delete()
        _keep_one(account)
        write(account.email, "factor_removed", name=account.name, what=f"The passkey '{passkey.name}'")


def renew_recovery_codes(principal: Principal, account: Account) -> list[str]:
    """New recovery codes; the old ones are good no more."""
    with change(principal, OWN, lock=[account]) as told:
        codes = one_time.new_recovery_codes(account)
        told(account, factor="recovery", done="renewed")
        write(account.email, "factor_added", name=account.name, what="A new set of recovery codes")
    return codes


def reset(principal: Principal, act: str, account: Account, chain: str | None = None) -> None:
    """Take away every second factor of a person who lost theirs: they set up a new one at their next sign-in."""
    with change(principal, act, lock=[account], chain=chain, record="person", fields=("factor",)) as told:
        forget(account)
        end_sessions(account.pk)
        told(account, factor="all", done="reset")
        write(account.email, "factor_removed", name=account.name, what="Every second factor, by an administrator,")


def forget(account: Account) -> None:
    """Remove every second factor of an account."""
    OneTimeCodes.objects.filter(account=account).delete()
    Passkey.objects.filter(account=account).delete()
    RecoveryCode.objects.filter(account=account).delete()


def _first_recovery_codes(account: Account) -> list[str]:
    return [] if one_time.recovery_codes_left(account) else one_time.new_recovery_codes(account)


def _keep_one(account: Account) -> None:
    if not has_factor(account) and needs_factor(account):
        raise InputError("Your role needs a second factor. Set up another one before you take this one away.")
