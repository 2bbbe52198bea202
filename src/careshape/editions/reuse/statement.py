"""A gated statement in the open form: who, what is said, every figure, every table, what is meant, what is open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from careshape.catalogue import catalogue
from careshape.editions.reuse.figures import Entry, area, figures, plain, texts
from careshape.editions.reuse.opportunities import opportunities
from careshape.editions.reuse.side import COMING
from careshape.editions.reuse.table_fields import field_of
from careshape.evaluate.measure import measures
from careshape.exchange.form import FORMAT, LISTED, LISTS, OWN, VERSION, codes
from careshape.records import slug
from careshape.statement.cards import how_counted
from careshape.statement.content import Segment, Statement
from careshape.statement.council import Council
from careshape.statement.formatting import NOT_KNOWN, Withheld, title_of, unit_words
from careshape.statement.labels import label_of
from careshape.statement.licence import NONE_SET, NOT_SET
from careshape.statement.tables import Table
from careshape.statement.unshown import told

COVERS: Final = (
    "The council's figures and words. What the statement quotes from others stays under their licence, which the card "
    "of each figure names; official statistics are Crown copyright, under the Open Government Licence."
)
SHOWN: Final = " This is a demonstration: its records of care are synthetic, and nobody in them is real."
NO_POST: Final = "Not stated"
"""What stands where the statement names neither a team nor a post: none is made up."""
NOT_STATED: Final = "The source states none."
_EVERYBODY: Final = ("all", "")


def as_statement(council: Council) -> Entry:
    """The statement of a council, as its gate lets it be shown, in the open form."""
    made: Entry = {
        **_about(council),
        "segments": [_segment(one) for one in _segments(council)],
        "slots": [slot for one in _segments(council) for slot in _slots(council, one)],
        "figures": figures(council),
        "tables": _tables(council),
        "intentions": [_intention(one) for one in council.sources.intentions],
        "opportunities": opportunities(council, list(_open(council))),
    }
    made["cards"] = list(_cards(council, made))
    return made | {"codes": _own_codes(made)}


def of_segment(council: Council, statement: Entry, segment: Segment) -> Entry:
    """What a statement in the open form says of one segment, in that form itself: valid alone."""
    calls = list(dict.fromkeys(found.call for found in segment.found))
    named = {call.first for call in calls if call.name in ("table", "chart", "intention")}
    stands = {council.book.figure(call).key for call in calls if not call.block}
    found = [one for one in statement["figures"] if one["id"] in stands or one.get("segment") == segment.id]
    made = statement | {
        "segments": [one for one in statement["segments"] if one["id"] == segment.id],
        "slots": [one for one in statement["slots"] if one["segment"] == segment.id],
        # A figure that stands in several segments is listed with the first of them in the whole statement.
        "figures": [_alone_in(one, segment.id) for one in found],
        "tables": [_alone_in(one, segment.id) for one in statement["tables"] if one["id"] in named],
        "intentions": [
            _alone_in(one, segment.id)
            for one in statement["intentions"] if one["id"] in named or one.get("segment") == segment.id
        ],
        "opportunities": [one for one in statement["opportunities"] if one.get("segment") == segment.id],
    }  # fmt: skip
    cards = {one.get("card") for name in ("figures", "tables") for one in made[name]}
    made["cards"] = [one for one in statement["cards"] if one["id"] in cards]
    return made | {"codes": _own_codes(made)}


def _alone_in(one: Entry, segment: str) -> Entry:
    """An entry that leads to no other segment."""
    if one.get("segment", segment) == segment:
        return one
    return {name: value for name, value in one.items() if name != "slot"} | {"segment": segment}


def _about(council: Council) -> Entry:
    written = council.statement
    place = catalogue().lists["authority"].by_id.get(council.slug)
    assert written is not None
    return {
        "format": FORMAT, "version": VERSION,
        "council": {"code": str(getattr(place, "ons_code", "") or "E00000000"), "name": council.name},
        "title": written.title, **({"subtitle": written.subtitle} if written.subtitle else {}),
        "period": written.period or "Not stated", "edition": council.edition,
        "known_on": council.postings[-1].day.isoformat() if council.postings else date.min.isoformat(),
        "synthetic": council.demonstration, "language": "en-GB",
        "licence": _licence(written, council.demonstration), "contact": _contact(written),
    }  # fmt: skip


def _licence(written: Statement, demonstration: bool) -> Entry:
    """The licence that the council has set, or that it has set none."""
    given, shown = written.licence, SHOWN if demonstration else ""
    if given is None:
        return {"name": NOT_SET, "covers": NONE_SET + shown}
    return {"name": given.name, **({"address": given.address} if given.address else {}), "covers": COVERS + shown}


def _contact(written: Statement) -> Entry:
    """Whom to ask: the council's team with how it is reached, else the post that keeps the statement."""
    team = written.contact
    if team is None:
        return {"post": written.rules.every.owner or NO_POST}
    reached = {"address": team.address, "email": team.email, "telephone": team.phone}
    return {"post": team.team, **{name: value for name, value in reached.items() if value}}


def _segments(council: Council) -> list[Segment]:
    return list(council.statement.segments.values()) if council.statement else []


def _segment(one: Segment) -> Entry:
    found: Entry = {"id": one.id, "title": one.title, **_services(one)}
    return found | ({"section": one.section} if one.section else {})


def _services(one: Segment) -> Entry:
    return {"services": list(one.services)} if one.services else {}


