"""Messages to people: plain text, from a template, by Django's e-mail backend."""

from __future__ import annotations

import logging
import smtplib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string

from careshape.folders import HELD_FILE

log = logging.getLogger("careshape")
_behind: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="careshape-mail")


def send(to: str, template: str, **context: Any) -> bool:
    """Send a message; the template's first line is its subject. False where it could not be sent: the log says why."""
    subject, _, text = render_to_string(f"accounts/mail/{template}.txt", context).strip().partition("\n")
    if files_only():
        # Messages hold links by which somebody comes in.
        Path(settings.EMAIL_FILE_PATH).mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        send_mail(subject, text.strip() + "\n", None, [to])
    except (OSError, smtplib.SMTPException) as error:
        log.error("A message (%s) could not be sent: %s", template, type(error).__name__)
        return False
    return True


def files_only() -> bool:
    """Whether messages are only written to files of the installation, and reach nobody by themselves."""
    return bool(settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"))


def send_behind(to: str, template: str, **context: Any) -> None:
    """Send a message without letting the request wait: how long the answer takes does not tell whether one was sent."""
    _behind.submit(send, to, template, **context)


def sent_behind() -> None:
    """Wait until what was to be sent behind requests is sent."""
    _behind.submit(lambda: None).result()


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
