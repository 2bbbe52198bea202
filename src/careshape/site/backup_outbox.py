"""How the box of lines that go into councils' records stands against those records, in a backup and after it.

While a backup is taken nothing goes from the box into the records: a ledger that were ahead of the database would hold
lines of packages that the database has not, under numbers that it would give to others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db.models import Count, Max, Q

from careshape.home import Home
from careshape.ledger import Ledger
from careshape.privacy.apart import apart
from careshape.source.models import Handover

Standing = dict[str, int]


@contextmanager
def held(home: Home) -> Iterator[None]:
    """Within it no line goes from the box of any council into its records, and nobody is erased; both wait.

    Raises InputError for a council that cannot be read.
    """
    with ExitStack() as stack:
        for council in home.authorities():
            stack.enter_context(apart(Ledger.open(home.council_path(council))))
        yield


def stands(using: str = "default") -> dict[str, Standing]:
    """By council: rows that wait, rows that the records refused, and the last posting that holds what was handed over;
    0 before the first.
    """
    left = Q(posting__isnull=True)
    found: Any = Handover.objects.using(using).order_by("council").values("council").annotate(
        waiting=Count("pk", filter=left & Q(problem="")), refused=Count("pk", filter=left & ~Q(problem="")),
        posting=Max("posting"),
    )  # fmt: skip
    return {
        one["council"]: {
            "waiting": one["waiting"], "refused": one["refused"], "posting": one["posting"] or 0,
        }
        for one in found
    }  # fmt: skip


def agrees(said: Standing, now: Standing | None, postings: int) -> tuple[str, bool]:
    """How a box stands, in words, and whether it is what was backed up and the records hold what it says they do.

    Args:
        said: how it stood when the backup was taken.
        now: how it stands; None where the council has no row in it.
        postings: how many postings its records hold.
    """
    words = f"{said['waiting']:,} rows wait for the records, {said['posting']} is their last posting of it"
    return words, now == said and said["posting"] <= postings
