"""Withdraw a whole posting that was made by mistake: every row of it is reversed in one commit.

Nothing is deleted: what was known before stays known as of then, and each line stands again as it stood before the
posting. A line that a later file has changed stays as that file says. The file can be posted again at any time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import duckdb

from careshape.errors import CallError
from careshape.ledger.columns import DELIVERED, OPEN_DAY, PLANNED
from careshape.ledger.engine import session
from careshape.ledger.ledger import LOCK_FILE, Ledger
from careshape.ledger.posting import METADATA_KEY, Posting, moment_after
from careshape.ledger.resolve import DELIVERIES, MEANING, REINSTATED, WITHDRAWN, standing_rows
from careshape.ledger.store import write_lock


@dataclass(frozen=True)
class Reversal:
    """What withdrawing a posting takes away."""

    posting: Posting
    lines: int
    """Lines that are gone: no earlier posting has them."""
    restored: int
    """Lines that stand again as they stood before it, those among them whose deliveries alone it told."""
    deliveries: int
    """Deliveries that are gone; below zero where it had taken deliveries back that come again."""
    people: int
    """People of the lines that are gone."""
    weekly_cost: int
    """Pence a week by which the care that is open costs less; below zero where it costs more."""
    kept: int
    """Lines that stay, since later postings changed them."""
    later: tuple[int, ...]
    """Those postings."""

    @property
    def said(self) -> list[str]:
        """What it takes away, in sentences."""
        cost = abs(self.weekly_cost)
        told = [
            f"Taken out of every figure from now on: {_many(self.lines, 'line')} of {_many(self.people, 'person')}."
            if self.lines else "",
            f"Standing again as before: {_many(self.restored, 'line')}." if self.restored else "",
            f"{'Gone' if self.deliveries > 0 else 'Coming again'}: {_many(abs(self.deliveries), 'delivery')}."
            if self.deliveries else "",
            f"Care that is open costs £{cost // 100:,}.{cost % 100:02} a week "
            f"{'less' if self.weekly_cost > 0 else 'more'}."
            if cost else "",
            f"Left as they are, since later postings ({listed(self.later)}) changed them: {_many(self.kept, 'line')}."
            if self.kept else "",
        ]  # fmt: skip
        return [one for one in told if one]

    @property
    def counts(self) -> dict[str, int]:
        """What the withdrawal's own posting says of it."""
        return {
            "withdrawn": self.lines, "restored": self.restored, "deliveries": self.deliveries, "kept": self.kept,
        }  # fmt: skip


def withdrawn_by(postings: Sequence[Posting], number: int) -> Posting | None:
    """The posting by which another one was withdrawn; None where it stands."""
    return next((one for one in postings if one.reverses == number), None)


def would_withdraw(ledger: Ledger, number: int) -> Reversal:
    """What withdrawing a posting would take away; nothing is changed.

    Raises CallError where there is no such posting, where it is a withdrawal or was withdrawn, or where nothing of it
    is left to take back.
    """
    with session() as (connection, _):
        return _prepared(connection, ledger, ledger.postings(), number)


def withdraw_posting(ledger: Ledger, number: int, *, recorded_at: datetime | date | None = None) -> Posting:
    """Withdraw a posting: the posting that does so. One that was withdrawn before is not withdrawn again.

    One commit: killed at any moment, the ledger is as before or as after. Raises CallError as ``would_withdraw``.
    """
    with session() as (connection, _), write_lock(ledger.path / LOCK_FILE):
        postings = ledger.postings()
        if done := withdrawn_by(postings, number):
            return done
        found = _prepared(connection, ledger, postings, number)
        checksum = hashlib.sha256(f"{found.posting.checksum} {number} withdrawn".encode()).hexdigest()
        moment = moment_after(postings, recorded_at)
        made = Posting(
            len(postings) + 1, moment, f"posting {number} withdrawn", checksum, found.posting.kind, found.counts,
            reverses=number,
        )  # fmt: skip
        rows = (
            f"SELECT {', '.join(MEANING)}, (-sign)::TINYINT AS sign, "
            f"(CASE WHEN sign = 1 THEN {WITHDRAWN} ELSE {REINSTATED} END)::TINYINT AS reason, "
            f"{made.number}::INTEGER AS posting FROM undone ORDER BY service, start_day, person, line, sign"
        )
        many = ledger.table.append(
            connection, rows, checksum, lambda rows: {METADATA_KEY: replace(made, rows=rows).to_json()}
        )
        return replace(made, rows=many)


