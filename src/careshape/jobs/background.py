"""Background work of the rooms below this one: the audit log, and messages to people."""

from __future__ import annotations

import logging
import os
import secrets
from pathlib import Path
from smtplib import SMTPException
from typing import Any, Final

from django.conf import settings

from careshape.accounts.mail import hand_over
from careshape.accounts.models import Message
from careshape.audit.anchor import anchor_text, held_to, read_anchor
from careshape.audit.change import SYSTEM
from careshape.audit.verify import verify
from careshape.audit.write import INSTALLATION
from careshape.errors import InputError
from careshape.jobs.enqueue import enqueue
from careshape.jobs.kinds import Lane, kind
from careshape.jobs.watch import watch
from careshape.jobs.work import TryAgainError, Work

log = logging.getLogger("careshape.jobs")
ANCHORS_KEPT: Final = 400
"""Anchors of a chain that stay: those of more than a year of days."""


@kind("audit.verify", title="Verify the audit log and write down its head", attempts=3, lane=Lane.OWN)
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


@kind(
    "accounts.mail", title="Send a message", attempts=12, first_wait=10, longest_wait=3600, limit=120, lane=Lane.QUICK
)
def send_message(work: Work) -> dict[str, Any]:
    """Hand one message over to the mail server. One that is gone was handed over before."""
    try:
        gone = hand_over(int(work.arguments["message"]))
    except (OSError, SMTPException) as error:  # what it says may name the receiver
        log.warning("job %s: a message could not be sent yet: %s", work.job.pk, type(error).__name__)
        raise TryAgainError(f"The mail server did not take the message ({type(error).__name__}).") from None
    if not gone:
        raise TryAgainError("Another worker is handing the message over, or was cut off.")
    return {}


@watch
def start_messages() -> None:
    """Start a job for each message that waits."""
    waiting = list(Message.objects.order_by("pk").values_list("pk", "reference", "council"))
    for pk, reference, council in waiting:
        if reference not in _started:
            enqueue(SYSTEM, "accounts.mail", {"message": pk}, council=council, key=f"message:{reference}")
            _started.add(reference)
    _started.intersection_update(reference for _, reference, _ in waiting)


_started: set[str] = set()
"""Messages for which a job is known to be there, so that the database is not asked again."""


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
