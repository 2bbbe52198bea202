"""The processes that are measured: each does one kind of work and prints what every piece took, one JSON object a line.

They run apart from the benchmark that starts them, so that its own work counts neither in their time nor in their
memory.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from careshape.bench.apart import run_apart
from careshape.bench.clock import Cost, peak_mb, timed
from careshape.errors import CareshapeError

Line = dict[str, Any]


def run(work: str, *arguments: str) -> Iterator[Line]:
    """Start a process that does ``work`` and yield what it prints. Raises CareshapeError where it fails."""
    yield from run_apart([sys.executable, "-m", "careshape.bench.worker", work, *arguments], work)


def as_text(cells: Mapping[tuple[str, ...], object]) -> dict[str, str]:
    """An exact answer as text: ids of a cell -> number."""
    return {" ".join(key): str(value) for key, value in sorted(cells.items())}


def _measures(folder: str, many: str) -> None:
    """Every question, or so many of them, on both days as known, each beside bare scans of its columns."""
    import duckdb

    from careshape.bench.build import KNOWN_ON
    from careshape.bench.needed import bare_scan, needed_columns, plain_scan
    from careshape.bench.questions import chosen
    from careshape.evaluate.measure import measure
    from careshape.evaluate.measure.evaluate import open_context
    from careshape.ledger import Ledger

    ledger, connection = Ledger.open(Path(folder)), duckdb.connect()
    files = ledger.files()
    for known, day in KNOWN_ON.items():
        context, opening = timed(open_context, ledger, day)
        for number, ask in enumerate(chosen(int(many))):
            columns = needed_columns(ask, posting=ledger.posting_on(day) < ledger.posting_on(None))
            _, scan = timed(bare_scan, connection, files, columns)
            _, plain = timed(plain_scan, connection, files, columns)
            result, cost = timed(measure, context, ask.measure, by=ask.by, where=ask.where, period=ask.periods)
            cells = as_text({cell.key: cell.exact for cell in result.cells})
            say = {"number": number, "known": known, "columns": list(columns), "cells": cells}
            scans = {"scan_cpu": scan.cpu, "plain_scan_cpu": plain.cpu}
            _print({**say, **scans, **_took(cost, opening if number == 0 else None)})
    _print({"peak_mb": peak_mb()})


def _pandas(folder: str, many: str) -> None:
    """The same questions in pandas."""
    from careshape.bench.build import AUTHORITY, KNOWN_ON
    from careshape.bench.pandas_version import answer
    from careshape.bench.questions import chosen
    from careshape.ledger import Ledger

    ledger = Ledger.open(Path(folder))
    for known, day in KNOWN_ON.items():
        posting = ledger.posting_on(day)
        limit = posting if posting < ledger.posting_on(None) else None
        for number, ask in enumerate(chosen(int(many))):
            cells, cost = timed(answer, ledger.table.path, ask, AUTHORITY, limit)
            _print({"number": number, "known": known, "cells": as_text(cells), **_took(cost)})
    _print({"peak_mb": peak_mb()})


def _import(folder: str, file: str) -> None:
    """One file, imported with checking."""
    from careshape.ledger import Ledger
    from careshape.ledger.imports import import_file

    report, cost = timed(import_file, Ledger.open(Path(folder)), Path(file), recorded_at=date(2021, 9, 1))
    counts = {name: getattr(report, name) for name in ("accepted", "repaired", "refused")}
    _print({**counts, **_took(cost), "peak_mb": peak_mb()})


def _took(cost: Cost, more: Cost | None = None) -> Line:
    """Processor and wall seconds; opening the ledger counts with the first question."""
    extra = more or Cost(0, 0)
    return {"cpu": cost.cpu + extra.cpu, "wall": cost.wall + extra.wall}


def _print(line: Line) -> None:
    print(json.dumps(line), flush=True)


WORK: dict[str, Callable[..., None]] = {"measures": _measures, "pandas": _pandas, "import": _import}

if __name__ == "__main__":
    try:
        WORK[sys.argv[1]](*sys.argv[2:])
    except CareshapeError as error:
        sys.exit(str(error))
