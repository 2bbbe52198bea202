"""Take the answers of providers to the requests that they were asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone

from careshape.audit.change import change
from careshape.errors import CallError
from careshape.matching.rank import a
from careshape.paying.words import pounds
from careshape.policy import Principal
from careshape.source.courses import OFFER, REQUEST, moved, works
from careshape.source.models import Offer, Request
from careshape.source.models.brokerage import STEPS, Answer, Step
from careshape.source.requests import needs as need_list
from careshape.source.requests.asking import asking
from careshape.source.requests.candidates import admitted
from careshape.source.requests.ranked import unit_of
from careshape.source.requests.request import check_begin
from careshape.source.requests.steps import SEND, send, soon

__all__ = ["ANSWER", "SEND", "Said", "admitted", "answer", "answer_with", "send"]
ANSWER: Final = "source.answer"
OFF: Final = 10
"""A price so many times that of the list, or so small a part of it, is of another unit."""


@dataclass(frozen=True)
class Said:
    """What a provider says.

    Attributes:
        answer: yes at the price of the list, yes with another price or for a part, or no with a reason.
        price: pence a unit, where it is another than that of the list.
        can_start_on: the day on which the care could begin.
        units: hundredths a week, where it is a part of what is asked for.
        meets: the wishes that it meets, by id.
        code: why not: an entry of ``source/data/asking.toml``.
        reason: why not, in words.
        unit: the unit that the price is of, as a program says it; empty where a page asked for the price of one unit.
    """

    answer: Answer
    price: int | None = None
    can_start_on: date | None = None
    units: int | None = None
    meets: Sequence[str] = ()
    code: str = ""
    reason: str = ""
    unit: str = ""


def answer(
    principal: Principal, row: Offer, said: Answer, *, price: int | None = None, can_start_on: date | None = None,
    reason: str = "", code: str = "", units: int | None = None, meets: Sequence[str] = (),
) -> None:  # fmt: skip
    """Answer a request as a provider; see ``answer_with`` for what it raises, and ``Said`` for the arguments."""
    answer_with(principal, row, Said(said, price, can_start_on, units, meets, code, reason))


def answer_with(principal: Principal, row: Offer, said: Said, act: str = ANSWER) -> None:
    """Answer a request as a provider; until it is awarded an answer can be changed. The same answer twice is one.

    Raises CallError for an answer with parts missing or in another unit, and after the request went to somebody or was
    withdrawn.
    """
    kept = _kept(row, said)
    with change(principal, act, lock=[row.request], chain=row.request.person.council) as told:
        request = Request.objects.select_related("person").get(pk=row.request_id)
        if not works(REQUEST, request.state):
            raise CallError(f"The request is {STEPS[Step(request.state)].lower()}. It takes no more answers.")
        row.refresh_from_db()
        kept["answer"] = moved(OFFER, said.answer.value, row.answer)
        again = all(getattr(row, name) == value for name, value in kept.items())
        if not again:
            Offer.objects.filter(pk=row.pk).update(**kept, answered_at=timezone.now(), answered_by_id=principal.account)
            if said.answer is Answer.NO:
                soon(request)
        told(row, answer=said.answer.value, again=again)
    row.refresh_from_db()


def _kept(row: Offer, said: Said) -> dict[str, object]:
    """An answer as it is kept. Raises CallError for one with parts missing."""
    if said.answer is Answer.WAITING:
        raise CallError("Choose your answer.")
    if said.answer is Answer.NO:
        return _no(said)
    units = None if said.units == row.request.units else said.units
    if units is not None and not 0 < units < row.request.units:
        raise CallError("A part is above nought, and less than what is asked for.")
    price = said.price if said.answer is Answer.COUNTER else None
    if said.answer is Answer.COUNTER:
        if price is None and units is None:
            raise CallError("Enter the price that you ask for one unit, or the part that you could take.")
        _check_price(row, price, said.unit)
    if said.can_start_on is None:
        raise CallError("Enter the day on which the care could begin.")
    check_begin(said.can_start_on)
    wishes = {one.id for one in need_list.read(row.request.needs) if one.weight == "wish"}
    if strange := set(said.meets) - wishes:
        raise CallError(f"'{min(strange)}' is no wish of this request.")
    return {
        "answer": said.answer.value, "price": row.list_price if price is None else price,
        "can_start_on": said.can_start_on, "units": units if said.answer is Answer.COUNTER else None,
        "meets": json.dumps(sorted(set(said.meets))), "reason": "", "reason_code": "",
    }  # fmt: skip


def _no(said: Said) -> dict[str, object]:
    reason, code = said.reason.strip(), said.code or ("another" if said.reason.strip() else "")
    if not code:
        raise CallError("Say why not: the council learns from it what is missing.")
    if code not in asking().noes:
        raise CallError(f"There is no reason '{code}'. Choose from {', '.join(asking().noes)}.")
    if code == "another" and not reason:
        raise CallError("Say in words why not: the council learns from it what is missing.")
    return {
        "answer": Answer.NO.value, "price": None, "can_start_on": None, "units": None, "meets": "[]",
        "reason": reason or asking().noes[code].title, "reason_code": code,
    }  # fmt: skip


def _check_price(row: Offer, price: int | None, unit: str) -> None:
    """Raises CallError for a price of nought, and for one that is of another unit."""
    bought_by = unit_of(row.request.service)
    if unit and unit != bought_by:
        raise CallError(f"The price is that of {a(unit)}. This is bought by the {bought_by}: give the price of one.")
    if price is None:
        return
    if price <= 0:
        raise CallError("Enter the price that you ask for one unit.")
    if price > row.list_price * OFF or price * OFF < row.list_price:
        raise CallError(
            f"{pounds(price)} is far from the price of the list, {pounds(row.list_price)} {a(bought_by)}. "
            f"Give the price of one {bought_by}."
        )
