"""The one way to change something: a transaction, the parents locked, the change, its events, then the outcome.

    with change(principal, "accounts.invite", lock=[team]) as told:
        invitation = Invitation.objects.create(...)
        told(invitation, role=invitation.role)

The events are written just before the transaction ends, with the head of the council's chain locked last: whatever
the change waited for, others wait for the chain only while its events are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from careshape.audit.chain import canonical
from careshape.audit.models import Event
from careshape.audit.retry import retried
from careshape.audit.write import INSTALLATION, write
from careshape.policy import Principal, policy
from careshape.policy.fields import check_changes

SYSTEM: Final = Principal(role="system")
"""The installation itself: its command line and its background work."""
READ: Final = "read"
_HELD: Final[ContextVar[list[tuple[str, dict[str, Any]]] | None]] = ContextVar("held", default=None)
"""Events that are written at the end of ``together``, with their chain."""
P = ParamSpec("P")
R = TypeVar("R")


class Told:
    """Collects what is done within one change."""

    def __init__(self, principal: Principal, act: str, chain: str) -> None:
        self.principal, self.act, self.chain = principal, act, chain
        self.events: list[dict[str, Any]] = []

    def __call__(self, row: models.Model | str = "", *, act: str = "", outcome: str = "done", **detail: Any) -> None:
        """Tell that the act was done to a row; ``detail`` holds ids and names of fields, and no personal data."""
        self.events.append(
            {"act": act or self.act, "outcome": outcome, "object": named(row), "detail": canonical(detail)}
        )


@contextmanager
def change(
    principal: Principal,
    act: str,
    *,
    lock: Iterable[models.Model] = (),
    chain: str | None = None,
    record: str = "",
    fields: Iterable[str] = (),
) -> Iterator[Told]:
    """Do an act in one transaction, with its events.

    Args:
        principal: who does it.
        act: act of the policy; SYSTEM may do every act.
        lock: rows that must not change meanwhile; they are locked in the order of table and key.
        chain: council whose chain tells of it; the principal's by default.
        record: what of people is changed, as the policy calls it, and which of its fields.

    Raises PermissionDenied where the policy does not permit the act, or a change of one of the fields, and RuntimeError
    where the change told of nothing: what leaves no trace is a fault of ours.
    """
    if principal is not SYSTEM and not policy().permits(principal, act):
        raise PermissionDenied("Your role may not do this.")
    if record and principal is not SYSTEM:
        check_changes(principal, act, record, fields)
    told = Told(principal, act, chain if chain is not None else principal.council or INSTALLATION)
    held = _HELD.get()
    before = len(held) if held is not None else 0
    try:
        with transaction.atomic():
            lock_rows(lock)
            yield told
            if not told.events:
                raise RuntimeError(f"'{act}' was done and nothing was told of it.")
            _write(told)
    except BaseException:
        if held is not None:
            del held[before:]  # with the change are undone those within it that told already
        raise


@contextmanager
def together() -> Iterator[None]:
    """Do many changes in one transaction, and write their events at its end, in their order.

    For what makes much by itself. The chain is locked once, and none of it is told of where it fails. Changes that
    are undone by a transaction of the caller within it, and not by their own, must not go on from there.
    """
    held: list[tuple[str, dict[str, Any]]] = []
    token = _HELD.set(held)
    try:
        with transaction.atomic():
            yield
            for chain in dict.fromkeys(chain for chain, _ in held):
                write(chain, {}, [event for of, event in held if of == chain])
    finally:
        _HELD.reset(token)


def tell(
    principal: Principal, act: str, row: models.Model | str = "", *, outcome: str = READ, chain: str | None = None,
    **detail: Any,
) -> None:  # fmt: skip
    """Tell of something that changed nothing: a reading of personal data, or a refusal.

    Raises RuntimeError for a reading that is told outside the transaction that it was made in (see ``reading``).
    """
    if outcome == READ and not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"'{act}' read personal data and is told of in another transaction.")
    told = Told(principal, act, chain if chain is not None else principal.council or INSTALLATION)
    told(row, outcome=outcome, **detail)
    with transaction.atomic():
        _write(told)


def reading(verb: Callable[P, R]) -> Callable[P, R]:
    """Have a verb that reads personal data do so in one transaction with the event that tells of it."""
    return retried(transaction.atomic(verb))


def lock_rows(rows: Iterable[models.Model]) -> None:
    """Lock rows in the order of table and key, so that two changes never wait for each other.

    On SQLite a transaction holds the whole database from its start, and nothing more is needed.
    """
    wanted = {(type(row)._meta.label, row.pk): type(row) for row in rows}
    for (_, pk), model in sorted(wanted.items(), key=lambda item: item[0]):
        model._base_manager.select_for_update().only("pk").get(pk=pk)


def named(row: models.Model | str) -> str:
    """What an event calls a row: its table and key."""
    return row if isinstance(row, str) else f"{row._meta.label_lower}:{row.pk}"


def _write(told: Told) -> None:
    held = _HELD.get()
    if held is not None:
        held.extend((told.chain, {**Event.of(told.principal), **one}) for one in told.events)
        return
    write(told.chain, Event.of(told.principal), told.events)
