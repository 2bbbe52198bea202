"""Pages of those who administer a council's accounts: people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts import end as ending
from careshape.accounts import invite as inviting
from careshape.accounts import listing, second_factor
from careshape.accounts.councils import council_of
from careshape.accounts.mail import files_only
from careshape.accounts.models import Invitation, Membership, Organisation
from careshape.accounts.pages import confirmed, notify, work_page
from careshape.accounts.people_forms import HINTS, InviteForm, RoleForm
from careshape.accounts.sessions import sessions_of
from careshape.accounts.times import moment, uk_time
from careshape.audit.change import reading, tell
from careshape.errors import InputError
from careshape.policy import Principal, roles
from careshape.policy.fields import seen
from careshape.policy.listing import arrange, download
from careshape.policy.views import does

READ, INVITE, CHANGE, END, RESET, COLLEAGUES = (
    "accounts.read", "accounts.invite", "accounts.change", "accounts.end", "accounts.reset", listing.COLLEAGUES,
)  # fmt: skip
HOME = "/work/people/"
WAY = (("People", HOME),)


@does(READ)
@reading
def people(request: HttpRequest) -> HttpResponse:
    """The people of the council."""
    arranged = arrange(listing.people(request.principal), request.GET.dict())
    tell(request.principal, READ, "people", rows=len(arranged.cells))
    return work_page(request, "people.html", here=HOME, arranged=arranged)


@does(READ)
@reading
def people_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it is filtered, as a file."""
    arranged = arrange(listing.people(request.principal), request.GET.dict())
    answer = download(arranged, kind, f"{request.principal.council}-people")
    tell(request.principal, READ, "people", rows=len(arranged.rows), file=kind)
    return answer


@does(READ)
@reading
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person in one role."""
    row = Membership.objects.select_related("account", "team", "organisation").reach(request.principal, READ, pk=pk)
    tell(request.principal, READ, row)
    return work_page(
        request, "person.html", here=HOME, crumbs=(*WAY, (row.account.name, "")), row=row,
        shown=seen(request.principal, READ, "person", _person(request.principal, row)),
        themselves=ending.is_own(request.principal, row), codes=second_factor.has_factor(row.account),
    )  # fmt: skip


def _person(principal: Principal, row: Membership) -> dict[str, Any]:
    """Everything that there is to show of somebody, of which a page shows what its reader sees."""
    account = row.account
    others = Membership.objects.reached(principal, READ).filter(account=account, ended_at__isnull=True)
    return {
        "name": account.name,
        "email": account.email,
        "role": roles()[row.role].title,
        "group": listing.group_of(row),
        "locations": listing.places(row),
        "status": uk_time(row.ended_at) if row.ended_at else "",
        "since": uk_time(row.began_at),
        "last_login": uk_time(account.last_login) if account.last_login else "Not yet",
        "devices": len(sessions_of(account.pk)),
        "factor": second_factor.has_factor(account),
        "others": [(one.pk, roles()[one.role].title) for one in others.exclude(pk=row.pk)],
    }


@does(COLLEAGUES)
@reading
def colleagues(request: HttpRequest) -> HttpResponse:
    """Who works in one's own team, or for one's own organisation."""
    arranged = arrange(listing.colleagues(request.principal), request.GET.dict())
    tell(request.principal, COLLEAGUES, "colleagues", rows=len(arranged.cells))
    return work_page(request, "colleagues.html", here="/work/colleagues/", arranged=arranged)


@does(COLLEAGUES)
@reading
def colleagues_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as a file."""
    arranged = arrange(listing.colleagues(request.principal), request.GET.dict())
    answer = download(arranged, kind, "colleagues")
    tell(request.principal, COLLEAGUES, "colleagues", rows=len(arranged.rows), file=kind)
    return answer


@does(COLLEAGUES)
@reading
def colleague(request: HttpRequest, pk: int) -> HttpResponse:
    """One colleague, as much of them as colleagues see."""
    found = Membership.objects.select_related("account", "team", "organisation")
    row = found.reach(request.principal, COLLEAGUES, pk=pk)
    tell(request.principal, COLLEAGUES, row)
    crumbs = (("Colleagues", "/work/colleagues/"), (row.account.name, ""))
    return work_page(
        request, "colleague.html", here="/work/colleagues/", crumbs=crumbs,
        shown=seen(request.principal, COLLEAGUES, "person", _person(request.principal, row)),
    )  # fmt: skip


