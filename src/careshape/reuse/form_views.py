"""The open form as it is published, the description of the keyless API, and a page for people on each."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse

from careshape.exchange.blank import blank
from careshape.exchange.form import DOCUMENTS, LISTS, VERSION, VERSIONS, codes, document, schema
from careshape.exchange.sheets import ONCE, fields_of, scalars
from careshape.exchange.written import archived
from careshape.policy.views import does
from careshape.reuse.answers import shared, unchanged
from careshape.reuse.openapi import description
from careshape.statement.pages import page

FORM: Final = "form.zip"
ABOUT: Final = "reuse.about"


@does(ABOUT)
def form(request: HttpRequest, version: str = VERSION) -> HttpResponse:
    """The open form for people: its files, its fields, its code lists."""
    if version not in VERSIONS:
        raise Http404("There is no such version.")
    sheets = {ONCE: scalars(version), **{f"{part}.csv": fields_of(part, version) for part in LISTS}}
    fields = {
        file: [
            (name, _holds(part), part.get("description", "") or part.get("x-remedy", "")) for name, part in one.items()
        ]
        for file, one in sheets.items()
    }
    return page(
        request, "reuse/form.html", version=version, fields=fields, lists=codes(version),
        lead=schema(version)["description"], versions=VERSIONS,
    )  # fmt: skip


@does(ABOUT)
def form_document(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """A document of the form, at an address that never changes: anybody's program may load it."""
    if version not in VERSIONS or name not in (*DOCUMENTS, FORM):
        raise Http404("There is no such document.")
    if name == FORM:
        made = shared(archived(blank(version)), kind="application/zip")
        made["Content-Disposition"] = f'attachment; filename="market-position-statement-{version}-form.zip"'
    else:
        made = shared(
            document(name, version), kind="application/schema+json" if name == DOCUMENTS[0] else "application/json"
        )
    made["Cache-Control"] = "public, max-age=86400"
    return unchanged(request, made)


@does(ABOUT)
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the keyless API, for programs."""
    return unchanged(request, shared(json.dumps(description(), indent=1).encode()))


@does(ABOUT)
def documentation(request: HttpRequest) -> HttpResponse:
    """The description of the keyless API, for people."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in description()["paths"].items():
        one = methods["get"]
        groups.setdefault(one["tags"][0], []).append({"path": path, **one})
    return page(request, "reuse/api.html", groups=groups)


def _holds(part: dict[str, Any]) -> str:
    types = part.get("type", "string")
    named = [one for one in ([types] if isinstance(types, str) else types) if one != "null"]
    words = {"array": "several", "object": "name=value", "string": "text", "boolean": "true or false"}
    return " or ".join(words.get(one, one) for one in named)
