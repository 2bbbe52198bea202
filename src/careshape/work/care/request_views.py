"""Pages of requests for care: what the rules say, who was asked, what they said, and the award."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.models import Organisation
from careshape.accounts.times import moment
from careshape.audit.change import reading, tell
from careshape.audit.retry import retried
from careshape.errors import CareshapeError
from careshape.matching.rank import Ranking
from careshape.policy.fields import seen
from careshape.policy.listing import Column, Listing, listed
from careshape.policy.views import does
from careshape.rules.facts import facts as vocabulary
from careshape.rules.judge import Finding
from careshape.source.judged import gate, voids
from careshape.source.judged.judging import RefusedError
from careshape.source.models import Offer, Request
from careshape.source.models.brokerage import ANSWERS, STEPS, Answer, Step
from careshape.source.requests import needs as need_list
from careshape.source.requests import visits as visit_list
from careshape.source.requests.asking import asking
from careshape.source.requests.award import award, said_of
from careshape.source.requests.beside import Paid, paid
from careshape.source.requests.candidates import admitted, not_asked
from careshape.source.requests.contracts import Contract, to_choose
from careshape.source.requests.ranked import kept, offers_of, ranked
from careshape.source.requests.request import withdraw
from careshape.source.requests.rooms import Fit, by_place, of_offers
from careshape.source.requests.steps import FEW, ask_next, send
from careshape.source.requests.weighing import AWARD, judged, passes
from careshape.statement.formatting import day
from careshape.work.care import beside_words
from careshape.work.care import words as care_words
from careshape.work.care.asking_forms import SendForm
from careshape.work.care.fit_views import beside_rules, choices
from careshape.work.care.forms import AwardForm, done
from careshape.work.care.judged import INTO_RECORD, aside_page, rule_title
from careshape.work.care.judged import judged as judged_words
from careshape.work.care.judged import say_page as judged_say_page
from careshape.work.desk import Desk, desk_of
from careshape.work.pages import notify, page
from careshape.work.told_list import list_download, list_page

HOME: Final = "/work/requests/"
SEE: Final = "source.see"
ASK: Final = "source.request"
OVERRIDE: Final = "source.override"
BROKER: Final = "source.broker"
_CRUMB: Final = ("Requests for care", HOME)
_PART: Final = "It could take a part. A request for the rest is made, to be sent in its turn."
_FULL: Final = ("person", "made_by")
_OVER: Final = (Step.AWARDED.value, Step.WITHDRAWN.value)
"""Steps of a request after which another may be made from it: for the rest of it, or asked for again."""


@does(SEE)
@reading
def requests(request: HttpRequest) -> HttpResponse:
    """The requests for care of the council, those that wait first."""
    return list_page(
        request, SEE, _listing(request), here=HOME,
        intro="Care that was asked for, how far it is, and who was asked.",
    )  # fmt: skip


@does(SEE)
@reading
def requests_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it is filtered, as a file."""
    return list_download(request, SEE, _listing(request), kind)


def _listing(request: HttpRequest) -> Listing:
    order = [Step.OPEN.value, Step.SENT.value]
    found = Request.objects.reached(request.principal, SEE).select_related(*_FULL).order_by("-pk")
    rows = [
        {**_said(one), "href": f"{HOME}{one.pk}/"}
        for one in sorted(found, key=lambda row: order.index(row.state) if row.state in order else len(order))
    ]
    columns = (
        Column("number", "Request", numeric=True, link="href"),
        Column("service", "Service", filtered=True),
        Column("amount", "How much"),
        Column("where", "Where", filtered=True),
        Column("starts", "From", text=day),
        Column("state", "State", filtered=True),
        Column("who", "For"),
        Column("made", "Made", text=moment),
        Column("urgency", "How urgent", filtered=True),
        Column("until", "Answers until", shown=False),
        Column("way", "How it is asked", shown=False),
        Column("ends", "To", text=lambda at: day(at) if at else "", shown=False),
        Column("visits", "Visits", shown=False, wide=True),
        Column("needs", "What else is needed", shown=False, wide=True),
        Column("by", "By", shown=False),
        Column("words", "What it should bring about", shown=False, wide=True),
    )
    return listed(
        request.principal, SEE, "request", columns, rows, id="requests", title="Requests for care",
        empty="No care has been asked for yet.",
    )  # fmt: skip


