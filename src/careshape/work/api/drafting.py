"""What programs may do about what a council writes: list the files, read one, save a draft of it, propose it."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.errors import HttpError

from careshape.home import Home
from careshape.work.api.acts import doing
from careshape.work.api.given import as_written
from careshape.work.api.people_shapes import DoneOut
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged
from careshape.work.api.writing_shapes import File, FileOut, TextOut, WriteIn
from careshape.work.desk import Desk, desk_of
from careshape.writing.contents import contents, open_versions
from careshape.writing.files import files_in_force
from careshape.writing.kinds import Kind, kind_of, title_of
from careshape.writing.models import Version
from careshape.writing.papers import paper_of_file
from careshape.writing.particulars import with_rule
from careshape.writing.place import digest, in_force
from careshape.writing.texts import TEXT
from careshape.writing.write import own_draft, propose, save

SEE, WRITE = "writing.see", "writing.write"
router = Router(tags=["Writing"])


@router.get("/writing/files", response=Page[FileOut], **doing(SEE))
def written_files(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The files that the council writes or decides, with those of which there is only a version so far."""
    desk = desk_of(request)
    files = {one.file: one.kind for one in files_in_force(Home(settings.CARESHAPE_DIR), desk.principal.council)}
    versions = open_versions(desk.principal)
    new = {row.file: kind_of(row.file) for row in versions if row.file not in files}
    rows = [(file, kind, file in files) for file, kind in {**files, **new}.items()]
    return paged(rows, paging, lambda one: _file(desk, one[0], one[1], one[2], versions))


@router.get("/writing/text", response=TextOut, **doing(SEE))
def written_text(request: HttpRequest, file: Query[File]) -> Any:
    """One file: what is in force, your draft of it, its parts, and what is to be put right."""
    desk, kind = desk_of(request), kind_of(file)
    council = desk.principal.council
    now, draft = in_force(Home(settings.CARESHAPE_DIR), council, file), own_draft(desk.principal, council, file)
    versions = open_versions(desk.principal)
    if now is None and not any(row.file == file for row in versions):
        raise Http404(f"The council writes no file '{file}'.")
    content = draft.content if draft else now
    faults = kind.check(council, file, content) if content is not None else []
    return {
        **_file(desk, file, kind, now is not None, versions), "content": now or "",
        "digest": digest(now) if now is not None else "",
        "parts": _parts(desk, file, kind, content or ""), "draft": _draft(draft, now) if draft else None,
        "faults": [asdict(one) for one in faults],
    }  # fmt: skip


@router.post("/writing/drafts", response={201: DoneOut}, **doing(WRITE))
@once
def save_draft(request: HttpRequest, asked: WriteIn) -> Any:
    """Save your draft of a file, or of a part of it. Nobody reads it as the statement before it is agreed."""
    council = request.principal.council
    with as_written():
        content = _content(request, asked)
        row = save(request.principal, council, asked.file, content, asked.why, base=asked.base, seen=asked.seen)
    return 201, {"id": row.pk, "done": "saved"}


@router.post("/writing/proposals", response={201: DoneOut}, **doing(WRITE))
@once
def propose_text(request: HttpRequest, asked: WriteIn) -> Any:
    """Propose a text to a second person; without `content` and `part` your draft as it stands.

    It is refused with every fault of it, and what was sent is kept as your draft.
    """
    council = request.principal.council
    with as_written():
        content = _content(request, asked)
        row = propose(request.principal, council, asked.file, content, asked.why, base=asked.base, seen=asked.seen)
    return 201, {"id": row.pk, "done": "proposed"}


def _content(request: HttpRequest, asked: WriteIn) -> str:
    """The whole file with what was sent in its place; what was left out is that of the own draft, or in force."""
    council, kind = request.principal.council, kind_of(asked.file)
    content = asked.content
    if content is None:
        draft = own_draft(request.principal, council, asked.file)
        content = draft.content if draft else in_force(Home(settings.CARESHAPE_DIR), council, asked.file)
    if content is None:
        raise HttpError(422, "content: There is no such file yet. Send the whole of it.")
    if asked.part and asked.part not in {**kind.parted.titles(content), **kind.parted.begun}:
        raise HttpError(422, f"part: The file has no part '{asked.part}'.")
    if asked.text is not None and not asked.part:
        raise HttpError(422, "part: Say of which part the text is, or send the whole file as content.")
    if asked.text is not None:
        content = kind.parted.put(content, asked.part, asked.text.replace("\r\n", "\n"))
    rule = asked.model_dump(include={"owner", "review"}, exclude_unset=True)
    if rule and (kind.id != TEXT.id or not asked.part):
        raise HttpError(422, "owner, review: Only a part of a page of the statement has them.")
    return with_rule(content, asked.part, rule) if rule else content


def _file(desk: Desk, file: str, kind: Kind, stands: bool, versions: list[Version]) -> dict[str, Any]:
    return {
        "file": file, "title": title_of(desk.principal.council, file), "kind": kind.title, "in_force": stands,
        "open": [row.pk for row in versions if row.file == file],
    }  # fmt: skip


def _parts(desk: Desk, file: str, kind: Kind, content: str) -> list[dict[str, Any]]:
    """The parts of a content; of a page of the statement each with how it stands."""
    page = paper_of_file(desk.council, file) if desk.council is not None and kind.id == TEXT.id else None
    known = contents(desk.principal, desk.records, page.name) if page is not None and page.segment else []
    slots = {one.slot.id: one for one in known if one.slot is not None}
    return [
        {
            "id": name, "title": title, "text": kind.parted.text(content, name),
            **({"state": one.state, "owner": one.owner, "review": one.review} if (one := slots.get(name)) else {}),
        }
        for name, title in kind.parted.titles(content).items()
    ]  # fmt: skip


def _draft(row: Version, now: str | None) -> dict[str, Any]:
    return {
        "id": row.pk, "content": row.content, "digest": row.digest, "base": row.base, "why": row.why,
        "behind": row.base != (digest(now) if now is not None else ""),
    }  # fmt: skip
