"""The second table of who may do what, written by hand: the file that enforces cannot judge itself.

Each row of ``who_may.csv`` allows something; what no row allows is refused. ``url`` is a pattern of the site, ``*`` at
its end stands for all below. ``roles`` names roles with spaces between, or everybody, members, staff. ``reach`` says on
which rows: all, council, team, organisation, own, open.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("who_may.csv")
STAFF = (
    "commissioner", "analyst", "broker", "practitioner", "quality-officer", "finance", "administrator", "auditor",
)  # fmt: skip
MEMBERS = (*STAFF, "provider", "voluntary")
GROUPS = {"everybody": (*MEMBERS, "public"), "members": MEMBERS, "staff": STAFF}


@dataclass(frozen=True)
class Row:
    """One permission."""

    url: str
    methods: tuple[str, ...]
    roles: tuple[str, ...]
    reach: str

    def covers(self, url: str) -> bool:
        """Whether a pattern of the site falls under the row."""
        return url.startswith(self.url[:-1]) if self.url.endswith("*") else url == self.url


def rows() -> list[Row]:
    """The table."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                raw["url"], tuple(raw["methods"].split()),
                tuple(role for name in raw["roles"].split() for role in GROUPS.get(name, (name,))), raw["reach"],
            )
            for raw in csv.DictReader(file)
        ]  # fmt: skip


def rows_of(url: str, table: list[Row]) -> list[Row]:
    """The rows for a pattern: those that name it exactly, or else those of the longest pattern with a star."""
    exact = [row for row in table if row.url == url]
    if exact:
        return exact
    over = [row for row in table if row.url.endswith("*") and row.covers(url)]
    longest = max((len(row.url) for row in over), default=0)
    return [row for row in over if len(row.url) == longest]


def expected(found: list[Row], method: str, role: str, kind: str) -> str:
    """What somebody is to meet: allowed, sign-in, forbidden, not-found or no-method."""
    method = "GET" if method == "HEAD" else method
    of_method = [row for row in found if method in row.methods]
    if not of_method:
        return "no-method"
    mine = {row.reach for row in of_method if role in row.roles}
    if not mine:
        anybody = any(set(row.roles) & set(MEMBERS) for row in of_method)
        return "sign-in" if role == "public" and anybody else "forbidden"
    if kind == "none" or "all" in mine:
        return "allowed"
    reached = {
        "own": mine - {"open"},
        "open-council": mine & {"open"},
        "other-team": mine & {"council"},
    }.get(kind, set())
    return "allowed" if reached else "not-found"