def _said(one: Request) -> dict[str, Any]:
    return {
        "number": one.pk, "who": one.person.name, "service": care_words.service(one.service),
        "amount": care_words.amount(one.service, one.units), "where": care_words.where(one), "starts": one.starts_on,
        "ends": one.ends_on, "words": one.words, "state": STEPS[Step(one.state)], "made": one.made_at,
        "visits": care_words.visits(visit_list.read(one.visits)), "needs": care_words.needs(need_list.read(one.needs)),
        "urgency": asking().urgencies[one.urgency].title if one.urgency in asking().urgencies else one.urgency,
        "way": asking().ways[one.way].title if one.way in asking().ways else "",
        "until": moment(one.answer_by) if one.state == Step.SENT.value else "", "by": one.made_by.name,
    }  # fmt: skip


@does(SEE)
@reading
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One request for care."""
    return _page(request, _one(request, SEE, pk))


def _one(request: HttpRequest, act: str, pk: int) -> Request:
    found: Request = Request.objects.select_related(*_FULL, "award__package").reach(request.principal, act, pk=pk)
    return found


def _page(
    request: HttpRequest, row: Request, problem: str = "", known: tuple[Finding, ...] | None = None
) -> HttpResponse:
    """The page of a request. known: what the rules say of it, where it was asked already."""
    desk = desk_of(request)
    is_open = row.state == Step.OPEN.value
    fitting = voids.asked(gate.OPEN, row) if is_open else None
    found = (gate.findings(row, voids.as_fact(fitting)) if known is None else known) if is_open else ()
    stopping = any(one.stops for one in found)
    places = by_place(row.service) and desk.may(BROKER) and row.state in (Step.OPEN.value, Step.SENT.value)
    may, barred = admitted(row) if is_open and not stopping else ([], [])
    chosen = getattr(row, "award", None)
    ranking = _ranking(row)
    like = paid(row) if row.state == Step.SENT.value else None
    offered, why = _offers(row, ranking, like), chosen.why if chosen else ""
    values = {**_said(row), "aside": _aside(request, row), "why": why, "offers": offered}
    tell(request.principal, SEE, row)
    return page(
        request, "request.html", here=HOME, crumbs=(_CRUMB, (f"Request {row.pk}", "")), row=row, day=day,
        found=seen(request.principal, SEE, "request", values), problem=problem, status=409 if problem else 200,
        said=_judged(row, found, fitting, desk, places) if is_open else None, chosen=chosen,
        open=is_open, sent=row.state == Step.SENT.value,
        may_ask=desk.may(ASK), may_broker=desk.may(BROKER), may_see_person=desk.may("people.see"),
        may=[(one.organisation.name, care_words.price(row.service, one.price), one.vehicle.title) for one in may],
        barred=[(one.organisation.name, "; ".join(why)) for one, why in barred], may_override=desk.may(OVERRIDE),
        package=getattr(chosen, "package", None), ways=SendForm(service=row.service),
        by_visits=visit_list.is_by_visits(row.service),
        left=not_asked(row) if row.state == Step.SENT.value else [],
        version=ranking.version if ranking else "", made_from=row.follows_id,
        rest=row.followed_by.order_by("pk").first() if row.state in _OVER else None,
        beside=beside_words.beside(row, like) if row.state == Step.SENT.value else [],
        places=places,
    )  # fmt: skip


def _judged(
    row: Request, found: tuple[Finding, ...], fitting: list[Fit] | None, desk: Desk, places: bool
) -> dict[str, Any]:
    """What the page shows of what the rules say, with the places that were counted for them; places: whether who is
    here may see how they suit.
    """
    here = f"{HOME}{row.pk}/"
    return {
        **judged_words(desk, found, row.made_by_id, f"{here}set-aside/{{rule}}/"),
        "beside": beside_rules(row, found, fitting, desk), "beside_at": f"{here}rooms/" if places else "",
    }  # fmt: skip


def _aside(request: HttpRequest, row: Request) -> list[tuple[str, str, str, str, str]]:
    """What was set aside: the rule, for which provider, why, by whom and when; for its asking and award once."""
    rows = list(row.set_aside.select_related("by").order_by("pk"))
    keys = {int(key) for one in rows if (key := one.subject.partition("/")[2])}
    found = Organisation.objects.reached(request.principal, SEE).filter(pk__in=keys)
    names = dict(found.values_list("pk", "name")) if keys else {}
    made = [
        (rule_title(one.rule), names[int(key)] if (key := one.subject.partition("/")[2]) else "", one.reason,
         one.by.name, day(one.on))
        for one in rows
    ]  # fmt: skip
    return list(dict.fromkeys(made))


def _ranking(row: Request) -> Ranking | None:
    """How those who were asked stand, or stood when it was awarded; None before anybody was."""
    if row.state == Step.OPEN.value:
        return None
    chosen = getattr(row, "award", None)
    return kept(chosen) if chosen else ranked(row)


def _offers(row: Request, ranking: Ranking | None, like: Paid | None) -> list[dict[str, Any]]:
    """Who was asked, in the order of the ranking, with every point of it, and how its price stands to what is paid."""
    if ranking is None:
        return []
    offers = {str(one.pk): one for one in offers_of(row)}
    return [
        {
            "waits": offers[line.provider].answer == Answer.WAITING.value,
            "offer": offers[line.provider], "place": line.place, "name": offers[line.provider].organisation.name,
            "answer": ANSWERS[Answer(offers[line.provider].answer)], "why": "; ".join(line.barred),
            "price": care_words.price(row.service, offers[line.provider].price or offers[line.provider].list_price),
            "stands": beside_words.standing(
                offers[line.provider].price or offers[line.provider].list_price, like
            ),
            "part": care_words.amount(row.service, part) if (part := offers[line.provider].units) else "",
            "resort": offers[line.provider].resort, "meets": _meets(row, offers[line.provider]),
            "points": f"{line.points / 100:.0f}", "drawn": line.drawn,
            "terms": [(one.criterion, one.fact, f"{one.points / 100:g}", f"{one.most // 100}") for one in line.terms],
        }
        for line in ranking.lines
    ]  # fmt: skip


def _meets(row: Request, one: Offer) -> str:
    """The wishes that a provider says it meets."""
    meets = set(json.loads(one.meets))
    return "; ".join(need.words for need in need_list.read(row.needs) if need.id in meets)


@does(ASK, POST=ASK)
@reading
def say_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of a request what the rules ask for, or put right what was said."""
    row = _one(request, ASK, pk)
    return judged_say_page(
        request, row, ASK, gate.findings(row), gate.said(row),
        lambda facts: gate.say(request.principal, row, facts, ASK), what="request",
        counted=gate.counted(gate.OPEN, row),
        here=HOME, back=f"{HOME}{pk}/", crumbs=(_CRUMB, (f"Request {pk}", f"{HOME}{pk}/")), more=INTO_RECORD,
    )  # fmt: skip


