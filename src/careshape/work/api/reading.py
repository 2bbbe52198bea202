"""What programs may read: measures, observations, postings, registers, figures, background work."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router

from careshape.evaluate.measure import measures
from careshape.evaluate.measure.entry import Measure, find_measure
from careshape.jobs.models import Job
from careshape.jobs.views import told_of
from careshape.ledger.posting import Posting
from careshape.policy.fields import seen
from careshape.statement.figures import Figure
from careshape.work.api.acts import doing
from careshape.work.api.shapes import (
    AnswerOut,
    Asking,
    EntryOut,
    FigureOut,
    JobOut,
    Me,
    MeasureOut,
    ObservationOut,
    Page,
    Paging,
    PostingOut,
    number,
    paged,
)
from careshape.work.asking import Question, ask, identified
from careshape.work.asking import day as as_day
from careshape.work.desk import Desk, desk_of
from careshape.work.posting_views import COMMAND_LINE, posted_by, posting_of
from careshape.work.registers import WHICH, Entry, entries, entry_of, known_of
from careshape.work.search import holds, words_of
from careshape.work.tokens import OFFERED

router = Router()
Words = Annotated[str, Field(max_length=200)]


@router.get("/me", response=Me, tags=["You"], **doing("work.home"))
def me(request: HttpRequest) -> Any:
    """Who asks, and what the token may do."""
    desk = desk_of(request)
    may = [one for one in OFFERED if desk.may(one)]
    return {"role": desk.principal.role, "council": desk.principal.council, "acts": may}


@router.get("/measures", response=Page[MeasureOut], tags=["Measures"], **doing("work.measures"))
def measures_list(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The measures that can be asked."""
    return paged(list(measures().values()), paging, _measure)


@router.get("/measures/{name}", response=MeasureOut, tags=["Measures"], **doing("work.measures"))
def measure_card(request: HttpRequest, name: str) -> Any:
    """A measure with its card."""
    if name not in measures():
        raise Http404(f"There is no measure '{name}'.")
    return _measure(find_measure(name))


@router.get("/measures/{name}/answer", response=AnswerOut, tags=["Measures"], **doing("work.measures"))
def measure_answer(request: HttpRequest, name: str, asked: Query[Asking]) -> Any:
    """Ask a measure of the council's ledger."""
    filters = [one.partition("=") for one in asked.where]
    named = {dimension: identified(dimension, value) for dimension, _, value in filters}
    result = ask(desk_of(request).records, Question(name, tuple(asked.by), named, asked.period, as_day(asked.known_on)))
    return {
        "measure": result.measure.id, "unit": result.measure.unit, "dimensions": list(result.dimensions),
        "periods": [one.label for one in result.periods], "posting": result.posting,
        "rows": [{**row, "value": number(row["value"])} for row in result.rows],
    }  # fmt: skip


@router.get("/observations", response=Page[ObservationOut], tags=["Observations"], **doing("work.observations"))
def observations(request: HttpRequest, paging: Query[Paging], table: Words = "", q: Words = "") -> Any:
    """Figures from elsewhere that the council quotes."""
    words = words_of(q)
    council = desk_of(request).records
    found = [
        one for one in council.observations
        if (not table or one.table == table) and holds(words, one.id, one.measure, one.period.text, *one.dims.values())
    ]  # fmt: skip
    return paged(found, paging, _observation)


