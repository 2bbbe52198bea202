"""Which act each operation does: stated beside it, shown in the description, and seen by the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from ninja import NinjaAPI, Router

from careshape.policy.views import does
from careshape.work.api.shapes import Problem

FIELD: Final = "x-act"
"""Where the description of an operation says its act."""
PROBLEMS: Final = {
    400: "The request cannot be read.",
    401: "No token, or one that is not good any more.",
    403: "The token or its owner may not do this.",
    404: "There is none, or none in reach.",
    409: "It cannot be done as things stand.",
    422: "What was asked cannot be answered.",
}


def doing(act: str, others: dict[int, Any] | None = None) -> dict[str, Any]:
    """What an operation says of itself: its act, the problems with which it may answer, and answers in other forms."""
    content = {"application/json": {"schema": Problem.model_json_schema()}}
    responses = {status: {"description": words, "content": content} for status, words in PROBLEMS.items()}
    return {"openapi_extra": {FIELD: act, "responses": {**(others or {}), **responses}}}


def patterns(api: NinjaAPI, routers: Iterable[Router]) -> list[URLPattern]:
    """The addresses of the API, each with a view on which the gate sees the act of each method.

    A path that is only written to states its act for reading too; that there is no such method is then said by the API.
    """
    acts: dict[str, dict[str, str]] = {}
    for router in routers:
        for view in router.path_operations.values():
            stated = {
                method: str((one.openapi_extra or {})[FIELD]) for one in view.operations for method in one.methods
            }
            # An address is named after each function that answers there: two of one name would share their acts.
            named = {one.view_func.__name__: stated for one in view.operations}
            if twice := acts.keys() & named.keys():
                raise RuntimeError(f"Two operations of the API are called {min(twice)}. Name one otherwise.")
            acts.update(named)
    made = [one for one in api.urls[0] if isinstance(one, URLPattern)]
    return [
        path(str(one.pattern), _stated(one.callback, acts[str(one.name)]), name=one.name)
        for one in made
        if one.name in acts
    ]


def _stated(answer: Callable[..., HttpResponseBase], acts: dict[str, str]) -> Callable[..., HttpResponseBase]:
    def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        made = answer(request, *args, **named)
        made["Cache-Control"] = "no-store"
        return made

    reading = acts.get("GET", next(iter(acts.values())))
    stated = does(reading, **{method: act for method, act in acts.items() if method != "GET"})(asked)
    stated.csrf_exempt = True  # type: ignore[attr-defined]  # a token is no cookie: no other site can send it
    return stated
