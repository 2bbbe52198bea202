"""Single sign-on by OpenID Connect (Core 1.0): authorisation code with PKCE (RFC 7636), state and nonce.

What a provider says of a person is believed only in a token that it signed for us and for this one try. Nobody comes in
who was not invited: the verified address is that of an account, or of an open invitation, of a council for which the
provider speaks.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import jwt
from django.utils.crypto import constant_time_compare

from careshape.accounts.invite import accept, open_invitations
from careshape.accounts.models import Account, Identity, IdentityProvider, Invitation, Membership
from careshape.accounts.sealed import opened
from careshape.accounts.signing_in import ACT, current, may_sign_in
from careshape.audit.change import change
from careshape.errors import InputError
from careshape.policy import ANYBODY

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that are believed: none that needs no key, or our own secret."""
MOST: Final = 1_000_000
"""Bytes that are read of a provider's answer."""
WAIT: Final = 10
"""Seconds that a provider has for an answer."""
_OWN: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Person:
    """What a provider says of who signed in there."""

    subject: str
    email: str
    name: str
    second_factor: bool


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """None: an answer that sends elsewhere is an error."""
        return None


_opener: Final = urllib.request.build_opener(_NoRedirects)


def begin(provider: IdentityProvider, back: str) -> tuple[str, dict[str, str]]:
    """The address at which a person signs in with a provider, and what must be kept until they come back to ``back``.

    Raises InputError where the provider does not answer as one.
    """
    verifier = secrets.token_urlsafe(48)
    kept = {"provider": provider.slug, "state": secrets.token_urlsafe(32), "nonce": secrets.token_urlsafe(32)}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": provider.client_id, "redirect_uri": back, "scope": "openid email profile",
        "state": kept["state"], "nonce": kept["nonce"], "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    where = _described(provider)["authorization_endpoint"]
    return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}", {**kept, "verifier": verifier, "back": back}


def end(provider: IdentityProvider, kept: Mapping[str, str], answer: Mapping[str, str]) -> Person:
    """Who came back from a provider. Raises InputError for an answer that is not of this try, or not to be believed."""
    if kept.get("provider") != provider.slug or not constant_time_compare(answer.get("state", ""), kept["state"]):
        raise InputError("The answer is not of this try.")
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise InputError("The answer is of another provider.")
    if "code" not in answer:
        raise InputError("The provider did not sign you in.")
    described = _described(provider)
    given = _exchange(provider, described, kept, answer["code"])
    claims = _claims(provider, described, given.get("id_token", ""), kept["nonce"])
    return _person(provider, claims)


def account_for(provider: IdentityProvider, person: Person) -> Account:
    """The account of who signed in with a provider; made now where they were invited and have none yet.

    Raises InputError where nobody of that address was invited to a council for which the provider speaks.
    """
    known = Identity.objects.select_related("account").filter(provider=provider, subject=person.subject).first()
    if known is not None:
        return _let_in(provider, known.account)
    account = Account.objects.filter(email__iexact=person.email, is_active=True).first()
    if account is None:
        invitation = _invitation(provider, person.email)
        if invitation is None:
            raise InputError("Nobody of this address was invited.")
        account = accept(invitation, person.name or person.email, None)
    _let_in(provider, account)
    if Identity.objects.filter(provider=provider, account=account).exists():
        raise InputError("The address belongs to another person at the provider.")
    with change(ANYBODY, ACT, lock=[account], chain=_chain(provider, account)) as told:
        told(Identity.objects.create(provider=provider, subject=person.subject, account=account), done="linked")
    return account


def _let_in(provider: IdentityProvider, account: Account) -> Account:
    if account.demonstration or not may_sign_in(account) or not _memberships(provider, account).exists():
        raise InputError("The account has no access for which the provider speaks.")
    # Else one council's provider could sign in as a person of another one, and leave a passkey behind.
    if provider.council_id and current(account).exclude(council=provider.council_id).exists():
        raise InputError("The account works for other councils too, for which the provider does not speak.")
    return account


def _memberships(provider: IdentityProvider, account: Account) -> Any:
    found = Membership.objects.filter(account=account, ended_at__isnull=True)
    return found.filter(council=provider.council_id) if provider.council_id else found