def _slots(council: Council, segment: Segment) -> Iterable[Entry]:
    kept = {slot.id: slot for slot in segment.slots}
    for name, text in texts(segment):
        said = filled(council, text)
        if not said:
            continue
        slot = kept.get(name)
        more = {"owner": slot.owner} if slot and slot.owner else {}
        more |= {"review": slot.review.isoformat()} if slot and slot.review else {}
        yield {"segment": segment.id, "slot": name, "text": said, **more}


def filled(council: Council, text: str) -> str:
    """A text with its figures written out, as Markdown; what stands on a line of its own is data elsewhere."""
    return re.sub(r"\n{3,}", "\n\n", told(council, text, known=NOT_KNOWN)).strip()


def _tables(council: Council) -> list[Entry]:
    names = council.statement.tables if council.statement else {}
    found = [council.table(name) for name in names]
    return [_table(council, one) for one in found if one is not None and one.records and not one.problem]


def _table(council: Council, one: Table) -> Entry:
    head = list(dict.fromkeys(key for record in one.records for key in record))
    extra = ["status", "reason"] if "value" in head else []
    rows = [[_cell(record.get(name)) for name in head] for record in one.records]
    kinds = ["number" if all(_is_number(row[at]) for row in rows) else "string" for at in range(len(head))]
    rows = [
        [cell if cell is None or kind == "number" else str(cell) for cell, kind in zip(row, kinds, strict=True)]
        for row in rows
    ]
    if extra:
        rows = [[*row, *_status(record.get("value"))] for row, record in zip(rows, one.records, strict=True)]
    fields = [field_of(one, name, kind) for name, kind in zip(head, kinds, strict=True)]
    fields += [field_of(one, name, "string") for name in extra]
    segment = next((each.id for each in _segments(council) if _holds(each, one.id)), "")
    return {
        "id": one.id, "title": one.title, **({"segment": segment} if segment else {}),
        **({"note": str(one.note)} if str(one.note) else {}), "schema": {"fields": fields}, "rows": rows,
    }  # fmt: skip


def _holds(segment: Segment, table: str) -> bool:
    return any(one.call.name in ("table", "chart") and one.call.first == table for one in segment.found)


def _cell(value: Any) -> Any:
    if isinstance(value, Withheld):
        return None
    return value.isoformat() if isinstance(value, date) else plain(value)


def _is_number(cell: Any) -> bool:
    return cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool))


def _status(value: Any) -> tuple[str, str]:
    if isinstance(value, Withheld):
        return "suppressed", value.reason
    return ("unknown", NOT_STATED) if value is None else ("value", "")


def _intention(one: Any) -> Entry:
    """An intention by its fields, whichever of them its register keeps."""
    group = slug(one.client_group)
    where = area(getattr(one, "area", "") or "")
    said = {"section": one.section, "target_measure": one.target_measure, "unit": one.unit, "by_date": one.by_date.text}
    said |= {"exceptions": getattr(one, "exceptions", ""), "evidence": " ".join(getattr(one, "evidence", ()) or ())}
    return {
        "id": one.id, "statement": one.statement, "direction": one.direction,
        **({"service": slug(one.service)} if one.service not in _EVERYBODY else {}),
        **({"client_group": group} if group not in _EVERYBODY else {}), **({"area": where} if where else {}),
        **({"target_value": plain(one.target_value)} if one.target_value is not None else {}),
        **{name: value for name, value in said.items() if value},
    }  # fmt: skip


def _open(council: Council) -> Iterable[tuple[Segment, str]]:
    """The segments that say in words what is open to providers, with what they say."""
    for segment in _segments(council):
        text = next((filled(council, slot.text) for slot in segment.slots if slot.id == "opportunities"), "")
        if text:
            yield segment, text


def _cards(council: Council, made: Entry) -> Iterable[Entry]:
    """The cards that figures name."""
    named = sorted({one["card"] for one in made["figures"] if one.get("card")})
    for name in named:
        kind, _, item = name.partition("-")
        if kind == "measure":
            entry = measures()[item]
            card = entry.card
            yield {
                "id": name, "label": entry.label, "what": card.what, "source": card.source, "formula": card.formula,
                "updated": card.updated, "limitations": card.limitations, "owner": card.owner,
                "method": how_counted(council.rounded),
            }  # fmt: skip
        elif name == COMING:
            yield _coming(council)
        else:
            yield _printed(council, name, item)


def _coming(council: Council) -> Entry:
    made = council.ahead
    return {
        "id": COMING, "label": "What is to come", "method": made.method,
        "what": "What is expected if things go on as the records show; what is done can change it.",
        "source": f"The council's records, as known on {made.known or council.known}",
        "limitations": " ".join(made.notices),
    }  # fmt: skip


def _printed(council: Council, name: str, table: str) -> Entry:
    entry = council.dataset.tables.get(table) if council.dataset else None
    rows = council.sources.observations.find(table=table)
    label = f"{entry.number}: {entry.title}" if entry else title_of(table)
    what = f"Figures as {entry.number if entry else 'a table'} of a published document prints them."
    return {
        "id": name, "label": label, "what": what, "source": rows[0].source if len(rows) else "A published document",
        "method": "Quoted, not counted anew",
    }  # fmt: skip


def _own_codes(made: Entry) -> list[Entry]:
    """The codes that the open lists lack, with the labels that the catalogue or the words themselves give."""
    used: dict[tuple[str, str], str] = {}
    for part in LISTS:
        for entry in made.get(part, ()):
            for field, name in LISTED.items():
                given = entry.get(field)
                for code in given if isinstance(given, list) else [given]:
                    if code and name in OWN and code not in codes()[name]:
                        used[name, code] = unit_words(code) if name == "unit" else label_of(name, code)
    return [{"list": name, "code": code, "label": label} for (name, code), label in sorted(used.items())]
