"""Tell followers of an edition what changed: one mail a follower and edition, none where nothing changed for them."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from careshape.accounts.mail import link, write
from careshape.accounts.models import Account, Council, Membership
from careshape.audit.change import SYSTEM, change
from careshape.editions.models import Edition, State
from careshape.home import Home
from careshape.readers.changes import Change, Changes, changes
from careshape.readers.follow import concerned, named, titles_of, token
from careshape.readers.models import Follow, Notice, What
from careshape.readers.said import Said, said

ACT: Final = "readers.tell"
MOST: Final = 12
"""Changes that a mail tells in words; the page has the rest."""


def edition_before(row: Edition) -> Edition | None:
    """The released edition before another one."""
    found = Edition.objects.filter(council=row.council, state=State.RELEASED.value, number__lt=row.number)
    return found.order_by("-number").first()


def followers(row: Edition) -> list[int]:
    """Keys of the accounts that followed something of a council when an edition was released, and may be written to.

    Who has left, or has no role at the council any more, is not written to.
    """
    members = Membership.objects.filter(council__slug=row.council, ended_at__isnull=True, account__is_active=True)
    found = _followed(row).filter(account__in=members.values("account"))
    done = Notice.objects.filter(council=row.council, edition=row.number).values("account")
    return sorted(set(found.exclude(account__in=done).values_list("account", flat=True)))


def followers_now(council: str) -> int:
    """How many people follow something of a council now, and may be written to."""
    members = Membership.objects.filter(council__slug=council, ended_at__isnull=True, account__is_active=True)
    found = Follow.objects.filter(council=council, stopped_at__isnull=True, account__in=members.values("account"))
    return int(found.values("account").distinct().count())


def _followed(row: Edition) -> QuerySet[Follow]:
    """What was followed already when an edition was released, and still is."""
    return Follow.objects.filter(council=row.council, stopped_at__isnull=True, began_at__lte=row.released_at)


def tell(row: Edition) -> int:
    """Tell every follower of a released edition; how many mails were written. Safe to call twice, and after a kill."""
    before, waiting = edition_before(row), followers(row)
    if not waiting:
        return 0
    home = Home(settings.CARESHAPE_DIR)
    after = said(home, row.council, row.number)
    was = said(home, row.council, before.number) if before else None
    found = changes(was, after) if was is not None and was.told and after.told else None
    return sum(tell_one(account, row, found, after) for account in waiting)


def tell_one(account: int, row: Edition, found: Changes | None, after: Said) -> bool:
    """Tell one follower, in a transaction of their own; whether a mail was written.

    ``found`` is None for the first edition, of which everybody who follows anything is told.
    """
    person = Account.objects.get(pk=account)
    follows = list(_followed(row).filter(account=account))
    if not follows:  # stopped since the list of followers was made
        return False
    mine = [] if found is None else concerned(follows, found, after)
    first = found is None
    inside = held(follows, after, row) if first else []
    many = len(mine) or sum(bool(href) for _, href in inside)
    try:
        with transaction.atomic(), change(SYSTEM, ACT, lock=[person], chain=row.council) as told:
            notice = Notice.objects.create(account=person, council=row.council, edition=row.number, changes=many)
            if mine or first:
                context = _context(row, follows, mine, after)
                write(person.email, "readers/mail/changes", council=row.council, inside=inside, **context)
            told(notice, edition=row.number, changes=many, sent=bool(mine or first))
    except IntegrityError:  # another worker has told them meanwhile
        return False
    return bool(mine or first)


def held(follows: list[Follow], after: Said, row: Edition) -> list[tuple[str, str]]:
    """What a first edition holds of what somebody follows: in words, with its address, empty where it is not in it."""
    titles, root = titles_of(after), f"/{row.council}/editions/{row.number}/"
    found = []
    for one in follows:
        words, path = named(one, titles), root
        if one.what == What.STATEMENT:
            words = f"{words}: {len(after.segments):,} sections and {len(after.intentions):,} intentions"
        elif one.what == What.SEGMENT:
            there = one.segment in after.segments
            words, path = (words, f"{root}statement/{one.segment}/") if there else (f"{words}: it is not in it", "")
        else:
            meant = sum(each.get("service") == one.service for each in after.intentions.values())
            asked = urlencode({"service": one.service, **({"area": one.area} if one.area else {})})
            words = f"{words}: {meant:,} {'intention' if meant == 1 else 'intentions'}, and what may be built"
            path = f"{root}may-i-build/?{asked}"
        found.append((words, link(path) if path else ""))
    return found


def _context(row: Edition, follows: list[Follow], mine: list[Change], after: Said) -> dict[str, object]:
    titles = titles_of(after)
    council = Council.objects.filter(slug=row.council).first()
    return {
        "name": council.name if council else row.council,
        "edition": row.number,
        "first": not mine,
        "shown": [(one.title, one.text) for one in mine[:MOST]],
        "more": max(0, len(mine) - MOST),
        "followed": [named(one, titles) for one in follows],
        "address": link(f"/{row.council}/editions/{row.number}/{'changes/' if mine else ''}"),
        "stop": link(f"/following/stop/{token(follows[0].account_id, row.council)}/"),
    }
