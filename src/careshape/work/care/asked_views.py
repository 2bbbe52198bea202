"""Pages on which a provider reads the requests that it was asked for, and answers them."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.times import moment
from careshape.audit.change import reading, tell
from careshape.policy.fields import seen
from careshape.policy.listing import Column, Listing, listed
from careshape.policy.views import does
from careshape.source.models import Offer
from careshape.source.models.brokerage import Answer, Step
from careshape.source.requests.links import opened
from careshape.source.requests.offers import answer_with
from careshape.statement.formatting import day
from careshape.statement.pages import page as public_page
from careshape.work.care.answering import answer_form, own_line, said_of_offer, waits
from careshape.work.care.asking_forms import said_in
from careshape.work.care.forms import done
from careshape.work.pages import notify, page
from careshape.work.told_list import list_download, list_page

HOME: Final = "/work/asked/"
ANSWER: Final = "source.answer"
LINK: Final = "source.answer_link"
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
    ordered = sorted(found, key=lambda one: not waits(one))
    rows = [{**said_of_offer(one), "href": f"{HOME}{one.pk}/"} for one in ordered]
    columns = (
        Column("number", "Request", numeric=True, link="href"),
        Column("service", "Service", filtered=True),
        Column("amount", "How much"),
        Column("where", "Where", filtered=True),
        Column("starts", "From", text=day),
        Column("until", "Answer by"),
        Column("answer", "Your answer", filtered=True),
        Column("ended", "How it ended", filtered=True),
        Column("who", "For"),
        Column("asked", "Asked", text=moment),
        Column("words", "What it should bring about", shown=False, wide=True),
        Column("ends", "To", text=lambda at: day(at) if at else "", shown=False),
        Column("visits", "Visits", shown=False, wide=True),
        Column("needs", "What else is needed", shown=False, wide=True),
        Column("urgency", "How urgent", shown=False),
        Column("list_price", "Price on the list", shown=False),
        Column("price", "Your price", shown=False),
        Column("part", "The part that you could take", shown=False),
        Column("can_start", "You could begin", shown=False),
        Column("meets", "Wishes that you meet", shown=False),
        Column("code", "Why not", shown=False),
        Column("reason", "Why not, in words", shown=False),
    )
    return listed(
        request.principal, ANSWER, "asked", columns, rows, id="asked", title="Requests for care",
        empty="The council has not asked you for care yet. It asks the providers on its lists.",
    )  # fmt: skip


@does(ANSWER, POST=ANSWER)
@reading
def answer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A request that one's organisation was asked for, and the form of its answer."""
    one = Offer.objects.select_related(*_WITH).reach(request.principal, ANSWER, pk=pk)
    found = seen(request.principal, ANSWER, "asked", said_of_offer(one))
    form = answer_form(request, one, found["list_price"])

    def said(given: dict[str, Any]) -> bool:
        answer_with(request.principal, one, said_in(given))
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
        own=own_line(one) if told else None, council=None,
        open=one.request.state == Step.SENT.value, status=422 if form.errors else 200,
    )  # fmt: skip


@does(LINK, POST=LINK)
def link_page(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of a mail leads: one request, without whom it is for, and the form of the answer.

    Reading it changes nothing; the same answer twice is one.
    """
    came = opened(token)
    if came is None:
        return public_page(request, "work/answer_link.html", None, one=None, status=410)
    one, who = came
    found = said_of_offer(one) | {"who": ""}
    form = answer_form(request, one, found["list_price"])

    def said(given: dict[str, Any]) -> bool:
        answer_with(who, one, said_in(given), LINK)
        return True

    told = bool(done(request, form, said))
    if told:
        found = said_of_offer(one) | {"who": ""}
    return public_page(
        request, "work/answer_link.html", None, one=one, found=found, form=form, told=told, day=day,
        open=one.request.state == Step.SENT.value, status=422 if form.errors else 200,
    )  # fmt: skip
