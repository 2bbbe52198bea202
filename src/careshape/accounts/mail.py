"""Messages to people: plain text, from a template, by Django's e-mail backend; none is lost, however a process ends."""

from __future__ import annotations

import json
import logging
import re
import secrets
import smtplib
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from careshape.accounts.models import Message
from careshape.accounts.sealed import opened, sealed
from careshape.folders import HELD_FILE

log = logging.getLogger("careshape")
HELD: Final = timedelta(minutes=2)
"""Who began to hand a message over so long ago was cut off: another may."""


def write(to: str, template: str, *, council: str = "", **context: Any) -> Message:
    """Write a message that is to be sent; the template's first line is its subject. Other rooms name theirs in full.

    It is a row of the caller's transaction, so that it is there if what it tells of is, and not otherwise. Background
    work hands it over. Without a receiver it goes nowhere: how long an answer takes must not tell whether one was sent.
    """
    name = template if "/" in template else f"accounts/mail/{template}"
    subject, _, text = render_to_string(f"{name}.txt", context).strip().partition("\n")
    # Parts that are left out of a template leave their blank lines.
    text = re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"
    content = json.dumps({"to": to, "subject": subject, "text": text})
    row: Message = Message.objects.create(reference=secrets.token_hex(16), content=sealed(content), council=council)
    return row


def hand_over(pk: int) -> bool:
    """Hand a message to the mail server, and remove it; False where another is doing so now.

    One that is killed between the two hands it over once more, under the same name. Raises OSError or SMTPException
    where the server does not take it.
    """
    now = timezone.now()
    free = Q(taken_at__isnull=True) | Q(taken_at__lte=now - HELD)
    if not Message.objects.filter(free, pk=pk).update(taken_at=now):
        return not Message.objects.filter(pk=pk).exists()
    row = Message.objects.get(pk=pk)
    try:
        _send(json.loads(opened(row.content)), row.reference)
    except (OSError, smtplib.SMTPException):
        Message.objects.filter(pk=pk).update(taken_at=None)
        raise
    row.delete()
    return True


def take_back(address: str) -> int:
    """Remove the messages to an address that wait; returns how many."""
    ours = [
        row.pk
        for row in Message.objects.order_by("pk")
        if json.loads(opened(row.content))["to"].casefold() == address.casefold()
    ]
    Message.objects.filter(pk__in=ours).delete()
    return len(ours)


def hand_over_all() -> bool:
    """Hand over every message that waits; False where one could not be: the log says why, and the worker tries on."""
    good = True
    for pk in Message.objects.order_by("pk").values_list("pk", flat=True):
        try:
            good = hand_over(pk) and good
        except (OSError, smtplib.SMTPException) as error:
            log.error("A message could not be sent: %s", type(error).__name__)
            good = False
    return good


def _send(content: dict[str, str], reference: str) -> None:
    if not content["to"]:
        return
    if files_only():
        # Messages hold links by which somebody comes in.
        Path(settings.EMAIL_FILE_PATH).mkdir(mode=0o700, parents=True, exist_ok=True)
    name = {"Message-ID": f"<{reference}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('> ')}>"}
    EmailMessage(content["subject"], content["text"], None, [content["to"]], headers=name).send()


def files_only() -> bool:
    """Whether messages are only written to files of the installation, and reach nobody by themselves."""
    return bool(settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"))


def link(path: str, request: HttpRequest | None = None) -> str:
    """The whole address of a page, for a message.

    It is the installation's own (CARESHAPE_ADDRESS); a request's only where its host name was checked, so that nobody
    can have a link sent that leads elsewhere; else where the data folder was last served on this machine.
    """
    own: str = settings.CARESHAPE_ADDRESS
    if not own and request is not None and "*" not in settings.ALLOWED_HOSTS:
        own = f"{request.scheme}://{request.get_host()}"
    return f"{(own or _served()).rstrip('/')}{path}"


def _served() -> str:
    """Where the data folder is served, or was last; the address at which it is served by default where it never was."""
    try:
        said = (Path(settings.CARESHAPE_DIR) / HELD_FILE).read_text("utf-8").strip()
    except OSError:
        said = ""
    return said or "http://127.0.0.1:8000"
