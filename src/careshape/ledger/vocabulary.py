"""Coded columns of a file: the spellings that it uses, and the code that each one stands for."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from careshape.ledger.codes import code_of, spellings
from careshape.ledger.fields import SAME_IN_ALL, day_sql
from careshape.ledger.plan import Plan, by_field, cell_text
from careshape.ledger.postcodes import outward_sql, set_outwards
from careshape.ledger.sources import Source
from careshape.ledger.store import quote

SAMPLE = 20_000
"""Rows from which the spellings of a file are taken; a spelling that comes later makes the pass run once more."""
FEW = 1_000
"""Rows from which a date is taken that is the same in all rows."""


class Vocabulary:
    """For each coded column an ENUM of spellings and a list of codes in the same order, known to a connection.

    Looking a value up so costs the same whatever its spelling, and each spelling is understood once.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, plan: Plan, source: Source) -> None:
        self.connection, self.plan = connection, plan
        self.seen: dict[str, set[str]] = {column.field: set(spellings(column.list)) for column in plan.coded}
        texts = {column.field: cell_text(plan.match, column) for column in plan.coded}
        places = [outward_sql(cell_text(plan.match, one)) for one in plan.columns if one.kind == "postcode"]
        if texts or places:
            lists = ", ".join(f"list(DISTINCT {sql})" for sql in (*texts.values(), *places))
            sample = f"SELECT {lists} FROM (SELECT * FROM {source.relation} LIMIT {SAMPLE})"
            found = [_texts(values) for values in connection.execute(sample).fetchall()[0]]
            for field, values in zip(texts, found, strict=False):
                self.seen[field] |= set(values)
            set_outwards(connection, (one for values in found[len(texts) :] for one in values))
        for column in plan.columns:
            if column.field in SAME_IN_ALL:
                self._set_usual(column.field, cell_text(plan.match, column), source)
        self._declare()

    def _set_usual(self, field: str, cell: str, source: Source) -> None:
        """Read once the date that nearly all rows give: its text and its day."""
        text, few = f"usual_{field}", f"(SELECT * FROM {source.relation} LIMIT {FEW})"
        said = f"getvariable('{text}')::VARCHAR"
        self.connection.execute(f"SET VARIABLE {text} = (SELECT mode({cell}) FROM {few})")
        self.connection.execute(f"SET VARIABLE {text}_day = {day_sql(said)}")

    def learn(self) -> bool:
        """Take up the spellings that the last pass met for the first time; whether there were any."""
        rows = self.connection.execute("SELECT DISTINCT unseen FROM checked WHERE unseen IS NOT NULL").fetchall()
        fresh = False
        for row in rows:
            for field, text in by_field(row[0]).items():
                fresh = fresh or text not in self.seen[field]
                self.seen[field].add(text)
        if fresh:
            self._declare()
        return fresh

    def _declare(self) -> None:
        for column in self.plan.coded:
            said = sorted(self.seen[column.field]) or [""]
            find = code_of(column.list)
            codes = ", ".join(str(find(one)) if one.strip() else "NULL" for one in said)
            names = ", ".join(quote(one) for one in said)
            self.connection.execute(f"CREATE OR REPLACE TYPE code_{column.field} AS ENUM ({names})")
            self.connection.execute(f"SET VARIABLE codes_{column.field} = [{codes}]::SMALLINT[]")


def _texts(values: Iterable[str | None] | None) -> list[str]:
    return [one for one in values or () if one is not None]
