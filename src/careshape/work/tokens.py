"""Tokens by which programs ask the API: made and revoked by their owner, known to the database by a digest only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from careshape.accounts.councils import only_demonstrations
from careshape.accounts.models import Membership
from careshape.accounts.principals import principal_for
from careshape.accounts.principals import principal_of as principal_of_session
from careshape.audit.change import change
from careshape.errors import CallError
from careshape.policy import ANYBODY, Principal, policy
from careshape.work.models import Token

API: Final = "/api/"
"""What the addresses of the API begin with: there a token says who asks, and nowhere else."""
OPEN: Final = "/api/open/"
"""What the addresses of the keyless API begin with: there everybody is nobody in particular."""
PREFIX: Final = "careshape_"
"""What every token begins with, so that one that was left somewhere is known for what it is."""
DAYS: Final = (30, 90, 365)
"""For how many days a token may be good."""
MOST: Final = 20
"""Tokens that one membership may have at a time."""
OTHERS: Final = "work.others_tokens"
"""The act of who looks after the tokens of the council's people."""
SHORT: Final = DAYS[0]
"""For how many days a token may be good that may do an act of administration."""
STEP: Final = timedelta(minutes=1)
"""A token's last use is written at most this often."""
OFFERED: Final = (
    "work.home", "work.measures", "work.observations", "work.registers", "work.postings", "work.import",
    "work.withdraw", "work.reverse", "work.figures", "work.organisation", "jobs.read", "jobs.cancel", "jobs.retry",
    "accounts.read", "accounts.invite", "accounts.change", "accounts.end", "accounts.reset", "accounts.teams",
    "accounts.organisations", OTHERS,
    "writing.see", "writing.write", "writing.agree", "writing.comment",
    "editions.see", "editions.prepare", "editions.agree", "editions.release", "editions.discard",
    "editions.rule", "editions.choose_rule",
    "readers.follow", "readers.comment", "readers.answer",
    "providers.register", "providers.see", "providers.keep", "providers.show", "providers.check", "providers.grade",
    "providers.tender", "providers.capacity", "providers.returns", "providers.send_capacity", "providers.alerts",
    "providers.rooms", "providers.keep_rooms",
    "people.see", "people.record", "source.decide", "source.decisions", "source.override", "source.kept",
    "source.see", "source.request", "source.broker", "source.answer", "source.rounds", "source.place", "source.taught",
    "source.fairness", "source.lists", "source.vehicles", "source.stand", "source.switch", "source.failures",
    "source.fail", "source.join", "source.apply", "source.applications", "source.consider",
    "source.packages", "source.package", "source.owed", "source.pay",
    "reuse.bring", "audit.read", "audit.verify", "privacy.access", "privacy.hold",
)  # fmt: skip
"""The acts that the API does, to which a token may be limited."""
GROUPS: Final = {
    "work": "Records and figures", "jobs": "Background work", "writing": "Writing", "editions": "Editions",
    "readers": "Readers", "reuse": "Other councils", "accounts": "People, teams and organisations",
    "people": "People who are supported", "source": "Care", "providers": "Providers and their capacity",
    "audit": "The audit log", "privacy": "What is held of somebody",
}  # fmt: skip
"""Room of an act -> what its acts are about."""
ADMINISTRATION: Final = frozenset({
    "accounts.invite", "accounts.change", "accounts.end", "accounts.reset", OTHERS, "privacy.access", "privacy.hold",
})  # fmt: skip
"""Acts by which people get access or lose it, or by which all that is held of somebody is had: a token for one of them
is good for a short time only.
"""
GOOD: Final = "Good"
INACTIVE: Final = "Its owner's account is not active"
"""It would be good again with the account, so that it can be revoked."""


def principal_of(request: HttpRequest) -> Principal:
    """Who makes a request: by a token where the API is asked, by a session everywhere else."""
    if request.path.startswith(OPEN):
        return ANYBODY
    if not request.path.startswith(API):
        return principal_of_session(request)
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    return principal_of_token(text.strip()) if scheme.casefold() == "bearer" else ANYBODY


