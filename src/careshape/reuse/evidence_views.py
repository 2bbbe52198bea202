"""The evidence for the regulator, as a page and as files, from what the gate let through."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse

from careshape.editions.models import Edition, State
from careshape.exchange.written import as_json
from careshape.policy.views import does
from careshape.reuse.api import has_data
from careshape.reuse.evidence import CARD, COLUMNS, answered, as_data, cards, framework, lines, pack
from careshape.reuse.released import statement_of
from careshape.spreadsheets import as_csv
from careshape.statement.pages import page

ACT: Final = "reuse.evidence"
KINDS: Final = {"zip": "application/zip", "json": "application/json", "csv": "text/csv; charset=utf-8"}
_KEPT_OUT: Final = (State.DISCARDED.value, State.REFUSED.value)


@does(ACT)
def evidence(request: HttpRequest, slug: str) -> HttpResponse:
    """What of a council's latest edition answers the regulator; before its release for those who answer for it."""
    row = _edition(request, slug)
    statement = statement_of(row)
    found = answered(statement)
    response = page(
        request, "reuse/evidence.html", statement=statement, found=found, framework=framework(), slug=slug, row=row,
        cards={one["id"]: one for one in cards(found, statement)}, released=row.state == State.RELEASED.value,
        card_titles=CARD,
    )  # fmt: skip
    if row.state != State.RELEASED.value:
        response["Cache-Control"] = "no-store"
    return response


@does(ACT)
def evidence_download(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The pack as a file."""
    if kind not in KINDS:
        raise Http404("Downloads are ZIP, JSON or CSV.")
    row = _edition(request, slug)
    statement = statement_of(row)
    content = {
        "zip": lambda: pack(statement), "json": lambda: as_json(as_data(statement)),
        "csv": lambda: as_csv(COLUMNS, lines(answered(statement))).encode(),
    }[kind]()  # fmt: skip
    response = HttpResponse(content, content_type=KINDS[kind])
    name = "-".join([slug, "evidence", f"edition-{row.number}", *(["synthetic"] if statement.get("synthetic") else [])])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


def _edition(request: HttpRequest, slug: str) -> Edition:
    """The latest edition with data that the reader may see. Raises Http404 where there is none."""
    rows = Edition.objects.reached(request.principal, ACT).filter(council=slug).exclude(state__in=_KEPT_OUT)
    for row in rows.order_by("-number"):
        if has_data(row):
            found: Edition = row
            return found
    raise Http404("There is no such council here.")
