"""What programs may do about background work, and about the tokens of the council's people."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from careshape.audit.change import reading, tell
from careshape.jobs.cancel import cancel
from careshape.jobs.models import Job
from careshape.jobs.retry import retry
from careshape.jobs.views import told_of
from careshape.policy.fields import seen
from careshape.work.api.acts import doing
from careshape.work.api.given import as_things_stand
from careshape.work.api.people_shapes import DoneOut, TokenOut
from careshape.work.api.replay import once
from careshape.work.api.shapes import JobOut, Page, Paging, paged
from careshape.work.desk import desk_of
from careshape.work.models import Token
from careshape.work.tokens import OTHERS, revoke, state_of

router = Router()


@router.get("/jobs", response=Page[JobOut], tags=["Background work"], **doing("jobs.read"))
def jobs(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The background work that one may see, the latest first."""
    found = Job.objects.reached(desk_of(request).principal, "jobs.read").order_by("-pk")
    return paged(found, paging, told_of)


@router.post("/jobs/{int:pk}/cancel", response=JobOut, tags=["Background work"], **doing("jobs.cancel"))
@once
def cancel_job(request: HttpRequest, pk: int) -> Any:
    """Cancel background work. What it did already stands."""
    job = Job.objects.reach(request.principal, "jobs.cancel", pk=pk)
    with as_things_stand():
        return 200, told_of(cancel(request.principal, job))


@router.post("/jobs/{int:pk}/retry", response=JobOut, tags=["Background work"], **doing("jobs.retry"))
@once
def retry_job(request: HttpRequest, pk: int) -> Any:
    """Try background work again that did not end well."""
    job = Job.objects.reach(request.principal, "jobs.retry", pk=pk)
    with as_things_stand():
        return 200, told_of(retry(request.principal, job))


@router.get("/tokens", response=Page[TokenOut], tags=["Tokens"], **doing(OTHERS))
@reading
def tokens_of_others(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The tokens of the council's people, the latest first."""
    found = Token.objects.reached(desk_of(request).principal, OTHERS).select_related("membership__account")
    page = paged(found.order_by("-pk"), paging, lambda one: _token(request, one))
    tell(request.principal, OTHERS, "tokens", rows=len(page["items"]))
    return page


@router.post("/tokens/{int:pk}/revoke", response=DoneOut, tags=["Tokens"], **doing(OTHERS))
@once
def revoke_token(request: HttpRequest, pk: int) -> Any:
    """Revoke a token: the next request with it is refused."""
    row = Token.objects.reach(request.principal, OTHERS, pk=pk)
    revoke(request.principal, row, OTHERS)
    return 200, {"id": row.pk, "done": "revoked"}


def _token(request: HttpRequest, row: Token) -> dict[str, Any]:
    values = {
        "name": row.name, "who": row.membership.account.name, "acts": row.acts, "made": row.made_at,
        "until": row.expires_at, "used": row.used_at, "state": state_of(row),
    }  # fmt: skip
    return {"id": row.pk, **seen(request.principal, OTHERS, "token", values)}
