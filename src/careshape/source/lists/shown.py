"""What was shown before an act: as it is kept with the act, and the mark that is handed back where it is meant."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any


def as_json(rows: Iterable[Any]) -> str:
    """Rows that were shown (dataclasses) as they are kept."""
    return json.dumps([asdict(one) for one in rows], sort_keys=True)


def mark(rows: Iterable[Any]) -> str:
    """A mark of what was shown: who confirms hands it back, and where it has changed meanwhile nothing is done."""
    return hashlib.sha256(as_json(rows).encode()).hexdigest()
