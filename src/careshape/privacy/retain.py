"""The rules of keeping, carried out: what is due goes, what is held stays, and nothing goes a moment early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from careshape.audit.anchor import heads
from careshape.audit.change import SYSTEM, change
from careshape.audit.models import Head
from careshape.audit.retire import retirable, retire
from careshape.audit.write import INSTALLATION
from careshape.privacy.classification import Rule, Table, rules, tables
from careshape.privacy.erase import erase_account, is_erased
from careshape.privacy.holding import Holding, holding

AUDIT = "audit.Event"


@dataclass(frozen=True)
class Due:
    """What of one table is due, or went."""

    table: str
    rule: str
    until: datetime
    """Rows whose time is this moment or earlier are due."""
    rows: int
    held: int
    """Rows that are due, and stay for a legal hold."""


def due_before(rule: Rule, now: datetime) -> datetime:
    """The latest moment whose time of keeping is over now.

    Years are those of the calendar: what began on 29 February is kept to 1 March of a year that has no such day.
    """
    start = now - timedelta(days=rule.days)
    year = start.year - rule.years
    try:
        return start.replace(year=year)
    except ValueError:  # 29 February: what began on 28 February is due, what began on 1 March is not
        return datetime(year, 3, 1, tzinfo=start.tzinfo) - timedelta(microseconds=1)


def retain(now: datetime | None = None, *, dry_run: bool = False) -> list[Due]:
    """Let everything go that is due; a dry run only counts. Returns what went, table by table."""
    now = now or datetime.now(UTC)
    held = holding(now.date())
    found = [_accounts(now, held, dry_run)]
    for table in tables().values():
        if table.since:
            found.append(_rows(table, rules()[table.rule], now, held, dry_run))
    found += _events(now, held, dry_run)
    return [one for one in found if one.rows or one.held]


def _rows(table: Table, rule: Rule, now: datetime, held: Holding, dry_run: bool) -> Due:
    until = due_before(rule, now)
    due = table.model._base_manager.filter(**{f"{table.since}__lte": until})
    free = held.spare(due, table)
    rows, kept = free.count(), due.count()
    if rows and not dry_run:
        keys = list(free.values_list("pk", flat=True))
        with change(SYSTEM, "privacy.retain", chain=INSTALLATION) as told:
            table.model._base_manager.filter(pk__in=keys).delete()
            told(f"{table.id}:*", rows=len(keys), rule=rule.id, until=until)
    return Due(table.id, rule.id, until, rows, kept - rows)


def _accounts(now: datetime, held: Holding, dry_run: bool) -> Due:
    """Accounts whose owners left long enough ago are made blank."""
    rule, model = rules()["account"], get_user_model()
    until = due_before(rule, now)
    due: QuerySet[Any] = model._base_manager.filter(left_at__lte=until)
    left = [one for one in due if not is_erased(one)]
    free = [one for one in left if one.pk not in held.accounts]
    if not dry_run:
        for one in free:
            erase_account(one, why="retention", now=now)
    return Due("accounts.Account", rule.id, until, len(free), len(left) - len(free))


def _events(now: datetime, held: Holding, dry_run: bool) -> list[Due]:
    rule = rules()["audit"]
    until = due_before(rule, now)
    found = []
    for chain in heads():
        spared = held.accounts
        retired = Head.objects.get(chain=chain).retired
        old = retirable(chain, until) - retired
        last = 0 if chain in held.councils else retirable(chain, until, spared) - retired
        if last > 0 and not dry_run:
            retire(chain, until, spared)
        found.append(Due(f"{AUDIT} ({chain})", rule.id, until, max(last, 0), max(old, 0) - max(last, 0)))
    return found
