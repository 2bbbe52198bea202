"""Editions that touch what somebody follows: told on their home page until they say that they have read of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from careshape.audit.change import change
from careshape.editions.models import Edition, State
from careshape.policy import Principal
from careshape.readers.follow import ACT
from careshape.readers.models import Notice


@dataclass(frozen=True)
class News:
    """An edition that touches what somebody follows."""

    notice: Notice
    first: bool
    """Whether it is the first that was released, so that nothing can have changed with it."""

    @property
    def said(self) -> str:
        """It in a sentence."""
        many, number = self.notice.changes, self.notice.edition
        if self.first:
            return f"Edition {number} is the first, and holds {many} of the things that you follow."
        return f"Edition {number} changes {'1 thing' if many == 1 else f'{many:,} things'} in what you follow."

    @property
    def href(self) -> str:
        """Where it is read."""
        return f"/{self.notice.council}/editions/{self.notice.edition}/{'' if self.first else 'changes/'}"


def unread(principal: Principal) -> list[News]:
    """The editions of which somebody was told and has not read yet, the latest first."""
    mine = Notice.objects.reached(principal, ACT).filter(read_at__isnull=True, changes__gt=0).order_by("-edition")
    known = Edition.objects.filter(council=principal.council, state=State.RELEASED.value)
    first = known.order_by("number").values_list("number", flat=True).first()
    return [News(one, one.edition == first) for one in mine]


def read(principal: Principal, news: Sequence[News]) -> None:
    """Say that one has read of them: the home page tells of them no more."""
    rows = [one.notice for one in news]
    if not rows:
        return
    with change(principal, ACT, lock=rows, chain=rows[0].council) as told:
        Notice.objects.filter(pk__in=[one.pk for one in rows], read_at__isnull=True).update(read_at=timezone.now())
        for one in rows:
            told(one, done="read", edition=one.edition)
