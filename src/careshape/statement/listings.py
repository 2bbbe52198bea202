"""Long lists as tables: discrepancies, the check against the ledger, intentions, observations and postings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from careshape.errors import CareshapeError
from careshape.evaluate.consistency import KINDS, find_discrepancies
from careshape.evaluate.numbers import MINUS
from careshape.evaluate.published import check_published, is_mapped
from careshape.language import say
from careshape.records import Intention, Observation
from careshape.statement.cards import anchor_of
from careshape.statement.council import Council
from careshape.statement.design.lines import line_of
from careshape.statement.formatting import Value, counted, title_of, unit_words
from careshape.statement.labels import label_of, period_title
from careshape.statement.phrases import NOTHING, Phrase
from careshape.statement.slots import STATE_TITLES, Slot
from careshape.statement.tables import Column, Row, Table, simple, valued
from careshape.statement.text import anchor, is_written, review_day

KIND_WORDS: Final = KINDS
"""The kinds of discrepancy, each with its meaning."""

STATUSES: Final = {
    "equal": "the ledger gives the published value back",
    "explained": "it does not, and no ledger could; the reason is stated",
    "differs": "it does not, and nobody has said why",
}


def discrepancies(council: Council) -> Table:
    """What the published statement says that its own cells do not bear out, each with both values."""
    found = find_discrepancies(council.sources.observations).findings
    columns = (
        Column("Where", "table"),
        Column("What", "item", wide=True),
        Column("Published", "published"),
        Column("Recomputed", "recomputed"),
        Column("Kind", "kind"),
        Column("Why", "explanation", wide=True),
        Column("Line of the document", "source_line", numeric=True),
    )
    rows = [
        (
            title_of(one.table),
            _sentence(one.item),
            _minus(one.published),
            _minus(one.recomputed),
            title_of(one.kind),
            _minus(one.explanation),
            one.source_line,
        )
        for one in found
    ]
    records = [
        {
            "id": one.id,
            "authority": one.authority,
            "table": one.table,
            "item": one.item,
            "published": one.published,
            "recomputed": one.recomputed,
            "kind": one.kind,
            "explanation": one.explanation,
            "cells": " ".join(one.cells),
            "source_line": one.source_line,
        }
        for one in found
    ]
    return simple("discrepancies", "Discrepancies in the published statement", columns, rows, records)


def _sentence(text: str) -> str:
    """A text that begins as a sentence does."""
    return text[:1].upper() + text[1:]


def _minus(text: str) -> str:
    """Written numbers below zero with a minus sign, as the pages write them."""
    return re.sub(r"(?<![\w.])-(?=£?\d)", MINUS, text)


def check(council: Council) -> Table:
    """Every published cell that line items can give, beside what the ledger gives."""
    columns = (
        Column("Table", "table"),
        Column("What", "item", wide=True),
        Column("Published", "published", numeric=True),
        Column("Computed", "computed", numeric=True),
        Column("Status", "status"),
        Column("Reason", "reason", wide=True),
    )
    mapped = is_mapped(council.slug, council.ledger.path)
    try:
        found = check_published(council.slug, council.ledger) if council.postings and mapped else []
    except CareshapeError as error:
        return simple("check", "Published against computed", columns, [], problem=str(error))
    rows: list[tuple[Value, ...]] = [
        (_table_of(one.file), _sentence(one.item), one.published, one.computed, title_of(one.status), one.reason)
        for one in found
    ]
    return simple(
        "check", "Published against computed", columns, rows, [{**one.as_row(), "item": one.item} for one in found]
    )


def _table_of(file: str) -> str:
    """A published file as readers know it: Table 6, or Prose figures."""
    number = re.match(r"table-(\d+)", file)
    return f"Table {int(number[1])}" if number else title_of(file.removesuffix(".csv"))


def intentions(council: Council) -> Table:
    """What the council means to do, with direction, target, date and how far it is."""
    columns = (
        Column("Reference", "id"),
        Column("Intention", "statement", wide=True),
        Column("Direction", "direction"),
        Column("Service", "service"),
        Column("Client group", "client_group"),
        Column("Now", "now", numeric=True),
        Column("Target", "target", numeric=True),
        Column("By", "by"),
        Column("Progress", "progress"),
    )
    rows, records = [], []
    for one in council.decided.intentions:
        line = line_of(council, one)
        unit = f" {line.unit}" if line.target and line.unit != "per cent" else ""
        now = replace(valued(line.now.text), page="figure" if line.now.key else "", item=line.now.key)
        cells = (
            replace(valued(one.statement), page="intention", item=one.id),
            valued(title_of(one.direction)), valued(label_of("service", one.service)),
            valued(label_of("client_group", one.client_group)), now, valued(f"{line.target}{unit}"), valued(line.by),
            valued(say("{state}, date passed", state=say(line.title)) if line.progress.overdue else line.title),
        )  # fmt: skip
        rows.append(Row((one.id,), cells, anchor=one.id))
        records.append(intention_record(council, one))
    return Table(
        "intentions", "What the council means to do", (columns[0].title,), columns[1:], tuple(rows), tuple(records),
        names=columns[0].name,
    )  # fmt: skip


def intention_record(council: Council, one: Intention) -> dict[str, object]:
    """An intention as downloads and the command line give it, with its progress."""
    return {
        "id": one.id, "section": one.section, "service": one.service, "client_group": one.client_group,
        "area": one.area, "statement": one.statement, "direction": one.direction,
        "target_measure": one.target_measure, "target_value": one.target_value, "unit": one.unit,
        "by_date": one.by_date.text, "owner": one.owner, "measure": one.measure, **line_of(council, one).record,
        "exceptions": one.exceptions, "evidence": " ".join(one.evidence),
    }  # fmt: skip


def observations(council: Council, name: str) -> Table | None:
    """The observations of one published table, each with its anchor; None where there is no such table."""
    found = (
        council.sources.observations.find(table=name) if name in council.sources.observations.values("table") else None
    )
    if not found:
        return None
    entry = council.dataset.tables.get(name) if council.dataset else None
    title = f"{entry.number}: {entry.title}" if entry else title_of(name)
    dims = [name for name in found.dimensions() if len(found.values(name)) > 1 or name in ("district", "client_group")]
    columns = (
        Column("Reference", "id"),
        Column("What", "measure", wide=name == "prose-figures"),
        *(Column(title_of(dim), dim) for dim in dims),
        Column("Period", "period"),
        Column("Value", "value", numeric=True),
        Column("Unit", "unit"),
        Column("Kind", "kind"),
        Column("Line", "source_line", numeric=True),
    )
    rows = [_observation(row, dims) for row in found]
    records = [_record(row, found.dimensions()) for row in found]
    note = Phrase((entry.note,)) if entry and entry.note else NOTHING
    anchors = [anchor_of(row) for row in found]
    source = found[0].source
    return simple(name, title, columns, rows, records, anchors, note=note, about={"source": source})


def _observation(row: Observation, dims: list[str]) -> tuple[Value, ...]:
    named = [label_of(dim, row.get(dim) or "") if row.get(dim) else "" for dim in dims]
    period = period_title(row.period.text) if row.period.text else row.period.label
    return (
        row.id,
        title_of(row.measure),
        *named,
        period,
        row.value,
        unit_words(row.unit) if isinstance(row.value, str) or row.value is None else counted(row.unit, row.value),
        title_of(row.kind),
        row.source_line,
    )


def _record(row: Observation, dims: list[str]) -> dict[str, Value]:
    """An observation as the downloads give it: the values of its file."""
    return {
        "id": row.id,
        **{dim: row.get(dim) or "" for dim in dims},
        "period": row.period.text,
        "period_label": row.period.label,
        "measure": row.measure,
        "unit": row.unit,
        "value": row.value,
        "qualifier": row.qualifier,
        "kind": row.kind,
        "row_kind": row.row_kind,
        "source_line": row.source_line,
        "note": row.note,
    }


def postings(council: Council) -> Table:
    """The postings of the ledger: when each was recorded, from which file, and what became of its rows."""
    columns = (
        Column("Posting", "number"),
        Column("Recorded on", "recorded"),
        Column("File", "file"),
        Column("Accepted", "accepted", numeric=True),
        Column("Repaired", "repaired", numeric=True),
        Column("Refused", "refused", numeric=True),
    )
    rows: list[tuple[Value, ...]] = []
    for one in council.postings:
        counts = one.counts
        many = [counts.get(name, 0) for name in ("accepted", "repaired", "refused")]
        rows.append((str(one.number), one.day, one.source, *many))
    return simple("postings", "Postings", columns, rows)


def slots(council: Council) -> Table:
    """Every slot of every segment: whether it is written or due, who keeps it, and when it is looked at again."""
    columns = (
        Column("Page", "page"),
        Column("Part", "part"),
        Column("State", "state"),
        Column("Who keeps it", "owner"),
        Column("Next review", "review"),
        Column("Agreed", "agreed"),
    )
    today, rows, records = review_day(council), [], []
    for segment in council.statement.segments.values() if council.statement else ():
        for slot in segment.slots:
            state = slot.state(today, is_written(council, slot))
            part = replace(valued(slot.title), page="segment", item=segment.id, anchor=anchor(slot.title))
            others = (STATE_TITLES[state], slot.owner, slot.review or "", slot.agreed or "")
            rows.append(Row((segment.title,), (part, *(valued(value) for value in others))))
            records.append({"segment": segment.id, "slot": slot.id, "state": state, "owner": slot.owner} | _days(slot))
    note = Phrase(("In this demonstration the owners and the dates of review are made up.",))
    return Table(
        "slots", "What is written and what is due", (columns[0].title,), columns[1:], tuple(rows), tuple(records),
        names=columns[0].name, note=note if council.demonstration else NOTHING,
    )  # fmt: skip


def _days(slot: Slot) -> dict[str, str]:
    return {name: one.isoformat() if one else "" for name, one in (("review", slot.review), ("agreed", slot.agreed))}


LISTS: Final[dict[str, Callable[[Council], Table]]] = {
    "discrepancies": discrepancies,
    "check": check,
    "intentions": intentions,
    "slots": slots,
}
"""The lists that have a page and downloads of their own."""

FILTERS: Final[dict[str, tuple[str, ...]]] = {
    "discrepancies": ("kind", "table"),
    "check": ("status", "table"),
    "intentions": ("service", "client_group", "direction", "by", "progress"),
    "slots": ("page", "part", "state", "owner"),
}
"""The columns by which a reader may filter each list."""


def listing(council: Council, name: str) -> Table:
    """A list by name, made once for each state of the council; what falls due once a day."""
    kept = f"{name}:{review_day(council)}" if name in ("slots", "intentions") else name
    with council.lock:
        if kept not in council.lists:
            council.lists[kept] = LISTS[name](council)
        return council.lists[kept]
