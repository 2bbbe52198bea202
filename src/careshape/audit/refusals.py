"""Refusals of who is signed in, told to the log: of acts that are about people, and of changes.

They are bounded, so that nobody fills a disk or holds a chain up by asking for what is refused: each account has so
many told a minute, the last of which says that more are in the server's own log alone.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse

from careshape.audit.change import Told
from careshape.audit.models import Event
from careshape.audit.write import append, locked
from careshape.policy import Principal

MOST: Final = 10
"""Refusals of one account that are told within a minute."""
WITHIN: Final = timedelta(minutes=1)
log = logging.getLogger(__name__)


def tell_refusal(request: HttpRequest, response: HttpResponse) -> None:
    """Tell that somebody was refused: by which act, at which address, with which method; nothing that they typed.

    It takes nothing away from the answer: where the log cannot be written to, the server's own log says so.
    """
    principal: Principal = request.principal
    try:
        if _lately(principal) >= MOST:
            return
        with transaction.atomic():
            head = locked(principal.council)  # so that requests at once do not pass the bound together
            before = _lately(principal)
            if before < MOST:
                last = {"more": "in the server's log only, for a minute"} if before == MOST - 1 else {}
                told = Told(principal, request.act, head.chain)
                told(
                    f"address:/{_route(request)}"[:120], outcome="refused",
                    method=request.method, status=response.status_code, **_keys(request), **last,
                )  # fmt: skip
                append(head, Event.of(principal), told.events)
    except DatabaseError:
        log.warning("A refusal could not be told to the audit log.")


def _lately(principal: Principal) -> int:
    since = (datetime.now(UTC) - WITHIN).isoformat(timespec="microseconds")
    told = Event.objects.filter(
        chain=principal.council, account=principal.account, outcome="refused", object__startswith="address:"
    )
    return told.filter(at__gt=since).count()


def _route(request: HttpRequest) -> str:
    return request.resolver_match.route if request.resolver_match else ""


def _keys(request: HttpRequest) -> dict[str, Any]:
    """The keys of rows that the address names: numbers by which nobody is known outside of the installation."""
    given = request.resolver_match.kwargs if request.resolver_match else {}
    return {name: str(value) for name, value in given.items() if isinstance(value, int | UUID)}
