"""The editor: a page or one of its slots, written beside how it reads, and stopped where it cannot be agreed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from careshape.accounts.times import moment
from careshape.errors import CallError, CareshapeError, InputError
from careshape.home import Home
from careshape.policy.views import does
from careshape.statement.content import Segment
from careshape.statement.formatting import day
from careshape.statement.slots import NO_RULES, resolved
from careshape.work.desk import Desk, desk_of
from careshape.work.pages import notify, page
from careshape.work.writing_remarks import remarks_on
from careshape.work.writing_views import CRUMB, HOME, paper_or_404, under_way
from careshape.writing.comment import answer, comment_on_file, settle
from careshape.writing.differences import between
from careshape.writing.effects import parts_of, stretches
from careshape.writing.forms import ABOUT_FIELDS, Field, FieldError, field_of, plainly, shown, with_sent, with_texts
from careshape.writing.merge import merge
from careshape.writing.models import Comment, Version
from careshape.writing.offers import offers_of, taken
from careshape.writing.others import ABOUT, HINTS, NEW_STATEMENT, SUBJECT, fields_of
from careshape.writing.papers import Paper
from careshape.writing.particulars import rule_in, with_rule
from careshape.writing.place import digest, in_force
from careshape.writing.preview import Preview, of_part, preview
from careshape.writing.texts import TEXT, statement_of
from careshape.writing.toml_parts import fields_in
from careshape.writing.write import SAY_WHY, Elsewhere, Meanwhile, Refused, own_draft, propose, save


@dataclass(frozen=True)
class Sheet:
    """What somebody writes on: a paper, or one part of it, as their draft has it, or what is in force."""

    paper: Paper
    slot: str
    """Id of the part; empty for the whole."""
    draft: Version | None
    now: str
    """What is in force."""
    as_text: bool = False
    """Whether a part that could be filled as a form is written as text."""

    @property
    def file(self) -> str:
        """The place of its file."""
        return self.paper.file

    @property
    def segment(self) -> Segment | None:
        """The page of the statement that it is, where it is one in force."""
        return self.paper.segment

    @property
    def parts(self) -> dict[str, str]:
        """The parts that can be written one by one, by id."""
        begun = {name: title for name, (title, _) in self.paper.kind.parted.begun.items()}
        return {**self.paper.kind.parted.titles(self.content), **begun}

    @property
    def content(self) -> str:
        """The whole page, as it is before what is sent now."""
        return self.draft.content if self.draft else self.now

    @property
    def text(self) -> str:
        """What stands in the field."""
        parted = self.paper.kind.parted
        if self.slot in parted.begun:
            return parted.begun[self.slot][1]
        return parted.text(self.content, self.slot) if self.slot else self.content

    @property
    def has_rule(self) -> bool:
        """Whether it is a slot, which has an owner and a date of review."""
        return bool(self.slot) and self.paper.kind.id == TEXT.id

    @property
    def form(self) -> tuple[Field, ...]:
        """The fields of a part that can be filled as a form."""
        return fields_of(self.paper.kind.id, self.slot, self.text)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of a part that is a form, and not one text."""
        return () if self.as_text else self.form

    @property
    def rows_as_text(self) -> bool:
        """Whether the part has rows that its form lacks: those of a table of expressions."""
        return any(one.name == "head" for one in self.fields)

    @property
    def hint(self) -> str:
        """What its writer is told; empty for a page of the statement."""
        kind = self.paper.kind.id
        part = "statement" if self.slot.startswith((SUBJECT, NEW_STATEMENT)) else self.slot
        return HINTS.get(part if kind == ABOUT.id else kind, "") if kind != TEXT.id else ""

    @property
    def base(self) -> str:
        """Digest of what it was begun from."""
        return self.draft.base if self.draft else (digest(self.now) if self.now else "")

    @property
    def behind(self) -> bool:
        """Whether the page was changed since the draft was begun."""
        return self.draft is not None and self.draft.base != (digest(self.now) if self.now else "")


