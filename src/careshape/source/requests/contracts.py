"""The contracts under which a request can be bought from a provider that said yes: those that admit it on the day."""

from __future__ import annotations

from dataclasses import dataclass

from careshape.errors import CallError
from careshape.paying.terms import Terms
from careshape.rules.judge import Finding
from careshape.source.lists.listed import standing_for
from careshape.source.lists.prices import prices_on
from careshape.source.models import Member, Offer
from careshape.source.models.brokerage import Answer
from careshape.source.packages.package import contract_for
from careshape.source.packages.tellings import book_of
from careshape.source.requests.weighing import AWARD, by_list


@dataclass(frozen=True)
class Contract:
    """A list on which a provider stands for what it said yes to.

    Attributes:
        member: where it stands. price: pence a unit that would be paid. terms: how days are counted and paid.
        said: pence a unit to which the provider said yes. found: what every rule says of an award under it.
    """

    member: Member
    price: int
    terms: Terms
    said: int
    found: tuple[Finding, ...] = ()

    @property
    def dearer(self) -> bool:
        """Whether more would be paid than the provider said yes to."""
        return self.price > self.said


def contracts_of(offer: Offer) -> list[Contract]:
    """The contracts that admit an offer, that by which it was asked first, then the cheapest.

    A price that the provider itself named stands under each of them. A contract under which it would get less than it
    said yes to is none of them: ask it again from there.
    """
    return _admitting(offer, _standing(offer))


def to_choose(offer: Offer) -> list[Contract]:
    """The same where there is something to choose; none where the provider stands on one list alone."""
    return _admitting(offer, rows) if len(rows := _standing(offer)) > 1 else []


def _standing(offer: Offer) -> list[Member]:
    row = offer.request
    found = standing_for(row.person.council, row.service, row.starts_on).filter(organisation=offer.organisation_id)
    return [one for one in found if one.pk == offer.member_id or not one.vehicle.is_of.last_resort]


def _admitting(offer: Offer, rows: list[Member]) -> list[Contract]:
    row, said = offer.request, offer.price or offer.list_price
    judged = by_list(AWARD, row, rows)
    rows = [one for one in rows if not judged[one.pk][0]]
    listed = prices_on(rows, zone=row.zone, district=row.district, on=row.starts_on)
    named = offer.answer == Answer.COUNTER.value and offer.price != offer.list_price
    book, found = book_of(row.person.council), []
    for one in rows:
        price = said if named or one.pk == offer.member_id else listed[one.pk]
        if price is not None and price >= said:
            terms = book.contract(contract_for(one.vehicle, row.service))
            found.append(Contract(one, price, terms, said, judged[one.pk][1]))
    return sorted(found, key=lambda one: (one.member.pk != offer.member_id, one.price, one.member.pk))


def chosen_of(offer: Offer, member: int) -> Contract:
    """The contract of a list that was chosen. Raises CallError where it does not admit the offer any more."""
    found = next((one for one in contracts_of(offer) if one.member.pk == member), None)
    if found is None:
        raise CallError("It cannot be bought under this contract any more. Choose another.")
    return found
