"""A page with what colleagues say of it: each comment stands at the part that it is about, until it is settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

from careshape.accounts.times import moment
from careshape.errors import CareshapeError
from careshape.home import Home
from careshape.policy import Principal
from careshape.policy.fields import seen
from careshape.statement.segments import segment_parts
from careshape.statement.text import Part
from careshape.work.desk import Desk
from careshape.writing.contents import contents
from careshape.writing.effects import parts_of
from careshape.writing.models import Comment, State, Version
from careshape.writing.papers import Paper
from careshape.writing.place import in_force

PAGES: Final = "/work/writing/pages/"
_LIVE: Final = (State.DRAFT.value, State.PROPOSED.value, State.AGREED.value, State.TURNED_BACK.value)
_TABLES: Final = "tables"


@dataclass(frozen=True)
class Piece:
    """A part of a page as it is in force, with how it stands; ``id`` is empty for what is one text."""

    id: str
    title: str
    html: str = ""
    state: str = ""
    tag: str = ""
    owner: str = ""
    review: date | None = None
    kept: bool = field(default=False)
    """Whether it is a slot, which somebody keeps and looks at again."""


def read_pieces(desk: Desk, one: Paper) -> list[Piece]:
    """A page as it is in force, part by part; empty where none of it is."""
    if not one.stands:
        return []
    if one.segment is not None:
        return _slots(desk, one)
    content = in_force(Home(settings.CARESHAPE_DIR), desk.principal.council, one.file) or ""
    titles = one.kind.parted.titles(content)
    if one.kind.id == _TABLES or one.kind.shown is None:
        return [Piece(id_, title) for id_, title in titles.items()]
    made = []
    for id_, title in (titles or {"": ""}).items():
        try:
            shown = one.kind.shown(desk.records, one.file, content, id_)
        except CareshapeError as error:
            shown = (Part("", "", escape(str(error))),)
        heading = title or next((part.title for part in shown), "")
        made.append(Piece(id_, heading, "".join(part.html for part in shown)))
    return made


def _slots(desk: Desk, one: Paper) -> list[Piece]:
    assert one.segment is not None
    council = desk.records
    states = contents(desk.principal, council, one.name)
    try:
        shown = segment_parts(council, one.segment) if council.written is not None else []
    except CareshapeError:
        shown = []
    if not one.segment.slots:
        whole = render_to_string("writing/parts.html", {"parts": shown})
        return [Piece("", "", whole, states[0].state, states[0].tag)]
    html = {part.slot.id: part.html for part in shown if part.slot}
    return [
        Piece(each.slot.id, each.title, html.get(each.slot.id, ""), each.state, each.tag, each.owner, each.review, True)
        for each in states if each.slot
    ]  # fmt: skip


def remarks_on(request: HttpRequest, one: Paper, part: str | None = None) -> dict[str, Any]:
    """What colleagues say of a page, by part: what is open, and how much is settled; of one part where one is given."""
    versions = Version.objects.reached(request.principal, "writing.see").filter(file=one.file, state__in=_LIVE)
    found = remarks(request.principal, versions)
    if part:
        found = [each for each in found if each["of"] == part]
    opened: dict[str, list[dict[str, Any]]] = {}
    for each in found:
        if not each["settled"]:
            opened.setdefault(each["of"], []).append(each)
    return {"remarks": opened, "settled": sum(bool(each["settled"]) for each in found)}


def remarks(principal: Principal, versions: Iterable[Version]) -> list[dict[str, Any]]:
    """The comments on versions as pages show them, the first written first."""
    rows = Comment.objects.reached(principal, "writing.see").filter(version__in=[one.pk for one in versions])
    made = []
    for one in rows.select_related("version", "written_by", "answered_by", "settled_by"):
        parts = parts_of(one.version.file, one.version.content)
        said = {
            "id": one.pk, "part": parts.get(one.part, one.part), "text": one.text, "by": one.written_by.name,
            "at": moment(one.written_at), "answer": one.answer,
            "answered": f"{one.answered_by.name}, {moment(one.answered_at)}" if one.answered_by else "",
            "settled": f"{one.settled_by.name}, {moment(one.settled_at)}" if one.settled_by else "",
        }  # fmt: skip
        more = {"of": one.part, "version": one.version_id, "number": one.version.number}
        made.append(seen(principal, "writing.see", "remark", said) | more)
    return made
