"""No test lets an answer ask the database once its view has ended: what it shows then was read in no transaction."""

from __future__ import annotations

from typing import Any

from careshape.policy import later


class AskedLateError(Exception):
    """An answer asked the database while it was written. Hand its template the rows, not what looks them up."""


def refuse_late() -> None:
    """Have every question refused that is asked while an answer is written."""

    def refused(execute: Any, sql: str, *rest: Any) -> None:
        raise AskedLateError(sql.partition(" WHERE ")[0])

    later.asked_late = refused
