"""The refused rows of a file, as they came, for correction: the one output that shows what the file says in full."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Final

import duckdb

from careshape.errors import CallError
from careshape.ledger.checking import Checked
from careshape.ledger.sources import Source

REASONS: Final = "why_refused"
BATCH: Final = 10_000


def write_refused(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    checked: Checked,
    path: Path,
) -> int:
    """Write the refused rows with the file's own columns and a last one that says why; returns how many.

    Put right, and without the last column, the file can be imported. It holds identifiers of people as the source
    does: it is written only on request, where the caller says, and readable by its owner alone. Rows that could not
    be cut into cells are left out, since they have no columns: the report names their lines.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise CallError(f"The refused rows cannot be written to {path}: {error.strerror}.") from None
    reasons = ", ".join(
        f"CASE WHEN ({check.word} & {check.mask}) <> 0 THEN '{check.rule.id}: {check.field}' END"
        for check in checked.plan.checks
        if check.outcome == "refuse"
    )
    why = (
        f"SELECT row, concat_ws('; ', {reasons}, (SELECT any_value(rule) FROM crossed WHERE crossed.row = "
        f"checked.row AND {checked.crossed_refusals})) AS why FROM checked "
        f"WHERE ({checked.is_line} AND {checked.plan.has('refuse')}) "
        f"OR row IN (SELECT row FROM crossed WHERE {checked.crossed_refusals})"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE refused_rows AS {why}")
    cells = ", ".join(f"c{position}" for position in range(len(source.header)))
    result = connection.execute(
        f"SELECT {cells}, why FROM (SELECT *, row_number() OVER () - 1 AS row FROM {source.relation}) "
        "JOIN refused_rows USING (row)"
    )
    written = 0
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*source.header, REASONS])
        while rows := result.fetchmany(BATCH):
            writer.writerows(rows)
            written += len(rows)
    return written
