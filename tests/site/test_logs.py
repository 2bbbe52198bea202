"""The log: what it tells, and that nothing of a person comes into it."""

from __future__ import annotations

import json
import logging
import logging.config
import sys
from io import StringIO

import pytest

from careshape.site.logs import JsonLines, TextLines, faults, logging_settings

CANARY = "Canary-Rowan-7f3a"


@pytest.fixture(params=["text", "json"])
def written(request, monkeypatch):
    """The log as an installation configures it, into a text."""
    text = StringIO()
    loggers = [logging.getLogger(name) for name in CONFIGURED]
    before = [(list(one.handlers), one.level, one.propagate) for one in loggers]
    monkeypatch.setattr(sys, "stderr", text)
    logging.config.dictConfig(logging_settings("debug", request.param))
    yield text
    for logger, (handlers, level, propagate) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


CONFIGURED = ("careshape", "django", "django.security", "django.server", "django.db.backends")
REQUESTS = (
    ("get", f"/worcestershire/search/?q={CANARY}", {}),
    ("get", f"/{CANARY}/", {}),
    ("get", f"/worcestershire/statement/{CANARY}/", {}),
    ("post", "/sign-in/", {"email": f"{CANARY}@example.org", "password": CANARY}),
    ("get", f"/sign-in/?next=/{CANARY}", {}),
    ("get", "/worcestershire/", {"HTTP_USER_AGENT": CANARY, "HTTP_REFERER": f"http://localhost/{CANARY}"}),
    ("get", "/", {"HTTP_X_REQUEST_ID": CANARY, "HTTP_COOKIE": f"careshape_session={CANARY}"}),
    ("get", "/help/", {"SERVER_NAME": f"{CANARY.lower()}.example"}),
    ("generic", CANARY.upper().replace("-", ""), {}),
)


@pytest.mark.django_db
def test_requests_are_logged_without_anything_of_a_person(client, written, promise):
    for method, address, more in REQUESTS:
        if method == "generic":
            client.generic(address, "/help/")
        elif method == "post":
            client.post(address, more)
        else:
            client.get(address, **more)
    log = written.getvalue()
    assert log.lower().count(CANARY.lower()) == 0
    assert CANARY.upper().replace("-", "") not in log
    lines = log.splitlines()
    assert sum("careshape.request" in line for line in lines) == len(REQUESTS)
    assert any("/<slug:slug>/" in line for line in lines)
    promise("R16 log", f"{len(REQUESTS)} requests that carry a person's name: 0 in the log; control {control()} of 1")


def control() -> int:
    """A log in Django's own form must hold the name, or the test shows nothing."""
    line = logging.Formatter().format(record("django.request", "Not Found: %s", f"/{CANARY}/"))
    return int(CANARY in line)


def record(name: str, words: str, *given: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.WARNING, "x.py", 1, words, given, None)
    made.__dict__.update(more)
    return made


def test_words_of_other_packages_lose_what_they_were_given():
    line = TextLines().format(record("django.request", "Not Found: %s (%d)", CANARY, 3))
    assert "Not Found: … (…)" in line
    assert CANARY not in line


def test_own_words_keep_what_they_were_given():
    assert "council worcestershire" in TextLines().format(record("careshape", "council %s", "worcestershire"))


def fail() -> None:
    try:
        raise KeyError(CANARY)
    except KeyError as error:
        raise ValueError(f"row of {CANARY}") from error


@pytest.mark.parametrize("form", [TextLines, JsonLines])
def test_failure_is_told_by_kind_and_code_without_its_message(form):
    try:
        fail()
    except ValueError:
        made = record("careshape", "it failed")
        made.exc_info = sys.exc_info()
        line = form().format(made)
    assert "ValueError" in line
    assert "KeyError" in line
    assert "test_logs.py" in line
    assert CANARY not in line


def test_failure_that_causes_itself_is_told_once():
    error = ValueError()
    error.__context__ = error
    assert faults(error) == ["ValueError"]


def test_line_of_json_is_one_object_a_line_and_a_line_break_cannot_forge_another():
    made = record("careshape", "first\n2026-01-01 forged")
    told = json.loads(JsonLines().format(made))
    assert (told["level"], told["logger"]) == ("warning", "careshape")
    assert "\n" not in JsonLines().format(made)
    assert "\n" not in TextLines().format(made)


def test_answer_carries_the_id_of_its_lines(client, written):
    answer = client.get("/help/")
    assert len(answer.headers["X-Request-ID"]) == 16
    assert answer.headers["X-Request-ID"] in written.getvalue()