@does("writing.write", POST="writing.write")
def edit_page(request: HttpRequest, segment: str) -> HttpResponse:
    """Write a page or a slot: save a draft, look at it, or propose it."""
    sheet = _sheet(request, segment)
    if request.method != "POST":
        return _page(request, sheet)
    done = request.POST.get("do", "")
    if done == "preview":
        return _page(request, sheet, sent=taken(request.POST.dict()))
    if done == "update":
        return _brought_up_to_date(request, sheet)
    if done.partition("-")[0] in ("comment", "answer", "settle"):
        return _said(request, sheet, done)
    try:
        content = _content(request, sheet)
        given = {"base": _begun(request, sheet), "seen": sheet.draft.digest if sheet.draft else ""}
        verb = propose if done == "propose" else save
        row = verb(
            request.principal, request.principal.council, sheet.file, content, request.POST.get("why", ""), **given
        )
    except CareshapeError as error:
        return _stopped(request, segment, error)
    if done == "propose":
        notify(request, "It waits for the agreement of a second person, who is told.")
        return HttpResponseRedirect(f"{HOME}versions/{row.pk}/")
    notify(request, f"Your draft is saved: version {row.number}. Nobody reads it as the statement before it is agreed.")
    if done == "find":
        return HttpResponseRedirect(f"{HOME}find/?back={segment}&slot={sheet.slot}")
    return HttpResponseRedirect(_address(segment, _where(sheet, row.content), sheet.as_text))


def _where(sheet: Sheet, content: str) -> str:
    """The part that was written: of one that was added or has another id, that by which it is found from now on."""
    titles = sheet.paper.kind.parted.titles
    if sheet.slot in titles(content) or not sheet.slot or sheet.has_rule:
        return sheet.slot
    return next((one for one in titles(content) if one not in titles(sheet.content)), "")


@does("writing.write", POST="writing.write")
def preview_part(request: HttpRequest, segment: str) -> HttpResponse:
    """How what is being written reads, for the page that asks while its writer types."""
    if request.method != "POST":
        return HttpResponseRedirect(_address(segment, ""))
    sheet = _sheet(request, segment)
    found, _ = _previewed(request, sheet, taken(request.POST.dict()))
    response = render(request, "work/writing_preview.html", {"found": found, "sheet": sheet})
    response["Cache-Control"] = "no-store"
    return response


def _sheet(request: HttpRequest, name: str) -> Sheet:
    desk = desk_of(request)
    one = paper_or_404(desk, name)
    asked = request.POST.get("slot", request.GET.get("slot", ""))
    now = in_force(Home(settings.CARESHAPE_DIR), desk.principal.council, one.file) or ""
    draft = own_draft(desk.principal, desk.principal.council, one.file)
    parted = one.kind.parted
    known = {*parted.titles(now), *parted.titles(draft.content if draft else now), *parted.begun}
    as_text = request.POST.get("as", request.GET.get("as", "")) == "text"
    return Sheet(one, asked if asked in known else "", draft, now, as_text)


def _content(request: HttpRequest, sheet: Sheet) -> str:
    """The whole page with what was sent in its place.

    Raises Elsewhere where the writer saved another text of the same part in another window since this was opened.
    """
    text = _text(sheet, taken(request.POST.dict()))
    seen = request.POST.get("seen", "")
    if sheet.draft is not None and seen != digest(sheet.text) and text.strip() != sheet.text.strip():
        raise Elsewhere(sheet.draft)
    return put_together(request, sheet, taken(request.POST.dict()))


def put_together(request: HttpRequest, sheet: Sheet, sent: dict[str, str]) -> str:
    """The page with a slot's text and rule as they were sent; or all of it."""
    text = _text(sheet, sent)
    if not sheet.slot:
        return text
    content = sheet.paper.kind.parted.put(_started(request, sheet, sent), sheet.slot, text)
    fields = _rule(sheet, sent) if sheet.has_rule else {}
    return with_rule(content, sheet.slot, fields) if fields else content


def _text(sheet: Sheet, sent: dict[str, str]) -> str:
    """The text that was sent for what is written; of a form, the part with its fields as they were sent."""
    if "text" in sent or not sheet.fields:
        return sent.get("text", "").replace("\r\n", "\n")
    given = {one.name: sent.get(f"field-{one.name}", "") for one in sheet.fields}
    about = sheet.paper.kind.id == ABOUT.id
    if about and sheet.slot in ABOUT_FIELDS:
        return with_texts(sheet.fields, sheet.text, "" if sheet.slot == "title" else f"[{sheet.slot}]", given)
    others = (one for one in sheet.paper.kind.parted.titles(sheet.content) if one != sheet.slot)
    taken = {one.removeprefix(SUBJECT) for one in others if not about or one.startswith(SUBJECT)}
    return with_sent(sheet.fields, sheet.text, given, taken)