def principal_of_token(text: str) -> Principal:
    """The principal whom a token makes; anybody where it is not good any more, or its membership has ended."""
    if not text.startswith(PREFIX):
        return ANYBODY
    good = Token.objects.filter(
        digest=digest(text), revoked_at__isnull=True, expires_at__gt=timezone.now(),
        membership__ended_at__isnull=True, membership__account__is_active=True,
    )  # fmt: skip
    token = good.select_related("membership__council", "membership__account").first()
    if token is None or (token.membership.account.demonstration and not only_demonstrations()):
        return ANYBODY
    now = timezone.now()
    unseen = Q(used_at__isnull=True) | Q(used_at__lt=now - STEP)
    if token.used_at is None or token.used_at < now - STEP:
        Token.objects.filter(unseen, pk=token.pk).update(used_at=now)
    return replace(principal_for(token.membership), token=token.pk, acts=frozenset(token.acts))


def offered(principal: Principal) -> list[tuple[str, str]]:
    """The acts to which a principal may limit a token: id and title."""
    acts = policy().acts
    return [(act, acts[act].title) for act in OFFERED if policy().permits(principal, act)]


def grouped(principal: Principal) -> dict[str, list[tuple[str, str]]]:
    """The acts to which a principal may limit a token, by what they are about, as a person chooses among them."""
    found: dict[str, list[tuple[str, str]]] = {}
    for act, title in offered(principal):
        group = GROUPS["accounts" if act == OTHERS else act.partition(".")[0]]
        found.setdefault(group, []).append((act, title))
    return found


def wrong(principal: Principal, name: str, acts: Iterable[str], days: int) -> dict[str, str]:
    """What is wrong with what is asked of a token, by field; nothing where it can be made."""
    asked, may = set(acts), {act for act, _ in offered(principal)}
    found = {
        "name": "" if name.strip() else "Enter what the token is for.",
        "acts": "" if asked and asked <= may else "Select what the token may do.",
        "days": "" if days in DAYS else "Select for how long the token is good.",
    }
    if days > SHORT and asked & ADMINISTRATION:
        found["days"] = (
            "A token that gives people access or ends it, or reaches what is held of them, is good for "
            f"{SHORT} days at most."
        )
    return {field: said for field, said in found.items() if said}


def make(principal: Principal, name: str, acts: Iterable[str], days: int) -> tuple[Token, str]:
    """Make a token. Returns it, and its text, which is not kept and cannot be shown again.

    Raises CallError where it has no name, no act, an act that its owner may not do, or too long a life.
    """
    wanted = [act for act, _ in offered(principal) if act in set(acts)]
    if problems := wrong(principal, name, acts, days):
        raise CallError(" ".join(problems.values()))
    text = PREFIX + secrets.token_urlsafe(32)
    with change(principal, "work.tokens") as told:
        membership = Membership.objects.select_for_update().get(pk=principal.membership)
        good = Token.objects.filter(membership=membership, revoked_at__isnull=True, expires_at__gt=timezone.now())
        if good.count() >= MOST:
            raise CallError(f"You have {MOST} tokens already. Revoke one that is not needed.")
        token = Token.objects.create(
            membership=membership, name=name.strip()[:100], digest=digest(text), acts=wanted,
            expires_at=timezone.now() + timedelta(days=days),
        )  # fmt: skip
        told(token, step="made", acts=wanted, days=days)
    return token, text


def revoke(principal: Principal, token: Token, act: str = "work.tokens") -> None:
    """Revoke a token, one's own or, by the act of who looks after them, another's: the next request is refused."""
    with change(principal, act, lock=[token]) as told:
        Token.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
        told(token, step="revoked")


def state_of(token: Token) -> str:
    """Whether a token is good, in words."""
    if token.revoked_at:
        return "Revoked"
    if token.membership.ended_at:
        return "Its owner's access has ended"
    if token.expires_at <= timezone.now():
        return "Expired"
    return GOOD if token.membership.account.is_active else INACTIVE


def digest(text: str) -> str:
    """What the database knows a token by. It is of 256 bits by chance, so that a plain digest keeps it safe."""
    return hashlib.sha256(text.encode()).hexdigest()