@router.get("/postings", response=Page[PostingOut], tags=["Postings"], **doing("work.postings"))
def postings(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The postings of the ledger, the latest first."""
    desk = desk_of(request)
    who = posted_by(desk)
    return paged(desk.postings[::-1], paging, lambda one: _posting(desk, one, who))


@router.get("/postings/{int:number}", response=PostingOut, tags=["Postings"], **doing("work.postings"))
def posting(request: HttpRequest, number: int) -> Any:
    """One posting."""
    desk = desk_of(request)
    return _posting(desk, posting_of(desk, number), posted_by(desk))


@router.get("/registers/{which}", response=Page[EntryOut], tags=["Registers"], **doing("work.registers"))
def register(request: HttpRequest, which: str, paging: Query[Paging], q: Words = "") -> Any:
    """The providers or the settings of the ledger."""
    if which not in WHICH:
        raise Http404("There is no such register. There are providers and settings.")
    council, words = desk_of(request).council, words_of(q)
    found = [one for one in entries(council, which) if holds(words, one.name, one.reference)] if council else []
    return paged(found, paging, _entry)


@router.get("/registers/{which}/{number}", response=EntryOut, tags=["Registers"], **doing("work.registers"))
def register_entry(request: HttpRequest, which: str, number: str) -> Any:
    """One provider or setting."""
    found = entry_of(desk_of(request).records, which, number) if which in WHICH else None
    if found is None:
        raise Http404("The register has no such entry.")
    return _entry(found)


@router.get("/organisation", response=EntryOut, tags=["Registers"], **doing("work.organisation"))
def organisation(request: HttpRequest) -> Any:
    """What the council's records know of one's own organisation."""
    desk = desk_of(request)
    found = known_of(desk.council, desk.organisation) if desk.organisation else None
    if found is None:
        raise Http404("The council's records name no care that your organisation provides.")
    return _entry(found)


@router.get("/figures", response=Page[FigureOut], tags=["Figures"], **doing("work.figures"))
def figures(request: HttpRequest, paging: Query[Paging], q: Words = "") -> Any:
    """The figures of the council's statement."""
    council, words = desk_of(request).records, words_of(q)
    council.warm()
    found = [one for one in council.book.computed() if one.linked and holds(words, one.what, one.text, one.expression)]
    return paged(sorted(found, key=lambda one: one.key), paging, _figure)


@router.get("/figures/{key}", response=FigureOut, tags=["Figures"], **doing("work.figures"))
def figure(request: HttpRequest, key: str) -> Any:
    """One figure, by the key of its card's address."""
    found = desk_of(request).records.figure_at(key)
    if found is None:
        raise Http404("No figure of the statement has this key.")
    return _figure(found)


@router.get("/jobs/{int:pk}", response=JobOut, tags=["Background work"], **doing("jobs.read"))
def job(request: HttpRequest, pk: int) -> Any:
    """How far a piece of background work is."""
    return told_of(Job.objects.reach(request.principal, "jobs.read", pk=pk))


def _measure(one: Measure) -> dict[str, Any]:
    card = one.card
    return {
        "id": one.id, "label": one.label, "unit": one.unit, "kind": one.kind, "what": card.what,
        "formula": card.formula, "source": card.source, "limitations": card.limitations,
    }  # fmt: skip


def _observation(one: Any) -> dict[str, Any]:
    return {
        "id": one.id, "table": one.table, "measure": one.measure, "unit": one.unit, "value": number(one.value),
        "period": one.period.text or one.period.label, "kind": one.kind, "source": str(one.source),
        "dims": {name: str(value) for name, value in one.dims.items()},
    }  # fmt: skip


def _posting(desk: Desk, one: Posting, who: dict[int, str]) -> dict[str, Any]:
    shown = seen(desk.principal, "work.postings", "posting", {"who": who.get(one.number, COMMAND_LINE)})
    return {
        "number": one.number, "recorded_at": one.recorded_at, "file": one.source, "kind": one.kind, "rows": one.rows,
        "withdraws": one.reverses,
        "counts": dict(one.counts), "posted_by": shown.get("who"),
    }  # fmt: skip


def _entry(one: Entry) -> dict[str, Any]:
    return {
        "id": str(one.id), "reference": one.reference, "name": one.name, "type": one.type, "people": one.people,
        "lines": one.lines, "weekly_cost": number(one.weekly_cost), "districts": list(one.districts),
        "services": list(one.services),
    }  # fmt: skip


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "key": one.key, "expression": one.expression, "what": one.what, "value": number(one.value), "text": one.text,
        "unit": one.unit, "problem": one.problem,
    }  # fmt: skip
