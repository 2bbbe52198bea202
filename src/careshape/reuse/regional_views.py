"""The regional page: several councils side by side, from released editions here and from statements brought."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from careshape.exchange.form import codes
from careshape.policy.listing import Arranged, Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.reuse.api import has_data
from careshape.reuse.beside import OF_WORDS, OPEN, TOPICS, Beside, Said, Source, beside
from careshape.reuse.bring import REGIONAL, standing, statement_brought
from careshape.reuse.models import Brought
from careshape.reuse.released import latest, statement_of
from careshape.statement.formatting import day, unit_words, written
from careshape.statement.labels import label_of
from careshape.statement.pages import page

HOME: Final = "/regional/"
_TOPICS: Final = {
    **{name: codes()["topic"][name] for name in TOPICS},
    OF_WORDS: "What councils intend",
    OPEN: "What is open",
}


def sources_of(request: HttpRequest) -> list[Source]:
    """The statements that are laid side by side: released here, then brought."""
    found = []
    for row in latest(request.principal).values():
        if has_data(row):
            whole = statement_of(row)
            found.append(
                Source(
                    row.council, whole["council"]["name"], whole["edition"], whole["known_on"],
                    f"/{row.council}/editions/{row.number}/", bool(whole.get("synthetic")), whole,
                )
            )  # fmt: skip
    here = {one.statement["council"]["code"] for one in found}
    return found + [_of_brought(row) for row in standing(request.principal) if row.code not in here]


def _of_brought(row: Brought) -> Source:
    whole = statement_brought(row)
    return Source(
        f"brought-{row.pk}", row.name, row.edition, row.known_on.isoformat(), whole.get("address", ""), row.synthetic,
        whole, brought=True,
    )  # fmt: skip


@does(REGIONAL)
def regional(request: HttpRequest) -> HttpResponse:
    """Councils side by side."""
    sources = sources_of(request)
    arranged = arrange(_listing(sources), request.GET.dict())
    synthetic = any(one.synthetic for one in sources)
    damaged = [row.council for row in latest(request.principal).values() if not has_data(row)]
    return page(
        request, "reuse/regional.html", arranged=arranged, many=len(sources), synthetic=synthetic,
        damaged=[label_of("authority", one) for one in damaged],
    )  # fmt: skip


@does(REGIONAL)
def regional_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The comparison as a file: a line for each council and figure, with where it comes from."""
    arranged = arrange(_listing(sources_of(request)), request.GET.dict())
    lines = [
        line for row in arranged.rows for cell in row["row"].cells.values() for one in cell
        for line in [as_line(row["row"], one)]
    ]  # fmt: skip
    columns = tuple(Column(name, name) for name in lines[0]) if lines else (Column("services", "services"),)
    flat = Listing("regional", "Councils side by side", columns, lines)
    return download(Arranged(flat, tuple(lines), 1, "", (), ()), kind, "councils-side-by-side")


@does(REGIONAL)
def sources(request: HttpRequest) -> HttpResponse:
    """Whose statements are laid side by side, each with its edition, day, licence and checksum."""
    brought = {f"brought-{row.pk}": row for row in standing(request.principal)}
    listed = [(one, brought.get(one.key)) for one in sources_of(request)]
    return page(request, "reuse/sources.html", listed=listed, day=day, local=timezone.localtime, home=HOME)


def _listing(sources: list[Source]) -> Listing:
    columns = (
        Column("service", "Service", filtered=True),
        Column("client_group", "Client group", filtered=True),
        Column("topic", "What", text=lambda name: _TOPICS.get(name, name), filtered=True),
        Column("compared", "Compared", filtered=True),
        *(Column(one.key, _heading(one), text=str) for one in sources),
    )
    empty = "No council has released a statement here yet, and none was brought."
    return Listing("regional", "Councils side by side", columns, [_row(one) for one in beside(sources)], empty)


def _row(one: Beside) -> dict[str, Any]:
    """A row as it is searched, sorted and filtered; numbers sort as numbers."""
    cells = {key: _sorted_by(said) for key, said in one.cells.items()}
    compared = f"Yes, on {_when(one.days[0])}" if one.comparable else f"No: {one.why_not.lower()}"
    return {
        "service": one.service_label, "client_group": one.group_label, "topic": one.topic, "compared": compared,
        "row": one, **cells,
    }  # fmt: skip


class _Number(float):
    """A number that sorts as one and reads as a sentence."""

    said: str = ""

    def __str__(self) -> str:
        return self.said


def _heading(one: Source) -> str:
    """A council and its edition, and that its records are made up where they are."""
    return f"{one.name}: {one.edition}{' (synthetic)' if one.synthetic else ''}"


def _sorted_by(said: tuple[Said, ...]) -> Any:
    """What a cell holds: every figure with its unit and period; one number sorts as a number."""
    text = "; ".join(map(_words, said))
    if len(said) > 1 or said[0].value is None:
        return text
    found = _Number(said[0].value)
    found.said = text
    return found


def _words(one: Said) -> str:
    if one.status == "words":
        return one.text
    if one.status != "value":
        return f"{one.status}: {one.reason}"
    if one.value is not None and one.unit.startswith("gbp"):
        said = written(Decimal(str(one.value)), one.unit)
    else:
        said = f"{one.text if one.value is None else f'{one.value:,.10g}'} {unit_words(one.unit)}"
    return f"{said}, {_when(one.period)}" + (f" ({one.interval})" if one.interval else "")


def _when(period: str) -> str:
    try:
        return day(date.fromisoformat(period))
    except ValueError:
        return period


def as_line(row: Beside, one: Said) -> dict[str, Any]:
    """What one council says in a row, as a line of the download."""
    source = one.source
    return {
        "services": "; ".join(row.services), "client_group": row.client_group, "topic": row.topic,
        "council_code": source.statement["council"]["code"], "council": source.name, "edition": source.edition,
        "known_on": source.known_on, "synthetic": source.synthetic, "label": one.label, "status": one.status,
        "value": one.value if one.status == "value" else one.text, "reason": one.reason, "unit": one.unit,
        "period": one.period, "interval": one.interval, "compared": "yes" if row.comparable else "no",
        "why_not": row.why_not,
    }  # fmt: skip
