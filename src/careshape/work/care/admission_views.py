"""The pages on which it is recorded that a person was admitted to a care home."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.audit.change import named, reading, tell
from careshape.people.known import noted_of
from careshape.policy.views import does
from careshape.rules.judge import Finding
from careshape.source.judged import admission, gate
from careshape.source.models import Admission, Package
from careshape.statement.formatting import day
from careshape.work.care import words as care_words
from careshape.work.care.forms import done
from careshape.work.care.judged import aside_of, aside_page, judged
from careshape.work.care.judged_forms import AdmissionForm
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page

PACKAGES: Final = "/work/packages/"
ADMIT: Final = "source.admit"
OVERRIDE: Final = "source.override"
_FULL: Final = ("person", "organisation", "award__request")


@does(ADMIT, POST=ADMIT)
@reading
def admit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a person was admitted, once no rule stops it."""
    row: Package = Package.objects.select_related(*_FULL).reach(request.principal, ADMIT, pk=pk)
    form = AdmissionForm(request.POST or None)
    made = done(request, form, lambda given: admission.admit(request.principal, row, given["on"]))
    if made is not None:
        notify(request, "The admission is recorded.")
        return HttpResponseRedirect(f"{PACKAGES}{pk}/")
    waits, here = admission.awaits(row), f"{PACKAGES}{pk}/admit/"
    there = Admission.objects.reached(request.principal, ADMIT).filter(package=row).select_related("by").first()
    found = admission.findings(row) if waits else ()
    about = [
        ("Who", row.person.name), ("Where", f"{row.organisation.name}, {care_words.service(row.service)}"),
        *([("Admitted", f"{day(there.on)}, recorded by {there.by.name}")] if there else []),
    ]  # fmt: skip
    tell(request.principal, ADMIT, row)
    return page(
        request, "judged.html", here=PACKAGES, caption=f"Package {pk}", title="Admission to a care home",
        crumbs=(("Packages of care", PACKAGES), (f"Package {pk}", f"{PACKAGES}{pk}/"), ("Admission", "")),
        facts=[{"key": {"text": key}, "value": {"text": value}} for key, value in about], state="", problem="",
        said=judged(desk_of(request), found, row.award.request.made_by_id, f"{here}set-aside/{{rule}}/")
        if waits else None,
        say=_where_to_say(request, row, found), act=here if waits else "", button="Record the admission",
        form=form if waits else None,
        undo=f"{here}take-back/" if there and there.by_id == request.principal.account else "",
        undo_button="Take the admission back", back=f"{PACKAGES}{pk}/", status=422 if form.errors else 200,
        person=f"/work/supported/{row.person_id}/" if desk_of(request).may("people.see") else "",
        aside=aside_of(row.person.council, admission.ADMIT, named(row), found),
    )  # fmt: skip


def _where_to_say(request: HttpRequest, row: Package, found: Iterable[Finding]) -> str:
    """Where the first of what the rules ask for is written down: it is of the person, and stands in their record."""
    missing = [name for name in gate.to_say(found) if name in noted_of()]
    may = missing and desk_of(request).may("people.record")
    return f"/work/supported/{row.person_id}/known/{missing[0]}/" if may else ""


@does(OVERRIDE, POST=OVERRIDE)
@reading
def set_aside_page(request: HttpRequest, pk: int, rule: str) -> HttpResponse:
    """Let an admission go ahead against a rule."""
    row: Package = Package.objects.select_related(*_FULL).reach(request.principal, OVERRIDE, pk=pk)
    back = f"{PACKAGES}{pk}/admit/" if desk_of(request).may(ADMIT) else "/work/kept/set-aside/"
    return aside_page(
        request, row, admission.findings(row), rule, "admission",
        lambda reason: admission.set_aside(request.principal, row, rule, reason),
        here=PACKAGES, back=back, crumbs=(("Packages of care", PACKAGES),),
    )  # fmt: skip


@does(ADMIT, POST=ADMIT)
@reading
def take_back_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back an admission that one recorded by mistake."""
    row: Package = Package.objects.select_related(*_FULL).reach(request.principal, ADMIT, pk=pk)
    there: Any = Admission.objects.reached(request.principal, ADMIT).filter(package=row).first()
    if request.method == "POST" and there is not None and there.by_id == request.principal.account:
        admission.take_back(request.principal, there)
        notify(request, "The admission is taken back.")
    return HttpResponseRedirect(f"{PACKAGES}{pk}/admit/")