@does(OVERRIDE, POST=OVERRIDE)
@reading
def set_aside_page(request: HttpRequest, pk: int, rule: str) -> HttpResponse:
    """Let a request go on against a rule."""
    row = _one(request, OVERRIDE, pk)
    return aside_page(
        request, row, gate.findings(row), rule, "request",
        lambda reason: gate.set_aside(request.principal, row, rule, reason),
        here=HOME, back=f"{HOME}{pk}/", crumbs=(_CRUMB, (f"Request {pk}", f"{HOME}{pk}/")),
    )  # fmt: skip


@does(ASK, POST=ASK)
@reading
def withdraw_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a request."""
    return _act(request, _one(request, ASK, pk), lambda row: withdraw(request.principal, row), "It is withdrawn.")


@does(BROKER, POST=BROKER)
@reading
def send_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a request to the providers that the lists admit."""
    row, form = _one(request, BROKER, pk), SendForm(request.POST or None)
    if form.is_bound and not form.is_valid():
        return _page(request, row, " ".join(text for texts in form.errors.values() for text in texts))
    given = form.cleaned_data if form.is_bound else {}
    way, few = given.get("way") or "all", given.get("few") or FEW
    return _act(
        request, row, lambda one: send(request.principal, one, way, few), "It is sent. Their answers come here."
    )


