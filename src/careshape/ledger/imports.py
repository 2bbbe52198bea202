"""Import a file of records: recognise it, check every row, compare with what is known, and post the rest in one
commit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import duckdb

from careshape.catalogue import catalogue
from careshape.catalogue.periods import day_number
from careshape.errors import InputError
from careshape.ledger import registers
from careshape.ledger.checking import Checked, check_file, new_lines
from careshape.ledger.engine import MEMORY_LIMIT, session
from careshape.ledger.findings import findings, order_notes
from careshape.ledger.incoming import delivered_query, planned_query, set_group_lists
from careshape.ledger.keytable import KeyTable
from careshape.ledger.ledger import LOCK_FILE, Ledger
from careshape.ledger.posting import METADATA_KEY, Posting, in_force, moment_after, uk_day
from careshape.ledger.pseudonym import install
from careshape.ledger.readers import Match, choose, unread_note
from careshape.ledger.refused import check_target, write_new, write_refused
from careshape.ledger.report import Report
from careshape.ledger.resolve import (
    carry_to_deliveries,
    create_more,
    find_known,
    next_query,
    rows_to_post,
    set_coverage,
    standing_rows,
)
from careshape.ledger.sources import Source, cut_fault, open_source
from careshape.ledger.standing import close_vanished, find_standing, go_on
from careshape.ledger.store import write_lock
from careshape.ledger.withdrawals import RETURNED, bring_back, find_gone, find_withdrawals, take_back

Say = Callable[[str], None]


def _silent(stage: str) -> None:
    """Tell nobody."""


def import_file(
    ledger: Ledger,
    path: Path | str,
    reader: str | None = None,
    *,
    dry_run: bool = False,
    recorded_at: datetime | date | None = None,
    refused_to: Path | None = None,
    memory_limit: str = MEMORY_LIMIT,
    say: Say = _silent,
) -> Report:
    """Import one file into a ledger.

    reader: cld, packages or deliveries; None chooses by the header. recorded_at: when the file was known, now by
    default; not before the latest posting. refused_to: a CSV for the refused rows as they came, with the reasons, for
    correction. say: called with each stage as it begins, for people who wait.

    The posting is one commit: killed at any moment, the ledger is as before or as after, and a second call completes
    it. A file that was posted before changes nothing, and its refused rows are told again. A dry run posts nothing and
    keeps nothing.

    Raises InputError, in one sentence, where the file is not a file of records; CallError for a wrong call.
    """
    path = Path(path)
    if refused_to:
        check_target(refused_to, "refused rows")
    with session(memory_limit) as (connection, scratch):
        say("reading ...")
        source = open_source(connection, path)
        match = choose(source.header, reader, source.called, source.top, source.counted)
        checksum = hashlib.sha256(f"{source.survey.checksum} {match.reader.id}".encode()).hexdigest()
        job = _Job(connection, scratch, ledger, source, match, checksum, recorded_at, refused_to, say)
        if dry_run:
            repeated = _repeated(ledger, checksum)
            return job.repeat(repeated, keep=False) if repeated else job.run(dry_run=True)
        # Another writer may post this very file, or a later one, while this one waits for the lock.
        with write_lock(ledger.path / LOCK_FILE), job.keys_held():
            if repeated := _repeated(ledger, checksum):
                return job.repeat(repeated, keep=True)
            return job.run(dry_run=False)


def draft_file(ledger: Ledger, path: Path, reader: str, into: Path) -> Posting:
    """Write the rows that a file would post into a Parquet file, and post nothing: readings are laid over with it.

    Args:
        ledger: as it stands now; no lock is waited for.
        path: the file, which may have been posted already, in whole or in part: what is known adds no row.
        reader: cld, packages or deliveries.
        into: where the rows are written.

    Returns the posting that would be. Raises InputError where the file is not a file of records.
    """
    with session() as (connection, scratch):
        source = open_source(connection, path)
        match = choose(source.header, reader, source.called, source.top, source.counted)
        job = _Job(connection, scratch, ledger, source, match, "", None, None, _silent)
        postings = ledger.postings()
        posting, _, _, look_back = job._check(postings, moment_after(postings, None), True)
        rows = rows_to_post(posting.number, look_back=look_back)
        connection.execute(f"COPY ({rows}) TO '{into}' (FORMAT parquet)")
        return posting


def _repeated(ledger: Ledger, checksum: str) -> Posting | None:
    """The posting that recorded a file already, unless it was withdrawn: then the file may be posted again."""
    return next((posting for posting in in_force(ledger.postings()) if posting.checksum == checksum), None)


def _unchanged(posting: Posting, name: str, fresh: Report) -> Report:
    """The report of a file that was posted before: what was taken stands, what was refused is still to be put right."""
    found = tuple(finding for finding in fresh.findings if finding.outcome == "refuse")
    refused = posting.counts.get("refused", 0)
    aside = posting.counts.get("not_line_items", 0)
    notes = [f"This file was posted as posting {posting.number} on {posting.day:%d %B %Y}: nothing has changed."]
    if fresh.refused < refused:
        notes.append(
            f"{refused - fresh.refused:,} rows that were refused then would be accepted now: "
            "save them as a file of their own, and import it."
        )
    return replace(
        fresh,
        file=name,
        accepted=0,
        repaired=0,
        refused=refused,
        unchanged=sum(posting.counts.values()) - aside - refused,
        not_line_items=aside,
        findings=found,
        by_rule={rule: count for rule, count in fresh.by_rule.items() if rule in {one.rule for one in found}},
        notes=tuple(notes),
        posting=None,
        recorded_at=None,
        appended=0,
    )


@dataclass
class _Job:
    """One import under way."""

    connection: duckdb.DuckDBPyConnection
    scratch: Path
    ledger: Ledger
    source: Source
    match: Match
    checksum: str
    recorded_at: datetime | date | None
    refused_to: Path | None
    say: Say

    @cached_property
    def table(self) -> KeyTable | None:
        """The keys of the council's people; None where numbers follow from the council's key."""
        return self.ledger.people()

    def keys_held(self) -> AbstractContextManager[None]:
        """While the block lasts nobody else changes the keys of the council's people."""
        return nullcontext() if self.table is None else self.table.held()

    def run(self, *, dry_run: bool) -> Report:
        """Check, compare, and unless it is a dry run, post and keep the report."""
        postings = self.ledger.postings()
        posting, checked, report, look_back = self._check(postings, moment_after(postings, self.recorded_at), dry_run)
        if dry_run:
            report = replace(report, dry_run=True, posting=None, recorded_at=None)
        else:
            self.say("writing to the ledger ...")
            self._keep_keys(checked)
            report = replace(report, appended=self._post(posting, look_back=look_back))
            self._keep(report)
            self.say(f"{report.appended:,} rows written")
        if self.refused_to:
            write_refused(self.connection, self.source, checked, self.refused_to)
        return report

    def repeat(self, posting: Posting, *, keep: bool) -> Report:
        """Tell again what became of a file that was posted before, and keep its report if a kill left none."""
        kept = _report_path(self.ledger, posting.number).exists()
        if kept and not posting.counts.get("refused") and not self.refused_to:
            nothing = Report.of(posting, self.match, (), {}, (), 0)
            return replace(_unchanged(posting, self.source.path.name, nothing), dry_run=not keep)
        _, checked, fresh, _ = self._check(self.ledger.postings(), posting.recorded_at, True)
        if keep and not kept:
            told = Report.of(posting, self.match, fresh.findings, fresh.by_rule, fresh.notes, posting.rows)
            self._keep(replace(told, counted_in=fresh.counted_in))
        if self.refused_to:
            write_refused(self.connection, self.source, checked, self.refused_to)
        return replace(_unchanged(posting, self.source.path.name, fresh), dry_run=not keep)

    def _keep(self, report: Report) -> None:
        assert report.posting is not None
        write_new(_report_path(self.ledger, report.posting), lambda file: file.write(report.masked().to_json()), 0o644)

    def _check(
        self, postings: Sequence[Posting], moment: datetime, dry_run: bool
    ) -> tuple[Posting, Checked, Report, bool]:
        """Check every row and compare with what is known: the posting that would be, its report, and whether there was
        anything to compare with.
        """
        table = self.table
        install(self.connection, self.ledger.key(create=not dry_run), self.ledger.authority, table)
        own = catalogue().entry("authority", self.ledger.authority)
        own_code = getattr(own, "ons_code", None) or ""
        self.say(f"checking {self.source.survey.size / 1_000_000:,.1f} MB ...")
        try:
            checked = check_file(
                self.connection,
                self.scratch,
                self.source,
                self.match,
                day_number(uk_day(moment)),
                own_code,
                keep_rejected=self.refused_to is not None,
                table=table,
            )
        except duckdb.InvalidInputException:
            # The message of the engine would show what the file says.
            if self.source.kind != "csv":
                raise
            raise InputError(cut_fault(self.source)) from None
        self.say(f"{checked.rows:,} rows checked; comparing with what is known ...")
        look_back, notes = self._compare(checked, postings, own.code)
        counts = checked.counts(self.connection, look_back=look_back)
        found, by_rule = findings(self.connection, self.source, checked)
        posting = Posting(
            number=len(postings) + 1,
            recorded_at=moment,
            source=self.source.path.name,
            checksum=self.checksum,
            kind=self.match.reader.id,
            counts=counts,
            coverage=_coverage(self.connection, "incoming" if checked.withdrawing else "kept_rows"),
            period=checked.period.days,
        )
        report = Report.of(posting, self.match, tuple(found), by_rule, tuple(notes), 0)
        report = replace(report, counted_in=self.source.counted)
        return posting, checked, report, look_back

    def _compare(self, checked: Checked, postings: Sequence[Posting], authority: int) -> tuple[bool, list[str]]:
        """Lay the rows of the file beside what is known: the view ``versions`` and the table ``more``."""
        connection, reader = self.connection, self.match.reader
        rows = standing_rows(self.ledger.files(), postings)
        delivered = reader.record == "delivered"
        read_as = (
            f"The file is {self.source.misnamed}, whatever its name says: it was read as such."
            if self.source.misnamed
            else ""
        )
        said = (read_as, *self.source.notes, checked.period.note, unread_note(self.match))
        notes = [note for note in said if note]
        notes += order_notes(self.source, checked)
        set_group_lists(connection)
        registers.set_numbers(connection, self.ledger.path / "register")
        covered = set_coverage(connection, reader.id, in_force(postings))
        create_more(connection)
        if any(posting.kind == reader.id == "cld" for posting in postings):
            find_standing(connection, rows, postings)
            go_on(connection, rows)
            notes += close_vanished(connection, checked.period, in_force(postings))
        query = delivered_query() if delivered else planned_query()
        if checked.withdrawing:
            find_withdrawals(connection)
            query = f"SELECT * FROM ({query}) WHERE row NOT IN (SELECT row FROM withdrawals)"
        connection.execute(f"CREATE OR REPLACE TEMP VIEW incoming AS {query}")
        named = ["incoming", "withdrawals"] if checked.withdrawing else ["incoming"]
        look_back = find_known(connection, rows, postings, named) > 0
        if checked.withdrawing:
            notes += take_back(connection, rows, delivered=delivered)
        if delivered:
            checked.refuse_unknown_lines(connection)
        gone = RETURNED if rows and find_gone(connection, rows) else ""
        versions = next_query(authority, reader.id, delivered=delivered, known=look_back, covered=covered, gone=gone)
        connection.execute(f"CREATE OR REPLACE TEMP VIEW versions AS {versions}")
        if look_back and not delivered:
            carry_to_deliveries(connection)
        if gone and not delivered:
            notes += bring_back(connection, rows)
        return look_back or delivered, notes

    def _keep_keys(self, checked: Checked) -> None:
        """Keep the keys of people and lines that are seen for the first time, before the posting that names them."""
        if self.table is not None:
            self.table.save(self.connection, new_lines(checked, self.table))

    def _post(self, posting: Posting, *, look_back: bool) -> int:
        """Registers first, whose entries count once the posting stands; then the posting itself, in one commit."""
        self.ledger.mark_key()
        registers.add(self.connection, self.ledger.path / "register", posting.checksum)
        query = rows_to_post(posting.number, look_back=look_back)
        return self.ledger.table.append(
            self.connection,
            query,
            posting.checksum,
            lambda rows: {METADATA_KEY: replace(posting, rows=rows).to_json()},
        )


def _report_path(ledger: Ledger, number: int) -> Path:
    return ledger.path / "reports" / f"{number:05}.json"


def _coverage(connection: duckdb.DuckDBPyConnection, rows: str) -> dict[str, tuple[int, int]]:
    """First and last start day in the file for each service, of a view of its rows."""
    services = catalogue().list("service").by_code
    spans = connection.execute(
        f"SELECT service, min(start_day), max(start_day) FROM {rows} WHERE service IS NOT NULL GROUP BY service"
    ).fetchall()
    return {services[code].id: (low, high) for code, low, high in sorted(spans)}
