"""Pages of those who administer a council's accounts: people."""

from __future__ import annotations

from django.core.paginator import Paginator
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
from careshape.audit.change import tell
from careshape.errors import InputError
from careshape.policy import roles
from careshape.policy.views import does
from careshape.spreadsheets import as_csv

READ, INVITE, CHANGE, END, RESET = (
    "accounts.read", "accounts.invite", "accounts.change", "accounts.end", "accounts.reset",
)  # fmt: skip
HOME = "/work/people/"
COLUMNS = ("name", "email", "role", "team_or_organisation", "status", "since")
WAY = (("People", HOME),)


@does(READ)
def people(request: HttpRequest) -> HttpResponse:
    """The people of the council, searched, filtered, sorted, in pages."""
    asked = listing.Asked.of(request.GET.dict())
    found = listing.people(request.principal, asked)
    pages = Paginator(found, listing.SIZE)
    shown = pages.get_page(asked.page)
    tell(request.principal, READ, "people", rows=len(shown.object_list))
    return work_page(
        request, "people.html", here=HOME, asked=asked, shown=shown, number=len(found),
        sorts=listing.SORTS, statuses=listing.STATUSES, roles=roles(),
    )  # fmt: skip


@does(READ)
def download(request: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as CSV."""
    asked = listing.Asked.of(request.GET.dict())
    found = listing.people(request.principal, asked)
    tell(request.principal, READ, "people", rows=len(found), file="csv")
    response = HttpResponse(as_csv(COLUMNS, [line.record() for line in found]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.principal.council}-people.csv"'
    return response


@does(READ)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person in one role."""
    row = Membership.objects.select_related("account", "team", "organisation").reach(request.principal, READ, pk=pk)
    tell(request.principal, READ, row)
    others = Membership.objects.reached(request.principal, READ).filter(account=row.account, ended_at__isnull=True)
    return work_page(
        request, "person.html", here=HOME, crumbs=(*WAY, (row.account.name, "")), row=row, role=roles()[row.role],
        others=list(others.exclude(pk=row.pk)), sessions=len(sessions_of(row.account_id)),
        themselves=row.account_id == request.principal.account, codes=second_factor.has_factor(row.account),
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
            sent = "The invitation is on its way." if made.sent else "The message could not be sent. Invite them again."
            if made.sent and files_only():
                sent = "The invitation was written to the mail folder of the installation, which sends no mail itself."
            notify(request, f"{made.invitation.email} was invited. {sent}")
            return HttpResponseRedirect(HOME)
    return work_page(
        request, "invite.html", here=HOME, crumbs=(*WAY, ("Invite a person", "")), form=form, hints=HINTS,
        organisation=organisation, status=422 if form.errors else 200,
    )  # fmt: skip


@does(READ, POST=INVITE)
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
        request, "invitation.html", here=HOME, crumbs=(*WAY, ("Invitation", "")), row=row, role=roles()[row.role],
        problem=problem, status=422 if problem else 200,
    )  # fmt: skip


@does(CHANGE, POST=CHANGE)
@confirmed
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person's role, team or organisation."""
    row = Membership.objects.select_related("account", "council", "organisation").reach(
        request.principal, CHANGE, pk=pk, ended_at__isnull=True
    )
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


@does(END, POST=END)
@confirmed
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a person's access, once it is confirmed."""
    row = Membership.objects.select_related("account", "council").reach(
        request.principal, END, pk=pk, ended_at__isnull=True
    )
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
    problem = ""
    if request.method == "POST":
        # Whoever works for another council too may not be weakened from here; why is not said, to tell nothing of it.
        if row.account_id == request.principal.account or not ending.only_here(row):
            problem = "Only who runs the installation can reset this account's second factor."
        else:
            second_factor.reset(request.principal, RESET, row.account)
            notify(request, f"{row.account.name} sets up a new second factor at the next sign-in.")
            return HttpResponseRedirect(f"{HOME}{pk}/")
    crumbs = (*WAY, (row.account.name, f"{HOME}{pk}/"), ("Reset second factor", ""))
    return work_page(
        request, "reset_factor.html", here=HOME, crumbs=crumbs, row=row, problem=problem,
        status=422 if problem else 200,
    )  # fmt: skip
