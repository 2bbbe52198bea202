"""Lists of people, teams and organisations of a council, as the page, the file and whoever asks may have them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, Q
from django.utils import timezone

from careshape.accounts.models import Invitation, Membership, Organisation, Team
from careshape.accounts.times import UK
from careshape.policy import Principal, policy, roles
from careshape.policy.listing import Column, Listing, listed

READ: Final = "accounts.read"
COLLEAGUES: Final = "accounts.colleagues"
HOME: Final = "/work/people/"
SIZE: Final = 25
"""People on a page."""
CURRENT, INVITED, EXPIRED, ENDED = "Has access", "Invited", "Invitation expired", "Access ended"
_PEOPLE: Final = Count("memberships", filter=Q(memberships__ended_at__isnull=True), distinct=True)


def people(principal: Principal) -> Listing:
    """Members and open invitations of the council; those whose access ended only where somebody asks for them."""
    columns = (
        Column("name", "Name", link="href"),
        Column("email", "E-mail address", wide=True),
        Column("role", "Role", filtered=True),
        Column("group", "Team or organisation", filtered=True),
        Column("status", "Status", filtered=True),
        Column("since", "Since", text=_day),
    )
    return listed(
        principal, READ, "person", columns, [*_members(principal), *_invited(principal)], id="people", title="People",
        empty="There is nobody yet.", sort="name", size=SIZE, aside=("status", ENDED),
    )  # fmt: skip


def colleagues(principal: Principal) -> Listing:
    """Who works in one's own team, or for one's own organisation."""
    found = Membership.objects.reached(principal, COLLEAGUES).select_related("account").prefetch_related("locations")
    rows = [
        {"name": one.account.name, "href": f"/work/colleagues/{one.pk}/", "role": roles()[one.role].title,
         "locations": places(one)}
        for one in found
    ]  # fmt: skip
    columns = (
        Column("name", "Name", link="href"),
        Column("role", "Role", filtered=True),
        Column("locations", "Locations"),
    )
    return listed(
        principal, COLLEAGUES, "person", columns, rows, id="colleagues", title="Colleagues",
        empty="You are in no team yet. An administrator can put you into one.", sort="name", size=SIZE,
    )  # fmt: skip


def teams(principal: Principal) -> Listing:
    """The council's teams."""
    linked = policy().permits(principal, "accounts.teams")
    rows = [
        {"name": one.name, "people": one.people, "href": f"/work/teams/{one.pk}/" if linked else ""}
        for one in Team.objects.reached(principal, READ).annotate(people=_PEOPLE)
    ]
    columns = (Column("name", "Team", link="href"), Column("people", "People", numeric=True))
    return Listing("teams", "Teams", columns, rows, "There are no teams yet.", "name", SIZE)


def organisations(principal: Principal) -> Listing:
    """The organisations that work with the council."""
    found = Organisation.objects.reached(principal, READ).annotate(
        people=_PEOPLE, places=Count("locations", distinct=True)
    )
    rows = [
        {"name": one.name, "kind": one.get_kind_display(), "reference": one.reference, "locations": one.places,
         "people": one.people, "href": f"/work/organisations/{one.pk}/"}
        for one in found
    ]  # fmt: skip
    columns = (
        Column("name", "Organisation", link="href"),
        Column("kind", "Kind", filtered=True),
        Column("reference", "Reference"),
        Column("locations", "Locations", numeric=True),
        Column("people", "People", numeric=True),
    )
    return Listing("organisations", "Organisations", columns, rows, "There are no organisations yet.", "name", SIZE)


def places(row: Membership | Invitation) -> str:
    """The locations to which somebody of an organisation is limited, in words; empty for the council's own staff."""
    if row.organisation_id is None:
        return ""
    return ", ".join(sorted(one.name for one in row.locations.all())) or "All of the organisation's"


def group_of(row: Membership | Invitation) -> str:
    """The team or organisation of somebody."""
    return str(row.team or row.organisation or "")


def _members(principal: Principal) -> Iterator[dict[str, Any]]:
    for one in Membership.objects.reached(principal, READ).select_related("account", "team", "organisation"):
        yield {
            "name": one.account.name, "href": f"{HOME}{one.pk}/", "email": one.account.email,
            "role": roles()[one.role].title, "group": group_of(one), "status": ENDED if one.ended_at else CURRENT,
            "since": _local(one.ended_at or one.began_at),
        }  # fmt: skip


def _invited(principal: Principal) -> Iterator[dict[str, Any]]:
    """Invitations that nobody took up or back. Their name is their number: an address is a field of its own."""
    found = Invitation.objects.reached(principal, READ).filter(accepted_at__isnull=True, withdrawn_at__isnull=True)
    now = timezone.now()
    for one in found.select_related("team", "organisation"):
        yield {
            "name": f"Invitation {one.pk}", "href": f"{HOME}invitations/{one.pk}/", "email": one.email,
            "role": roles()[one.role].title, "group": group_of(one),
            "status": INVITED if one.expires_at > now else EXPIRED, "since": _local(one.invited_at),
        }  # fmt: skip


def _local(moment: datetime) -> date:
    return moment.astimezone(UK).date()


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"
