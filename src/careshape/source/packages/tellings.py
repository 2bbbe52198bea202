"""What was told of a package, and the act of telling more: the lines for the records follow in the same transaction."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from careshape.audit.change import Told, change
from careshape.errors import CallError, InputError
from careshape.home import Home
from careshape.ledger.posting import uk_day
from careshape.paying import reading
from careshape.paying.history import History, tell
from careshape.paying.terms import Book, Terms, book
from careshape.paying.told import Ending, HandBack, Line
from careshape.paying.told import Telling as Said
from careshape.policy import Principal
from careshape.source.courses import PACKAGE, check_moved
from careshape.source.lists.courses import NOWHERE
from careshape.source.models import Package, Telling
from careshape.source.packages.lines import follow, wanted
from careshape.source.packages.promised import keep_promise, promised

ACT: Final = "source.package"
WITHDRAWAL: Final = "withdrawal"
ENDS: Final = {"ending": "It was ended.", "hand-back": "The provider gave it back.", "death": "The person died."}
"""Kinds by which a package ends, with what is said where nobody said why."""
AHEAD: Final = timedelta(days=3653)
"""How far ahead something can be told: beyond it the year is a slip."""
_DAY: Final = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
Raw = Mapping[str, Any]
"""A telling as a file of a package holds it, without ``id``, ``known`` and ``corrects``."""


def book_of(council: str) -> Book:
    """The contracts and reasons of a council."""
    return book(Home(settings.CARESHAPE_DIR).council_path(council))


def terms_of(package: Package) -> Terms:
    """The terms by which a package is paid. Raises CallError where there is no such contract any more."""
    return book_of(package.person.council).contract(package.contract)


def told_of(package: Package) -> list[Telling]:
    """Everything that was told of a package, in order."""
    return list(package.tellings.order_by("number"))


def history(package: Package, rows: Sequence[Telling] | None = None) -> History:
    """The history of a package as ``paying`` takes it."""
    rows = told_of(package) if rows is None else rows
    return History(f"package {package.pk}", tuple(reading.telling(as_told(one), f"no. {one.number}") for one in rows))


def as_told(row: Telling) -> dict[str, Any]:
    """A telling as a file of a package holds it."""
    found = {"id": str(row.number), "known": row.known.isoformat(), "kind": row.kind, **json.loads(row.body)}
    return {**found, "corrects": str(row.replaces)} if row.replaces is not None else found


def in_force(rows: Sequence[Telling]) -> list[Telling]:
    """Those of all tellings of a package that were not corrected or withdrawn since."""
    gone = {one.replaces for one in rows}
    return [one for one in rows if one.number not in gone and one.kind != WITHDRAWAL]


def tell_of(
    principal: Principal, package: Package, kind: str, raw: Raw, *, why: str = "", replaces: int | None = None,
    cause: str = "", act: str = ACT,
) -> Telling:  # fmt: skip
    """Tell something of a package. Its lines change with it, and go into the records.

    Args:
        principal: who tells it.
        package: of which it is told.
        kind: a kind of ``paying.reading.KINDS``.
        raw: its fields, as a file of a package holds them.
        why: in words, for people.
        replaces: number of the telling that it corrects, or withdraws.
        cause: the name of what is told of many packages at once: told twice, it counts once.
        act: the act of the policy by which it is told.

    Raises CallError, in a sentence, where it does not fit what was told before; all is then as it was.
    """
    with change(principal, act, lock=[package]) as noted:
        return tell_within(noted, package, kind, raw, why=why, replaces=replaces, cause=cause)


def tell_within(
    noted: Told, package: Package, kind: str, raw: Raw, *, why: str = "", replaces: int | None = None, cause: str = "",
) -> Telling:  # fmt: skip
    """As ``tell_of``, within a change of the caller that has locked the package."""
    rows = told_of(package)
    if cause and (known := next((one for one in rows if one.cause == cause), None)):
        noted(package, telling=known.number, again=True)
        return known
    row = new_row(package, rows, kind, raw, replaces)
    after = laid_on(package, rows, row)
    check_moved(PACKAGE, kind, _before(rows, row), state_of([*rows, row]))
    row.why, row.cause, row.by_id = why.strip()[:500], cause, noted.principal.account
    row.save()
    _tell_why_it_ends(package, [*rows, row])
    before = promised(package)
    follow(package, wanted(after, terms_of(package)))
    keep_promise(noted, package, before)
    noted(package, telling=row.number, kind=kind, replaces=replaces or 0)
    return row


def state_of(rows: Sequence[Telling]) -> str:
    """How a package stands by what was told of it: a state of its course; '' where nothing was."""
    if not rows:
        return NOWHERE
    told = in_force(rows)
    lines = [json.loads(one.body) for one in told if one.kind == "line"]
    if not lines:
        return "nothing"
    ended = any(one.kind in ENDS for one in told)
    return "ends" if ended or all(one.get("to") for one in lines) else "open"


def _before(rows: Sequence[Telling], row: Telling) -> str:
    """How a package stands before something is told: of a correction, without what it corrects."""
    if row.replaces is None or row.kind == WITHDRAWAL:
        return state_of(rows)
    return state_of([*rows, Telling(kind=WITHDRAWAL, replaces=row.replaces)])


def _tell_why_it_ends(package: Package, rows: Sequence[Telling]) -> None:
    ends = [one for one in in_force(rows) if one.kind in ENDS]
    because = (ends[-1].why or ENDS[ends[-1].kind]) if ends else ""
    if because != package.ended_because:
        package.ended_because = because
        package.save(update_fields=["ended_because"])


def laid_on(package: Package, rows: Sequence[Telling], row: Telling) -> History:
    """The history with one thing more, which is not kept. Raises CallError where it does not fit."""
    try:
        new = reading.telling(as_told(row), "what was told")
        if row.replaces is None and _repeats(rows, row):
            raise CallError("This is told already, and in force: nothing would change.")
        before = history(package, rows)
        _check_end(before, new)
        return tell(before, terms_of(package), new)
    except InputError as error:
        raise CallError(in_words(str(error))) from None


def _check_end(before: History, new: Said) -> None:
    """Raises CallError for an end before anything of the package began."""
    begins = min((one.first for one in before.known_on() if isinstance(one, Line)), default=None)
    last = (new.on or new.given) if isinstance(new, Ending | HandBack) else None
    if begins is not None and last is not None and last < begins:
        raise CallError(f"It began on {begins:%d/%m/%Y}. It cannot have ended before.")


def in_words(said: str) -> str:
    """What ``paying`` said of a telling, without the number that it has yet to get."""
    head, _, rest = said.partition(": ")
    plain = rest if rest and head.startswith("'") and head.endswith("'") else said
    plain = _DAY.sub(lambda found: f"{date.fromisoformat(found[0]):%d/%m/%Y}", plain)
    return plain[:1].upper() + plain[1:]


def new_row(package: Package, rows: Sequence[Telling], kind: str, raw: Raw, replaces: int | None) -> Telling:
    """A telling as it would be kept, the next of its package. Raises CallError for a day that is years ahead."""
    today = uk_day(timezone.now())
    _check_days(raw, today)
    last = rows[-1].known if rows else today
    number = (rows[-1].number if rows else 0) + 1
    body = json.dumps({name: value for name, value in raw.items() if value not in (None, "")}, sort_keys=True)
    return Telling(package=package, number=number, kind=kind, known=max(today, last), body=body, replaces=replaces)


def _check_days(raw: Raw, today: date) -> None:
    """Raises CallError for a day that is years ahead: the year is a slip."""
    for name in ("from", "to", "on", "given"):
        value = raw.get(name)
        if value and date.fromisoformat(str(value)) > today + AHEAD:
            raise CallError(f"{date.fromisoformat(str(value)):%d/%m/%Y} is years ahead. Look at the year.")


def _repeats(rows: Sequence[Telling], row: Telling) -> bool:
    return any((one.kind, json.loads(one.body)) == (row.kind, json.loads(row.body)) for one in in_force(rows))
