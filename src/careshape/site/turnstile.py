"""Lets in as many requests at once as the machine can answer, lets some wait, and turns the rest away politely.

Without it a burst is taken in whole: every request waits behind all others, and readers give up on answers that are
still computed. A request that is turned away has not begun, so that no write is lost: the client is told when to come
again (RFC 9110, section 10.2.3).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any, Final

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]

RETRY_AFTER: Final = 2
"""Seconds after which a client that was turned away is asked to come again."""
BUSY: Final = (
    b"<!DOCTYPE html><html lang='en-GB'><head><meta charset='utf-8'><title>Too busy at the moment</title></head>"
    b"<body><h1>Too busy at the moment</h1><p>Nothing of what you sent was taken. Try again in a few seconds.</p>"
    b"</body></html>"
)


class Turnstile:
    """A WSGI application in front of another one.

    Args:
        application: what answers.
        at_once: requests that are answered at once.
        waiting: requests that may wait for their turn; one more is turned away at once.
        patience: seconds that a request waits at most before it is turned away.
    """

    def __init__(self, application: Application, at_once: int = 4, waiting: int = 60, patience: float = 5.0) -> None:
        self.application = application
        self.patience = patience
        self._places = threading.BoundedSemaphore(at_once)
        self._present = threading.BoundedSemaphore(at_once + waiting)

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Answer a request, or turn it away."""
        if not self._present.acquire(blocking=False):
            return _turn_away(start_response)
        try:
            if not self._places.acquire(timeout=self.patience):
                return _turn_away(start_response)
            try:
                # Django's responses are whole when they are given back, but for files, which take no computing.
                return self.application(environ, start_response)
            finally:
                self._places.release()
        finally:
            self._present.release()


def _turn_away(start_response: Start) -> Iterable[bytes]:
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(BUSY))),
        ("Retry-After", str(RETRY_AFTER)),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start_response("503 Service Unavailable", headers)
    return [BUSY]