def _text_or_fault(sheet: Sheet, sent: dict[str, str] | None) -> tuple[str, FieldError | None]:
    """The same to be shown: the part as it was, and the fault, where a field cannot be written down."""
    try:
        return (_text(sheet, sent) if sent else sheet.text), None
    except FieldError as error:
        return sheet.text, error


def _started(request: HttpRequest, sheet: Sheet, sent: dict[str, str]) -> str:
    """The page that a slot is put into: the draft, else what was in force when this was opened."""
    begun = sent.get("base", "")
    if sheet.draft is not None or not sheet.now or begun in ("", digest(sheet.now)):
        return sheet.content
    known = Version.objects.reached(request.principal, "writing.see").filter(file=sheet.file, digest=begun)
    row = known.filter(in_force_at__isnull=False).first()
    return row.content if row is not None else sheet.now


def _begun(request: HttpRequest, sheet: Sheet) -> str | None:
    """From what the writer began: the draft's own base, else what the page was when this was opened."""
    if sheet.draft is not None:
        return None
    return request.POST.get("base", "") or None


def _rule(sheet: Sheet, sent: dict[str, str]) -> dict[str, str | date | None]:
    """The fields of the slot's rule that are not as they were. Raises InputError for a day that is none."""
    given = _shown_rule(sheet)
    fields: dict[str, str | date | None] = {}
    if "owner" in sent and sent["owner"].strip() != given["owner"]:
        fields["owner"] = sent["owner"].strip() or None
    if "review" in sent and sent["review"].strip() != given["review"]:
        try:
            fields["review"] = date.fromisoformat(sent["review"].strip()) if sent["review"].strip() else None
        except ValueError:
            raise InputError("Write the day of review as year-month-day, such as 2027-03-31.") from None
    if sent.get("held"):
        fields["agreed"] = timezone.localdate()
    return fields


def _shown_rule(sheet: Sheet) -> dict[str, str]:
    """Owner and date of review of a slot, as they stand in the fields: its own, or those of the statement."""
    known = next((one for one in sheet.segment.slots if one.id == sheet.slot), None) if sheet.segment else None
    own = rule_in(sheet.content, sheet.slot) if sheet.has_rule else {}
    owner = own.get("owner", known.owner if known else "")
    review = own.get("review", known.review if known else None)
    return {"owner": str(owner), "review": review.isoformat() if isinstance(review, date) else str(review or "")}


def _previewed(request: HttpRequest, sheet: Sheet, sent: dict[str, str]) -> tuple[Preview, str]:
    try:
        content = put_together(request, sheet, sent) if sent else sheet.content
    except CareshapeError as error:
        return Preview(problem=str(error)), ""
    part = _by_id(sheet, content, sent) if sent else sheet.slot
    return preview(desk_of(request).records, sheet.file, content, part), content


def _by_id(sheet: Sheet, content: str, sent: dict[str, str]) -> str:
    """The part of a content that was sent: of one that is new, or that has another id now, by that."""
    if not sheet.slot or sheet.has_rule:
        return sheet.slot
    said = sent.get("field-id") or str(fields_in(sent.get("text", "")).get("id", ""))
    name = f"{SUBJECT}{said.strip()}" if sheet.paper.kind.id == ABOUT.id else said.strip()
    return name if name in sheet.paper.kind.parted.titles(content) else sheet.slot


def _stopped(request: HttpRequest, segment: str, error: CareshapeError, place: str = "") -> HttpResponse:
    """The editor with what was sent, and why it was not taken; what was kept of it is kept."""
    sheet = _sheet(request, segment)  # read anew: a draft may have been saved
    if isinstance(error, Refused):
        sheet = replace(sheet, slot=_by_id(sheet, error.version.content, taken(request.POST.dict())))
    return _page(request, sheet, sent=taken(request.POST.dict()), error=error, place=place)


