"""Pages on which a request is filled in before it is sent: put right, its visits, its needs; and asked for again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.forms import Form
from careshape.audit.change import reading, tell
from careshape.errors import CareshapeError
from careshape.policy.views import does
from careshape.source.models import Request
from careshape.source.requests.request import Wanted, ask_again, correct, wanted_of
from careshape.work.care import words as care_words
from careshape.work.care.asking_forms import NeedsForm, VisitsForm, wanted_in
from careshape.work.care.forms import RequestForm, done
from careshape.work.pages import notify, page

HOME: Final = "/work/requests/"
ASK: Final = "source.request"
_CRUMB: Final = ("Requests for care", HOME)


def _one(request: HttpRequest, pk: int) -> Request:
    found: Request = Request.objects.select_related("person", "made_by").reach(request.principal, ASK, pk=pk)
    return found


@does(ASK, POST=ASK)
@reading
def correct_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what is asked for, before it is sent."""
    row = _one(request, pk)
    was = wanted_of(row)
    first = {
        "service": was.service, "amount": f"{was.units / 100:g}", "starts_on": f"{was.starts_on:%d/%m/%Y}",
        "ends_on": f"{was.ends_on:%d/%m/%Y}" if was.ends_on else "", "district": was.district, "outward": was.outward,
        "urgency": was.urgency, "long_term": "yes" if was.long_term else "no", "words": was.words,
    }  # fmt: skip
    form = RequestForm(request.POST or None, initial=first)

    def wanted(given: dict[str, Any]) -> Wanted:
        new = wanted_in(given)
        # Visits and needs are of the service that they were said for, and visits say how much it is.
        same = new.service == was.service
        as_before = same and new.units == was.units
        return replace(new, visits=was.visits if as_before else (), needs=was.needs if same else ())

    return _filled(request, row, form, wanted, "Put the request right", intro=_before_visits(row))


@does(ASK, POST=ASK)
@reading
def visits_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The visits of a week, from which the hours are worked out."""
    row = _one(request, pk)
    was = wanted_of(row)
    form = VisitsForm(request.POST or None, visits=was.visits)
    now = care_words.amount(row.service, row.units)
    intro = (f"{now} are asked for now. The hours are worked out from the visits.",)
    return _filled(
        request, row, form, lambda _: replace(was, visits=form.visits()), "The visits of a week", intro, "visits.html"
    )


@does(ASK, POST=ASK)
@reading
def needs_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What must be and what would be good beyond the hours."""
    row = _one(request, pk)
    was = wanted_of(row)
    form = NeedsForm(request.POST or None, service=row.service, needs=was.needs)
    intro = (
        "A provider that says yes says by it that it meets what must be. What would be good is told, and bars nobody. "
        "Providers read both before they answer.",
    )
    return _filled(request, row, form, lambda _: replace(was, needs=form.needs()), "What else is needed", intro)


@does(ASK, POST=ASK)
@reading
def again_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more for what was withdrawn."""
    row = _one(request, pk)
    if request.method != "POST":
        return HttpResponseRedirect(f"{HOME}{pk}/")
    try:
        made = ask_again(request.principal, row)
    except CareshapeError as error:
        notify(request, str(error))
        return HttpResponseRedirect(f"{HOME}{pk}/")
    notify(request, f"Request {made.pk} asks for the same again. Look at its day, and send it.")
    return HttpResponseRedirect(f"{HOME}{made.pk}/")


def _before_visits(row: Request) -> tuple[str, ...]:
    if row.visits == "[]":
        return ("Nobody was asked yet. The rules are judged anew.",)
    return ("Nobody was asked yet. Another number of hours takes the visits of the week away: say them again then.",)


def _filled(
    request: HttpRequest, row: Request, form: Form, wanted: Callable[[dict[str, Any]], Wanted], title: str,
    intro: tuple[str, ...], template: str = "care_form.html",
) -> HttpResponse:  # fmt: skip
    def keep(given: dict[str, Any]) -> bool:
        correct(request.principal, row, wanted(given))
        return True

    if done(request, form, keep):
        notify(request, "It is kept. The rules are judged anew.")
        return HttpResponseRedirect(f"{HOME}{row.pk}/")
    tell(request.principal, ASK, row)
    return page(
        request, template, here=HOME, form=form, back=f"{HOME}{row.pk}/", status=422 if form.errors else 200,
        crumbs=(_CRUMB, (f"Request {row.pk}", f"{HOME}{row.pk}/"), (title, "")), title=title, button="Keep",
        intro=intro,
    )  # fmt: skip
