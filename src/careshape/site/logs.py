"""The log: lines for people or one JSON object a line, and nothing in them of the people whom the data is about.

Our own messages are written with care. Those of other packages are written without what they were given, since that may
be an address that was asked for, a value of a row, a name; and a failure is told by its kind and by the lines of code
it came through, without its message, for the same reason.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

HEADER: Final = "X-Request-ID"
OWN: Final = "careshape"
_request: ContextVar[str] = ContextVar("careshape_request", default="")
_PLACE = re.compile(r"%(\(\w+\))?[-#0 +]*\d*(\.\d+)?[a-zA-Z]")
log = logging.getLogger("careshape.request")


def logging_settings(level: str, form: str) -> dict[str, Any]:
    """Settings of Python's logging: everything to standard error, in one form.

    level: debug, info, warning or error. form: text or json.
    """
    name = level.upper()
    line = {"()": "careshape.site.logs.JsonLines" if form == "json" else "careshape.site.logs.TextLines"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": line},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {
            "careshape": {"handlers": ["console"], "level": name, "propagate": True},
            # A page that is not there is no fault of the server's, and is in the log of requests.
            "django": {"handlers": ["console"], "level": "ERROR" if name != "DEBUG" else "INFO", "propagate": False},
            "django.security": {"level": "WARNING"},
            # Every message of these holds an address that was asked for or a statement with its values.
            "django.server": {"handlers": [], "propagate": False},
            "django.db.backends": {"handlers": [], "propagate": False},
        },
    }


class _Lines(logging.Formatter):
    """What both forms share."""

    def told(self, record: logging.LogRecord) -> dict[str, Any]:
        """What a line tells, by name."""
        own = record.name == OWN or record.name.startswith(f"{OWN}.")
        words = record.getMessage() if own else _of_another(record)
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "words": words,
        }
        if request := getattr(record, "request_id", "") or _request.get():
            told["request"] = request
        told |= getattr(record, "told", {})
        if record.exc_info and record.exc_info[1] is not None:
            told["fault"] = faults(record.exc_info[1])
        return told


def _of_another(record: logging.LogRecord) -> str:
    """The words of another package without what they were given; only where they came from, if they are one piece."""
    return _PLACE.sub("…", str(record.msg)) if record.args else f"(from {record.module}, line {record.lineno})"


def faults(error: BaseException) -> list[str]:
    """A failure and those behind it: kinds and lines of code, without messages."""
    found: list[str] = []
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        frames = traceback.extract_tb(at.__traceback__)
        where = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
        found.append(" > ".join([*where, type(at).__name__]))
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return found


class JsonLines(_Lines):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        return json.dumps(self.told(record), ensure_ascii=False, default=str)


class TextLines(_Lines):
    """A line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record; a failure takes more lines, indented."""
        told = self.told(record)
        request = f" [{told['request']}]" if "request" in told else ""
        words = told["words"].replace("\r", " ").replace("\n", " ")
        fault = "".join(f"\n    {one}" for one in told.get("fault", ()))
        return f"{told['at']} {told['level'].upper():7} {told['logger']}{request} {words}{fault}"


class RequestLog:
    """Gives each request an id, which its log lines and its answer carry, and logs it by its route: the pattern of its
    address, without the values in it, its query, and who asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        request_id = secrets.token_hex(8)
        token, began = _request.set(request_id), time.perf_counter()
        try:
            response = self.get_response(request)
            milliseconds = round((time.perf_counter() - began) * 1000, 1)
            match = request.resolver_match
            route = f"/{match.route}" if match else "(no such address)"
            method = request.method if request.method in _METHODS else "other"
            told = {"method": method, "route": route, "status": response.status_code, "ms": milliseconds}
            log.info("%s %s %s %s ms", method, route, response.status_code, milliseconds, extra={"told": told})
            response.headers[HEADER] = request_id
            return response
        finally:
            _request.reset(token)


_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def _short(file: str) -> str:
    """The path of a file of code from its package on: where it is installed is nobody's matter."""
    for mark in ("/site-packages/", "/src/", "/lib/"):
        if mark in file:
            return file.rpartition(mark)[2]
    return file.rpartition("/")[2]
