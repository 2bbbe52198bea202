"""The API as a whole: its operations, its problems, and its description."""

from __future__ import annotations

import json
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.parser import Parser

from careshape.errors import CareshapeError
from careshape.policy import policy
from careshape.policy.views import does
from careshape.statement.pages import FAULTS
from careshape.statement.pages import log as server_log
from careshape.work.api import (
    applications,
    capacity,
    care,
    drafting,
    edition_rule,
    editions,
    learning,
    lists,
    log,
    organising,
    packages,
    people,
    placing,
    privacy,
    readers,
    reading,
    regional,
    register,
    rooms,
    steering,
    supported,
    switches,
    tenders,
    versions,
    writing,
)
from careshape.work.api.acts import FIELD, patterns
from careshape.work.api.given import Unfit
from careshape.work.api.replay import Replayed

ROOT: Final = "/api/v1/"


class Reader(Parser):
    """Reads what was sent, as text that can be kept: JSON can name half of a character, and no file can hold one."""

    def parse_body(self, request: HttpRequest) -> Any:
        """What the body says. Raises ValueError, which is answered with 400, where it says none of JSON, or no text."""
        found = json.loads(request.body)
        if b"\\u" in request.body:
            json.dumps(found, ensure_ascii=False).encode()
        return found


api = NinjaAPI(
    parser=Reader(),
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
ROUTERS: Final = (
    reading.router, writing.router, drafting.router, versions.router, editions.router, edition_rule.router,
    readers.router, regional.router, people.router, packages.router, organising.router, steering.router, log.router,
    privacy.router, capacity.router, care.router, learning.router, register.router, supported.router, lists.router,
    rooms.router, applications.router, tenders.router, switches.router, placing.router,
)  # fmt: skip
for one in ROUTERS:
    api.add_router("", one)


@api.exception_handler(CareshapeError)
def refused(request: HttpRequest, error: CareshapeError) -> HttpResponse:
    """What cannot be answered as it was asked."""
    return api.create_response(request, {"detail": str(error)}, status=422)


@api.exception_handler(Unfit)
def unfit(request: HttpRequest, error: Unfit) -> HttpResponse:
    """What cannot be done, with each thing that is wrong where there are several."""
    faults = {"faults": error.faults} if error.faults else {}
    return api.create_response(request, {"detail": str(error), **faults}, status=error.status_code)


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
    server_log.error("%s: %s", request.path, type(error).__name__)
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
        {"path": where, "method": method.upper(), "act": policy().acts[one[FIELD]], "sent": _sent(found, one), **one}
        for where, methods in found["paths"].items()
        for method, one in methods.items()
    ]
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in operations:
        groups.setdefault((one.get("tags") or ["Others"])[0], []).append(one)
    return render(request, "work/api.html", {"groups": groups, "title": found["info"]["title"], "place": "careshape"})


def _sent(found: dict[str, Any], one: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of what an operation is sent, each with its name, its words, and whether it is needed."""
    made = []
    for content in one.get("requestBody", {}).get("content", {}).values():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        schema = found["components"]["schemas"][name] if name else content["schema"]
        for field, about in schema.get("properties", {}).items():
            needed = field in schema.get("required", ())
            made.append({"name": field, "needed": needed, "words": about.get("description", "")})
    return made


operations = patterns(api, ROUTERS)
