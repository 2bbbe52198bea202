"""What is wrong with an installation's database, its clock and its background work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from careshape.home import Home
from careshape.ledger import Ledger
from careshape.site.config import Configuration
from careshape.site.doctor import Check, Finding

SEEN_WITHIN: Final = timedelta(seconds=60)
LATE: Final = timedelta(minutes=10)
"""A job that has waited so long after its time waits for a worker."""
APART: Final = timedelta(seconds=5)
SMALL: Final = 500_000_000
"""Bytes of an SQLite file up to which every page of it is looked at."""


def database(home: Home, found: Configuration) -> Iterator[Finding]:
    """Reachable, of this version, and set so that what it acknowledged is kept."""
    from django.db import connection

    from careshape.site.databases import reachable
    from careshape.site.migrations import standing

    if not _there(home, found):
        yield Finding(
            "database", "warn", "not made yet", "`careshape serve` makes it, or `careshape database migrate`."
        )
        return
    # A damaged file may answer as if it held nothing: what is asked of its tables next would mislead.
    if why := reachable() or _damage():
        if found["database.url"]:
            do, said = "Start its server, or correct database.url.", f"it cannot be reached: {why}"
        else:
            do, said = "Restore the latest backup.", f"its file cannot be read: {why}"
        yield Finding("database", "fail", said, do)
        return
    now = standing()
    if now.unknown:
        yield Finding(
            "database", "fail", "a newer version was here", "Use that version, or restore a backup of before."
        )
    elif now.missing:
        said = f"{len(now.missing)} migrations are not made"
        yield Finding("database", "fail", said, "Take a backup, then run `careshape database migrate`.")
    else:
        yield Finding("database", "ok", f"{connection.vendor}, {len(now.applied)} migrations, of this version")
    yield from _sqlite(home) if connection.vendor == "sqlite" else _postgresql()


def _sqlite(home: Home) -> Iterator[Finding]:
    from django.db import connection

    mode, flushed = _ask("PRAGMA journal_mode"), _ask("PRAGMA synchronous")
    good = (mode, flushed) == ("wal", 2)
    said = f"journal {mode}, synchronous {flushed}"
    yield Finding("database settings", "ok" if good else "fail", said, "" if good else "It must be wal and 2 (FULL).")
    if connection.settings_dict["NAME"].stat().st_size <= SMALL:
        yield Finding("database file", "ok", "whole")


def _damage() -> str:
    """What is wrong with the file of SQLite; empty where nothing is, or where it is too large to be looked at whole."""
    from django.db import DatabaseError, connection

    if connection.vendor != "sqlite" or connection.settings_dict["NAME"].stat().st_size > SMALL:
        return ""
    try:
        found = str(_ask("PRAGMA quick_check(1)"))
    except DatabaseError as error:
        return str(error)
    return "" if found == "ok" else " ".join(found.split())


def _postgresql() -> Iterator[Finding]:
    wanted = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "server_encoding": "UTF8"}
    wrong = [f"{name} is {value}" for name, good in wanted.items() if (value := _ask(f"SHOW {name}")) != good]
    said = ", ".join(wrong) or ", ".join(f"{name} {value}" for name, value in wanted.items())
    do = "Set them so, or a power cut may take what was acknowledged." if wrong else ""
    yield Finding("database settings", "fail" if wrong else "ok", said, do)


def clock(home: Home, found: Configuration) -> Iterator[Finding]:
    """Whether the time is one that can be: not before what was recorded, and the same as the database's."""
    now = datetime.now(UTC)
    latest = [posting.recorded_at for name in home.authorities() for posting in _postings(home, name)[-1:]]
    if latest and max(latest) > now + APART:
        said = f"it shows {now:%Y-%m-%d %H:%M}, and a posting was recorded on {max(latest):%Y-%m-%d %H:%M}"
        yield Finding("clock", "fail", said, "Set the clock; let it be kept (NTP).")
        return
    if _there(home, found):
        from careshape.jobs.clock import now as theirs

        apart = abs(theirs() - datetime.now(UTC))
        if apart > APART:
            said = f"the database's differs by {apart.total_seconds():,.0f} s"
            yield Finding("clock", "fail", said, "Let both clocks be kept (NTP).")
            return
    yield Finding("clock", "ok", f"{now:%Y-%m-%d %H:%M:%S} UTC")


def worker(home: Home, found: Configuration) -> Iterator[Finding]:
    """Whether somebody does the background work, and whether it gets done."""
    if not _answers(home, found):
        return
    from careshape.jobs.clock import now
    from careshape.jobs.models import Job, State, Worker

    moment = now()
    here = Worker.objects.filter(seen_at__gte=moment - SEEN_WITHIN).count()
    waiting = Job.objects.filter(state=State.QUEUED, run_after__lt=moment - LATE).count()
    busy = Job.objects.filter(state=State.RUNNING, leased_until__gte=moment).count()
    if here or busy:
        yield Finding("worker", "ok", f"{here} seen within a minute, {busy} jobs under way")
    else:
        do = "Start `careshape serve` with worker.on, or `careshape worker`."
        yield Finding("worker", "fail" if waiting else "warn", f"none seen within a minute, {waiting} jobs wait", do)
    if given_up := Job.objects.filter(state=State.GIVEN_UP, ended_at__gte=moment - timedelta(days=7)).count():
        said = f"{given_up} were given up within a week"
        yield Finding("background work", "warn", said, "See their pages and the log; try them again from there.")


def schedules(home: Home, found: Configuration) -> Iterator[Finding]:
    """Whether what recurs was done when it was due, and ended well."""
    if not _answers(home, found):
        return
    from careshape.jobs.schedule import standing as standings

    all_of_them = list(standings())
    for one in all_of_them:
        name = f"{one.schedule.title} ({one.council or 'installation'})"
        if one.failed and one.last is not None:
            said = f"{name} ended on {one.last.ended_at:%Y-%m-%d %H:%M} UTC: {one.last.fault or one.last.state}"
            yield Finding("schedule", "fail", said, "See the log; `careshape audit verify` says more of the audit log.")
        elif one.late:
            since = f"last done on {one.last.ended_at:%Y-%m-%d %H:%M} UTC" if one.last else "never done"
            yield Finding("schedule", "warn", f"{name} is late: {since}", "Let a worker run.")
    if not any(one.failed or one.late for one in all_of_them):
        yield Finding("schedule", "ok", f"{len(all_of_them)} daily jobs, none late")


def _postings(home: Home, name: str) -> list[Any]:
    try:
        return Ledger.open(home.council_path(name)).postings()
    except Exception:
        return []  # told by the check of ledgers


def _there(home: Home, found: Configuration) -> bool:
    """Whether there is a database to ask: asking SQLite would make one."""
    return bool(found["database.url"]) or (home.path / "careshape.sqlite3").is_file()


def _answers(home: Home, found: Configuration) -> bool:
    """Whether the database can be asked of its rows; why it cannot is told by the check of the database."""
    from careshape.site.databases import reachable
    from careshape.site.migrations import standing

    return _there(home, found) and not reachable() and not _damage() and standing().current


def _ask(statement: str) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


CHECKS: Final[tuple[Check, ...]] = (database, clock, worker, schedules)
