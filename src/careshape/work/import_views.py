"""Pages of imports: bring a file, look at its checking report, post it or discard it."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase

from careshape.accounts.times import moment
from careshape.audit.change import reading, tell
from careshape.errors import CallError, CareshapeError
from careshape.ledger.readers import READER_IDS, reader
from careshape.ledger.report import Finding, Report
from careshape.ledger.report_output import to_csv, to_html
from careshape.ledger.reversals import withdrawn_by
from careshape.policy import Principal, policy
from careshape.policy.listing import Column, Listing, arrange, download, listed
from careshape.policy.views import does
from careshape.spreadsheets import csv_line, safe
from careshape.statement.in_browser import in_browser
from careshape.work import keep, settle
from careshape.work.bring import KEPT_DAYS, bring, cut_off, withdraw
from careshape.work.capped import TOO_LARGE
from careshape.work.desk import desk_of
from careshape.work.intake.guard import LIMITS, MEGABYTE
from careshape.work.models import STATES, Import
from careshape.work.pages import notify, page

HOME: Final = "/work/imports/"
WORDS: Final = {"refuse": "Refused", "repair": "Repaired", "note": "Noted"}
TAGS: Final = {
    "checked": "govuk-tag--yellow", "posted": "govuk-tag--green", "unreadable": "govuk-tag--red",
    "failed": "govuk-tag--red", "discarded": "govuk-tag--grey",
}  # fmt: skip
FILES: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json", "html": "text/html; charset=utf-8"}


def listing(request: HttpRequest) -> Listing:
    """The files that were brought to the council, the latest first."""
    principal = desk_of(request).principal
    found = Import.objects.reached(principal, "work.import").select_related("account").order_by("-pk")
    rows = [
        {
            "id": one.pk, "file": one.file_name, "href": f"{HOME}{one.pk}/", "state": dict(STATES)[one.state],
            "who": one.account.name, "brought": one.brought_at, "rows": one.rows, "refused": one.refused,
            "posting": one.posting,
        }
        for one in found
    ]  # fmt: skip
    columns = (
        Column("file", "File", link="href"),
        Column("state", "State", filtered=True),
        Column("who", "Brought by", filtered=True),
        Column("brought", "When", text=moment),
        Column("rows", "Rows", numeric=True, text=lambda value: f"{value:,}"),
        Column("refused", "Refused", numeric=True, text=lambda value: f"{value:,}"),
        Column("posting", "Posting", numeric=True),
        Column("id", "Import", numeric=True, shown=False),
    )
    return listed(
        principal, "work.import", "import", columns, rows, id="imports", title="Imports",
        empty="No file has been brought yet.",
    )  # fmt: skip


@does("work.import")
def imports(request: HttpRequest) -> HttpResponse:
    """The files that were brought."""
    return page(request, "imports.html", here=HOME, arranged=arrange(listing(request), request.GET.dict()))


@does("work.import")
def imports_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as a file."""
    return download(arrange(listing(request), request.GET.dict()), kind, "imports")


@does("work.import", POST="work.import")
def bring_page(request: HttpRequest) -> HttpResponse:
    """Bring a file."""
    errors: dict[str, str] = {}
    chosen = request.POST.get("reader", "")
    if request.method == "POST":
        sent = request.FILES.get("file")
        if request.META.get(TOO_LARGE):
            errors["file"] = f"The file must be smaller than {LIMITS.size // MEGABYTE} MB. Bring it in parts."
        elif sent is None:
            errors["file"] = "Select a file."
        elif chosen and chosen not in READER_IDS:
            errors["reader"] = "Select what the file holds."
        else:
            try:
                found = bring(request.principal, sent.name or "", sent.chunks(), chosen)
            except CareshapeError as error:
                errors["file"] = in_browser(str(error))
            else:
                return HttpResponseRedirect(f"{HOME}{found.pk}/")
    readers = [(one, reader(one).title) for one in READER_IDS]
    return page(
        request, "bring.html", here=HOME, crumbs=(("Imports", HOME), ("Bring a file", "")), errors=errors,
        readers=readers, chosen=chosen, megabytes=LIMITS.size // MEGABYTE, status=400 if errors else 200,
    )  # fmt: skip


