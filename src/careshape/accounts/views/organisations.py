"""Pages of those who administer a council's accounts: teams, and organisations with their locations."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts import listing, register
from careshape.accounts.councils import council_of
from careshape.accounts.models import Membership, Organisation, OrganisationLocation, Team
from careshape.accounts.pages import notify, work_page
from careshape.accounts.people_forms import LocationForm, NameForm, OrganisationForm
from careshape.audit.change import reading, tell
from careshape.errors import InputError
from careshape.policy.fields import all_seen
from careshape.policy.listing import arrange, download
from careshape.policy.views import does

READ, TEAMS, ORGANISATIONS = "accounts.read", register.TEAMS, register.ORGANISATIONS
TEAM_HOME, HOME = "/work/teams/", "/work/organisations/"
HERE = "/work/people/"


@does(READ)
def teams(request: HttpRequest) -> HttpResponse:
    """The council's teams."""
    arranged = arrange(listing.teams(request.principal), request.GET.dict())
    return work_page(request, "teams.html", here=HERE, arranged=arranged)


@does(TEAMS, POST=TEAMS)
def new_team(request: HttpRequest) -> HttpResponse:
    """Add a team."""
    return _team(request, None)


@does(TEAMS, POST=TEAMS)
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a team another name, or remove it."""
    return _team(request, Team.objects.reach(request.principal, TEAMS, pk=pk))


def _team(request: HttpRequest, row: Team | None) -> HttpResponse:
    form = NameForm(request.POST or None, initial={"name": row.name if row else ""})
    principal = request.principal
    if request.method == "POST" and row is not None and "remove" in request.POST:
        form = NameForm({"name": row.name})
        if _kept(request, form, "The team was removed.", lambda: register.remove_team(principal, row)):
            return HttpResponseRedirect(TEAM_HOME)
    elif request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        keep = partial(register.keep_team, principal, council_of(principal), name, row)
        if _kept(request, form, "The team was kept.", keep):
            return HttpResponseRedirect(TEAM_HOME)
    title = row.name if row else "Add a team"
    return work_page(
        request, "team.html", here=HERE, crumbs=(("Teams", TEAM_HOME), (title, "")), form=form, row=row, heading=title,
        status=422 if form.errors else 200,
    )  # fmt: skip


@does(READ)
def organisations(request: HttpRequest) -> HttpResponse:
    """The organisations that work with the council."""
    arranged = arrange(listing.organisations(request.principal), request.GET.dict())
    return work_page(request, "organisations.html", here=HERE, arranged=arranged)


@does(READ)
def organisations_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The organisations as a file."""
    arranged = arrange(listing.organisations(request.principal), request.GET.dict())
    return download(arranged, kind, f"{request.principal.council}-organisations")


@does(ORGANISATIONS, POST=ORGANISATIONS)
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Add an organisation."""
    return _organisation(request, None)


@does(READ)
@reading
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation with its locations and its people."""
    row = Organisation.objects.reach(request.principal, READ, pk=pk)
    members = Membership.objects.reached(request.principal, READ).filter(organisation=row, ended_at__isnull=True)
    named = [
        {"name": one.account.name, "href": f"{HERE}{one.pk}/"}
        for one in members.select_related("account").order_by("account__name")
    ]
    if named:
        tell(request.principal, READ, row, people=len(named))
    return work_page(
        request, "organisation.html", here=HERE, crumbs=(("Organisations", HOME), (row.name, "")), row=row,
        locations=row.locations.order_by("name"), members=all_seen(request.principal, READ, "person", named),
    )  # fmt: skip


@does(ORGANISATIONS, POST=ORGANISATIONS)
def change_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an organisation."""
    return _organisation(request, Organisation.objects.reach(request.principal, ORGANISATIONS, pk=pk))


def _organisation(request: HttpRequest, row: Organisation | None) -> HttpResponse:
    initial = {"kind": row.kind, "name": row.name, "reference": row.reference} if row else {"kind": "provider"}
    form = OrganisationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given, council = form.cleaned_data, council_of(request.principal)
        named = (given["kind"], given["name"], given["reference"])
        keep = partial(register.keep_organisation, request.principal, council, *named, row)
        kept = _kept(request, form, "The organisation was kept.", keep)
        if kept:
            return HttpResponseRedirect(f"{HOME}{kept.pk}/")
    title = f"Change {row.name}" if row else "Add an organisation"
    return work_page(
        request, "organisation_form.html", here=HERE, crumbs=(("Organisations", HOME), (title, "")), form=form,
        heading=title, status=422 if form.errors else 200,
    )  # fmt: skip


@does(ORGANISATIONS, POST=ORGANISATIONS)
def new_location(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a location of an organisation."""
    return _location(request, Organisation.objects.reach(request.principal, ORGANISATIONS, pk=pk), None)


@does(ORGANISATIONS, POST=ORGANISATIONS)
def location(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a location."""
    rows = OrganisationLocation.objects.select_related("organisation")
    row = rows.reach(request.principal, ORGANISATIONS, pk=pk)
    return _location(request, row.organisation, row)


def _location(request: HttpRequest, owner: Organisation, row: OrganisationLocation | None) -> HttpResponse:
    initial = {"name": row.name, "reference": row.reference} if row else None
    form = LocationForm(request.POST or None, initial=initial)
    back = f"{HOME}{owner.pk}/"
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        keep = partial(register.keep_location, request.principal, owner, given["name"], given["reference"], row)
        if _kept(request, form, "The location was kept.", keep):
            return HttpResponseRedirect(back)
    title = f"Change {row.name}" if row else "Add a location"
    crumbs = (("Organisations", HOME), (owner.name, back), (title, ""))
    return work_page(
        request, "organisation_form.html", here=HERE, crumbs=crumbs, form=form, heading=title,
        status=422 if form.errors else 200,
    )  # fmt: skip


def _kept(request: HttpRequest, form: NameForm, said: str, keep: Callable[[], Any]) -> Any:
    """Make a change and say so on the next page; None where it cannot be made, and the form says why."""
    try:
        row = keep()
    except InputError as error:
        form.add_error("name", str(error))
        return None
    notify(request, said)
    return row
