"""Switch a standard on for a list, and off again: proposed with its cost in sight, and agreed by somebody else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from careshape.audit.change import change
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.policy import Principal
from careshape.source.lists.courses import NOWHERE, Move
from careshape.source.lists.losses import losses, parts
from careshape.source.lists.shown import as_json, mark
from careshape.source.lists.standards import GOLD_AND_SILVER, standards, switching
from careshape.source.models import Lot, Switch, Vehicle

ACT: Final = "source.switch"
AHEAD: Final = timedelta(days=365)


def propose(
    principal: Principal, vehicle: Vehicle, begins_on: date, why: str, read: str, *, lot: Lot | None = None,
    standard: str = GOLD_AND_SILVER,
) -> Switch:  # fmt: skip
    """Propose that a standard is asked of everybody on a list, or in one of its lots, from a day.

    Args:
        principal: who proposes it.
        vehicle: the list.
        begins_on: the day from which it is asked.
        why: for those who agree, and for the log.
        read: the mark of the loss that was shown, as ``shown.mark`` gives it.
        lot: the one lot that it is asked for.
        standard: an entry of ``source/data/standards.toml``.

    Raises CallError without a reason, for a day that is past or more than a year ahead, where what would be lost is not
    what was read, and where it is proposed or switched on already.
    """
    made, why, today = _begins(principal), why.strip(), uk_day(timezone.now())
    if not why:
        raise CallError("Say why: who agrees reads it, and it stays with the list.")
    if not today <= begins_on <= today + AHEAD:
        raise CallError(f"{begins_on:%d/%m/%Y} is past, or more than a year ahead. Choose today or a day to come.")
    if vehicle.ends_on is not None and vehicle.ends_on < begins_on:
        raise CallError(f"{vehicle.title} ends on {vehicle.ends_on:%d/%m/%Y}, before that day.")
    with change(principal, ACT, lock=[vehicle]) as told:
        live = Switch.objects.filter(vehicle=vehicle, standard=standard, ended_at__isnull=True)
        if (lot is None and live.exists()) or live.filter(lot__isnull=True).exists() or live.filter(lot=lot).exists():
            raise CallError(f"{standards()[standard].title}: this is proposed or switched on for it already.")
        lost = losses(parts(vehicle, standard, today, lot))
        if mark(lost) != read:
            raise CallError("What would be lost has changed since you read it. Read it again below.")
        row = Switch.objects.create(
            vehicle=vehicle, lot=lot, standard=standard, state=made.to, begins_on=begins_on, why=why[:500],
            loss=as_json(lost), made_by_id=principal.account,
        )  # fmt: skip
        told(row, list=vehicle.pk, lot=lot.pk if lot else None, begins=begins_on)
    return row


def move(principal: Principal, row: Switch, name: str, why: str = "") -> None:
    """Agree to a switch, take its proposal back, or switch it off.

    A switch that is agreed after its day binds from the day on which it is agreed: nothing is barred for a day that is
    past.

    Raises CallError where the move does not lead on from how it stands, for who proposed it where somebody else must
    agree, for a role that may not, and without a reason where one is asked for.
    """
    why = why.strip()
    with change(principal, ACT, lock=[row.vehicle, row]) as told:
        row.refresh_from_db()
        made = next((one for one in switching().leads(row.state) if one.id == name), None)
        if made is None:
            now = switching().state(row.state).title.lower()
            raise CallError(f"It is {now} already, and this cannot follow.")
        _check(principal, made, row, why)
        row.state, moment = made.to, timezone.now()
        if switching().state(made.to).works:
            row.agreed_by_id, row.agreed_at = principal.account, moment
            row.begins_on = max(row.begins_on, uk_day(moment))
        else:
            row.ended_by_id, row.ended_at, row.ended_why = principal.account, moment, why[:500]
        row.save()
        told(row, to=made.to, begins=row.begins_on)


def may_move(principal: Principal, row: Switch) -> list[Move]:
    """The moves that somebody may make with a switch as it stands."""
    return [
        one for one in switching().leads(row.state, principal.role)
        if not (one.another and row.made_by_id == principal.account)
    ]  # fmt: skip


def _begins(principal: Principal) -> Move:
    made = next((one for one in switching().leads(NOWHERE, principal.role)), None)
    if made is None:
        raise CallError("Your role may not propose this.")
    return made


def _check(principal: Principal, made: Move, row: Switch, why: str) -> None:
    if principal.role not in made.by:
        raise CallError(f"Your role may not do this: {made.title.lower()}.")
    if made.another and row.made_by_id == principal.account:
        raise CallError("You proposed it yourself. Somebody else must agree.")
    if made.reason and not why:
        raise CallError("Say why: it stays with the list.")
