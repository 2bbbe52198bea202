"""Pages of background work: how far it is, and cancelling it or trying it again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.times import moment
from careshape.errors import CallError
from careshape.jobs.cancel import cancel
from careshape.jobs.kinds import kinds
from careshape.jobs.models import Job
from careshape.jobs.retry import retry
from careshape.jobs.schedule import standing
from careshape.policy.listing import Column, Listing, arrange, download, listed
from careshape.policy.views import does
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

HOME = "/work/jobs/"


def listing(request: HttpRequest) -> Listing:
    """The background work that one may see, the latest first."""
    principal = desk_of(request).principal
    found = Job.objects.reached(principal, "jobs.read").select_related("started_by").order_by("-pk")
    rows = [
        {
            "title": _title(one), "href": f"{HOME}{one.pk}/", "state": one.state_words, "words": told(one),
            "who": one.started_by.name if one.started_by else "The installation", "created": one.created_at,
            "ended": one.ended_at, "id": one.pk,
        }
        for one in found
    ]  # fmt: skip
    columns = (
        Column("title", "Work", link="href", filtered=True),
        Column("state", "State", filtered=True),
        Column("words", "How far it is"),
        Column("who", "Started by", filtered=True),
        Column("created", "Started", text=moment),
        Column("ended", "Ended", text=moment),
        Column("id", "Number", shown=False),
    )
    return listed(
        principal, "jobs.read", "job", columns, rows, id="jobs", title="Background work",
        empty="There is no background work.",
    )  # fmt: skip


@does("jobs.read")
def jobs(request: HttpRequest) -> HttpResponse:
    """The background work."""
    recurring = list(standing(desk_of(request).principal.council))
    return page(
        request, "jobs.html", here=HOME, arranged=arrange(listing(request), request.GET.dict()), recurring=recurring,
        moment=moment,
    )  # fmt: skip


@does("jobs.read")
def jobs_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The background work as a file."""
    return download(arrange(listing(request), request.GET.dict()), kind, "jobs")


@does("jobs.read")
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of background work."""
    return _page(request, _one(request, "jobs.read", pk))


def _one(request: HttpRequest, act: str, pk: int) -> Job:
    found: Job = Job.objects.select_related("started_by").reach(request.principal, act, pk=pk)
    return found


def _page(request: HttpRequest, job: Job, problem: str = "", status: int = 200) -> HttpResponse:
    desk = desk_of(request)
    may = {
        act: Job.objects.reached(desk.principal, f"jobs.{act}").filter(pk=job.pk).exists()
        for act in ("cancel", "retry")
    }
    return page(
        request, "job.html", here=HOME, crumbs=(("Background work", HOME), (_title(job), "")), job=job,
        title=_title(job), moment=moment, may=may, errors={"job": problem} if problem else {}, status=status,
        brought=job.arguments.get("import") if desk.may("work.import") else None, told=told(job),
        made=job.result.get("posting") if desk.may("work.postings") else None,
        edition=job.result.get("edition") if desk.may("editions.see") else None,
    )  # fmt: skip


@does("jobs.cancel", POST="jobs.cancel")
def cancel_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel it."""
    job = _one(request, "jobs.cancel", pk)
    if request.method == "POST":
        try:
            cancel(request.principal, job)
        except CallError as error:
            return _page(request, job, str(error), 409)
        notify(request, "It is cancelled. What was done already stands.")
    return HttpResponseRedirect(f"{HOME}{pk}/")


@does("jobs.retry", POST="jobs.retry")
def retry_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Try it again."""
    job = _one(request, "jobs.retry", pk)
    if request.method == "POST":
        try:
            retry(request.principal, job)
        except CallError as error:
            return _page(request, job, str(error), 409)
        notify(request, "It will be tried again.")
    return HttpResponseRedirect(f"{HOME}{pk}/")


def told(job: Job) -> str:
    """What is being done, and how much of it is; of what has ended what came of it, and no word of what it did last."""
    if not job.ended:
        share = f" ({round(100 * job.done / job.total)}%)" if job.total else ""
        return f"{job.words}{share}"
    made, edition = job.result.get("posting"), job.result.get("edition")
    return job.fault or (f"Posting {made}" if made else f"Edition {edition}" if edition else "")


def _title(job: Job) -> str:
    kind = kinds().get(job.kind)
    return kind.title if kind else job.kind
