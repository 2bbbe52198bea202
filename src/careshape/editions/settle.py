"""The steps of an edition after it is prepared: agreed by a second person, released, or discarded."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from careshape.accounts.times import uk_date
from careshape.audit.change import SYSTEM, change
from careshape.editions.begin import account_of, told_of
from careshape.editions.folders import MANIFEST, digest, edition_path
from careshape.editions.models import Edition, State
from careshape.editions.notices import tell_of_agreed, tell_of_held
from careshape.editions.ruled import case_of, findings
from careshape.editions.since import changed_since
from careshape.errors import CallError, CareshapeError
from careshape.home import Home
from careshape.policy import Principal
from careshape.source.judged import judging


class SupersededError(CallError):
    """Something in force changed since an edition was prepared, and whoever would agree or release it did not say that
    they know.
    """


def agree(principal: Principal, row: Edition, aware: str = "") -> None:
    """Agree an edition that another person prepared.

    ``aware`` is the digest of what changed since it was prepared, as this person was told it. Raises CallError where
    this person, or this edition, may not, SupersededError where something else changed, or something and they do not
    say that they know.
    """
    with change(principal, "editions.agree", lock=[row], chain=row.council) as told:
        row.refresh_from_db()
        _need(row, State.PREPARED, "agreed")
        if row.prepared_by_id is not None and row.prepared_by_id == principal.account:
            raise CallError("You prepared this edition yourself. A second person agrees it.")
        since = _need_aware(principal, row, aware, "agreed")
        row.state, row.agreed_at, row.agreed_by = State.AGREED.value, timezone.now(), account_of(principal)
        row.save()
        told_of(told, row, **since)
        tell_of_agreed(row)


def release(principal: Principal, row: Edition, aware: str = "") -> None:
    """Release an agreed edition to everybody, for good.

    The command line, which is nobody's account, releases without a second person's word only in a demonstration.
    ``aware`` is as in ``agree``; the log keeps what changed since the edition was prepared, and whether somebody said
    that they know. What the rules said of it is kept. Raises CallError where the edition is not ready and where a rule
    stops it, SupersededError as ``agree`` does, CareshapeError where its folder is not as it was prepared.
    """
    home = Home(settings.CARESHAPE_DIR)
    with change(principal, "editions.release", lock=[row], chain=row.council) as told:
        row.refresh_from_db()
        if principal is SYSTEM and row.state == State.PREPARED.value and home.ledger(row.council).demonstration:
            row.agreed_at = timezone.now()
        else:
            _need(row, State.AGREED, "released")
        check_whole(home, row)
        since = _need_aware(principal, row, aware, "released")
        case = case_of(row)
        found = judging.findings(case)
        judging.keep(told, case, found)
        row.state, row.released_at, row.released_by = State.RELEASED.value, timezone.now(), account_of(principal)
        row.save()
        told_of(told, row, set_aside=[one.rule for one in found if one.overridden], **since)


def schedule(principal: Principal, row: Edition, on: date | None, aware: str = "") -> None:
    """Set the day on which an agreed edition is released by itself, or take it away; ``aware`` is as in ``agree``."""
    with change(principal, "editions.release", lock=[row], chain=row.council) as told:
        row.refresh_from_db()
        _need(row, State.AGREED, "scheduled")
        if on is not None and on <= timezone.localdate():
            raise CallError("Choose a day that is still to come, or release it now.")
        if on is None and row.release_on is None:
            raise CallError("Write the day on which it is to be released. None is set now.")
        since = _need_aware(principal, row, aware, "released") if on is not None else {}
        if on is not None:
            case = case_of(row)
            judging.let_go(principal, case, judging.findings(case))
        row.release_on = on
        row.save()
        told(row, number=row.number, release_on=on.isoformat() if on else "", **since)


def release_due() -> list[Edition]:
    """Release every agreed edition whose day has come. Safe to call at any time, and twice.

    One whose words were changed since its day was set is held, and so is one that a rule stops by now; who can release
    it is told: what is released is there for good, and words are often changed because they were wrong. New records
    hold nothing.

    One that cannot be released keeps no other back, whatever the reason: a council's broken disk is no matter of
    another's. Raises the first reason when all were tried, so that it is told of and tried again.
    """
    due = Edition.objects.filter(state=State.AGREED.value, release_on__lte=timezone.localdate()).order_by("pk")
    released: list[Edition] = []
    faults: list[Exception] = []
    for row in due:
        try:
            if not _held(row):
                release(SYSTEM, row)
                released.append(row)
        except Exception as error:
            faults.append(error)
    if faults:
        raise faults[0]
    return released


def _held(row: Edition) -> bool:
    """Take its day away from an edition whose words are not as they were when it was set, or that a rule stops;
    whether that was done.
    """
    home = Home(settings.CARESHAPE_DIR)
    check_whole(home, row)
    since = changed_since(home, row)
    stopped = [one.rule for one in judging.stopping(findings(row))]
    if since.words == row.known_changes and not stopped:
        return False
    with change(SYSTEM, "editions.release", lock=[row], chain=row.council) as told:
        row.refresh_from_db()
        if row.state != State.AGREED.value or row.release_on is None:
            return True
        row.release_on = None
        row.save()
        told(row, number=row.number, release_on="", changed_since=list(since.names), stopped_by=stopped)
        tell_of_held(row)
    return True


def discard(principal: Principal, row: Edition) -> None:
    """Discard an edition that nobody will release; its number is not used again."""
    with change(principal, "editions.discard", lock=[row], chain=row.council) as told:
        row.refresh_from_db()
        if row.state in (State.RELEASED.value, State.DISCARDED.value):
            raise CallError(f"Edition {row.number} is {row.state_words.lower()}, and cannot be discarded.")
        row.state, row.release_on = State.DISCARDED.value, None
        row.save()
        told_of(told, row)


def _need_aware(principal: Principal, row: Edition, aware: str, what: str) -> dict[str, Any]:
    """What the log tells of a step beside its state: what changed since the edition was prepared, and who knew.

    Nobody stands before a command or before background work, which do as they were told; a person says that they know.
    """
    since = changed_since(Home(settings.CARESHAPE_DIR), row)
    row.known_changes = since.words
    if not since:
        return {}
    if principal is not SYSTEM and aware != since.digest:
        more = "More was changed since you were told." if aware else "Something was changed since it was prepared."
        raise SupersededError(f"Edition {row.number} is not {what} yet. {more} Read below what it does not hold.")
    return {"changed_since": list(since.names), "postings_since": since.postings, "confirmed": principal is not SYSTEM}


def check_whole(home: Home, row: Edition) -> None:
    """Make sure that the folder of an edition is as it was prepared. Raises CareshapeError where it is not."""
    folder = edition_path(home, row.council, row.number)
    if not (folder / MANIFEST).is_file():
        raise CallError(
            f"The folder of edition {row.number} is not there any more, so it cannot be released. Bring "
            f"councils/{row.council}/editions/{row.number} back from a backup, or discard it and prepare another."
        )
    if digest((folder / MANIFEST).read_bytes()) != row.manifest:
        raise CareshapeError(
            f"The manifest of edition {row.number} is not the one that was prepared, so it is not released. "
            "Discard it and prepare another."
        )


def _need(row: Edition, state: State, what: str) -> None:
    if row.state == State.REFUSED.value:
        raise CallError(f"The gate refused edition {row.number}, so it cannot be {what}. Its report says why.")
    if row.state == State.RELEASED.value and row.released_at is not None:
        raise CallError(
            f"Edition {row.number} is released already, since {uk_date(row.released_at)}. Nothing is changed."
        )
    if row.state != state.value:
        raise CallError(f"Edition {row.number} is not ready to be {what}: {row.state_words.lower()}.")
