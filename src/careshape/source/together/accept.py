"""Accept what was proposed for a week, whole or in part: each award is made as any other is, and told so."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Final

from django.db import transaction

from careshape.errors import CallError
from careshape.jobs.enqueue import enqueue
from careshape.policy import Principal
from careshape.providers.capacity.take import full_at
from careshape.source.courses import PROPOSAL, moved
from careshape.source.models import Award, Offer, Placing, Proposal
from careshape.source.models.together import Became
from careshape.source.requests.award import asked_of, award
from careshape.source.requests.offers import send
from careshape.source.requests.rooms import of_offers

ACCEPT: Final = "source.accept"
"""The kind of background work."""
Say = Callable[[int, int], None]


def accept_soon(principal: Principal, placing: Placing, only: Collection[int] | None = None) -> int:
    """Have what was proposed accepted in the background; the same choice twice is done once. How many are chosen.

    Raises CallError where the plan is not there yet, and where one that is named, or all, wait for nobody any more.
    """
    _check_there(placing)
    waits = set(placing.proposals.filter(became=Became.PROPOSED.value).values_list("pk", flat=True))
    chosen = waits if only is None else set(only)
    if gone := sorted(chosen - waits):
        raise CallError(f"Proposal {gone[0]} does not wait to be accepted in this round. Read the round again.")
    if not chosen:
        raise CallError("Nothing that is proposed for this week waits to be accepted.")
    named = hashlib.sha256(repr(sorted(chosen)).encode()).hexdigest()[:32]
    enqueue(principal, ACCEPT, {"placing": placing.pk, "only": sorted(chosen)}, key=f"{ACCEPT} {placing.pk} {named}")
    return len(chosen)


def accept(principal: Principal, placing: Placing, only: Collection[int] | None = None, say: Say | None = None) -> int:
    """Award what was proposed to whoever said yes, and ask whoever was not asked yet; how many were done now.

    only: keys of the proposals that are accepted; by default all. What was done before is not done again. What cannot
    be done any more is kept with its reason, and the rest goes on.

    Raises CallError where the plan is not there yet.
    """
    _check_there(placing)
    rows = placing.proposals.filter(became=Became.PROPOSED.value).select_related("request__person", "offer", "member")
    chosen = list(rows.order_by("pk") if only is None else rows.filter(pk__in=only).order_by("pk"))
    done = 0
    for number, one in enumerate(chosen, 1):
        done += _accept(principal, placing, one)
        if say is not None:
            say(number, len(chosen))
    return done


def _check_there(placing: Placing) -> None:
    if placing.worked_at is None:
        raise CallError("The week is being placed still. Wait until the plan is there.")


def _accept(principal: Principal, placing: Placing, one: Proposal) -> bool:
    """Do one of them, and keep what became of it in the same transaction; whether it was done here.

    It is locked first, so that of several who accept the same round one does it, and the others leave it alone.
    """
    waits = Proposal.objects.filter(pk=one.pk, became=Became.PROPOSED.value)
    try:
        with transaction.atomic():
            if not list(waits.select_for_update().values_list("pk")):
                return False
            waits.update(became=moved(PROPOSAL, _do(principal, placing, one), one.became))
    except CallError as error:
        waits.update(became=moved(PROPOSAL, "fail", Became.PROPOSED.value), why=str(error)[:500])
        return False
    return True


def _do(principal: Principal, placing: Placing, one: Proposal) -> str:
    """Do it; the move that it was."""
    if one.offer is None:
        send(principal, one.request)
        return "ask"
    if not Award.objects.filter(offer=one.offer).exists():  # who awarded it meanwhile by itself came to the same
        award(principal, one.offer, one.read, why_of(placing), best_room(one.offer))
    return "award"


def best_room(offer: Offer) -> int | None:
    """The empty place of a provider that suits a request best: a round proposes providers, and takes it by itself.

    A place in a home whose newest return has none free is none of them, as its award would be refused.
    """
    may = [one.room for one in of_offers(offer.request, [offer]) if one.may]
    full = full_at(replace(asked_of(offer), locations=tuple({one.location_id for one in may})))
    return next((one.pk for one in may if one.location_id not in full), None)


def why_of(placing: Placing) -> str:
    """Why another than the first of a ranking gets a request: the words that the providers that answered read."""
    number = int(placing.week.rpartition("W")[2])  # without the year: four digits might be one of birth
    return (
        f"The requests to begin by the end of week {number} were placed together, so that as much care as could be "
        f"found went to as good a place as could be found (round {placing.pk})."
    )
