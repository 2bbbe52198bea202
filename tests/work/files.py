"""Files of synthetic records for tests of imports."""

from __future__ import annotations

from tests.statement.sample import HEADER, LINE


def line(n: int, **changed: str) -> str:
    """A line of a file of packages."""
    fields = {
        "group": "older-people", "service": "home-care", "district": "redditch", "start": "2021-01-04", "end": "",
        "cost": "210.00",
    }  # fmt: skip
    return LINE.format(n=n, **{**fields, **changed})


GOOD = (HEADER + line(101) + line(102)).encode()
FAULTY = (HEADER + line(101) + line(102, start="31/31/2021") + line(103, cost="two hundred")).encode()
MENDED = (HEADER + line(101) + line(102) + line(103)).encode()