def _brought_up_to_date(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Take into the draft what came into force since it was begun, and say what both changed."""
    if sheet.draft is None or not sheet.behind:
        return HttpResponseRedirect(_address(sheet.paper.name, sheet.slot))
    known = Version.objects.reached(request.principal, "writing.see")
    was = known.filter(file=sheet.file, digest=sheet.draft.base).first()
    made = merge(was.content if was else "", sheet.draft.content, sheet.now, sheet.paper.kind.parted.split)
    row = save(
        request.principal, request.principal.council, sheet.file, made.content, base=digest(sheet.now),
        seen=sheet.draft.digest,
    )  # fmt: skip
    said = "Your draft is up to date."
    if made.theirs:
        said += f" Taken from what is in force: {', '.join(made.theirs)}."
    if made.both:
        said += f" You both changed {', '.join(made.both)}: your words stand there. Compare them below."
        notify(request, said)
        return HttpResponseRedirect(f"{HOME}versions/{row.pk}/")
    notify(request, said)
    return HttpResponseRedirect(_address(sheet.paper.name, sheet.slot))


def _page(
    request: HttpRequest, sheet: Sheet, sent: dict[str, str] | None = None, error: CareshapeError | None = None,
    place: str = "",
) -> HttpResponse:  # fmt: skip
    desk = desk_of(request)
    text, wrong = _text_or_fault(sheet, sent)
    error = error or wrong
    found, _ = _previewed(request, sheet, sent or {})
    if error is not None and found.problem and sent:  # what else is wrong is told beside a day that is none
        found, _ = _previewed(request, sheet, {name: value for name, value in sent.items() if name != "review"})
    if place and not isinstance(error, FieldError):
        errors, places = {place: str(error)}, dict[str, str]()
    else:
        errors, places = (_of_form if sheet.fields else _errors)(sheet, error, found)
    if error is not None and (sent or {}).get("do") == "propose" and not place:
        errors |= _also(sheet, sent or {}, errors)
    rule = _shown_rule(sheet) if sheet.has_rule else {}
    kept = {"text": text, "why": (sent or {}).get("why", sheet.draft.why if sheet.draft else "")}
    kept |= {name: (sent or {}).get(name, rule.get(name, "")) for name in ("owner", "review")}
    title, on_the_way = sheet.parts.get(sheet.slot, "The whole page"), under_way(desk, sheet.file)
    return page(
        request, "writing_edit.html", here=HOME,
        crumbs=(CRUMB, (sheet.paper.title, f"{HOME}pages/{sheet.paper.name}/"), (title, "")),
        sheet=sheet, paper=sheet.paper, title=title, slot=sheet.slot, kept=kept, found=found,
        errors=errors, places=places,
        seen=digest(sheet.text), slots=list(sheet.parts.items()),
        fields=sheet.fields, values=_values(sheet, text, sent or {}),
        hint=sheet.hint, offers=offers_of(desk.records) if sheet.paper.kind.id == "tables" and sheet.fields else {},
        may_comment=desk.may("writing.comment"), part_titles=parts_of(sheet.file, sheet.content),
        **remarks_on(request, sheet.paper, sheet.slot),
        begun=sheet.base if sheet.draft or not sent else sent.get("base", sheet.base),
        others=[one for one in on_the_way if not one["own"]],
        waiting=[one for one in on_the_way if one["own"] and (not sheet.draft or one["pk"] != sheet.draft.pk)],
        both=stretches(between(sheet.text, text)) if isinstance(error, Elsewhere) else [],
        rows=max(12, min(40, text.count("\n") + len(text) // 90 + 3)), day=day, moment=moment,
        agreed=rule_in(sheet.content, sheet.slot).get("agreed") if sheet.has_rule else None,
        moved=any(one.rule == "moved figure" for one in found.faults), default=_default_rule(desk, sheet),
        status=409 if isinstance(error, CallError) else 400 if error else 200,
    )  # fmt: skip


def _values(sheet: Sheet, text: str, sent: dict[str, str]) -> dict[str, str]:
    """What stands in the fields: what was sent, else what the part says."""
    said = shown(sheet.fields, text)
    return {name: sent.get(f"field-{name}", value) for name, value in said.items()}


def _of_form(sheet: Sheet, error: CareshapeError | None, found: Preview) -> tuple[dict[str, str], dict[str, str]]:
    """The same of a form: each fault at its field."""
    if isinstance(error, FieldError):
        return {f"field-{error.field}": str(error)}, {}
    if not isinstance(error, Refused):
        return _errors(sheet, error, found)
    told: dict[str, str] = {}
    places: dict[str, str] = {}
    for number, fault in enumerate(of_part(sheet.paper.kind, error.version.content, sheet.slot, error.faults)):
        name = field_of(sheet.fields, sheet.text, fault.line, fault.message) if fault.here else ""
        key = f"field-{name}" if name else "text" if fault.here else f"elsewhere-{number}"
        said = plainly(sheet.fields, name, fault.message)
        told[key] = f"{told[key]} {said}" if key in told else said if fault.here else f"In another part: {said}"
        places |= {} if fault.here else {key: "elsewhere"}
    return told, places


def _errors(sheet: Sheet, error: CareshapeError | None, found: Preview) -> tuple[dict[str, str], dict[str, str]]:
    """What the summary of errors says, and the place to which each leads, where that is not a field of its name."""
    if error is None:
        return {}, {}
    told = {f"fault-{number}": one.message for number, one in enumerate(found.faults, start=1)}
    lines = [f"line-{one.line}" if one.line else "text" for one in found.faults]
    places = dict(zip(told, lines, strict=True))
    if isinstance(error, Refused):
        here = {one.message for one in found.faults}
        for number, one in enumerate(each for each in error.faults if each.message not in here):
            told[f"elsewhere-{number}"] = f"In another part of the page, line {one.line} of the whole: {one.message}"
            places[f"elsewhere-{number}"] = "elsewhere"
        return told or {"text": str(error)}, places
    if isinstance(error, Meanwhile):
        return {"meanwhile": str(error)}, {}
    said = str(error)
    place = "why" if said.startswith(("Say why", "What you say")) else "review" if "day of review" in said else "text"
    return ({place: said}, {}) if place == "text" else ({place: said, **told}, places)


def _also(sheet: Sheet, sent: dict[str, str], errors: dict[str, str]) -> dict[str, str]:
    """That nothing is said of why, where something else stopped it first."""
    said = sent.get("why", "").strip() or (sheet.draft.why if sheet.draft else "")
    return {} if said or "why" in errors or "meanwhile" in errors else {"why": SAY_WHY}


def _default_rule(desk: Desk, sheet: Sheet) -> dict[str, Any]:
    """Owner and date of review that the statement gives a slot for which the page says nothing."""
    if not sheet.has_rule:
        return {}
    rule = resolved(sheet.slot, NO_RULES, statement_of(desk.records).rules)
    return {"owner": rule.owner or "", "review": rule.review}


def _said(request: HttpRequest, sheet: Sheet, done: str) -> HttpResponse:
    """Keep what was written as a draft, where it is not as it was, and do what was asked with a comment."""
    what, _, number = done.partition("-")
    try:
        if put_together(request, sheet, taken(request.POST.dict())).strip() != sheet.content.strip():
            content, base = _content(request, sheet), _begun(request, sheet)
            save(
                request.principal, request.principal.council, sheet.file, content, request.POST.get("why", ""),
                base=base, seen=sheet.draft.digest if sheet.draft else "",
            )  # fmt: skip
        if what == "comment":
            said = request.POST.get("remark", "")
            comment_on_file(request.principal, request.principal.council, sheet.file, said, sheet.slot)
        else:
            pk = int(number) if number.isdigit() else 0
            rows = Comment.objects.select_related("version").filter(version__file=sheet.file)
            row: Comment = rows.reach(request.principal, "writing.comment", pk=pk)
            answer(request.principal, row, request.POST.get(done, "")) if what == "answer" else settle(
                request.principal, row
            )
    except CareshapeError as error:
        return _stopped(request, sheet.paper.name, error, "remark" if what == "comment" else done)
    notify(request, {"comment": "Your comment is there.", "answer": "It is answered."}.get(what, "It is settled."))
    return HttpResponseRedirect(_address(sheet.paper.name, sheet.slot) + "#comments")


def _address(segment: str, slot: str, as_text: bool = False) -> str:
    return f"{HOME}pages/{segment}/edit/" + (f"?slot={slot}{'&as=text' if as_text else ''}" if slot else "")