@does("work.withdraw", POST="work.withdraw")
def withdraw_page(request: HttpRequest) -> HttpResponse:
    """Take back lines by their references."""
    errors: dict[str, str] = {}
    text = request.POST.get("references", "")
    if request.method == "POST":
        try:
            found = withdraw(request.principal, text.splitlines())
        except CareshapeError as error:
            errors["references"] = in_browser(str(error))
        else:
            return HttpResponseRedirect(f"{HOME}{found.pk}/")
    return page(
        request, "withdraw.html", here=HOME, crumbs=(("Imports", HOME), ("Take back lines", "")), errors=errors,
        text=text, status=400 if errors else 200,
    )  # fmt: skip


@does("work.import")
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One file: how far it is, what its checking report says, and what can be done with it."""
    return _page(request, _one(request, pk))


def _page(request: HttpRequest, found: Import, problem: str = "", status: int = 200) -> HttpResponse:
    report = report_of(found)
    return page(
        request, "import.html", here=HOME, crumbs=(("Imports", HOME), (found.file_name, "")), found=found,
        state=dict(STATES)[found.state], tag=TAGS.get(found.state, "govuk-tag--blue"), report=report,
        findings=arrange(_findings(request.principal, found, report), request.GET.dict()) if report else None,
        cut_off=cut_off(found), moment=moment, refused_kept=_refused(found).is_file(), kept_days=KEPT_DAYS,
        errors={"post": in_browser(problem)} if problem else {}, status=status, problem=in_browser(found.problem),
        withdrawn=withdrawn_by(desk_of(request).postings, found.posting) if found.posting else None,
    )  # fmt: skip


@does("work.import")
def progress(request: HttpRequest, pk: int) -> JsonResponse:
    """How far one file is, for the page that shows it."""
    found = _one(request, pk)
    told = {"state": found.state, "words": dict(STATES)[found.state], "stage": found.stage, "busy": found.busy}
    answer = JsonResponse(told)
    answer["Cache-Control"] = "no-store"
    return answer


@does("work.import", POST="work.import")
def post_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Post a file that was checked."""
    found = _one(request, pk)
    if request.method != "POST":
        return HttpResponseRedirect(f"{HOME}{pk}/")
    try:
        found = settle.post(request.principal, found)
    except CallError as error:
        return _page(request, found, str(error), 409)
    if found.state == "posted":
        notify(request, f"{found.file_name} is posted as posting {found.posting}.")
    return HttpResponseRedirect(f"{HOME}{pk}/")


@does("work.import", POST="work.import")
def discard_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Discard a file, after asking whether that is meant."""
    found = _one(request, pk)
    if request.method != "POST":
        crumbs = (("Imports", HOME), (found.file_name, f"{HOME}{pk}/"), ("Discard", ""))
        return page(request, "discard.html", here=HOME, crumbs=crumbs, found=found)
    try:
        found = settle.discard(request.principal, found)
    except CallError as error:
        return _page(request, found, str(error), 409)
    if found.state != "discarded":
        return HttpResponseRedirect(f"{HOME}{pk}/")
    notify(request, f"{found.file_name} is discarded. Nothing of it is in the ledger.")
    return HttpResponseRedirect(HOME)


@does("work.import", POST="work.import")
def again_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin again what was cut off."""
    found = _one(request, pk)
    if request.method == "POST":
        settle.again(request.principal, found)
    return HttpResponseRedirect(f"{HOME}{pk}/")


