"""Pages on which the register of providers is kept: add, correct, locate, grade, link with the regulator."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.models import Organisation
from careshape.policy.listing import Column, Listing, arrange, download
from careshape.policy.views import does
from careshape.providers.linking import by_name, identify, link, not_registered, proposals
from careshape.providers.models import Location
from careshape.providers.register import Particulars, Where, add, correct, keep_location, provider_of
from careshape.providers.regulator import kept_of
from careshape.providers.standing import grade
from careshape.statement.formatting import day
from careshape.work.care.forms import done
from careshape.work.care.provider_forms import GradeForm, IdentifyForm, LinkForm, LocationForm, ProviderForm
from careshape.work.care.provider_views import CRUMB, HOME, KEEP
from careshape.work.pages import notify, page

GRADE: Final = "providers.grade"
_PREFILLED: Final = ("name", "regulator_id", "brand")


def particulars(given: dict[str, Any]) -> Particulars:
    """What a form says of a provider."""
    return Particulars(**given)


def where(given: dict[str, Any]) -> Where:
    """What a form says of a location."""
    return Where(**{
        **given, "services": tuple(given["services"]), "client_groups": tuple(given["client_groups"]),
        "outward": given["outward"],
    })  # fmt: skip


@does(KEEP, POST=KEEP)
def add_page(request: HttpRequest) -> HttpResponse:
    """Add a provider to the register."""
    begun = {name: request.GET.get(name, "")[:200] for name in _PREFILLED}
    form = ProviderForm(request.POST or None, initial={**begun, "type": "unknown"})
    made = done(request, form, lambda given: add(request.principal, particulars(given)))
    if made is not None:
        pk = made.organisation_id
        notify(request, f"{made.organisation.name} is in the register. Record where it works.")
        found = proposals(made.organisation)
        return HttpResponseRedirect(f"{HOME}{pk}/regulator/" if found else f"{HOME}{pk}/")
    return page(
        request, "care_form.html", here=HOME, crumbs=(CRUMB, ("Add a provider", "")), form=form, back=HOME,
        title="Add a provider", button="Add it", status=422 if form.errors else 200,
        intro=("It needs no account here to be put on lists. Look first whether it is in the register.",),
    )  # fmt: skip


@does(KEEP, POST=KEEP)
def correct_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is kept of a provider."""
    one = _one(request, pk)
    held = provider_of(one)
    known = {
        "name": one.name, "reference": one.reference, "type": held.type if held else "unknown",
        "staff": held.staff if held else None, "regulator_id": held.regulator_id if held else "",
        "brand": held.brand if held else "",
    }  # fmt: skip
    form = ProviderForm(request.POST or None, initial=known)
    if done(request, form, lambda given: correct(request.principal, one, particulars(given))) is not None:
        notify(request, "It is corrected.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    return _form(request, one, form, "Correct what is kept", "Correct it", name=known["name"])


@does(KEEP, POST=KEEP)
def locate_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a location of a provider."""
    one = _one(request, pk)
    form = LocationForm(request.POST or None, principal=request.principal)
    made = done(request, form, lambda given: keep_location(request.principal, one, where(given)))
    if made is not None:
        notify(request, f"{made.name} is recorded.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    return _form(request, one, form, "Record a location", "Record it")


@does(KEEP, POST=KEEP)
def location_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a location, or close it."""
    row = Location.objects.select_related("place__organisation__council").reach(request.principal, KEEP, pk=pk)
    one = row.organisation
    names = ("kind", "regulator_id", "outward", "district", "services", "client_groups", "registered_beds", "landlord")
    known = {name: getattr(row, name) for name in names} | {
        "name": row.name, **{name: f"{value:%d/%m/%Y}" for name in ("opened_on", "closed_on")
                             if (value := getattr(row, name)) is not None},
    }  # fmt: skip
    form = LocationForm(request.POST or None, principal=request.principal, initial=known)
    if done(request, form, lambda given: keep_location(request.principal, one, where(given), row)) is not None:
        notify(request, f"{row.name} is corrected.")
        return HttpResponseRedirect(f"{HOME}{one.pk}/")
    return _form(request, one, form, f"Correct {known['name']}", "Correct it")


@does(GRADE, POST=GRADE)
def grade_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Grade a provider."""
    one = Organisation.objects.select_related("council").reach(request.principal, GRADE, pk=pk)
    form = GradeForm(request.POST or None)

    def graded(given: dict[str, Any]) -> object:
        return grade(request.principal, one, given["grade"], given["on"], given["why"])

    if done(request, form, graded) is not None:
        notify(request, f"{one.name} is graded.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    return _form(
        request, one, form, "Grade it", "Grade it",
        intro=("The newest grade that has begun counts where a rule asks for one; earlier ones stay to be read.",),
    )  # fmt: skip


@does(KEEP, POST=KEEP)
def regulator_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Link a provider with the regulator's files: which it is there, and which of its locations are to be recorded."""
    one = _one(request, pk)
    held = provider_of(one)
    if held is None or not held.regulator_id:
        return _identify(request, one)
    found = proposals(one)
    form = LinkForm(request.POST or None, proposed=found) if found else None
    made = done(request, form, lambda given: link(request.principal, one, given["ids"])) if form else None
    if made:
        many = f"{made[0].name} is" if len(made) == 1 else f"{len(made)} locations are"
        notify(request, f"{many} recorded from the regulator's files.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    if form is None:
        notify(request, "The regulator's files have no location of it that is not in the register.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    kept = kept_of(one.council.slug)
    said = f"They are from {kept.title}" + (f", {day(kept.as_of)}." if kept.as_of else ".")
    return _form(
        request, one, form, "Locations of the regulator's files", "Record these",
        intro=(said, "Nothing is recorded that you do not choose. What is told there is looked up; correct it after."),
    )  # fmt: skip


def _identify(request: HttpRequest, one: Organisation) -> HttpResponse:
    near = by_name(one.council.slug, one.name)
    if not near:
        notify(request, "The regulator's files have nobody of a name like this. Enter its id, where you know it.")
        return HttpResponseRedirect(f"{HOME}{one.pk}/correct/")
    form = IdentifyForm(request.POST or None, choices=[
        (known.id, f"{known.name} ({known.id}), {len(known.locations)} location{'s'[: len(known.locations) > 1]}")
        for known in near
    ])  # fmt: skip

    def identified(given: dict[str, Any]) -> bool:
        identify(request.principal, one, given["regulator_id"])
        return True

    if done(request, form, identified):
        return HttpResponseRedirect(f"{HOME}{one.pk}/regulator/")
    return _form(
        request, one, form, "Which provider is it with the regulator?", "It is this one",
        intro=("Names alone do not say: look at where it works before you confirm.",),
    )  # fmt: skip


@does(KEEP)
def bring(request: HttpRequest) -> HttpResponse:
    """The providers of the regulator's files that are not in the register."""
    kept = kept_of(request.principal.council)
    said = f"{kept.title}, {day(kept.as_of)}." if kept.as_of else "No file of the regulator is kept here."
    return page(
        request, "care_list.html", here=HOME, crumbs=(CRUMB, ("From the regulator's files", "")),
        arranged=arrange(_not_registered(request), request.GET.dict()), title="From the regulator's files",
        intro=f"Providers registered in the area that the register does not have. {said}", download=f"{HOME}regulator",
    )  # fmt: skip


@does(KEEP)
def bring_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same, as a file."""
    return download(arrange(_not_registered(request), request.GET.dict()), kind, "not-registered")


def _not_registered(request: HttpRequest) -> Listing:
    rows = [
        {
            "name": one.name, "id": one.id, "brand": one.brand, "locations": len(one.locations),
            "href": f"{HOME}add/?" + urlencode({"name": one.name, "regulator_id": one.id, "brand": one.brand}),
        }
        for one in not_registered(request.principal.council)
    ]  # fmt: skip
    columns = (
        Column("name", "Provider", link="href"),
        Column("id", "Regulator's id"),
        Column("brand", "Group"),
        Column("locations", "Locations in the area", numeric=True),
    )
    kept = kept_of(request.principal.council).as_of
    empty = (
        "Every provider of these files is in the register."
        if kept
        else "Whoever runs the installation brings them; until then, add a provider by hand."
    )
    return Listing("not-registered", "From the regulator's files", columns, rows, empty, sort="name")


def _one(request: HttpRequest, pk: int) -> Organisation:
    found: Organisation = Organisation.objects.select_related("council").reach(request.principal, KEEP, pk=pk)
    return found


def _form(
    request: HttpRequest, one: Organisation, form: Any, title: str, button: str, *, name: str = "",
    intro: tuple[str, ...] = (),
) -> HttpResponse:  # fmt: skip
    back = f"{HOME}{one.pk}/"
    return page(
        request, "care_form.html", here=HOME, form=form, back=back, title=title, button=button, intro=intro,
        crumbs=(CRUMB, (name or one.name, back), (title, "")), status=422 if form.errors else 200,
    )  # fmt: skip
