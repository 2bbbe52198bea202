"""The page on which measures are asked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from careshape.errors import CareshapeError
from careshape.evaluate.measure import Result
from careshape.policy.listing import arrange, download
from careshape.policy.views import does
from careshape.statement.formatting import written
from careshape.statement.in_browser import in_browser
from careshape.work.asking import Question, amiss, ask, chart_of, choices, known_after, listing_of, question
from careshape.work.desk import desk_of
from careshape.work.pages import page
from careshape.work.tables import steps_of
from careshape.work.tables import trail as trail_listing

HOME = "/work/measures/"
ASKED = (
    "measure", "by", "by2", "where", "value", "where2", "value2", "where3", "value3", "period", "known_on",
)  # fmt: skip
"""Words of the address that ask; others arrange the answer."""


@does("work.measures")
def measures_page(request: HttpRequest) -> HttpResponse:
    """Ask a measure, and see the answer as a table and a chart."""
    desk = desk_of(request)
    asked = {name: request.GET.get(name, "") for name in ASKED}
    errors: dict[str, str] = {}
    shown: dict[str, Any] = {}
    if "measure" in request.GET and not asked["measure"]:
        errors["measure"] = "Choose a measure."
    elif asked["measure"]:
        try:
            put = question(request.GET)
            shown = _shown(request, put, ask(desk.records, put))
        except CareshapeError as error:
            errors[_field(asked, str(error))] = in_browser(str(error))
    return page(
        request, "measures.html", here=HOME, asked=asked, errors=errors, status=400 if errors else 200, **choices(),
        **shown,
    )  # fmt: skip


@does("work.measures")
def measures_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The answer as a file."""
    desk = desk_of(request)
    try:
        put = question(request.GET)
        result = ask(desk.records, put)
    except CareshapeError as error:
        asked = {name: request.GET.get(name, "") for name in ASKED}
        return page(
            request, "measures.html", here=HOME, asked=asked,
            errors={_field(asked, str(error)): in_browser(str(error))}, status=400, **choices(),
        )  # fmt: skip
    if request.GET.get("trail") and not result.dimensions:
        steps = steps_of(known_after(desk.records, put), result.measure.unit)
        return download(arrange(trail_listing(steps), {}), kind, f"{result.measure.id}-postings")
    return download(arrange(listing_of(result), request.GET.dict()), kind, result.measure.id)


def _field(asked: dict[str, str], said: str) -> str:
    """The field that an error speaks of: the last one whose words it quotes, as what stands before was understood."""
    quoted = (name for name in reversed(ASKED) if asked[name] and f"'{asked[name].strip()}'" in said)
    return next(quoted, "measure")


def _shown(request: HttpRequest, put: Question, result: Result) -> dict[str, Any]:
    desk = desk_of(request)
    kept = {name: value for name in ASKED if (value := request.GET.get(name))}
    arranged = arrange(listing_of(result), request.GET.dict(), kept)
    single = not result.dimensions
    value = result.value_of(result.cells[0]) if single and result.cells else None
    trail = known_after(desk.records, put) if single and request.GET.get("trail") and put.known_on is None else []
    return {
        "result": result, "arranged": arranged, "chart": chart_of(result), "single": single, "kept": kept,
        "value": written(value, result.measure.unit),
        "trail": steps_of(trail, result.measure.unit),
        "periods": [one.title for one in result.periods],
        "amiss": amiss(desk.records, put, result),
        "linked": desk.may("work.postings"),
    }  # fmt: skip
