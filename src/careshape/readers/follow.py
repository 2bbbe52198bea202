"""Follow a statement, a segment, or what is wanted of a service; stop, and take the stopping back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core import signing
from django.utils import timezone

from careshape.accounts.models import Account
from careshape.audit.change import change
from careshape.catalogue import catalogue
from careshape.design import covers_area
from careshape.errors import CallError
from careshape.policy import Principal
from careshape.readers.changes import Change, Changes
from careshape.readers.models import Follow, What
from careshape.readers.said import Said

ACT: Final = "readers.follow"
STOP: Final = "readers.stop"
MOST: Final = 50
"""What one account may follow of one council."""
PLACES: Final = ("district", "zone")
"""Lists of the catalogue in which areas stand that can be followed."""
_SALT: Final = "careshape.readers.stop"
_BACK: Final = "careshape.readers.stop.back"
BACK_FOR: Final = timedelta(days=7)
"""How long the stopping of all mails can be taken back without signing in."""
_WANTED: Final = ("need", "gap", "intentions", "opportunities")
"""Slots that say what is wanted."""


@dataclass(frozen=True)
class Wish:
    """What somebody wishes to follow."""

    what: What
    segment: str = ""
    service: str = ""
    area: str = ""

    def __post_init__(self) -> None:
        services = catalogue().lists["service"].by_id
        if self.what is What.SEGMENT and not self.segment:
            raise CallError("Choose the section that you wish to follow.")
        if self.what is What.WANTED and self.service not in services:
            raise CallError("Choose the service of which you wish to know what is wanted.")
        if self.area and not any(self.area in catalogue().lists[name].by_id for name in PLACES):
            raise CallError("There is no such area. Choose one of the list, or all of it.")


def areas_of(council: str) -> list[tuple[str, str]]:
    """The districts and the home care zones of a council, each with its name."""
    return [
        (one.id, one.label)
        for name in PLACES
        for one in sorted(catalogue().lists[name].entries, key=lambda one: one.label)
        if getattr(one, "authority", None) == council
    ]


def titles_of(known: Said | None) -> dict[str, str]:
    """The sections of an edition by their ids, each with its title."""
    return {name: str(one["title"]) for name, one in known.segments.items()} if known else {}


def follow(principal: Principal, wish: Wish, sections: Collection[str] | None = None) -> Follow:
    """Follow something of the council in which one works; what was stopped goes on.

    sections: the ids of those that can be followed. Raises CallError for another section, for the area of another
    council, and where somebody follows too much already.
    """
    if wish.what is What.SEGMENT and sections and wish.segment not in sections:
        raise CallError("The statement has no such section. Choose one of the list.")
    if wish.area and wish.area not in dict(areas_of(principal.council)):
        raise CallError("This council has no such area. Choose one of the list, or all of it.")
    account = Account.objects.get(pk=principal.account)
    names = {"segment": wish.segment, "service": wish.service, "area": wish.area}
    with change(principal, ACT, lock=[account]) as told:
        mine = Follow.objects.filter(account=account, council=principal.council)
        row = mine.filter(what=wish.what.value, **names).first()
        if row is None and mine.filter(stopped_at__isnull=True).count() >= MOST:
            raise CallError(f"You follow {MOST} things already. Stop one first, or follow the whole statement.")
        if row is None:
            row = Follow.objects.create(account=account, council=principal.council, what=wish.what.value, **names)
        elif row.stopped_at is not None:
            row.stopped_at, row.began_at = None, timezone.now()
            row.save()
        told(row, done="followed")
    return row


def stop(principal: Principal, row: Follow) -> None:
    """Stop following something; a second time changes nothing."""
    with change(principal, ACT, lock=[row], chain=row.council) as told:
        Follow.objects.filter(pk=row.pk, stopped_at__isnull=True).update(stopped_at=timezone.now())
        told(row, done="stopped")


def resume(principal: Principal, row: Follow) -> None:
    """Go on following what was stopped: as if it had not been."""
    with change(principal, ACT, lock=[row], chain=row.council) as told:
        Follow.objects.filter(pk=row.pk).update(stopped_at=None)
        told(row, done="resumed")


def token(account: int, council: str) -> str:
    """What stands in the link of a mail by which all mails of a council stop, without signing in."""
    return signing.dumps([account, council], salt=_SALT)


def followed_by(link: str) -> list[Follow]:
    """Everything that the receiver of a mail follows or followed, by the link in it; none where the link is no good."""
    try:
        account, council = signing.loads(link, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return []
    return list(Follow.objects.filter(account=account, council=council).order_by("pk"))


def stop_all(principal: Principal, rows: list[Follow]) -> str:
    """Stop everything that a mail's receiver still follows of a council; what takes exactly that back.

    Empty where nothing was left to stop.
    """
    at, keys = timezone.now(), [one.pk for one in rows]
    with change(principal, STOP, lock=rows, chain=rows[0].council) as told:
        many = Follow.objects.filter(pk__in=keys, stopped_at__isnull=True).update(stopped_at=at)
        told(rows[0], done="stopped", many=many)
    return signing.dumps(at.isoformat(), salt=_BACK) if many else ""


def take_back(principal: Principal, rows: list[Follow], back: str) -> int:
    """Go on with what ``stop_all`` stopped, and with nothing that was stopped at another time; how many that is.

    None where what is given is no good, or older than BACK_FOR.
    """
    try:
        at = datetime.fromisoformat(signing.loads(back, salt=_BACK, max_age=BACK_FOR))
    except (signing.BadSignature, ValueError, TypeError):
        return 0
    with change(principal, STOP, lock=rows, chain=rows[0].council) as told:
        many = Follow.objects.filter(pk__in=[one.pk for one in rows], stopped_at=at).update(stopped_at=None)
        told(rows[0], done="resumed", many=many)
    return many


def concerns(row: Follow, one: Change, after: Said) -> bool:
    """Whether a change is of what somebody follows."""
    if row.what == What.STATEMENT:
        return True
    if row.what == What.SEGMENT:
        return one.segment == row.segment
    if row.service not in one.services:
        return False
    if row.area and one.areas and all(covers_area(area, row.area) is None for area in one.areas):
        return False
    if one.kind != "words":
        return True
    slots = {slot["title"]: slot["id"] for slot in after.segments.get(one.segment, {}).get("slots", ())}
    return slots.get(one.what) in _WANTED


def concerned(rows: list[Follow], found: Changes, after: Said) -> list[Change]:
    """The changes of what somebody follows, each once, in the order of the statement."""
    return [one for one in found.found if any(concerns(row, one, after) for row in rows)]


def named(row: Follow, titles: dict[str, str]) -> str:
    """What is followed, in words."""
    if row.what == What.STATEMENT:
        return "The whole statement"
    if row.what == What.SEGMENT:
        return titles.get(row.segment, row.segment)
    lists = catalogue().lists
    service = lists["service"].by_id[row.service].label if row.service in lists["service"].by_id else row.service
    area = next((lists[name].by_id[row.area].label for name in PLACES if row.area in lists[name].by_id), row.area)
    return f"What is wanted of {service[:1].lower()}{service[1:]}" + (f" in {area}" if area else "")
