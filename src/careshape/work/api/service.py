"""The API as a whole: its operations, its problems, and its description."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from ninja import NinjaAPI

from careshape.errors import CareshapeError
from careshape.policy import policy
from careshape.policy.views import does
from careshape.statement.pages import FAULTS, log
from careshape.work.api import editions, organising, people, reading, steering, writing
from careshape.work.api.acts import FIELD, patterns
from careshape.work.api.replay import Replayed

ROOT: Final = "/api/v1/"

api = NinjaAPI(
    title="careshape",
    version="1",
    description="The council's records, figures, imports and people, for programs. Each operation does an act of the "
    "policy.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api-v1",
    openapi_extra={
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    },
)
ROUTERS: Final = (reading.router, writing.router, editions.router, people.router, organising.router, steering.router)
for one in ROUTERS:
    api.add_router("", one)


@api.exception_handler(CareshapeError)
def refused(request: HttpRequest, error: CareshapeError) -> HttpResponse:
    """What cannot be answered as it was asked."""
    return api.create_response(request, {"detail": str(error)}, status=422)


@api.exception_handler(RequestDataTooBig)
@api.exception_handler(TooManyFieldsSent)
def too_much(request: HttpRequest, error: Exception) -> HttpResponse:
    """A request that is larger than any that means something here."""
    return api.create_response(request, {"detail": "The request is too large."}, status=413)


@api.exception_handler(Replayed)
def replayed(request: HttpRequest, told: Replayed) -> HttpResponse:
    """The answer that the same request was given before."""
    return told.response()


def unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    """Records of the council that cannot be read at the moment."""
    log.error("%s: %s", request.path, type(error).__name__)
    return api.create_response(request, {"detail": "The council's records cannot be read at the moment."}, status=503)


for fault in FAULTS[1:]:
    api.exception_handler(fault)(unreadable)


def description() -> dict[str, Any]:
    """The API as OpenAPI describes it."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=ROOT.rstrip("/")))
    return found


@does("work.describe")
def openapi(request: HttpRequest) -> JsonResponse:
    """The description, for programs."""
    return JsonResponse(description())


@does("work.describe")
def documentation(request: HttpRequest) -> HttpResponse:
    """The description, for people: a page without any script of others."""
    found = description()
    operations = [
        {"path": where, "method": method.upper(), "act": policy().acts[one[FIELD]], **one}
        for where, methods in found["paths"].items()
        for method, one in methods.items()
    ]
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in operations:
        groups.setdefault((one.get("tags") or ["Others"])[0], []).append(one)
    return render(request, "work/api.html", {"groups": groups, "title": found["info"]["title"], "place": "careshape"})


operations = patterns(api, ROUTERS)