def _invitation(provider: IdentityProvider, email: str) -> Invitation | None:
    found = open_invitations(provider.council).filter(email=email.lower()).order_by("pk")
    first: Invitation | None = found.select_related("council", "team", "organisation").first()
    return first


def _chain(provider: IdentityProvider, account: Account) -> str:
    membership = _memberships(provider, account).select_related("council").order_by("pk").first()
    chain: str = membership.council.slug
    return chain


def _described(provider: IdentityProvider) -> dict[str, Any]:
    found = _fetched(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != provider.issuer:
        raise InputError("The provider names another issuer than the one it was set up with.")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        checked(str(found.get(name, "")))
    return found


def _exchange(
    provider: IdentityProvider, described: Mapping[str, Any], kept: Mapping[str, str], code: str
) -> dict[str, Any]:
    """What the provider gives for a code."""
    asked = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": kept["back"], "client_id": provider.client_id,
        "code_verifier": kept["verifier"],
    }  # fmt: skip
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    secret = opened(provider.client_secret) if provider.client_secret else ""
    if secret and "client_secret_post" not in described.get("token_endpoint_auth_methods_supported", ()):
        pair = base64.b64encode(f"{_escaped(provider.client_id)}:{_escaped(secret)}".encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    elif secret:
        asked["client_secret"] = secret
    return _fetched(described["token_endpoint"], urlencode(asked).encode(), headers)


def _claims(provider: IdentityProvider, described: Mapping[str, Any], token: str, nonce: str) -> dict[str, Any]:
    """What the provider's token says, once signature, issuer, audience, time and nonce are right (Core, 3.1.3.7)."""
    try:
        header = jwt.get_unverified_header(token)
        keys = jwt.PyJWKSet.from_dict(_fetched(described["jwks_uri"])).keys
        fitting = [one for one in keys if header.get("kid") in (None, one.key_id)]
        if len(fitting) != 1:
            raise InputError("The provider's token names no key of its.")
        claims: dict[str, Any] = jwt.decode(
            token, fitting[0], algorithms=list(ALGORITHMS), audience=provider.client_id, issuer=provider.issuer,
            leeway=60, options={"require": ["exp", "iat", "sub", "aud", "iss", "nonce"]},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise InputError("The provider's token is not to be believed.") from error
    if not constant_time_compare(str(claims["nonce"]), nonce):
        raise InputError("The provider's token is not of this try.")
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != provider.client_id:
        raise InputError("The provider's token is for somebody else.")
    return claims


def _person(provider: IdentityProvider, claims: Mapping[str, Any]) -> Person:
    """What the claims say of the person. Raises InputError where the address was not verified."""
    email, verified = claims.get(provider.address_claim), claims.get(provider.verified_claim)
    if not isinstance(email, str) or "@" not in email or verified not in (True, "true", "1", 1):
        raise InputError("The provider does not say that the e-mail address was verified.")
    said = claims.get("amr")
    shown = {str(one) for one in (*(said if isinstance(said, list) else ()), claims.get("acr") or "")}
    name = claims.get("name") if isinstance(claims.get("name"), str) else ""
    return Person(
        str(claims["sub"])[:255], email.strip().lower(), str(name)[:200], bool(shown & set(provider.second_factor))
    )


def _fetched(address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    asked = urllib.request.Request(
        checked(address), data=body, headers={"Accept": "application/json", **(headers or {})}
    )
    try:
        with _opener.open(asked, timeout=WAIT) as answer:
            found = json.loads(answer.read(MOST))
    except (OSError, ValueError, urllib.error.URLError) as error:
        raise InputError("The provider does not answer as it should.") from error
    if not isinstance(found, dict):
        raise InputError("The provider does not answer as it should.")
    return found


def checked(address: str) -> str:
    """An address that may be asked: by HTTPS, or on this machine. Raises InputError for any other."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _OWN):
        raise InputError("The provider names an address that is not HTTPS.")
    return address


def _escaped(text: str) -> str:
    return urlencode({"": text})[1:]
