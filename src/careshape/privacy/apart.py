"""That erasing a person and bringing rows about people into the records never happen at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from careshape.ledger import Ledger
from careshape.ledger.ledger import SETTINGS_FILE
from careshape.ledger.store import write_lock


@contextmanager
def apart(ledger: Ledger) -> Iterator[None]:
    """Nobody of a council is erased in this block, and no line of the database goes into its records, but by who is in
    it; others wait, and the system lets them in when the process dies.

    Take it before a transaction, never within: on SQLite who is in the block may wait for the transaction to end.
    """
    # Its own file, since what is done in the block holds the ledger's own lock for itself.
    with write_lock(ledger.path / SETTINGS_FILE):
        yield