def _prepared(
    connection: duckdb.DuckDBPyConnection, ledger: Ledger, postings: Sequence[Posting], number: int
) -> Reversal:
    """What would be taken away, with its rows in the table ``undone``."""
    posting = _posting(postings, number)
    rows = standing_rows(ledger.files(), postings)
    if not rows:
        raise CallError(f"Posting {number} added nothing to the ledger, so there is nothing to withdraw.")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE told AS SELECT DISTINCT line FROM {rows} WHERE posting = {number}"
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE touched AS
        SELECT line, min(posting) < {number} AS before, max(posting) > {number} AS after
        FROM {rows} SEMI JOIN told USING (line) GROUP BY line"""
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE undone AS
        SELECT * FROM {rows} SEMI JOIN (FROM touched WHERE NOT after) AS alone USING (line) WHERE posting = {number}"""
    )
    later = connection.execute(
        f"SELECT DISTINCT posting FROM {rows} SEMI JOIN (FROM touched WHERE after) AS changed USING (line) "
        f"WHERE posting > {number} ORDER BY posting"
    ).fetchall()
    found = Reversal(posting, *_counted(connection), tuple(one for (one,) in later))
    if not found.lines + found.restored:
        raise CallError(_nothing(found))
    return found


def _counted(connection: duckdb.DuckDBPyConnection) -> tuple[int, int, int, int, int, int]:
    lines, restored, kept = connection.execute(
        "SELECT count(*) FILTER (NOT after AND NOT before), count(*) FILTER (NOT after AND before), "
        "count(*) FILTER (after) FROM touched"
    ).fetchall()[0]
    deliveries, people, cost = connection.execute(
        f"""SELECT coalesce(sum(sign) FILTER (record = {DELIVERED}), 0),
            count(DISTINCT person) FILTER (record NOT IN {DELIVERIES} AND NOT before AND person <> 0),
            coalesce(sum(sign * weekly_cost) FILTER (record = {PLANNED} AND end_day = {OPEN_DAY}), 0)
        FROM undone JOIN touched USING (line)"""
    ).fetchall()[0]
    return int(lines), int(restored), int(deliveries), int(people), int(cost), int(kept)


def _posting(postings: Sequence[Posting], number: int) -> Posting:
    """A posting that can be withdrawn."""
    found = next((one for one in postings if one.number == number), None)
    if found is None:
        raise CallError(f"There is no posting {number}: the ledger has {len(postings):,}.")
    if found.reverses is not None:
        raise CallError(
            f"Posting {number} is itself a withdrawal. To undo it, import the file of posting {found.reverses} again."
        )
    if done := withdrawn_by(postings, number):
        raise CallError(f"Posting {number} was withdrawn already, by posting {done.number}.")
    return found


def _nothing(found: Reversal) -> str:
    number = found.posting.number
    if not found.kept:
        return f"Posting {number} added nothing to the ledger, so there is nothing to withdraw."
    return (
        f"Every line of posting {number} was changed by later postings ({listed(found.later)}), so nothing of it can "
        "be withdrawn. Withdraw those first, the latest first, if they are mistaken too."
    )


def listed(numbers: Sequence[int]) -> str:
    """Numbers of postings as a sentence names them: 2, 3 and 5."""
    *first, last = (str(one) for one in numbers)
    return f"{', '.join(first)} and {last}" if first else last


def _many(count: int, what: str) -> str:
    several = {"person": "people", "delivery": "deliveries"}.get(what, f"{what}s")
    return f"{count:,} {what if count == 1 else several}"
