"""Downloads: a table's records as CSV, XLSX or JSON, each saying whose they are and of which kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.http import Http404, HttpResponse

from careshape.evaluate.measure import measures
from careshape.statement.arrange import arrange
from careshape.statement.council import Council
from careshape.statement.spec import TableSpec
from careshape.statement.tables import Table

KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}

PUBLISHED: Final = "published"
"""What a download's column ``records`` says of values that stand in a published document."""


def records_of(council: Council, spec: TableSpec | None = None) -> str:
    """What the values of a table rest on: "published" documents, "synthetic" records, or the "council"'s own."""
    if spec is not None and (spec.filling == "observation" or (spec.filling == "expression" and not _measured(spec))):
        return PUBLISHED
    return "synthetic" if council.demonstration else "council"


def download_response(
    council: Council, table: Table, kind: str, records: str, asked: Mapping[str, str], filters: Sequence[str] = ()
) -> HttpResponse:
    """The file of a table, with the rows that ``asked`` keeps. Raises Http404 where there is no such kind of file."""
    if kind not in KINDS:
        raise Http404("Downloads are CSV, XLSX or JSON.")
    arranged = arrange(table, asked, filters)
    chosen = {one.name: one.chosen for one in arranged.filters if one.chosen}
    whose = {"authority": council.slug, "records": records}
    rows = tuple({**record, **whose} for record in arranged.table.records)
    made = replace(arranged.table, records=rows, about={**table.about, **_about(council, records, chosen)})
    write = {"csv": made.as_csv, "xlsx": made.as_xlsx, "json": made.as_json}[kind]
    response = HttpResponse(write(), content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{file_name(council, table.id, kind, records, chosen)}"'
    return response


def file_name(council: Council, name: str, kind: str, records: str, chosen: Mapping[str, str]) -> str:
    """The name under which a download is kept: worcestershire-home-care-hours-synthetic-draft.csv."""
    parts = [council.slug, name, *(["filtered"] if chosen else []), *(["synthetic"] if records == "synthetic" else [])]
    return f"{'-'.join(parts)}-draft.{kind}"


def _about(council: Council, records: str, chosen: Mapping[str, str]) -> dict[str, Any]:
    last = council.postings[-1] if council.postings else None
    return {
        "authority": council.slug,
        "known_on": last.day.isoformat() if last else None,
        "posting": last.number if last else 0,
        "draft": True,
        "synthetic": records == "synthetic",
        "records": records,
        "filters": dict(chosen),
    }


def _measured(spec: TableSpec) -> bool:
    """Whether a table of expressions asks a measure anywhere."""
    calls = (call for row in spec.row for call in row.calls("tables.toml", spec.id) if call is not None)
    return any(one.name == "measure" or one.first in measures() for call in calls for one in call.calls())
