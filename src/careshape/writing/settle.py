"""What a second person does with a version: agree it, or turn it back; and how what is agreed comes into force."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from careshape.accounts.councils import council_row
from careshape.accounts.models import Account
from careshape.audit.change import SYSTEM, change
from careshape.errors import CallError, CareshapeError, InputError
from careshape.home import Home
from careshape.policy import Principal
from careshape.statement.lint import Fault
from careshape.writing import every_kind  # noqa: F401  (registers the kinds)
from careshape.writing.kinds import kind_of
from careshape.writing.models import State, Version
from careshape.writing.notices import tell_writer
from careshape.writing.place import digest, in_force, put
from careshape.writing.write import keep_what_was

ACT: Final = "writing.agree"
OTHER_WORDS: Final = "Its words are not those that you read: they were changed since. Read it again."
FAULTY: Final = "Its figures or its words do not hold any more beside what is in force."
CHANGED: Final = "The page was changed by another version before the day of this one came. Bring yours up to date."


class Faulty(InputError):
    """A version that is not agreed, because of what is wrong with it now."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__(f"Its figures or its words do not hold any more, so it cannot be agreed. {faults[0]}")


def agree(principal: Principal, row: Version, comes_on: date | None = None, read: str | None = None) -> Version:
    """Agree what another person wrote; it is in force at once, or from ``comes_on``.

    ``read`` is the digest of the words that were read, those of ``row`` as given by default: no others are agreed.
    That it was agreed is kept first, with what the log tells; then the file is put in its place. Where a process ends
    between the two, background work does the rest. Raises CallError where this person, or this version, may not.
    """
    today = timezone.localdate()
    if comes_on is not None and comes_on < today:
        raise CallError("Choose a day that is still to come, or leave it empty to have it in force at once.")
    read = row.digest if read is None else read
    if read != row.digest and row.state == State.PROPOSED.value:
        raise CallError(OTHER_WORDS)
    faults = kind_of(row.file).check(row.council, row.file, row.content)
    if faults and row.state == State.PROPOSED.value:
        raise Faulty(faults)
    with change(principal, ACT, lock=[council_row(row.council), row], chain=row.council) as told:
        row.refresh_from_db()
        _need_proposed(row, "agreed")
        if row.digest != read:
            raise CallError(OTHER_WORDS)
        if row.written_by_id == principal.account:
            raise CallError("You wrote this yourself. A second person agrees it.")
        now = in_force(Home(settings.CARESHAPE_DIR), row.council, row.file)
        if row.base != (digest(now) if now is not None else ""):
            raise CallError(
                "The page was changed since this was written. Turn it back, so that it is brought up to date."
            )
        row.content = kind_of(row.file).agreed(now or "", row.content, today)
        row.digest = digest(row.content)
        row.state, row.agreed_by, row.agreed_at = (
            State.AGREED.value,
            Account.objects.get(pk=principal.account),
            timezone.now(),
        )
        row.comes_on = comes_on if comes_on is not None and comes_on > today else None
        row.save()
        told(row, file=row.file, number=row.number, state=row.state, comes_on=_text(row.comes_on))
        tell_writer(row, "agreed")
    return row if row.comes_on else put_in_force(row)


def put_in_force(row: Version) -> Version:
    """Put an agreed version in the place of what is in force; done again, it changes nothing.

    The file is written inside the transaction, as its last step. Where another version came into force since it was
    agreed, or where it does not hold any more beside what else is in force, it is turned back with that reason: no
    words are lost without a word, and no fault comes into force.
    """
    home = Home(settings.CARESHAPE_DIR)
    with change(SYSTEM, "writing.put_in_force", lock=[council_row(row.council), row], chain=row.council) as told:
        row.refresh_from_db()
        if row.state != State.AGREED.value:
            raise CallError(f"Only an agreed version comes into force, and this one is not: {row.state_words.lower()}.")
        now = in_force(home, row.council, row.file)
        here = digest(now) if now is not None else ""
        if row.in_force_at is not None:
            told(row, outcome="read", file=row.file, number=row.number)
            return row
        if why := _against(row, here):
            keep_what_was(told, row.council, row.file)
            row.state, row.answer, row.ended_at = State.TURNED_BACK.value, why, timezone.now()
            row.save()
            told(row, file=row.file, number=row.number, state=row.state)
            tell_writer(row, "turned_back")
            return row
        row.in_force_at = timezone.now()
        row.save()
        told(row, file=row.file, number=row.number, digest=row.digest)
        put(home, row.council, row.file, row.content)
    return row


def need_taken(row: Version) -> Version:
    """The version. Raises CallError where it was turned back instead of coming into force, with the reason."""
    if row.state == State.TURNED_BACK.value:
        raise CallError(f"It could not come into force, and is turned back. {row.answer}"[:600])
    return row


