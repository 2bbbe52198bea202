"""What programs may do about people: see who has access, invite, change a role, end access, withdraw an invitation."""

# Annotations stay as they are here: the API reads those of an operation through what makes it replayable.
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from careshape.accounts import end, invite, listing
from careshape.accounts.councils import council_of
from careshape.accounts.models import Invitation, Membership, Organisation
from careshape.accounts.people_forms import InviteForm, RoleForm
from careshape.audit.change import reading, tell
from careshape.policy import roles
from careshape.policy.fields import seen
from careshape.work.api.acts import doing
from careshape.work.api.given import as_things_stand, held, over, read
from careshape.work.api.people_shapes import DoneOut, InvitationIn, InvitationOut, PersonOut, RoleIn
from careshape.work.api.replay import once
from careshape.work.api.shapes import Page, Paging, paged
from careshape.work.desk import desk_of

READ, CHANGE, END, RESET = listing.READ, "accounts.change", "accounts.end", "accounts.reset"
INVITE = invite.ACT
router = Router(tags=["People"])


@router.get("/people", response=Page[PersonOut], **doing(READ))
@reading
def people(request: HttpRequest, paging: Query[Paging], ended: bool = False) -> Any:
    """Who has access to the council's work, in which role; with those whose access has ended where that is asked."""
    found = _members(request).order_by("pk")
    page = paged(found if ended else found.filter(ended_at__isnull=True), paging, lambda one: _person(request, one))
    tell(request.principal, READ, "people", rows=len(page["items"]))
    return page


@router.get("/people/{int:pk}", response=PersonOut, **doing(READ))
@reading
def person(request: HttpRequest, pk: int) -> Any:
    """One person in one role."""
    row = _members(request).reach(request.principal, READ, pk=pk)
    tell(request.principal, READ, row)
    return _person(request, row)


@router.post("/people/{int:pk}/role", response=DoneOut, **doing(CHANGE))
@once
def change_role(request: HttpRequest, pk: int, asked: RoleIn) -> Any:
    """Give a person another role, team or organisation. It counts from their next request.

    What is left out stays as it is where it goes with the new role: the locations stay with their organisation.
    """
    row = _member(request, CHANGE, pk)
    with held(row, row.council, row):
        given = over(_stands(row, asked), asked)
        form = read(RoleForm, given, **_choices(request, CHANGE, given["organisation"]))
        end.change_role(request.principal, row, form.cleaned_data["role"], **form.chosen)
    return 200, {"id": row.pk, "done": "changed"}


@router.post("/people/{int:pk}/end", response=DoneOut, **doing(END))
@once
def end_access(request: HttpRequest, pk: int) -> Any:
    """End a person's access: their sessions and tokens are good no more."""
    row = _member(request, END, pk)
    with as_things_stand():
        end.end_access(request.principal, row)
    return 200, {"id": row.pk, "done": "ended"}


@router.post("/people/{int:pk}/reset", response=DoneOut, **doing(RESET))
@once
def reset_factor(request: HttpRequest, pk: int) -> Any:
    """Take away the second factor of a person who lost it. They set up a new one at the next sign-in."""
    row = _member(request, RESET, pk)
    with as_things_stand():
        end.reset_factor(request.principal, row)
    return 200, {"id": row.pk, "done": "reset"}


@router.get("/invitations", response=Page[InvitationOut], **doing(READ))
@reading
def invitations(request: HttpRequest, paging: Query[Paging]) -> Any:
    """The invitations, the latest first."""
    page = paged(_invitations(request).order_by("-pk"), paging, lambda one: _invitation(request, one))
    tell(request.principal, READ, "invitations", rows=len(page["items"]))
    return page


@router.post("/invitations", response={201: DoneOut}, **doing(INVITE))
@once
def invite_person(request: HttpRequest, asked: InvitationIn) -> Any:
    """Invite a person. They are written a link that is good once, by e-mail."""
    form = read(InviteForm, asked.model_dump(), **_choices(request, INVITE, asked.organisation))
    given, council = form.cleaned_data, council_of(request.principal)
    made = invite.invite(
        request.principal, council, given["email"], given["role"], request=request, **form.chosen
    )  # fmt: skip
    return 201, {"id": made.invitation.pk, "done": "invited"}


@router.get("/invitations/{int:pk}", response=InvitationOut, **doing(READ))
@reading
def invitation(request: HttpRequest, pk: int) -> Any:
    """One invitation."""
    row = _invitations(request).reach(request.principal, READ, pk=pk)
    tell(request.principal, READ, row)
    return _invitation(request, row)


@router.post("/invitations/{int:pk}/withdraw", response=DoneOut, **doing(INVITE))
@once
def withdraw_invitation(request: HttpRequest, pk: int) -> Any:
    """Take an invitation back."""
    row = Invitation.objects.reach(request.principal, INVITE, pk=pk)
    with as_things_stand():
        invite.withdraw(request.principal, row)
    return 200, {"id": row.pk, "done": "withdrawn"}


def _members(request: HttpRequest) -> Any:
    found = Membership.objects.reached(desk_of(request).principal, READ)
    return found.select_related("account", "team", "organisation").prefetch_related("locations")


def _member(request: HttpRequest, act: str, pk: int) -> Membership:
    """One who has access still, for an act."""
    found = Membership.objects.select_related("account", "council", "organisation")
    row: Membership = found.reach(request.principal, act, pk=pk, ended_at__isnull=True)
    return row


def _invitations(request: HttpRequest) -> Any:
    found = Invitation.objects.reached(desk_of(request).principal, READ)
    return found.select_related("team", "organisation", "invited_by").prefetch_related("locations")


def _stands(row: Membership, asked: RoleIn) -> dict[str, Any]:
    """What a person has beside their role that goes with the role that is asked."""
    has, becomes = roles()[row.role], roles().get(asked.role)
    if becomes is None or becomes.kind != has.kind:
        return {}
    stands: dict[str, Any] = {"team": row.team_id, "organisation": row.organisation_id}
    if over(stands, asked)["organisation"] == row.organisation_id:
        stands["locations"] = list(row.locations.values_list("pk", flat=True))
    return stands


def _choices(request: HttpRequest, act: str, organisation: int | None) -> dict[str, Any]:
    """What a form of a role offers to who asks, by the act that they do."""
    principal = request.principal
    found = Organisation.objects.reached(principal, act).filter(pk=organisation or 0).first()
    return {"principal": principal, "organisation": found, "act": act}


def _person(request: HttpRequest, row: Membership) -> dict[str, Any]:
    account = row.account
    values = {
        "name": account.name, "email": account.email, "role": row.role, "group": listing.group_of(row),
        "locations": listing.places(row), "status": "ended" if row.ended_at else "active", "since": row.began_at,
        "last_login": account.last_login,
    }  # fmt: skip
    return {"id": row.pk, **seen(request.principal, READ, "person", values)}


def _invitation(request: HttpRequest, row: Invitation) -> dict[str, Any]:
    values = {
        "email": row.email, "role": row.role, "group": listing.group_of(row), "locations": listing.places(row),
        "by": row.invited_by.name if row.invited_by else "The installation", "since": row.invited_at,
        "until": row.expires_at, "accepted": row.accepted_at, "withdrawn": row.withdrawn_at,
    }  # fmt: skip
    return {"id": row.pk, **seen(request.principal, READ, "invitation", values)}
