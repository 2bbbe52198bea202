"""What a provider that was asked reads of a request, and the form of its answer: signed in, or by a mail's link."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpRequest

from careshape.accounts.times import moment
from careshape.matching.rank import Line
from careshape.source.models import Offer
from careshape.source.models.brokerage import ANSWERS, STEPS, Answer, Step
from careshape.source.requests import needs as need_list
from careshape.source.requests import visits as visit_list
from careshape.source.requests.asking import asking
from careshape.source.requests.ranked import kept, unit_of
from careshape.statement.formatting import day
from careshape.work.care import words as care_words
from careshape.work.care.asking_forms import AnswerForm

WHOLE: Final = 100
"""Hundredths of what is one place or one unit: of no more than that there is no part to take."""


def said_of_offer(one: Offer) -> dict[str, Any]:
    """Every field of what a provider was asked and answered; whom it is for only where it is theirs."""
    row = one.request
    needs = need_list.read(row.needs)
    meets = set(json.loads(one.meets))
    return {
        "number": row.pk, "service": care_words.service(row.service),
        "amount": care_words.amount(row.service, row.units), "where": care_words.where(row),
        "starts": row.starts_on, "ends": row.ends_on, "words": row.words,
        "visits": care_words.visits(visit_list.read(row.visits)), "needs": care_words.needs(needs),
        "urgency": asking().urgencies[row.urgency].title if row.urgency in asking().urgencies else row.urgency,
        "list_price": care_words.price(row.service, one.list_price), "answer": ANSWERS[Answer(one.answer)],
        "price": care_words.price(row.service, one.price) if one.price else "",
        "part": care_words.amount(row.service, one.units) if one.units else "",
        "can_start": day(one.can_start_on) if one.can_start_on else "",
        "meets": "; ".join(need.words for need in needs if need.id in meets),
        "code": asking().noes[one.reason_code].title if one.reason_code in asking().noes else "",
        "reason": one.reason, "asked": one.asked_at, "until": moment(one.answer_by), "ended": ended(one),
        "who": row.person.name if is_theirs(one) else "",
    }  # fmt: skip


def answer_form(request: HttpRequest, one: Offer, listed: str) -> AnswerForm:
    """The form of an answer, filled with what was answered before."""
    row = one.request
    wishes = [need for need in need_list.read(row.needs) if need.weight == "wish"]
    return AnswerForm(
        request.POST or None, listed=listed, unit=unit_of(row.service), wishes=wishes,
        parted=row.units > WHOLE,
        amount=care_words.amount(row.service, row.units).removesuffix(" a week"),
        initial={
            "can_start_on": f"{one.can_start_on or row.starts_on:%d/%m/%Y}", "meets": json.loads(one.meets),
            "code": one.reason_code, "reason": one.reason,
        },
    )  # fmt: skip


def waits(one: Offer) -> bool:
    """Whether a request waits for this provider's answer."""
    return one.answer == Answer.WAITING.value and one.request.state == Step.SENT.value


def is_theirs(one: Offer) -> bool:
    """Whether the request went to this provider."""
    made = getattr(one.request, "award", None)
    return made is not None and made.offer_id == one.pk


def own_line(one: Offer) -> Line | None:
    """The provider's own line of the ranking as it stood at the award: its place, its points, and each of them."""
    return next((line for line in kept(one.request.award).lines if line.provider == str(one.pk)), None)


def ended(one: Offer) -> str:
    """How a request ended for a provider."""
    if one.request.state == Step.SENT.value:
        return "Open"
    if one.request.state == Step.WITHDRAWN.value:
        return STEPS[Step.WITHDRAWN]
    return "It is yours" if is_theirs(one) else "It went to another"
