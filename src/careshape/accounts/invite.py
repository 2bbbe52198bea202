"""Inviting a person: a link by e-mail that is good once and for seven days, and coming in by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from careshape.accounts.mail import link, write
from careshape.accounts.models import Account, Council, Invitation, Membership, Organisation, OrganisationLocation, Team
from careshape.accounts.sealed import new_token, token_digest
from careshape.accounts.second_factor import forget
from careshape.accounts.sessions import end_sessions
from careshape.accounts.times import uk_time
from careshape.audit.change import SYSTEM, Told, change
from careshape.errors import InputError
from careshape.policy import ANYBODY, Principal, roles

ACT = "accounts.invite"


@dataclass(frozen=True)
class Invited:
    """An invitation that was made, and its link; the message with it was written in the same transaction."""

    invitation: Invitation
    address: str


def invite(
    principal: Principal,
    council: Council,
    email: str,
    role: str,
    *,
    team: Team | None = None,
    organisation: Organisation | None = None,
    locations: Sequence[OrganisationLocation] = (),
    request: HttpRequest | None = None,
) -> Invited:
    """Invite whoever has an e-mail address to a role, and write them the link.

    An earlier open invitation of the same person to the same is withdrawn. Raises InputError for a role that does not
    go with the organisation, and for a person who has the role already.
    """
    email = email.strip().lower()
    check_role(council, role, team, organisation, locations)
    token, digest = new_token()
    fields = ("email", "role", "group", "locations")
    with change(principal, ACT, lock=[council], chain=council.slug, record="invitation", fields=fields) as told:
        same = {"role": role, "organisation": organisation}
        if Membership.objects.filter(account__email=email, council=council, ended_at__isnull=True, **same).exists():
            raise InputError("This person has this role already.")
        for earlier in open_invitations(council).filter(email=email, **same):
            _withdraw(earlier)
            told(earlier, done="withdrawn")
        invitation = Invitation.objects.create(
            council=council, email=email, role=role, team=team, organisation=organisation, token_digest=digest,
            invited_by_id=None if principal is SYSTEM else principal.account,
            expires_at=timezone.now() + settings.CARESHAPE_INVITATION,
        )  # fmt: skip
        invitation.locations.set(locations)
        told(invitation, role=role)
        address = link(f"/sign-in/invitation/{token}/", request)
        until, title = uk_time(invitation.expires_at), roles()[role].title
        write(
            email, "invitation", council=council.slug, whose=council.name, role=title, address=address, until=until
        )  # fmt: skip
    return Invited(invitation, address)


def check_role(
    council: Council,
    role: str,
    team: Team | None,
    organisation: Organisation | None,
    locations: Sequence[OrganisationLocation] = (),
) -> None:
    """Raises InputError where role, team, organisation and council do not go together."""
    known = roles().get(role)
    if known is None or known.kind == "public":
        choices = ", ".join(one.id for one in roles().values() if one.kind != "public")
        raise InputError(f"There is no role '{role}'. There are {choices}.")
    if known.kind == "outside" and (organisation is None or organisation.kind != role):
        raise InputError(f"Choose the {known.title.lower()} for which the person answers.")
    if known.kind == "staff" and organisation is not None:
        raise InputError(f"{known.title} is a role of the council's own staff, and goes with no organisation.")
    if known.kind == "outside" and team is not None:
        raise InputError("Teams are of the council's own staff.")
    if any(one is not None and one.council_id != council.pk for one in (team, organisation)):
        raise InputError("The team and the organisation are of the same council.")
    if any(organisation is None or one.organisation_id != organisation.pk for one in locations):
        raise InputError("The locations are those of the organisation.")


def open_invitations(council: Council | None = None) -> Any:
    """The invitations of a council, or of all, that can still be accepted."""
    found = Invitation.objects.filter(
        accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now()
    )
    return found.filter(council=council) if council else found


def withdraw(principal: Principal, invitation: Invitation) -> None:
    """Take an invitation back. Raises InputError where it was accepted or withdrawn before."""
    with change(principal, ACT, lock=[invitation]) as told:
        invitation.refresh_from_db()
        if invitation.accepted_at or invitation.withdrawn_at:
            raise InputError("The invitation was accepted or withdrawn already.")
        _withdraw(invitation)
        told(invitation, done="withdrawn")


def invitation_of(token: str) -> Invitation | None:
    """The invitation that a link is for; None where it is good no more, or never was."""
    found = Invitation.objects.select_related("council", "team", "organisation").filter(
        token_digest=token_digest(token)
    )
    invitation = found.first()
    return invitation if invitation and _good(invitation) else None


def accept(invitation: Invitation, name: str, password: str | None) -> Account:
    """Let a new person in, or one back in who had left: with a name, and a password unless they sign in elsewhere.

    Who has an account signs in first, and takes the invitation with ``accept_as``. Raises InputError where the
    invitation was used meanwhile.
    """
    with _accepting(invitation, ANYBODY) as told:
        account = Account.objects.filter(email__iexact=invitation.email).first()
        if account is None:
            account = Account.objects.create_user(invitation.email, password, name=name)
        elif account.is_active:
            raise InputError("There is an account of this address. Sign in, then open the link again.")
        else:
            # Whoever comes back proves anew who they are: nothing of their earlier signing in is good.
            account.is_active, account.left_at, account.name = True, None, name
            account.set_password(password)
            account.save()
            forget(account)
            end_sessions(account.pk)
        _join(invitation, account, told)
    return account


def accept_as(principal: Principal, invitation: Invitation, account: Account) -> None:
    """Give an account that is signed in the membership to which it was invited."""
    if account.email != invitation.email:
        raise InputError("The invitation is for another e-mail address.")
    with _accepting(invitation, principal) as told:
        _join(invitation, account, told)


@contextmanager
def _accepting(invitation: Invitation, principal: Principal) -> Iterator[Told]:
    """A change in which the invitation is locked, and known to be good still."""
    with change(principal, "accounts.sign_in", lock=[invitation], chain=invitation.council.slug) as told:
        invitation.refresh_from_db(fields=["accepted_at", "withdrawn_at", "expires_at"])
        if not _good(invitation):
            raise InputError("The invitation was accepted or withdrawn, or it is too old.")
        yield told


def _join(invitation: Invitation, account: Account, told: Told) -> None:
    same = {"role": invitation.role, "organisation": invitation.organisation}
    if Membership.objects.filter(account=account, council=invitation.council, ended_at__isnull=True, **same).exists():
        raise InputError("You have this role already.")
    membership = Membership.objects.create(account=account, council=invitation.council, team=invitation.team, **same)
    membership.locations.set(invitation.locations.all())
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    told(invitation, done="accepted", account=account.pk, membership=membership.pk)


def _withdraw(invitation: Invitation) -> None:
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])


def _good(invitation: Invitation) -> bool:
    used = invitation.accepted_at or invitation.withdrawn_at
    return not used and invitation.expires_at > timezone.now()
