"""A provider applies to a list by itself, and the council asks it for more, admits it or turns it away.

How an application goes on is data (``data/applications.toml``). Once it is sent, the provider stands on the list as one
that applies, for each thing that it applies for: the list's own course says what that is called and what may follow.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from careshape.accounts.models import Organisation
from careshape.audit.change import Told, change
from careshape.errors import CallError
from careshape.ledger.posting import uk_day
from careshape.policy import Principal
from careshape.providers.evidence import wanting
from careshape.providers.models import Evidence
from careshape.source.lists.application_course import applying
from careshape.source.lists.courses import Move
from careshape.source.lists.notices import tell_of
from careshape.source.lists.vehicles import approach, check_part, check_terms, join, move_of, step, why_closed
from careshape.source.models import Application, ApplicationPart, ApplicationStep, Attached, Lot, Member, Vehicle

APPLY: Final = "source.apply"
JOIN: Final = "source.join"
CONSIDER: Final = "source.consider"
_PART: Final = ("service", "client_group", "zone", "district")


@dataclass(frozen=True)
class Wanted:
    """One thing that a provider applies for.

    Attributes:
        lot: on a list with lots; it says service, client group and place.
        price: pence for one of the service's unit; None where the price list of the list says it.
    """

    lot: Lot | None = None
    service: str = ""
    client_group: str = ""
    zone: str = ""
    district: str = ""
    price: int | None = None

    @property
    def part(self) -> dict[str, str]:
        """Service, client group, zone and district."""
        return {name: getattr(self.lot or self, name) for name in _PART}


def takes_applications(vehicle: Vehicle) -> bool:
    """Whether providers apply to lists of its kind, at some time."""
    return any(one.id == "apply" for one in vehicle.is_of.course.moves)


def why_not(vehicle: Vehicle) -> str:
    """Why a provider cannot apply to a list today; '' where it can."""
    if closed := why_closed(vehicle, uk_day(timezone.now())):
        return closed
    if not takes_applications(vehicle):
        return f"{vehicle.title}: the council arranges this with each provider. Nobody applies to it."
    return ""


def begin(principal: Principal, vehicle: Vehicle, words: str = "") -> Application:
    """Begin an application to a list; nothing is sent yet.

    Raises CallError where the list takes nobody (that the provider came is recorded), and where it has an application
    to it that is not decided.
    """
    organisation = Organisation.objects.get(pk=principal.organisation)
    if why := why_not(vehicle):
        raise CallError(approach(principal, vehicle, organisation, why, words, act=JOIN))
    with change(principal, JOIN, lock=[vehicle, organisation]) as told:
        if Application.objects.filter(vehicle=vehicle, organisation=organisation, ended_at__isnull=True).exists():
            raise CallError("You have an application to this list that is not decided yet.")
        made = applying().begins()[0]
        row = Application.objects.create(
            vehicle=vehicle, organisation=organisation, state=made.to, words=words.strip()[:2000]
        )
        _keep_step(told, row, made, "")
    return row


def keep(
    principal: Principal, row: Application, wanted: Sequence[Wanted], evidence: Iterable[Evidence], words: str
) -> None:
    """Keep what a provider applies for, half-way or whole. What was kept before is replaced.

    Raises CallError once it is sent, for what the catalogue does not have, and for evidence of another provider.
    """
    for one in wanted:
        check_part(**one.part)
        if one.lot is None and row.vehicle.lots.exists():
            raise CallError(f"{row.vehicle.title} has lots. Choose among them.")
    if len({tuple(one.part.items()) for one in wanted}) < len(wanted):
        raise CallError("One thing is named twice.")
    with change(principal, APPLY, lock=[row]) as told:
        row.refresh_from_db()
        if not applying().state(row.state).works:
            raise CallError(f"It is {applying().state(row.state).title.lower()}: it cannot be changed.")
        row.words = words.strip()[:2000]
        row.save(update_fields=["words"])
        row.parts.all().delete()
        ApplicationPart.objects.bulk_create(
            ApplicationPart(application=row, lot=one.lot, price=one.price, **one.part) for one in wanted
        )
        row.attached.all().delete()
        given = list(evidence)
        if any(one.organisation_id != row.organisation_id for one in given):
            raise CallError("Attach what you have shown yourself.")
        Attached.objects.bulk_create(Attached(application=row, evidence=one) for one in given)
        told(row, parts=len(wanted), evidence=len(given))


def send(principal: Principal, row: Application, words: str = "") -> None:
    """Send an application, or send it again after the council asked for more.

    Raises CallError where it names nothing, without a price where the list has none, where the provider is on the list
    for it already, and where the list takes nobody any more: that it came is recorded.
    """
    if row.sent_at is None and (why := why_not(row.vehicle)):
        raise CallError(approach(principal, row.vehicle, row.organisation, why, row.words[:500], act=APPLY))
    with change(principal, APPLY, lock=[row.vehicle, row]) as told:
        row.refresh_from_db()
        made = _leads(principal, row, "send")
        parts = list(row.parts.select_related("lot"))
        if not parts:
            raise CallError("Say for what you apply before you send it.")
        for one in parts:
            check_terms(row.vehicle, one.service, one.price, None)
        before = {one.pk for one in members_of(row)}
        for one in parts:
            stands = Member.objects.filter(vehicle=row.vehicle, organisation=row.organisation, **_of(one)).first()
            if stands is not None and (stands.pk in before or stands.state in waiting_in(row.vehicle)):
                stands.price = one.price
                stands.save(update_fields=["price"])
                continue
            join(told, row.vehicle, row.organisation, _of(one), lot=one.lot, price=one.price, by="apply")
        row.sent_at = row.sent_at or timezone.now()
        _keep_step(told, row, made, words)


def withdraw(principal: Principal, row: Application, words: str = "") -> None:
    """Take an application back. Raises CallError where it is decided."""
    with change(principal, APPLY, lock=[row.vehicle, row]) as told:
        row.refresh_from_db()
        made = _leads(principal, row, "withdraw")
        _turn_away(told, members_of(row), "The provider took its application back.")
        _keep_step(told, row, made, words)


def ask(principal: Principal, row: Application, words: str) -> None:
    """Ask a provider that applies for more. Raises CallError without saying what, and where it is not with us."""
    with change(principal, CONSIDER, lock=[row.vehicle, row]) as told:
        row.refresh_from_db()
        made = _leads(principal, row, "ask")
        _keep_step(told, row, made, words)
        for one in members_of(row):
            if found := move_of(one, "ask"):
                step(one, found, principal, words, told)


def admit(principal: Principal, row: Application, parts: Collection[int], words: str = "") -> list[Member]:
    """Admit a provider that applies, for all or some of what it applies for; it is turned away for the rest.

    parts: keys of the parts. words: why not the rest; needed where there is a rest.

    Raises CallError where nothing is chosen, and where what it has shown has lapsed.
    """
    with change(principal, CONSIDER, lock=[row.vehicle, row]) as told:
        row.refresh_from_db()
        made = _leads(principal, row, "admit")
        chosen = [one for one in row.parts.select_related("lot") if one.pk in parts]
        rest = [one for one in row.parts.all() if one.pk not in parts]
        if not chosen:
            raise CallError("Choose what it is admitted for, or turn it away.")
        if rest and not words.strip():
            raise CallError("Say why it is not admitted for the rest: the provider reads it.")
        today = uk_day(timezone.now())
        lapsed = wanting(row.vehicle.council, row.organisation_id, {one.service for one in chosen}, today).lapsed
        if lapsed:
            raise CallError(f"{'. '.join(lapsed)}. Ask it for new evidence before it is admitted.")
        waiting = {tuple(_of(one).values()): one for one in members_of(row)}
        admitted = [waiting.pop(tuple(_of(one).values())) for one in chosen if tuple(_of(one).values()) in waiting]
        if not admitted:
            raise CallError("It was decided on the list's page already: nothing of it waits.")
        for member in admitted:
            found = move_of(member, "admit")
            assert found is not None  # every course that takes applications leads from applied to admitted
            step(member, found, principal, "", told)
        _turn_away(told, waiting.values(), words)
        _keep_step(told, row, made, words)
    return admitted


def turn_away(principal: Principal, row: Application, words: str) -> None:
    """Turn away a provider that applies. Raises CallError without a reason, and where it is not with us."""
    with change(principal, CONSIDER, lock=[row.vehicle, row]) as told:
        row.refresh_from_db()
        made = _leads(principal, row, "turn-away")
        _keep_step(told, row, made, words)
        _turn_away(told, members_of(row), words)


def may_move(principal: Principal, row: Application) -> tuple[Move, ...]:
    """The moves that somebody may make with an application as it stands."""
    return applying().leads(row.state, principal.role)


def waiting_in(vehicle: Vehicle) -> set[str]:
    """The states in which a provider waits for the council, by the course of the list: it may be turned away there."""
    return {state for one in vehicle.is_of.course.moves if one.id == "turn-away" for state in one.from_}


def members_of(row: Application) -> QuerySet[Member]:
    """How the provider stands on the list for what it applies for, as long as that waits for the council."""
    found: QuerySet[Member] = Member.objects.filter(
        vehicle=row.vehicle_id, organisation=row.organisation_id, state__in=waiting_in(row.vehicle)
    ).select_related("vehicle", "organisation")
    return found


def _turn_away(told: Told, members: Iterable[Member], words: str) -> None:
    for one in members:
        if found := move_of(one, "turn-away"):
            step(one, found, told.principal, words, told)


def _leads(principal: Principal, row: Application, name: str) -> Move:
    made = next((one for one in applying().leads(row.state, principal.role) if one.id == name), None)
    if made is None:
        raise CallError(f"It is {applying().state(row.state).title.lower()}, and this cannot follow.")
    return made


def _keep_step(told: Told, row: Application, made: Move, words: str) -> None:
    words = words.strip()
    if made.reason and not words:
        raise CallError("Say what you ask for, or why: the provider reads it.")
    row.state = made.to
    ends = not applying().leads(made.to)
    row.ended_at = timezone.now() if ends else None
    row.save()
    ApplicationStep.objects.create(
        application=row, move=made.id, state=made.to, words=words[:500], by_id=told.principal.account
    )
    told(row, to=made.to)
    tell_of(row, told.principal.account, ours=told.principal.organisation is None)


def _of(one: ApplicationPart) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _PART}
