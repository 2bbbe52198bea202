"""A rig that kills imports at random moments and looks at what is left; run as a process of its own by
``test_crash``.

The rig imports everything once and starts no thread; each import, each look at the ledger and each repetition is a
fork of it, so that a kill takes a second. ``python -m tests.ledger.crash_rig FOLDER KILLS SEED VARIANT`` prints
JSON. The variants ``unsafe`` and ``unsafe-first`` post in several commits, with the posting in the last or first one;
they end as soon as they have shown what such a ledger does, at the latest after so many kills.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from careshape.catalogue import catalogue
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.ledger.posting import METADATA_KEY
from careshape.ledger.store import Table
from tests.ledger.writing import package, write_csv

LINES = 60
"""New lines in each file; from the second file on, ten lines of the file before are corrected."""
CORRECTED = 10
PARTS = 6
"""Commits in which the unsafe variants post."""
SAID_IN = {"unsafe": PARTS - 1, "unsafe-first": 0}
"""Variant -> the commit that carries the posting: too late, or before its rows are there."""
SHOWS = {"safe": (), "unsafe": ("partial", "wrong"), "unsafe-first": ("lost",)}
"""Variant -> the faults that it must show."""
TURNS = 4
"""Kills of which one comes early in the import and one when it has been acknowledged; the others at any moment."""


def make_file(folder: Path, number: int) -> Path:
    """The file of one posting."""
    rows = [package(f"L-{number}-{n}", provider_reference=f"W-{number}") for n in range(LINES)]
    if number:
        rows += [package(f"L-{number - 1}-{n}", weekly_cost="710.00") for n in range(CORRECTED)]
    return write_csv(folder / f"{number}.csv", rows)


def look(ledger: Ledger) -> dict[str, Any]:
    """What a reader sees."""
    postings = ledger.postings()
    table = ledger.table.relation()
    rows, lines, balance, largest = duckdb.sql(
        f"SELECT count(*), count(DISTINCT line), coalesce(sum(sign), 0)::INTEGER, coalesce(max(n), 0) "
        f"FROM {table} LEFT JOIN (SELECT line, sum(sign)::INTEGER AS n FROM {table} GROUP BY line) USING (line)"
    ).fetchall()[0]
    providers = duckdb.sql(f"SELECT DISTINCT provider FROM {table}").fetchall()
    return {
        "postings": len(postings),
        "promised": sum(posting.rows for posting in postings),
        "rows": rows,
        "lines": lines,
        "balance": balance,
        "largest": largest,
        "named": {provider for (provider,) in providers} <= set(ledger.providers()),
    }


def expected(postings: int) -> dict[str, Any]:
    """What a reader must see after so many postings: every line once, and each correction as two rows more."""
    lines = LINES * postings
    rows = lines + 2 * CORRECTED * max(postings - 1, 0)
    return {
        "postings": postings,
        "promised": rows,
        "rows": rows,
        "lines": lines,
        "balance": lines,
        "largest": int(postings > 0),
        "named": True,
    }


def child(work: Callable[[], Any]) -> tuple[int, int]:
    """Fork; the child writes its result as JSON to a pipe. Returns the process and the end to read."""
    read, write = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(read)
        with os.fdopen(write, "w") as file:
            json.dump(work(), file)
        os._exit(0)
    os.close(write)
    return process, read


def finished(process: int, read: int) -> Any:
    """The result of a child; None where it was killed before it gave one."""
    with os.fdopen(read) as file:
        text = file.read()
    os.waitpid(process, 0)
    return json.loads(text) if text else None


def unsafe_append(
    table: Table,
    connection: duckdb.DuckDBPyConnection,
    query: str,
    transaction: str,
    metadata: Callable[[int], Mapping[str, str]] = lambda rows: {},
) -> int:
    """Post in several commits, the posting itself in one of them: what the ledger must not do."""
    rows = 0
    saying = SAID_IN[sys.argv[4]]
    for part in range(PARTS):
        piece = (
            f"SELECT * FROM ({query}) WHERE (hash(line) % {PARTS}) = {part}" if METADATA_KEY in metadata(0) else query
        )

        def said(now: int, here: bool = part == saying, before: int = rows) -> Mapping[str, str]:
            return metadata(before + now) if here else {}

        rows += SAFE_APPEND(table, connection, piece, f"{transaction}-{part}", said)
        if piece is query:
            break
    return rows


SAFE_APPEND = Table.append


def killed(work: Callable[[], Any], turn: int, usual: float, draw: random.Random) -> bool:
    """Do an import in a child and kill it; whether it had been acknowledged.

    usual: seconds that an import takes just now. However wrong it is, some kills come before and some after.
    """
    process, read = child(work)
    if turn % TURNS == 0:
        select.select([read], [], [], 60)
    else:
        time.sleep(draw.uniform(0.1, 0.5 if turn % TURNS == 1 else 1.8) * usual)
    os.kill(process, signal.SIGKILL)
    return finished(process, read) is not None


def crash(folder: Path, kills: int, seed: int, shows: Sequence[str] = ()) -> dict[str, Any]:
    """Kill ``kills`` imports; after each, look, repeat, and look again. End before where all it is to show was seen."""
    draw = random.Random(seed)
    path = folder / "councils" / "worcestershire"

    def create() -> bool:
        return bool(Ledger.create(path, "worcestershire", demonstration=True).authority)

    def post(number: int) -> int:
        return import_file(Ledger.open(path), folder / f"{number}.csv").accepted

    def repeat(number: int) -> tuple[dict[str, Any], float, dict[str, Any]]:
        left = look(Ledger.open(path))
        began = time.monotonic()
        post(number)
        return left, time.monotonic() - began, look(Ledger.open(path))

    finished(*child(create))
    make_file(folder, 0)
    started = time.monotonic()
    finished(*child(lambda: post(0)))
    usual = time.monotonic() - started
    found: dict[str, Any] = {
        "kills": 0,
        "before": 0,
        "after": 0,
        "acknowledged": 0,
        "partial": 0,
        "lost": 0,
        "wrong": 0,
    }
    for number in range(1, kills + 1):
        make_file(folder, number)
        acknowledged = killed(lambda number=number: post(number), number, usual, draw)
        left, seconds, repeated = finished(*child(lambda number=number: repeat(number)))
        if left == expected(number):
            usual = seconds  # the machine may be busier, or less busy, than when it was timed
        found["kills"] += 1
        found["acknowledged"] += acknowledged
        found["before"] += left == expected(number)
        found["after"] += left == expected(number + 1)
        found["partial"] += left not in (expected(number), expected(number + 1))
        # Lost: gone although it was acknowledged, or so that a repetition does not bring it back.
        found["lost"] += (acknowledged and left == expected(number)) or repeated["lines"] < LINES * (number + 1)
        found["wrong"] += repeated != expected(number + 1)
        if shows and all(found[fault] for fault in shows):
            break
    return found


if __name__ == "__main__":
    catalogue()
    variant = sys.argv[4]
    if variant in SAID_IN:
        Table.append = unsafe_append  # type: ignore[method-assign]
    print(json.dumps(crash(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), SHOWS[variant])))
