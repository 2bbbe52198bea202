"""Keep what is told of a person: write an entry, put it right, take one's own mistake back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import models
from django.utils import timezone

from careshape.audit.change import Told, change
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.people.kinds import KINDS, Kind, Row, kind_of
from careshape.people.models import Correction, Noted, Person
from careshape.policy import Principal

ACT: Final = "people.record"
_KEPT: Final = 1000


def enter(principal: Principal, person: Person, kind: str, given: Mapping[str, Any]) -> Row:
    """Write an entry of a person's record.

    Args:
        principal: who writes it.
        person: whose record it is.
        kind: one of ``kinds.KINDS``.
        given: its fields by name, with ``on``, the day of which it tells.

    Raises CallError for a kind that there is not, a closed record, a day to come or before the person's birth, and
    whatever the kind itself does not take.
    """
    about = need_kind(kind)
    with change(principal, ACT, lock=[person]) as told:
        person.refresh_from_db()
        row = _made(person, about, given, told)
        told(row, person=person.pk, entered=kind)
    return row


def note(told: Told, person: Person, fact: str, value: object, on: date, why: str = "") -> Noted:
    """Note a fact of a person within a change that holds them. Raises CallError for what is none, or no such value."""
    given = {"fact": fact, "value": json.dumps(_plain(value)), "on": on, "why": why}
    row = _made(person, KINDS["noted"], given, told)
    assert isinstance(row, Noted)
    return row


def correct(principal: Principal, row: Row, given: Mapping[str, Any], why: str) -> list[str]:
    """Put an entry right. What stood there before is kept with who changed it and why; the names of what changed.

    Raises CallError where nothing changes, without a reason, for an entry that was taken back, and as ``enter`` does.
    """
    about, why = kind_of(row), why.strip()
    if not why:
        raise CallError("Say why it is put right: what stood there stays beside it.")
    with change(principal, ACT, lock=[row.person, row]) as told:
        row.refresh_from_db()
        _stands(row)
        new = {**_values(row, about), **given}
        _check(row.person, about, new)
        changed = kept_of(principal, row.person, about.id, row, {name: new[name] for name in about.fields}, why)
        row.save(update_fields=changed)
        told(row, person=row.person_id, corrected=changed)
    return changed


def kept_of(
    principal: Principal, person: Person, kind: str, row: models.Model, new: Mapping[str, Any], why: str
) -> list[str]:
    """Set the fields of a row that are others, and keep what they were. Raises CallError where none is."""
    changed = [name for name, value in new.items() if getattr(row, name) != value]
    if not changed:
        raise CallError("Nothing is put right: what you sent stands there already.")
    for name in changed:
        was = getattr(row, name)
        Correction.objects.create(
            person=person, kind=kind, row=row.pk, field=name, was=_written(was)[:_KEPT], why=why,
            by_id=principal.account,
        )  # fmt: skip
        setattr(row, name, new[name])
    return changed


def take_back(principal: Principal, row: Row) -> None:
    """Take back an entry that one made by mistake: it counts no more, and stays to be read.

    Raises CallError for somebody else's entry, and where it was taken back.
    """
    with change(principal, ACT, lock=[row.person, row]) as told:
        row.refresh_from_db()
        _stands(row)
        if row.by_id != principal.account:
            raise CallError("Somebody else wrote this. Put it right instead, and say why.")
        if words := kind_of(row).holds(row):
            raise CallError(words)
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
        told(row, person=row.person_id, taken_back=kind_of(row).id)


def need_kind(kind: str) -> Kind:
    """A kind of entry. Raises CallError for one that there is not."""
    if kind not in KINDS:
        raise CallError(f"Nothing of the name '{kind}' is kept. Choose from {', '.join(KINDS)}.")
    return KINDS[kind]


def _made(person: Person, about: Kind, given: Mapping[str, Any], told: Told) -> Row:
    if person.closed_at is not None:
        raise CallError("The record of this person is closed. Open it again first.")
    _check(person, about, given)
    values = {name: given[name] for name in about.fields if name in given}
    made: Row = about.model._base_manager.create(person=person, by_id=told.principal.account, **values)
    return made


def _check(person: Person, about: Kind, given: Mapping[str, Any]) -> None:
    day = given["on"]
    if day > uk_day(timezone.now()):
        raise CallError("This day is to come. Write down what was, today or before.")
    if day < person.born_on:
        raise CallError("This day is before the person was born.")
    about.check(person, given)


def _values(row: Row, about: Kind) -> dict[str, Any]:
    return {name: getattr(row, name) for name in about.fields}


def _stands(row: Row) -> None:
    if row.withdrawn_at is not None:
        raise CallError("This was taken back already.")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(getattr(value, "pk", None) or _plain(value))