@does(INVITE, POST=INVITE)
@confirmed
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a person."""
    principal, asked = request.principal, request.GET.get("organisation", "")
    organisation = Organisation.objects.reached(principal, READ).filter(pk=asked).first() if asked.isdecimal() else None
    initial = {"organisation": organisation, "role": organisation.kind if organisation else None}
    form = InviteForm(request.POST or None, principal=principal, organisation=organisation, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = inviting.invite(
                principal, council_of(principal), form.cleaned_data["email"], form.cleaned_data["role"],
                request=request, **form.chosen,
            )  # fmt: skip
        except InputError as error:
            form.add_error(None, str(error))
        else:
            sent = "The invitation is on its way."
            if files_only():
                sent = "The invitation goes to the mail folder of the installation, which sends no mail itself."
            notify(request, f"{made.invitation.email} was invited. {sent}")
            return HttpResponseRedirect(HOME)
    return work_page(
        request, "invite.html", here=HOME, crumbs=(*WAY, ("Invite a person", "")), form=form, hints=HINTS,
        organisation=organisation, status=422 if form.errors else 200,
    )  # fmt: skip


@does(READ, POST=INVITE)
@reading
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """One invitation, and taking it back."""
    rows = Invitation.objects.select_related("team", "organisation", "invited_by")
    row = rows.reach(request.principal, INVITE if request.method == "POST" else READ, pk=pk)
    problem = ""
    if request.method == "POST":
        try:
            inviting.withdraw(request.principal, row)
        except InputError as error:
            problem = str(error)
        else:
            notify(request, f"The invitation of {row.email} was withdrawn.")
            return HttpResponseRedirect(HOME)
    else:
        tell(request.principal, READ, row)
    return work_page(
        request, "invitation.html", here=HOME, crumbs=(*WAY, ("Invitation", "")), row=row,
        shown=seen(request.principal, READ, "invitation", _invitation(row)), problem=problem,
        status=422 if problem else 200,
    )  # fmt: skip


def _invitation(row: Invitation) -> dict[str, Any]:
    """Everything that there is to show of an invitation."""
    return {
        "email": row.email,
        "role": roles()[row.role].title,
        "group": listing.group_of(row),
        "locations": listing.places(row),
        "by": row.invited_by.name if row.invited_by else "The installation",
        "since": uk_time(row.invited_at),
        "until": uk_time(row.expires_at),
        "accepted": moment(row.accepted_at),
        "withdrawn": moment(row.withdrawn_at),
    }


@does(CHANGE, POST=CHANGE)
@confirmed
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person's role, team or organisation."""
    row = Membership.objects.select_related("account", "council", "organisation").reach(
        request.principal, CHANGE, pk=pk, ended_at__isnull=True
    )
    if ending.is_own(request.principal, row):
        return _own(request, row, ending.OWN_ROLE)
    initial = {
        "role": row.role, "team": row.team_id, "organisation": row.organisation_id,
        "locations": list(row.locations.values_list("pk", flat=True)),
    }  # fmt: skip
    form = RoleForm(request.POST or None, principal=request.principal, organisation=row.organisation, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            ending.change_role(request.principal, row, form.cleaned_data["role"], **form.chosen)
        except InputError as error:
            form.add_error(None, str(error))
        else:
            notify(request, f"What {row.account.name} is was changed. It counts from their next page.")
            return HttpResponseRedirect(f"{HOME}{pk}/")
    crumbs = (*WAY, (row.account.name, f"{HOME}{pk}/"), ("Change role", ""))
    return work_page(
        request, "role.html", here=HOME, crumbs=crumbs, form=form, row=row, hints=HINTS,
        status=422 if form.errors else 200,
    )  # fmt: skip


def _own(request: HttpRequest, row: Membership, said: str) -> HttpResponse:
    """What one meets who would change or end their own access: nothing is asked that would be refused."""
    crumbs = (*WAY, (row.account.name, f"{HOME}{row.pk}/"), ("Not yours to change", ""))
    return work_page(request, "own_access.html", here=HOME, crumbs=crumbs, row=row, said=said, status=409)


@does(END, POST=END)
@confirmed
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a person's access, once it is confirmed."""
    row = Membership.objects.select_related("account", "council").reach(
        request.principal, END, pk=pk, ended_at__isnull=True
    )
    if ending.is_own(request.principal, row):
        return _own(request, row, ending.OWN_ACCESS)
    problem = ""
    if request.method == "POST":
        try:
            ending.end_access(request.principal, row)
        except InputError as error:
            problem = str(error)
        else:
            notify(request, f"The access of {row.account.name} has ended.")
            return HttpResponseRedirect(HOME)
    crumbs = (*WAY, (row.account.name, f"{HOME}{pk}/"), ("End access", ""))
    return work_page(
        request, "end.html", here=HOME, crumbs=crumbs, row=row, role=roles()[row.role], problem=problem,
        status=422 if problem else 200,
    )  # fmt: skip


@does(RESET, POST=RESET)
@confirmed
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away the second factor of a person who lost it."""
    row = Membership.objects.select_related("account").reach(request.principal, RESET, pk=pk, ended_at__isnull=True)
    if ending.is_own(request.principal, row):
        return _own(request, row, ending.OWN_FACTOR)
    problem = ""
    if request.method == "POST":
        try:
            ending.reset_factor(request.principal, row)
        except InputError as error:
            problem = str(error)
        else:
            notify(request, f"{row.account.name} sets up a new second factor at the next sign-in.")
            return HttpResponseRedirect(f"{HOME}{pk}/")
    crumbs = (*WAY, (row.account.name, f"{HOME}{pk}/"), ("Reset second factor", ""))
    return work_page(
        request, "reset_factor.html", here=HOME, crumbs=crumbs, row=row, problem=problem,
        status=422 if problem else 200,
    )  # fmt: skip
