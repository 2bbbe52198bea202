"""Intentions in the place to work: the list, and a form to add or change one, which a second person agrees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.catalogue import catalogue
from careshape.errors import CareshapeError
from careshape.home import Home
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.records.intentions import DIRECTIONS, EXTENTS, FILE, SHEET
from careshape.statement.addresses import address
from careshape.statement.design.lines import line_of
from careshape.statement.formatting import title_of
from careshape.statement.labels import label_of
from careshape.work.desk import Desk, desk_of
from careshape.work.pages import notify, page
from careshape.work.writing_views import CRUMB, HOME, under_way
from careshape.writing.decisions import faults_of
from careshape.writing.merge import merge_rows
from careshape.writing.models import Version
from careshape.writing.place import digest, in_force
from careshape.writing.write import own_draft, propose

LIST: Final = f"{HOME}intentions/"
_EXTENTS: Final = {
    "": "How much of all that it names", "part": "How much of a part of it", "share": "How it is made up",
    "how": "How it is done, or how the council works",
}  # fmt: skip
_LONG: Final = ("statement", "exceptions", "note", "dropped_because", "measure", "baseline", "evidence")


@does("writing.see")
def intentions_page(request: HttpRequest) -> HttpResponse:
    """Every intention in force, with how far it is, and who changes the file now."""
    desk = desk_of(request)
    listing = _listing(desk)
    return page(
        request, "intentions.html", here=HOME, crumbs=(CRUMB, ("Intentions", "")),
        arranged=arrange(listing, request.GET.dict()), may_write=desk.may("writing.write"),
        others=under_way(desk, FILE), problem=desk.records.decided.problem,
    )  # fmt: skip


@does("writing.see")
def intentions_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return download(arrange(_listing(desk_of(request)), request.GET.dict()), kind, "intentions")


def _listing(desk: Desk) -> Listing:
    council, writes = desk.records, desk.may("writing.write")
    rows: list[dict[str, Any]] = [
        {
            # Who may not change one reads it as it is published.
            "id": one.id, "href": f"{LIST}{one.id}/" if writes else address(council.slug, "intentions", "", one.id),
            "statement": one.statement, "direction": title_of(one.direction),
            "service": label_of("service", one.service), "state": line_of(council, one).title,
        }
        for one in council.decided.intentions
    ]  # fmt: skip
    columns = (
        Column("id", "Reference", link="href"),
        Column("statement", "Intention", wide=True),
        Column("direction", "Direction", filtered=True),
        Column("service", "Service", filtered=True),
        Column("state", "Progress", filtered=True),
    )
    return Listing("intentions", "Intentions", columns, rows, "The council has stated no intention yet.")


@dataclass(frozen=True)
class Sheet:
    """What is written on: the own draft of the file, or what is in force."""

    draft: Version | None
    content: str
    base: str
    rows: list[dict[str, str]]
    both: tuple[str, ...] = ()
    """Intentions that the draft changes, and that changed otherwise in force since it was begun."""

    def row(self, id_: str) -> dict[str, str] | None:
        """A row by its id."""
        return next((one for one in self.rows if one["id"] == id_), None)


def _sheet(desk: Desk) -> Sheet:
    council = desk.principal.council
    now = in_force(Home(settings.CARESHAPE_DIR), council, FILE) or SHEET.write([])
    draft = own_draft(desk.principal, council, FILE)
    base = digest(now)
    if draft is None or draft.base == base:
        content = draft.content if draft is not None else now
        return Sheet(draft, content, base, SHEET.texts(content))
    begun = Version.objects.reached(desk.principal, "writing.see").filter(file=FILE, digest=draft.base).first()
    rows, both = merge_rows(SHEET.texts(begun.content if begun else ""), SHEET.texts(draft.content), SHEET.texts(now))
    return Sheet(draft, SHEET.write(rows), base, rows, both)


def _mark(row: dict[str, str]) -> str:
    """Tells a row from the same row as it is after a change."""
    return digest(SHEET.write([row]))


@does("writing.write", POST="writing.write")
def add_page(request: HttpRequest) -> HttpResponse:
    """Add an intention: it is proposed, and stands nowhere before a second person agrees it."""
    return _form(request, desk_of(request), "")


@does("writing.write", POST="writing.write")
def change_page(request: HttpRequest, name: str) -> HttpResponse:
    """Change an intention, or give it up with its reason."""
    desk = desk_of(request)
    if _sheet(desk).row(name) is None:
        raise Http404(f"The council states no intention '{name}'.")
    return _form(request, desk, name)


def _form(request: HttpRequest, desk: Desk, name: str) -> HttpResponse:
    sheet = _sheet(desk)
    empty = dict.fromkeys(SHEET.names, "")
    was = sheet.row(name) or {**empty, "client_group": "all", "direction": "grow"}
    if request.method != "POST":
        return _page(request, desk, sheet, name, was, "", {})
    sent = {field: request.POST.get(field, "").replace("\r\n", " ").strip() for field in SHEET.names}
    sent |= {"id": name} if name else {}
    sent["source_line"] = was["source_line"]
    why = request.POST.get("why", "").strip()
    errors = _errors(sheet, name, sent)
    if name and request.POST.get("was", "") != _mark(was):
        return _page(request, desk, sheet, name, sent, why, _meanwhile(was, sent))
    if not why:
        errors["why"] = "Say why you change it: who agrees it reads that first."
    if sent == was and name:
        errors.setdefault("statement", "Nothing is changed yet.")
    if errors:
        return _page(request, desk, sheet, name, sent, why, errors)
    content = SHEET.write([sent if one["id"] == name else one for one in sheet.rows] + ([] if name else [sent]))
    told = _faults(desk.principal.council, content)
    if told:
        return _page(request, desk, sheet, name, sent, why, told)
    try:
        row = propose(desk.principal, desk.principal.council, FILE, content, why, base=sheet.base)
    except CareshapeError as error:
        return _page(request, desk, _sheet(desk), name, sent, why, {"statement": str(error)})
    notify(request, "It waits for the agreement of a second person, who is told.")
    return HttpResponseRedirect(f"{HOME}versions/{row.pk}/")


def _meanwhile(now: dict[str, str], sent: dict[str, str]) -> dict[str, str]:
    """Both texts of each field that differs, where the intention changed since the form was opened."""
    told = "This intention was changed since you opened it. Look at each field, and send it again."
    found = {
        field: f"As it stands now: {value or 'nothing'}. Yours is below." for field, value in now.items()
        if field != "source_line" and sent[field] != value
    }  # fmt: skip
    return {**found, "statement": f"{told} {found.get('statement', '')}".strip()}


def _errors(sheet: Sheet, name: str, sent: dict[str, str]) -> dict[str, str]:
    """What is wrong with the row that was sent, by field."""
    found = {one.field: one.rule for one in SHEET.check(SHEET.write([sent]))[1]}
    if not name and not found.get("id") and sheet.row(sent["id"]) is not None:
        found["id"] = "Another intention has this reference. Each has its own."
    return found


def _faults(council: str, content: str) -> dict[str, str]:
    """What is wrong with the file as it would be, by field; nothing is kept of it then."""
    found: dict[str, str] = {}
    for number, one in enumerate(faults_of(council, FILE, content)[:5], start=1):
        field = re.search(r"field '(\w+)'", one.message)
        found.setdefault(field[1] if field else f"fault-{number}", one.message)
    return found


def _page(
    request: HttpRequest, desk: Desk, sheet: Sheet, name: str, row: dict[str, str], why: str, errors: dict[str, str]
) -> HttpResponse:  # fmt: skip
    council = desk.records
    areas = [one for one in catalogue().lists["district"].entries if getattr(one, "authority", None) == council.slug]
    options = {
        "direction": [(one, title_of(one)) for one in DIRECTIONS],
        "extent": [(one, _EXTENTS[one]) for one in EXTENTS],
        "area": [("", "The whole area"), *((one.id, one.label) for one in areas)],
    }
    title = f"Change {name}" if name else "Add an intention"
    fields = [
        (one.name, title_of(one.name), one.meaning, one.required, one.name in _LONG)
        for one in SHEET.columns
        if one.name not in ("source_line", *(("id",) if name else ()))
    ]
    return page(
        request, "intention_edit.html", here=HOME, crumbs=(CRUMB, ("Intentions", LIST), (title, "")), title=title,
        name=name, row=row, why=why, errors=errors, fields=fields, options=options, draft=sheet.draft,
        was=_mark(sheet.row(name) or {}) if name else "", both=sheet.both,
        others=[one for one in under_way(desk, FILE) if not one["own"]], status=400 if errors else 200,
    )  # fmt: skip
