"""Award a request to an offer: the package and its first line are made in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from careshape.audit.change import Told, change
from careshape.errors import CallError
from careshape.matching.rank import Line, Ranking
from careshape.policy import Principal
from careshape.providers.capacity.take import Asked, take
from careshape.rules.judge import Finding
from careshape.source.courses import OFFER, REQUEST, moved, works
from careshape.source.judged import gate
from careshape.source.models import Award, Offer, Package, Request
from careshape.source.packages.package import begin
from careshape.source.requests.contracts import chosen_of
from careshape.source.requests.notices import write_soon
from careshape.source.requests.ranked import as_json, stand
from careshape.source.requests.request import check_words, copied
from careshape.source.requests.rooms import Fit, of_offers, passed_over, take_room
from careshape.source.requests.weighing import AWARD, passes

ACT: Final = "source.broker"
SHORTEST: Final = 20
"""Characters of the reason for which another than the first is chosen."""


def said_of(offer: Offer) -> str:
    """What a provider has said, as one word: who awards hands back what they read, and no other is awarded."""
    return f"{offer.answer}/{offer.price or 0}/{offer.can_start_on or ''}/{offer.units or 0}"


def award(
    principal: Principal, offer: Offer, read: str, why: str = "", room: int | None = None, member: int | None = None
) -> Package:  # fmt: skip
    """Award a request to a provider that said yes. A request goes to one, and once.

    Args:
        principal: who awards it.
        offer: the offer.
        read: what the provider had said when it was read, as ``said_of`` gives it.
        why: needed where another offer stands before it in the ranking, or an empty place that suits is not taken; the
            providers that answered read it.
        room: key of the empty place that it takes, of a service by which somebody has a place; None where it takes one
            that nothing is told of.
        member: key of where the provider stands on the list under whose contract it is bought; None for that by which
            it was asked.

    Where it is awarded for a part, a request for the rest is made, to be sent in its turn.

    Raises CallError where the request is not out with providers, where the provider did not say yes, has changed its
    answer since, or may not be offered it any more, where the reason is missing or tells who the person is, and where
    the place is taken meanwhile or does not suit.
    """
    why = why.strip()
    check_words(offer.request.person, why)
    with change(principal, ACT, lock=[offer.request, offer.member]) as told:
        row = _answered(offer, read)
        offer.member.refresh_from_db()
        standing = stand(row)
        ranking = standing.ranking(row.person.council)
        line = line_of(ranking, offer)
        place = line.place
        if place is None:
            raise CallError(f"The provider may not be offered it any more: {'; '.join(line.barred)}")
        if place > 1 and len(why) < SHORTEST:
            raise CallError(f"{place - 1} stand before it. Say in {SHORTEST} characters or more why it is this one.")
        found = of_offers(row, (one for one in row.offers.all() if line_of(ranking, one).place is not None))
        passed = passed_over(found, room)
        if passed and len(why) < SHORTEST:
            raise CallError(f"{passed} Take it, or say in {SHORTEST} characters or more why not.")
        if member is not None and member != offer.member_id:
            _buy_under(told, offer, member, why)
        made = Award.objects.create(
            request=row, offer=offer, place=place, why=why if place > 1 or passed else "", ranking=as_json(ranking),
            by_id=principal.account,
        )  # fmt: skip
        row.state = moved(REQUEST, "award", row.state)
        row.save(update_fields=["state"])
        told(made, request=row.pk, place=place, of=len(ranking.admitted))
        _keep(told, row, offer, standing.judged[offer.organisation_id])
        package = begin(made, told)
        # After its first line: what an award holds already is changed with the lines of its package.
        take(told, _asked(offer, found, room), f"award {made.pk}")
        if room is not None:
            take_room(told, offer, room, found, package.lines.order_by("number")[0].starts_on, f"award {made.pk}")
        if offer.units is not None:
            rest = copied(row, row.units - offer.units, row.starts_on, principal.account)
            told(rest, rest_of=row.pk)
        write_soon(row)
    return package


def _answered(offer: Offer, read: str) -> Request:
    """The request of an offer that can be awarded as it was read. Raises CallError where it cannot."""
    row: Request = Request.objects.select_related("person").get(pk=offer.request_id)
    moved(REQUEST, "award", row.state, "The request is {}: it cannot be awarded.")
    offer.refresh_from_db()
    if not works(OFFER, offer.answer):
        raise CallError("This provider has not said yes.")
    if read != said_of(offer):
        raise CallError("The provider has changed its answer since you read it. Read it again below.")
    return row


def _buy_under(told: Told, offer: Offer, member: int, why: str) -> None:
    """Buy what was offered under another contract of the provider than that by which it was asked."""
    contract = chosen_of(offer, member)
    if contract.dearer and len(why) < SHORTEST:
        raise CallError(
            f"It costs more under this contract than it said yes to. Say why in {SHORTEST} characters or more."
        )
    told(offer, bought_under=member, asked_by=offer.member_id)
    offer.member, offer.price = contract.member, contract.price
    offer.save(update_fields=["member", "price"])


def asked_of(offer: Offer) -> Asked:
    """The capacity that an offer promises."""
    row = offer.request
    return Asked(offer.organisation_id, row.service, offer.units or row.units, row.district, row.zone)


def line_of(ranking: Ranking, offer: Offer) -> Line:
    """Where an offer stands in a ranking of its request."""
    return next(one for one in ranking.lines if one.provider == str(offer.pk))


def _asked(offer: Offer, found: list[Fit], room: int | None) -> Asked:
    """The capacity that an award promises: of the location of the place that it takes, where it takes one."""
    taken = next((one.room for one in found if one.room.pk == room), None)
    return replace(asked_of(offer), locations=(taken.location_id,) if taken is not None else None)


def _keep(told: Told, row: Request, offer: Offer, found: Iterable[Finding]) -> None:
    """Keep with the award what the rules said of this provider; what is not known and bars nobody counts as such."""
    found = tuple(found)
    gate.keep(told, AWARD, row, found, offer.organisation_id, [one.rule for one in found if passes(one)])
