"""Pages on which a council sees what is written and what is due, every version, and what differs between any two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from careshape.accounts.times import moment
from careshape.editions.folders import INPUTS, edition_path
from careshape.editions.models import Edition
from careshape.errors import CareshapeError
from careshape.home import Home
from careshape.policy.listing import Column, Listing, arrange, download, listed
from careshape.policy.views import does
from careshape.statement.addresses import address
from careshape.statement.formatting import day
from careshape.work.desk import Desk, desk_of
from careshape.work.pages import page
from careshape.work.writing_remarks import read_pieces, remarks_on
from careshape.writing.contents import UNDER_WAY, contents, open_versions, shown
from careshape.writing.effects import effect
from careshape.writing.kinds import kind_of
from careshape.writing.models import State, Version
from careshape.writing.papers import EASY, THE_STATEMENT, Paper, others, paper, paper_of_file
from careshape.writing.place import in_force
from careshape.writing.texts import file_of

HOME: Final = "/work/writing/"
NOW: Final = "now"
"""What stands for the text in force, where two texts are compared."""
CRUMB: Final = ("Writing", HOME)


@does("writing.see")
def contents_page(request: HttpRequest) -> HttpResponse:
    """Every page with its slots: who keeps each, how it stands, and when it is looked at again."""
    desk = desk_of(request)
    listing, problem = _contents(desk)
    waits = _versions(request, waiting=True)
    return page(
        request, "writing.html", here=HOME, arranged=arrange(listing, request.GET.dict()), problem=problem,
        waits=waits.rows, may_write=desk.may("writing.write"),
    )  # fmt: skip


@does("writing.see")
def contents_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return download(arrange(_contents(desk_of(request))[0], request.GET.dict()), kind, "writing")


def _contents(desk: Desk) -> tuple[Listing, str]:
    rows: list[dict[str, Any]] = []
    problem = ""
    try:
        rows = [
            {
                "page": one.segment.title, "href": f"{HOME}pages/{one.segment.id}/", "part": one.title,
                "part_href": f"{HOME}pages/{one.segment.id}/#{one.slot.id}" if one.slot else "", "state": one.state,
                "owner": one.owner, "review": one.review,
            }
            for one in contents(desk.principal, desk.records)
        ]  # fmt: skip
        rows += _beside(desk)
    except CareshapeError as error:
        problem = str(error)
    columns = (
        Column("page", "Page", link="href", filtered=True),
        Column("part", "Part", link="part_href"),
        Column("state", "State", filtered=True),
        Column("owner", "Owner", filtered=True),
        Column("review", "Look at again by", text=lambda value: day(value) if value else ""),
    )
    return Listing("writing", "What is written and what is due", columns, rows, "Nothing is written yet."), problem


def _beside(desk: Desk) -> list[dict[str, Any]]:
    """What is written on beside the pages in force: new pages too, of which there are only versions."""
    versions = open_versions(desk.principal)
    found = {one.file: one for one in others(desk.records)}
    for row in versions:
        if row.file not in found and row.file.startswith("statement/") and kind_of(row.file):
            new = paper_of_file(desk.records, row.file)
            if new is not None and not (new.stands or new.out):
                found[row.file] = new
    ways = {file: {State(row.state) for row in versions if row.file == file} for file in found}
    return [
        {
            "page": one.title, "href": f"{HOME}pages/{one.name}/", "part": "", "part_href": "", "owner": "",
            "review": None,
            "state": next((words for way, words in UNDER_WAY.items() if way in ways[file]), "")
            or ("Written" if one.stands else "Taken out"),
        }
        for file, one in found.items()
    ]  # fmt: skip


@does("writing.see")
def segment_page(request: HttpRequest, segment: str) -> HttpResponse:
    """One page: its slots, what is under way, and its versions."""
    return paper_page(request, paper_or_404(desk_of(request), segment))


def paper_page(request: HttpRequest, one: Paper, errors: dict[str, str] | None = None) -> HttpResponse:
    """What is written on, as it is in force, with what is said of it and what is under way."""
    desk = desk_of(request)
    return page(
        request, "writing_page.html", here=HOME, crumbs=(CRUMB, (one.title, "")), paper=one,
        under_way=under_way(desk, one.file), may_write=desk.may("writing.write"), errors=errors or {},
        may_comment=desk.may("writing.comment"), read_at=_read_at(desk, one),
        pieces=read_pieces(desk, one), day=day, **remarks_on(request, one),
        arranged=arrange(_versions(request, file=one.file), request.GET.dict()), file=one.file,
        status=409 if errors else 200,
    )  # fmt: skip


def _read_at(desk: Desk, one: Paper) -> str:
    """Where others read it; empty for what has no page of its own."""
    council = desk.principal.council
    if one.segment is not None:
        return address(council, "segment", one.name)
    if one.name.startswith(EASY):
        return address(council, "easy-read-page", one.name.removeprefix(EASY))
    return address(council, "home") if one.name == THE_STATEMENT else ""


def paper_or_404(desk: Desk, name: str) -> Paper:
    """What is written on under a name: a page, a page in easy read, the statement, its tables. Raises Http404."""
    drafts = Version.objects.reached(desk.principal, "writing.see").filter(file__startswith="statement/")
    try:
        found = paper(desk.records, name, set(drafts.values_list("file", flat=True).distinct()))
    except CareshapeError:
        found = None
    if found is None:
        raise Http404(f"The statement has no page '{name}'.")
    return found


def under_way(desk: Desk, file: str) -> list[dict[str, Any]]:
    """The versions of a file that are not in force yet, each with who writes it."""
    return [
        {
            "href": f"{HOME}versions/{row.pk}/", "state": row.state_words, "tag": row.tag, "number": row.number,
            "by": row.written_by.name if row.written_by else "", "at": moment(row.written_at),
            "own": row.written_by_id == desk.principal.account, "pk": row.pk, "why": row.why,
        }
        for row in open_versions(desk.principal) if row.file == file
    ]  # fmt: skip


@does("writing.see")
def versions_page(request: HttpRequest) -> HttpResponse:
    """Every version of every page, the latest first."""
    return page(
        request, "writing_versions.html", here=HOME, crumbs=(CRUMB, ("Versions", "")),
        arranged=arrange(_versions(request), request.GET.dict()),
    )  # fmt: skip


@does("writing.see")
def versions_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return download(arrange(_versions(request), request.GET.dict()), kind, "versions")


def _versions(request: HttpRequest, file: str = "", waiting: bool = False) -> Listing:
    principal = request.principal
    found = Version.objects.reached(principal, "writing.see").select_related("written_by", "agreed_by").defer("content")
    if file:
        found = found.filter(file=file)
    if waiting:
        found = found.filter(state="proposed").exclude(written_by=principal.account)
    names = _names(desk_of(request))
    rows = [
        {
            "number": row.number, "page": names.get(row.file, row.file), "state": row.state_words, "why": row.why,
            "written": row.written_at, "by": row.written_by.name if row.written_by else "Before it was changed here",
            "agreed": row.agreed_by.name if row.agreed_by else "", "comes_on": row.comes_on,
            "in_force": row.in_force_at, "answer": row.answer, "href": f"{HOME}versions/{row.pk}/",
        }
        for row in found.order_by("-written_at", "-pk")
    ]  # fmt: skip
    columns = (
        *(() if file else (Column("page", "Page", filtered=True, link="href"),)),
        Column("number", "Version", link="href"),
        Column("state", "State", filtered=True),
        Column("why", "Why", wide=True),
        Column("written", "Written", text=lambda value: moment(value)),
        Column("by", "Written by", filtered=True),
        Column("agreed", "Agreed by"),
        Column("comes_on", "Comes on", text=lambda value: day(value) if value else "", shown=False),
        Column("in_force", "In force since", text=lambda value: moment(value)),
        Column("answer", "Why turned back", shown=False),
    )
    return listed(
        principal, "writing.see", "version", columns, rows, id="versions", title="Versions",
        empty="Nothing was changed here yet.",
    )  # fmt: skip


def _names(desk: Desk) -> dict[str, str]:
    """Place of a file -> what a person calls it."""
    try:
        pages = {file_of(one): one.title for one in shown(desk.records).segments.values()}
        return pages | {one.file: one.title for one in others(desk.records)}
    except CareshapeError:
        return {}


@dataclass(frozen=True)
class Side:
    """One of two texts that are compared."""

    name: str
    content: str


@does("writing.see")
def compare_page(request: HttpRequest) -> HttpResponse:
    """What differs between any two texts of one file: versions, what is in force, and editions."""
    desk = desk_of(request)
    file = request.GET.get("file", "")
    try:
        kind = kind_of(file)
    except CareshapeError:
        return page(
            request, "writing_compare.html", here=HOME, crumbs=(CRUMB, ("Compare", "")), file="", found=None,
            pages=sorted(_names(desk).items(), key=lambda one: one[1]), errors={}, choices=[],
        )  # fmt: skip
    choices = _choices(desk, file)
    known = dict(choices)
    asked = {name: request.GET.get(name, "") for name in ("a", "b")}
    asked["b"] = asked["b"] or NOW
    asked["a"] = asked["a"] or (choices[-1][0] if choices else NOW)
    errors = {name: "Choose a text of the list." for name, value in asked.items() if value not in known}
    found = None
    if not errors:
        one, other = (Side(known[asked[name]], _content(desk, file, asked[name])) for name in ("a", "b"))
        found = effect(None, one.content, other.content, kind.differ(one.content, other.content))
    title = kind.name(desk.principal.council, file)
    return page(
        request, "writing_compare.html", here=HOME, crumbs=(CRUMB, (f"Compare: {title}", "")), file=file, title=title,
        choices=choices, asked=asked, found=found, errors=errors, side=request.GET.get("view") == "side", known=known,
        pages=[], status=400 if errors else 200,
    )  # fmt: skip


def _choices(desk: Desk, file: str) -> list[tuple[str, str]]:
    """Every text of a file: what stands for it in the address, and what it is called."""
    rows = Version.objects.reached(desk.principal, "writing.see").filter(file=file).defer("content").order_by("-number")
    found = [(NOW, "What is in force now")]
    found += [(str(row.pk), f"Version {row.number}: {row.state_words.lower()}") for row in rows]
    home = Home(settings.CARESHAPE_DIR)
    editions = Edition.objects.reached(desk.principal, "editions.see").order_by("-number")
    for row in editions:
        if (edition_path(home, row.council, row.number) / INPUTS / file).is_file():
            found.append((f"edition-{row.number}", f"Edition {row.number}: {row.state_words.lower()}"))
    return found


def _content(desk: Desk, file: str, which: str) -> str:
    """A text by what stands for it: only one that ``_choices`` named is asked for."""
    home = Home(settings.CARESHAPE_DIR)
    if which == NOW:
        return in_force(home, desk.principal.council, file) or ""
    if which.startswith("edition-"):
        number = int(which.removeprefix("edition-"))
        return (edition_path(home, desk.principal.council, number) / INPUTS / file).read_text("utf-8")
    row = Version.objects.reach(desk.principal, "writing.see", pk=which, file=file)
    return str(row.content)
