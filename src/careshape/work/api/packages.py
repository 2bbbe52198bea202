"""What programs may do about packages of care: read them and what was told, tell more, see what is owed, and pay."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from careshape.audit.change import reading, tell
from careshape.policy.fields import seen
from careshape.source.models import Package, PaymentRun
from careshape.source.money.owed import known_packages, owed
from careshape.source.money.payments import draft, pay
from careshape.source.packages.package import death_of
from careshape.source.packages.tellings import as_told, in_force, tell_of, told_of
from careshape.work.api.acts import doing
from careshape.work.api.given import as_things_stand
from careshape.work.api.package_shapes import (
    OwedOut,
    PackageOut,
    PayIn,
    PaymentDraftOut,
    RunOut,
    TellIn,
    TellingOut,
    ToldOut,
)
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged
from careshape.work.care.owed_views import entries_of
from careshape.work.care.package_views import said_of_package

SEE, TELL, OWED, PAY = "source.packages", "source.package", "source.owed", "source.pay"
router = Router(tags=["Packages of care"])


@router.get("/packages", response=Page[PackageOut], **doing(SEE))
@reading
def packages(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The packages of care of the council, the latest first."""
    found = Package.objects.reached(request.principal, SEE).select_related("person", "organisation", "award__request")
    page = paged(
        found.prefetch_related("lines__handovers").order_by("-pk"), paging, lambda one: _package(request, one)
    )  # fmt: skip
    tell(request.principal, SEE, "packages", rows=len(page["items"]))
    return page


@router.get("/packages/{int:pk}", response=PackageOut, **doing(SEE))
@reading
def package(request: HttpRequest, pk: int) -> Any:
    """One package."""
    found = Package.objects.select_related("person", "organisation").prefetch_related("lines__handovers")
    row = found.reach(request.principal, SEE, pk=pk)
    tell(request.principal, SEE, row)
    return _package(request, row)


@router.get("/packages/{int:pk}/tellings", response=list[TellingOut], **doing(TELL))
@reading
def tellings(request: HttpRequest, pk: int) -> Any:
    """Everything told of a package, in order, as ``careshape paying check`` reads it."""
    row = Package.objects.reach(request.principal, TELL, pk=pk)
    rows = told_of(row)
    standing = {one.number for one in in_force(rows)}
    tell(request.principal, TELL, row)
    return [{"told": as_told(one), "why": one.why, "in_force": one.number in standing} for one in rows]


@router.post("/packages/{int:pk}/tellings", response={201: ToldOut}, **doing(TELL))
@once
def tell_more(request: HttpRequest, pk: int, asked: TellIn) -> Any:
    """Tell something of a package: its lines and what is owed follow. A death ends every package of the person."""
    row = Package.objects.select_related("person", "organisation").reach(request.principal, TELL, pk=pk)
    with as_things_stand():
        if asked.kind == "death" and asked.corrects is None:
            made = next(one for one in death_of(request.principal, row.person, asked.day()) if one.package_id == row.pk)
        else:
            made = tell_of(
                request.principal, row, asked.kind, asked.raw(), why=asked.why, replaces=asked.corrects
            )  # fmt: skip
    return 201, {"id": row.pk, "number": made.number, "done": "told"}


@router.get("/packages/{int:pk}/owed", response=list[OwedOut], **doing(OWED))
@reading
def package_owed(request: HttpRequest, pk: int) -> Any:
    """What is owed for a package for payment periods that have ended, in pence, with its working and what was paid."""
    row = known_packages(Package.objects.reached(request.principal, OWED)).reach(request.principal, OWED, pk=pk)
    tell(request.principal, OWED, row)
    return [seen(request.principal, OWED, "owed", one) for one in entries_of(owed(row))]


@router.get("/payments", response=Page[RunOut], **doing(OWED))
@reading
def payments(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The runs of payments, the latest first; pence by who pays."""
    found = PaymentRun.objects.reached(request.principal, OWED).order_by("-number")
    page = paged(found, paging, _run)
    tell(request.principal, OWED, "payments", rows=len(page["items"]))
    return page


@router.get("/payments/draft", response=PaymentDraftOut, **doing(PAY))
@reading
def payments_draft(request: HttpRequest) -> Any:
    """What a run would pay now: ``read`` is handed back to make it."""
    found = draft(request.principal.council)
    tell(request.principal, PAY, "payments", rows=len(found.payments))
    totals = [{"provider": key, "pence": dict(by)} for key, by in sorted(found.totals.items())]
    return {"day": found.day, "read": found.read, "pence": found.pence, "packages": len(found.payments),
            "totals": totals}  # fmt: skip


@router.post("/payments", response={201: RunOut}, **doing(PAY))
@once
def make_payments(request: HttpRequest, asked: PayIn) -> Any:
    """Make a run of payments as it was read. A second one finds nothing to pay."""
    with as_things_stand():
        run = pay(request.principal, asked.read)
    made = _run(run)
    return 201, {**made, "day": made["day"].isoformat()}


def _package(request: HttpRequest, row: Package) -> dict[str, Any]:
    said = seen(request.principal, SEE, "package", said_of_package(row))
    return {"id": row.pk, **{name: str(value or "") for name, value in said.items() if name not in ("number", "href")}}


def _run(one: PaymentRun) -> dict[str, Any]:
    parts = one.parts
    return {"id": one.pk, "number": one.number, "day": one.day, "pence": parts.total(), "by_funder": dict(parts)}
