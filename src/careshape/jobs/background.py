"""Background work on the audit log, which stands in a room below this one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from careshape.audit.anchor import anchor_text, held_to, read_anchor
from careshape.audit.verify import verify
from careshape.audit.write import INSTALLATION
from careshape.errors import InputError
from careshape.jobs.kinds import kind
from careshape.jobs.work import Work

ANCHORS_KEPT: Final = 400
"""Anchors of a chain that stay: those of more than a year of days."""


@kind("audit.verify", title="Verify the audit log and write down its head", attempts=3)
def verify_log(work: Work) -> dict[str, Any]:
    """Verify one chain, and hold it to what was written down of its head before; then write its head down."""
    chain, folder = work.council or INSTALLATION, settings.CARESHAPE_ANCHORS
    verdict = verify(chain)
    for path in reversed(_anchors(folder, chain)):
        (verdict, *_) = held_to([verdict], {chain: read_anchor(path.read_text("utf-8"), path.name)[chain]})
        break
    if not verdict.whole:
        raise InputError(f"The audit log is not whole. {verdict}")
    _write(folder, chain, str(work.arguments["day"]))
    return {"events": verdict.events, "number": verdict.number, "head": verdict.head}


def _anchors(folder: Path, chain: str) -> list[Path]:
    """The anchors of a chain, oldest first."""
    return sorted(folder.glob(f"{chain}.????-??-??.json"))


def _write(folder: Path, chain: str, day: str) -> None:
    """Write the head down for a day, whole or not at all; the oldest anchors go."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{chain}.{day}.json"
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.new")
    draft.write_text(anchor_text(chain), "utf-8")
    os.replace(draft, path)
    for old in _anchors(folder, chain)[:-ANCHORS_KEPT]:
        old.unlink(missing_ok=True)
