"""Pages on which a provider reads the requests that it was asked for, and answers them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.times import moment
from careshape.audit.change import reading, tell
from careshape.matching.rank import Line
from careshape.policy.fields import seen
from careshape.policy.listing import Column, Listing, listed
from careshape.policy.views import does
from careshape.source.models import Offer
from careshape.source.models.brokerage import ANSWERS, STEPS, Answer, Step
from careshape.source.offers import answer
from careshape.source.ranked import kept
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care import words as care_words
from careshape.work.care.forms import AnswerForm, done, hundredths
from careshape.work.pages import notify, page
from careshape.work.told_list import list_download, list_page

HOME: Final = "/work/asked/"
ANSWER: Final = "source.answer"
_WITH: Final = ("request__person", "request__award")


@does(ANSWER)
@reading
def asked(request: HttpRequest) -> HttpResponse:
    """The requests that one's organisation was asked for, those that wait first."""
    return list_page(
        request, ANSWER, _listing(request), here=HOME, council=None,
        intro="What the council asks whether you could take. Who it is for you read once it is yours.",
    )  # fmt: skip


@does(ANSWER)
@reading
def asked_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it is filtered, as a file."""
    return list_download(request, ANSWER, _listing(request), kind)


def _listing(request: HttpRequest) -> Listing:
    found = Offer.objects.reached(request.principal, ANSWER).select_related(*_WITH).order_by("-pk")
    waits = [one for one in found if _waits(one)]
    rows = [{**_said(one), "href": f"{HOME}{one.pk}/"} for one in (*waits, *(one for one in found if not _waits(one)))]
    columns = (
        Column("number", "Request", numeric=True, link="href"),
        Column("service", "Service", filtered=True),
        Column("amount", "How much"),
        Column("where", "Where", filtered=True),
        Column("starts", "From", text=day),
        Column("answer", "Your answer", filtered=True),
        Column("ended", "How it ended", filtered=True),
        Column("who", "For"),
        Column("asked", "Asked", text=moment),
        Column("words", "What it should bring about", shown=False, wide=True),
        Column("list_price", "Price on the list", shown=False),
        Column("price", "Your price", shown=False),
        Column("can_start", "You could begin", shown=False),
        Column("reason", "Why not", shown=False),
    )
    return listed(
        request.principal, ANSWER, "asked", columns, rows, id="asked", title="Requests for care",
        empty="The council has not asked you for care yet. It asks the providers on its lists.",
    )  # fmt: skip


def _waits(one: Offer) -> bool:
    return one.answer == Answer.WAITING.value and one.request.state == Step.SENT.value


def _said(one: Offer) -> dict[str, Any]:
    row = one.request
    return {
        "number": row.pk, "service": care_words.service(row.service),
        "amount": care_words.amount(row.service, row.units), "where": label_of("district", row.district),
        "starts": row.starts_on, "words": row.words, "list_price": care_words.price(row.service, one.list_price),
        "answer": ANSWERS[Answer(one.answer)],
        "price": care_words.price(row.service, one.price) if one.price else "",
        "can_start": day(one.can_start_on) if one.can_start_on else "", "reason": one.reason, "asked": one.asked_at,
        "ended": _ended(one), "who": row.person.name if _is_theirs(one) else "",
    }  # fmt: skip


def _is_theirs(one: Offer) -> bool:
    made = getattr(one.request, "award", None)
    return made is not None and made.offer_id == one.pk


def _own_line(one: Offer) -> Line | None:
    """The provider's own line of the ranking as it stood at the award: its place, its points, and each of them."""
    return next((line for line in kept(one.request.award).lines if line.provider == str(one.pk)), None)


def _ended(one: Offer) -> str:
    if one.request.state == Step.SENT.value:
        return "Open"
    if one.request.state == Step.WITHDRAWN.value:
        return STEPS[Step.WITHDRAWN]
    return "It is yours" if _is_theirs(one) else "It went to another"


@does(ANSWER, POST=ANSWER)
@reading
def answer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A request that one's organisation was asked for, and the form of its answer."""
    one = Offer.objects.select_related(*_WITH).reach(request.principal, ANSWER, pk=pk)
    found = seen(request.principal, ANSWER, "asked", _said(one))
    form = AnswerForm(
        request.POST or None, listed=found["list_price"],
        initial={"can_start_on": f"{one.can_start_on or one.request.starts_on:%d/%m/%Y}", "reason": one.reason},
    )  # fmt: skip

    def said(given: dict[str, Any]) -> bool:
        answer(
            request.principal, one, Answer(given["answer"]), price=hundredths(given["price"]) or None,
            can_start_on=given["can_start_on"], reason=given["reason"],
        )  # fmt: skip
        return True

    if done(request, form, said):
        notify(request, "The council has your answer. You can change it until the request is awarded.")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    tell(request.principal, ANSWER, one)
    made = getattr(one.request, "award", None)
    told = made is not None and made.offer_id != one.pk and one.answer != Answer.WAITING.value
    return page(
        request, "asked.html", here=HOME, crumbs=(("Requests for care", HOME), (f"Request {one.request_id}", "")),
        one=one, found=found, form=form, day=day, moment=moment, why=made.why if made is not None and told else "",
        own=_own_line(one) if told else None, council=None,
        open=one.request.state == Step.SENT.value, status=422 if form.errors else 200,
    )  # fmt: skip
