"""Answers of the keyless API: the same for everybody, kept by whoever likes, and open to the pages of any site."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Callable, Collection, Iterable
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
MOST_NAMED: Final = 30
"""Codes of which all are named where none of them was meant."""
_polite = Politeness(settings.CARESHAPE_OPEN_API_A_MINUTE)

Answer = Callable[..., Any]


class AskedWrong(Exception):
    """A request that says something which cannot be; the message is for who asks."""


PAGING: Final = ("limit", "offset")
"""What any list may be asked."""


def opened(*known: str) -> Callable[[Answer], Callable[..., HttpResponse]]:
    """Makes a view of the keyless API from what gives its content; ``known`` is what its address may ask."""
    return lambda answer: _opened(answer, known)


def _opened(answer: Answer, known: tuple[str, ...]) -> Callable[..., HttpResponse]:
    @wraps(answer)
    def view(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        wait = _polite.wait(request.META.get("REMOTE_ADDR", ""))
        if wait:
            made = shared({"detail": f"That were many requests. Ask again in {wait} seconds."}, 429)
            made["Retry-After"] = str(wait)
            return made
        try:
            _need_known(request, known)
            content = answer(request, *args, **named)
        except AskedWrong as error:
            return shared({"detail": str(error)}, 400)
        return unchanged(request, shared(content))

    return does(ACT)(view)


def _need_known(request: HttpRequest, known: tuple[str, ...]) -> None:
    """Refuse what the address asks and cannot: a misspelt filter that is passed over would answer with everything."""
    for name in request.GET:
        if name not in known:
            few = f"It takes {', '.join(known)}." if known else "It takes none."
            raise AskedWrong(f"There is no parameter '{name[:60]}' here. {_nearest(name, known)}{few}")


def _nearest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, [*known], n=1)
    return f"Did you mean '{near[0]}'? " if near else ""


def need_one_of(name: str, given: str, known: Collection[str]) -> None:
    """Refuse a value that a list of codes does not have. Raises AskedWrong with the nearest one, or all where few."""
    if given not in known:
        few = f"Known: {', '.join(sorted(known))}." if len(known) <= MOST_NAMED else ""
        raise AskedWrong(f"'{name}' cannot be '{given[:60]}'. {_nearest(given, known)}{few}".strip())


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
