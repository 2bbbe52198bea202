"""Answers of the keyless API: the same for everybody, kept by whoever likes, and open to the pages of any site."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from careshape.policy.views import does
from careshape.reuse.polite import Politeness
from careshape.reuse.released import ACT

KEPT: Final = "public, max-age=300"
LIMIT: Final = 100
MOST: Final = 1000
"""Items of a page where nothing is asked, and at most."""
FARTHEST: Final = 10_000_000
_polite = Politeness(settings.CARESHAPE_OPEN_API_A_MINUTE)

Answer = Callable[..., Any]


class AskedWrong(Exception):
    """A request that says something which cannot be; the message is for who asks."""


def opened(answer: Answer) -> Callable[..., HttpResponse]:
    """A view of the keyless API from what gives its content."""

    @wraps(answer)
    def view(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        wait = _polite.wait(request.META.get("REMOTE_ADDR", ""))
        if wait:
            made = shared({"detail": f"That were many requests. Ask again in {wait} seconds."}, 429)
            made["Retry-After"] = str(wait)
            return made
        try:
            content = answer(request, *args, **named)
        except AskedWrong as error:
            return shared({"detail": str(error)}, 400)
        return unchanged(request, shared(content))

    return does(ACT)(view)


def shared(content: Any, status: int = 200, kind: str = "application/json") -> HttpResponse:
    """An answer that pages of other sites may read."""
    body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    made = HttpResponse(body, content_type=kind, status=status)
    made["Access-Control-Allow-Origin"] = "*"
    made["Cross-Origin-Resource-Policy"] = "cross-origin"
    made["Cache-Control"] = KEPT if status == 200 else "no-store"
    return made


def unchanged(request: HttpRequest, made: HttpResponse) -> HttpResponse:
    """The same with its tag, or the word that who asks has it already."""
    tag = f'"{hashlib.sha256(made.content).hexdigest()[:32]}"'
    named = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    if tag in named or "*" in named:
        answer = shared(b"", 200)
        answer.status_code = 304
        del answer["Content-Type"]
        made = answer
    made["ETag"] = tag
    return made


def paged(request: HttpRequest, found: list[Any]) -> dict[str, Any]:
    """Some of what was found, as ``limit`` and ``offset`` say. Raises AskedWrong."""
    limit, offset = _number(request, "limit", LIMIT, 1, MOST), _number(request, "offset", 0, 0, FARTHEST)
    return {"items": found[offset : offset + limit], "total": len(found), "limit": limit, "offset": offset}


def _number(request: HttpRequest, name: str, default: int, least: int, most: int) -> int:
    text = request.GET.get(name, "")
    if not text and name not in request.GET:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    if not least <= number <= most:
        raise AskedWrong(f"'{name}' must be a whole number from {least} to {most:,}.")
    return number


def word(request: HttpRequest, name: str) -> str:
    """A filter of the address; empty where it is not set. Raises AskedWrong for one that no value has."""
    text = request.GET.get(name, "")
    if len(text) > 200 or not text.isprintable():
        raise AskedWrong(f"'{name}' must be a word of at most 200 letters.")
    return text