@does(BROKER, POST=BROKER)
@reading
def next_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the next now, without waiting longer."""
    row = _one(request, BROKER, pk)
    return _act(request, row, lambda one: ask_next(request.principal, one), "The next are asked.")


def _act(request: HttpRequest, row: Request, act: Any, said: str) -> HttpResponse:
    if request.method == "POST":
        try:
            act(row)
        except CareshapeError as error:
            row.refresh_from_db(fields=["state", "told", "sent_at", "judged", "way", "few"])  # and keep the person read
            return _page(request, row, str(error), error.found if isinstance(error, RefusedError) else None)
        notify(request, said)
    return HttpResponseRedirect(f"{HOME}{row.pk}/")


@does(BROKER, POST=BROKER)
def award_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Award a request to an offer, after asking whether that is meant.

    The award is no part of the reading: that holds SQLite from its first row to the end of the page, and others wait.
    """
    offer = _offer(request, pk)
    row = offer.request
    empty = of_offers(row, row.offers.all()) if row.state == Step.SENT.value else None
    bought = to_choose(offer) if empty is not None else []
    form = AwardForm(
        request.POST or None, rooms=choices(empty or [], offer.organisation_id),
        contracts=[(str(one.member.pk), _bought(row, one)) for one in bought],
    )  # fmt: skip
    read = request.POST.get("read", "")
    made = done(
        request, form,
        lambda given: retried(award)(request.principal, offer, read, given["why"], form.room, form.member),
    )  # fmt: skip
    if made is not None:
        notify(request, f"It is awarded to {offer.organisation.name}. The package is on its way into the records.")
        return HttpResponseRedirect(f"/work/packages/{made.pk}/")
    return _award_form(request, pk, form, bought)


DAY_COUNTS: Final = {"nights": "the day out is not paid", "days": "the first and the last day are both paid"}
"""How a contract counts days, in words."""


def _bought(row: Request, one: Contract) -> str:
    """A contract with its price and how it counts days."""
    more = " More than the provider said yes to." if one.dearer else ""
    price = care_words.price(row.service, one.price)
    return f"{one.member.vehicle.title}: {price}.{more} {one.terms.title}: {DAY_COUNTS[one.terms.day_count]}."


def _offer(request: HttpRequest, pk: int) -> Offer:
    found: Offer = Offer.objects.select_related("request__person", "organisation", "member").reach(
        request.principal, BROKER, pk=pk
    )
    return found


def _not_known(offer: Offer, bought: list[Contract]) -> list[str]:
    """What nobody recorded of a provider that the rules ask about an award; it bars nobody, and is counted."""
    own = next((one.found for one in bought if one.member.pk == offer.member_id), None)
    found = judged(AWARD, offer.request, [offer.member])[offer.organisation_id] if own is None else own
    asked = [name for one in found if passes(one) for name in one.missing]
    return [f"Not known of it, and counted so: {vocabulary()[name].ask}" for name in dict.fromkeys(asked)]


@reading
def _award_form(request: HttpRequest, pk: int, form: AwardForm, bought: list[Contract]) -> HttpResponse:
    """The question whether it is meant, with the answer as it stands now: what is shown is what is handed back."""
    offer = _offer(request, pk)
    row = offer.request
    if row.state != Step.SENT.value:
        notify(request, f"The request is {STEPS[Step(row.state)].lower()} already.")
        return HttpResponseRedirect(f"{HOME}{row.pk}/")
    tell(request.principal, BROKER, offer)
    price = care_words.price(row.service, offer.price or offer.list_price)
    amount = care_words.amount(row.service, offer.units or row.units)
    return page(
        request, "care_form.html", here=HOME, form=form, back=f"{HOME}{row.pk}/", status=422 if form.errors else 200,
        crumbs=(_CRUMB, (f"Request {row.pk}", f"{HOME}{row.pk}/"), ("Award", "")),
        title=f"Award it to {offer.organisation.name}?", button="Award it", hidden={"read": said_of(offer)},
        intro=(
            f"{care_words.service(row.service)}, {amount}, at {price}.",
            *((_PART,) if offer.units else ()),
            *beside_words.of_offer(row, offer.price or offer.list_price),
            *_not_known(offer, bought),
            "The provider then reads who it is for. A request is awarded once.",
        ),
    )  # fmt: skip
