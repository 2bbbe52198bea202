"""Passkeys (Web Authentication, level 2): registering one, and signing in with one.

The device checks its holder (a PIN, a fingerprint), so that a passkey is two factors at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from careshape.accounts.models import Account, Passkey
from careshape.accounts.sealed import digest
from careshape.errors import InputError

STATE: Final = "passkey"
"""Where the session holds the challenge that was put; it is good for one answer."""
_REFUSED: Final = "The passkey was not taken. Try again, or use another way to sign in."


def put_registration(request: HttpRequest, account: Account) -> str:
    """Put a challenge for a new passkey; return the options for the browser as JSON."""
    known = [_credential(row) for row in Passkey.objects.filter(account=account)]
    options, state = _server(request).register_begin(
        PublicKeyCredentialUserEntity(id=_handle(account), name=account.email, display_name=account.name),
        known,
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    request.session[STATE] = dict(state)
    return json.dumps(dict(options.public_key))


def take_registration(request: HttpRequest, account: Account, answer: str, name: str) -> Passkey:
    """Keep the passkey that the browser answered with. Raises InputError where it does not fit the challenge."""
    state = request.session.pop(STATE, None)
    try:
        if state is None:
            raise ValueError("No challenge was put.")
        data = _server(request).register_complete(state, json.loads(answer))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(_REFUSED) from error
    credential = data.credential_data
    if credential is None:
        raise InputError(_REFUSED)
    identifier = websafe_encode(credential.credential_id)
    if Passkey.objects.filter(identifier=identifier).exists():
        raise InputError("This passkey is known already.")
    return Passkey.objects.create(
        account=account, name=name, identifier=identifier, credential=websafe_encode(bytes(credential)),
        uses=data.counter,
    )  # fmt: skip


def put_challenge(request: HttpRequest, account: Account | None = None) -> str:
    """Put a challenge for signing in; without an account the device offers those it knows. Returns JSON."""
    known = [_credential(row) for row in Passkey.objects.filter(account=account)] if account else None
    options, state = _server(request).authenticate_begin(known, user_verification=UserVerificationRequirement.REQUIRED)
    request.session[STATE] = dict(state)
    return json.dumps(dict(options.public_key))


def take_challenge(request: HttpRequest, answer: str, account: Account | None = None) -> Passkey:
    """The passkey that answered the challenge. Raises InputError where none of the account's (or of any) did."""
    state = request.session.pop(STATE, None)
    try:
        if state is None:
            raise ValueError("No challenge was put.")
        response: Mapping[str, Any] = json.loads(answer)
        row = Passkey.objects.select_related("account").filter(identifier=response["id"]).first()
        if row is None or (account is not None and row.account_id != account.pk):
            raise ValueError("No passkey of this account.")
        _server(request).authenticate_complete(state, [_credential(row)], response)
        uses = AuthenticatorData(websafe_decode(response["response"]["authenticatorData"])).counter
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(_REFUSED) from error
    # A device that counts its uses counts upwards; one that does not always says nought.
    if uses and uses <= row.uses:
        raise InputError(_REFUSED)
    Passkey.objects.filter(pk=row.pk).update(uses=uses, used_at=timezone.now())
    return row


def _server(request: HttpRequest) -> Fido2Server:
    own = f"{request.scheme}://{request.get_host()}"
    party = PublicKeyCredentialRpEntity(
        id=request.get_host().rpartition(":")[0] or request.get_host(), name="careshape"
    )
    return Fido2Server(party, verify_origin=lambda origin: origin == own)


def _credential(row: Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(row.credential))


def _handle(account: Account) -> bytes:
    """The device's name for the account: it tells nothing of the person (Web Authentication, 14.6.1)."""
    return bytes.fromhex(digest("passkey handle", str(account.pk)))
