"""The list of people: members and invitations of a council, searched, filtered, sorted and in pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone

from careshape.accounts.models import Invitation, Membership
from careshape.accounts.times import UK
from careshape.policy import Principal, roles

READ: Final = "accounts.read"
SIZE: Final = 25
"""People on a page."""
SORTS: Final = {"name": "Name", "role": "Role", "team": "Team or organisation", "status": "Status", "since": "Since"}
STATUSES: Final = {
    "current": "Has access",
    "invited": "Invited",
    "expired": "Invitation expired",
    "ended": "Access ended",
}


@dataclass(frozen=True)
class Line:
    """A person in one role, or an invitation."""

    name: str
    email: str
    role: str
    """Title of the role."""
    group: str
    """Team or organisation."""
    status: str
    since: Any
    href: str

    @property
    def status_title(self) -> str:
        """What the status is called."""
        return STATUSES[self.status]

    def record(self) -> dict[str, str]:
        """The line as it is downloaded."""
        return {
            "name": self.name, "email": self.email, "role": self.role, "team_or_organisation": self.group,
            "status": self.status_title, "since": self.since.astimezone(UK).date().isoformat(),
        }  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the address of the list asks for."""

    q: str = ""
    role: str = ""
    status: str = ""
    sort: str = "name"
    order: str = "up"
    page: int = 1

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Asked:
        """What was asked for, without what there is not."""
        page = asked.get("page", "1")
        return cls(
            q=asked.get("q", "").strip()[:100],
            role=asked.get("role", "") if asked.get("role") in roles() else "",
            status=asked.get("status", "") if asked.get("status") in STATUSES else "",
            sort=asked.get("sort", "name") if asked.get("sort") in SORTS else "name",
            order="down" if asked.get("order") == "down" else "up",
            page=int(page) if page.isdecimal() and len(page) < 6 and int(page) else 1,
        )

    def address(self, **other: Any) -> str:
        """The part of the address after the question mark, with something else asked."""
        asked = {**self.__dict__, **other}
        return "?" + urlencode({key: value for key, value in asked.items() if value not in ("", "name", "up", 1)})


def people(principal: Principal, asked: Asked) -> list[Line]:
    """Every line that fits, in the order that is asked for."""
    lines = [*_members(principal, asked), *_invited(principal, asked)]
    if asked.status:
        lines = [line for line in lines if line.status == asked.status]
    elif not asked.q:
        lines = [line for line in lines if line.status != "ended"]
    keys = {"team": "group"}
    kept = sorted(lines, key=lambda line: (line.name.lower(), line.role))
    kept.sort(key=lambda line: _key(getattr(line, keys.get(asked.sort, asked.sort))), reverse=asked.order == "down")
    return kept


def _key(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _members(principal: Principal, asked: Asked) -> list[Line]:
    found = Membership.objects.reached(principal, READ).select_related("account", "team", "organisation")
    if asked.q:
        found = found.filter(Q(account__name__icontains=asked.q) | Q(account__email__icontains=asked.q))
    if asked.role:
        found = found.filter(role=asked.role)
    return [
        Line(
            one.account.name, one.account.email, roles()[one.role].title, _group(one),
            "ended" if one.ended_at else "current", one.ended_at or one.began_at, f"/work/people/{one.pk}/",
        )
        for one in found
    ]  # fmt: skip


def _invited(principal: Principal, asked: Asked) -> list[Line]:
    found = Invitation.objects.reached(principal, READ).select_related("team", "organisation")
    found = found.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)
    if asked.q:
        found = found.filter(email__icontains=asked.q)
    if asked.role:
        found = found.filter(role=asked.role)
    now = timezone.now()
    return [
        Line(
            "", one.email, roles()[one.role].title, _group(one), "invited" if one.expires_at > now else "expired",
            one.invited_at, f"/work/people/invitations/{one.pk}/",
        )
        for one in found
    ]  # fmt: skip


def _group(row: Membership | Invitation) -> str:
    return str(row.team or row.organisation or "")