@does("work.import")
def report_download(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The checking report as CSV, JSON or HTML, or what it found as XLSX."""
    found = _one(request, pk)
    report = report_of(found)
    if report is not None and kind == "xlsx":
        return download(arrange(_findings(request.principal, found, report), {}), kind, f"checking-report-{pk}")
    if report is None or kind not in FILES:
        raise Http404("There is no such report.")
    text = {"csv": to_csv, "html": to_html, "json": Report.to_json}[kind](report)
    response = HttpResponse(text, content_type=FILES[kind])
    response["Content-Disposition"] = f'attachment; filename="checking-report-{pk}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


@does("work.import")
@reading
def refused_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The refused rows in full, to be put right and brought again. They name people: who reads them is told."""
    found = _one(request, pk)
    path = _refused(found)
    if not path.is_file():
        raise Http404("No refused rows are kept.")
    tell(request.principal, "work.import", found, step="read refused rows", rows=found.refused)
    response = StreamingHttpResponse(_safe_lines(path), content_type=FILES["csv"])
    response["Content-Disposition"] = f'attachment; filename="refused-rows-{pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _safe_lines(path: Path) -> Iterator[str]:
    """The lines of a CSV, each cell so that no spreadsheet runs it; one at a time, however long the file is."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            yield csv_line([safe(cell) for cell in row]) + "\n"


def report_of(found: Import) -> Report | None:
    """The checking report that is kept with an import."""
    return read_report(json.loads(found.report)) if found.report else None


def read_report(content: dict[str, Any]) -> Report:
    """A report from what ``Report.as_dict`` gave."""
    made = [Finding(**one) for one in content["findings"]]
    several = {name: tuple(content[name]) for name in ("notes", "unread")}
    return Report(**{**content, **several, "findings": tuple(made), "recorded_at": None})


def findings(principal: Principal, act: str, report: Report) -> Listing:
    """What a report says of single rows, as a list; to who does not mend them how often it says what, and of no row."""
    whole = "line" in policy().fields(principal, act, "finding")
    columns = (
        Column("line", report.counted_in.capitalize(), numeric=False),
        Column("column", "Column", filtered=True),
        Column("value", "Value"),
        Column("outcome", "Outcome", filtered=True),
        Column("message", "What is wrong", wide=True),
        Column("remedy", "How to put it right", wide=True),
        Column("rule", "Rule", filtered=True, shown=not whole),
        Column("many", "How often", numeric=True),
    )
    rows = [
        {
            "line": one.line, "column": one.column, "value": one.value, "outcome": WORDS[one.outcome],
            "message": in_browser(one.message), "remedy": in_browser(one.remedy), "rule": one.rule,
        }
        for one in report.findings
    ]  # fmt: skip
    if not whole:
        said = Counter((one["column"], one["outcome"], one["rule"], one["remedy"]) for one in rows)
        names = ("column", "outcome", "rule", "remedy")
        rows = [dict(zip(names, one, strict=True)) | {"many": many} for one, many in said.items()]
    return listed(
        principal, act, "finding", columns, rows, id="findings", title="What is to be put right",
        empty="Every row is accepted as it is.", sort="line",
    )  # fmt: skip


def _findings(principal: Principal, found: Import, report: Report) -> Listing:
    """What the report of an import says; of references that were typed, by the reference instead of a line number."""
    made = findings(principal, "work.import", report)
    if found.purpose != "withdrawal":
        return made
    column = reader(report.reader).by_field("line").name
    typed = _typed(found, column)
    rows = []
    for row in made.rows:
        place = int(row["line"]) - 2  # the header is line 1
        name = typed[place] if 0 <= place < len(typed) else f"number {place + 1} of those typed"
        rows.append({**row, "line": name, "value": name if row["column"] == column else row["value"]})
    return replace(made, columns=(replace(made.columns[0], title="Reference"), *made.columns[1:]), rows=rows)


def _typed(found: Import, column: str) -> list[str]:
    """The references of lines that were typed, in order; none where the file is gone, as after it was posted."""
    try:
        with keep.path_of(found.council.slug, found.folder, found.file_name).open(encoding="utf-8", newline="") as file:
            return [row[column] for row in csv.DictReader(file)]
    except FileNotFoundError:
        return []


def _one(request: HttpRequest, pk: int) -> Import:
    found: Import = Import.objects.select_related("council", "account").reach(request.principal, "work.import", pk=pk)
    return found


def _refused(found: Import) -> Path:
    return keep.path_of(found.council.slug, found.folder, keep.REFUSED)