def put_due_in_force() -> list[Version]:
    """Put in force every agreed version whose day has come, or whose file was not written yet. Safe at any time.

    One that cannot be put in force keeps no other back. Raises CareshapeError with the first reason when all were
    tried.
    """
    done: list[Version] = []
    faults: list[CareshapeError] = []
    for row in waiting():
        try:
            done.append(put_in_force(row))
        except CareshapeError as error:
            faults.append(error)
    if faults:
        raise faults[0]
    return done


def waiting() -> list[Version]:
    """The agreed versions that are due and not in force, the first agreed first."""
    due = Q(comes_on__isnull=True) | Q(comes_on__lte=timezone.localdate())
    return list(
        Version.objects.filter(due, state=State.AGREED.value, in_force_at__isnull=True).order_by("agreed_at", "pk")
    )


def schedule(principal: Principal, row: Version, comes_on: date | None) -> Version:
    """Set another day for an agreed version that is not in force yet; without a day it is in force at once."""
    if comes_on is not None and comes_on <= timezone.localdate():
        raise CallError("Choose a day that is still to come, or leave it empty to have it in force at once.")
    _finish(row)
    with change(principal, ACT, lock=[council_row(row.council), row], chain=row.council) as told:
        row.refresh_from_db()
        if not _waits(row):
            raise CallError(f"Only what is agreed and not in force yet has a day: {row.state_words.lower()}.")
        earlier = comes_on is None or row.comes_on is None or comes_on < row.comes_on
        if row.written_by_id == principal.account and earlier:
            raise CallError("You wrote this, and a second person agreed its day. You may set a later one.")
        row.comes_on = comes_on
        row.save()
        told(row, file=row.file, number=row.number, comes_on=_text(comes_on))
    return row if row.comes_on else put_in_force(row)


def turn_back(principal: Principal, row: Version, answer: str) -> Version:
    """Turn back what another person proposed, or what is agreed and not in force yet, with the reason.

    What is in its place already, and was cut off before that was kept, is finished, and not turned back.
    """
    answer = " ".join(answer.replace("\x00", "").split())[:500]
    if not answer:
        raise CallError("Say why you turn it back: its writer reads that first.")
    _finish(row)
    with change(principal, ACT, lock=[council_row(row.council), row], chain=row.council) as told:
        row.refresh_from_db()
        if row.state != State.PROPOSED.value and not _waits(row):
            raise CallError(f"This version cannot be turned back: {row.state_words.lower()}.")
        row.state, row.answer, row.comes_on = State.TURNED_BACK.value, answer, None
        row.ended_by, row.ended_at = Account.objects.get(pk=principal.account), timezone.now()
        row.save()
        told(row, act="writing.turn_back", file=row.file, number=row.number)
        tell_writer(row, "turned_back")
    return row


def discard(principal: Principal, row: Version) -> Version:
    """Discard one's own version that is not agreed; its number is not used again, and its words stay to be read."""
    with change(principal, "writing.write", lock=[row], chain=row.council) as told:
        row.refresh_from_db()
        if row.written_by_id is None or row.written_by_id != principal.account:
            raise CallError("Another person wrote this: only they discard it.")
        if row.state not in (State.DRAFT.value, State.PROPOSED.value, State.TURNED_BACK.value):
            raise CallError(f"This version cannot be discarded: {row.state_words.lower()}.")
        row.state, row.ended_by, row.ended_at = State.DISCARDED.value, row.written_by, timezone.now()
        row.save()
        told(row, act="writing.discard", file=row.file, number=row.number)
    return row


def _against(row: Version, here: str) -> str:
    """Why an agreed version does not come into the place of what is there, by that digest; empty where it does."""
    if here == row.digest:
        return ""
    if here != row.base:
        return CHANGED
    faults = kind_of(row.file).check(row.council, row.file, row.content)
    return f"{FAULTY} {faults[0]}"[:500] if faults else ""


def _waits(row: Version) -> bool:
    """Whether it is agreed and neither in force nor in its place already."""
    return row.state == State.AGREED.value and row.in_force_at is None and not _in_place(row)


def _in_place(row: Version) -> bool:
    now = in_force(Home(settings.CARESHAPE_DIR), row.council, row.file)
    return now is not None and digest(now) == row.digest


def _finish(row: Version) -> None:
    """Keep that a version is in force whose file was put in place, where a process ended before that was kept."""
    row.refresh_from_db()
    if row.state == State.AGREED.value and row.in_force_at is None and _in_place(row):
        put_in_force(row)


def _need_proposed(row: Version, what: str) -> None:
    if row.state != State.PROPOSED.value:
        raise CallError(f"This version is not ready to be {what}: {row.state_words.lower()}.")


def _text(on: date | None) -> str:
    return on.isoformat() if on else ""
