"""Pages on which practitioners keep the records of people who are supported, and ask for care for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from careshape.accounts.forms import Form
from careshape.accounts.times import moment
from careshape.audit.change import reading, tell
from careshape.ledger.posting import uk_day
from careshape.people.known import latest, looked_at, noted, noted_of
from careshape.people.models import Assessment, Noted, Person
from careshape.people.record import Particulars, add, assess, found_in, reopen, title_of
from careshape.policy import Principal
from careshape.policy.fields import seen
from careshape.policy.listing import Column, Listing, listed
from careshape.policy.views import does
from careshape.rules.facts import facts as vocabulary
from careshape.source.closing import close
from careshape.source.models import Decision, Package, Request
from careshape.source.models.brokerage import STEPS, Step
from careshape.source.models.judged import SETTLED, Settled
from careshape.source.requests.request import ask
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care import words as care_words
from careshape.work.care.asking_forms import wanted_in
from careshape.work.care.entry_words import noted_in, sections
from careshape.work.care.forms import AssessForm, PersonForm, RequestForm, done
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page
from careshape.work.told_list import list_download, list_page

HOME: Final = "/work/supported/"
SEE: Final = "people.see"
RECORD: Final = "people.record"
ASK: Final = "source.request"
_CRUMB: Final = ("People who are supported", HOME)


@does(SEE)
@reading
def supported(request: HttpRequest) -> HttpResponse:
    """The people whom the council supports."""
    return list_page(
        request, SEE, _listing(request), here=HOME,
        intro="Add somebody, record what was looked at for them, and ask for care.",
        add=("Add somebody", f"{HOME}add/") if desk_of(request).may(RECORD) else None,
    )  # fmt: skip


@does(SEE)
@reading
def supported_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it is filtered, as a file."""
    return list_download(request, SEE, _listing(request), kind)


def _listing(request: HttpRequest) -> Listing:
    rows = [
        {**_said(one), "href": f"{HOME}{one.pk}/"}
        for one in Person.objects.reached(request.principal, SEE).order_by("name", "pk")
    ]
    columns = (
        Column("name", "Name", link="href"),
        Column("reference", "Reference"),
        Column("born", "Born", text=day),
        Column("group", "Client group", filtered=True),
        Column("district", "District", filtered=True),
        Column("outward", "Postcode district", shown=False),
        Column("gender", "Gender", shown=False),
        Column("reason", "Main reason", shown=False),
        Column("since", "Since", text=moment, shown=False),
        Column("closed", "Record closed", text=moment, shown=False),
    )
    return listed(
        request.principal, SEE, "supported", columns, rows, id="supported", title="People who are supported",
        empty="Nobody is here yet.", sort="name",
    )  # fmt: skip


def _said(one: Person) -> dict[str, Any]:
    return {
        "name": one.name, "reference": one.reference, "born": one.born_on, "gender": label_of("gender", one.gender),
        "group": label_of("client_group", one.client_group), "reason": label_of("support_reason", one.support_reason),
        "district": label_of("district", one.district), "outward": one.outward, "since": one.added_at,
        "closed": one.closed_at,
    }  # fmt: skip


@does(RECORD, POST=RECORD)
def add_page(request: HttpRequest) -> HttpResponse:
    """Add somebody."""
    form = PersonForm(request.POST or None)
    made = done(request, form, lambda given: add(request.principal, Particulars(**given)))
    if made is not None:
        notify(request, f"{made.name} is added.")
        return HttpResponseRedirect(f"{HOME}{made.pk}/")
    return page(
        request, "care_form.html", here=HOME, crumbs=(_CRUMB, ("Add somebody", "")), form=form, back=HOME,
        title="Add somebody who is supported", button="Add", status=422 if form.errors else 200,
        intro=("Only what is needed to arrange care is kept here.",),
    )  # fmt: skip


@does(SEE)
@reading
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who is supported: what is kept of them, what was looked at, and the care that was asked for."""
    person = Person.objects.reach(request.principal, SEE, pk=pk)
    desk = desk_of(request)
    asked = Request.objects.reached(request.principal, "source.see").filter(person=person).order_by("-pk")
    arranged = Package.objects.reached(request.principal, "source.packages").filter(person=person)
    found = seen(request.principal, SEE, "supported", {
        **_said(person), "assessments": _looked_at(person, request.principal.account),
        "entries": [*sections(person, request.principal.account), _noted(person, request.principal.account)],
        "corrections": person.corrections.count(),
    })  # fmt: skip
    tell(request.principal, SEE, person)
    return page(
        request, "supported.html", here=HOME, crumbs=(_CRUMB, (person.name, "")), row=person, found=found,
        day=day, moment=moment, may_record=desk.may(RECORD), may_ask=desk.may(ASK),
        may_decide=desk.may("source.decide"), decisions=_decisions(request, person),
        requests=[
            (f"/work/requests/{one.pk}/", care_words.service(one.service), care_words.amount(one.service, one.units),
             day(one.starts_on), STEPS[Step(one.state)]) for one in asked
        ],
        packages=[
            (f"/work/packages/{one.pk}/", care_words.service(one.service), one.organisation.name)
            for one in arranged.select_related("organisation").order_by("-pk")
        ],
    )  # fmt: skip


def _decisions(request: HttpRequest, person: Person) -> dict[int, list[tuple[str, str]]]:
    """How the needs of a person are met, by need: where it is read, and how far it is."""
    found: dict[int, list[tuple[str, str]]] = {}
    rows = Decision.objects.reached(request.principal, "source.decisions").filter(need__person=person)
    for one in rows.exclude(state=Settled.WITHDRAWN.value).order_by("pk"):
        met = care_words.service(one.service) if one.service else one.words
        found.setdefault(one.need_id, []).append(
            (f"/work/decisions/{one.pk}/", f"{SETTLED[Settled(one.state)]}: {met}")
        )
    return found


def _looked_at(person: Person, account: int | None) -> list[dict[str, Any]]:
    """Everything that can be looked at: its fact, its title, and what was found last, when and by whom."""
    last, today = latest(person), uk_day(timezone.now())
    return [_fact(name, title_of(name), last.get(name), account, today) for name in looked_at()]


def _noted(person: Person, account: int | None) -> dict[str, Any]:
    """What is known of a person for the rules, and what is asked of them."""
    last, today = noted(person), uk_day(timezone.now())
    return {"facts": [_fact(name, one.ask, last.get(name), account, today) for name, one in noted_of().items()]}


def _fact(name: str, title: str, found: Assessment | Noted | None, account: int | None, today: date) -> dict[str, Any]:
    if found is None:
        return {"fact": name, "title": title, "said": ""}
    base = f"{HOME}kept/{'noted' if isinstance(found, Noted) else 'looked-at'}/{found.pk}"
    one = vocabulary()[name]
    old = "" if one.fresh(found.on, today) else f" It is more than {one.counts_for} days old, and counts no more."
    said = noted_in(found) if isinstance(found, Noted) else found_in(found)
    return {
        "fact": name, "title": title, "said": f"{day(found.on)}: {said} By {found.by.name}.{old}",
        "correct": f"{base}/correct/", "take_back": f"{base}/take-back/" if found.by_id == account else "",
    }  # fmt: skip


@does(RECORD, POST=RECORD)
@reading
def assess_page(request: HttpRequest, pk: int, fact: str) -> HttpResponse:
    """Record what was found when something was looked at for somebody."""
    person = Person.objects.reach(request.principal, RECORD, pk=pk)
    if fact not in looked_at():
        raise Http404("Nothing of this name is looked at.")
    form = AssessForm(request.POST or None, fact=looked_at()[fact])
    made = done(request, form, lambda given: assess(request.principal, person, fact, **given))
    if made is not None:
        notify(request, f"It is recorded. {title_of(fact)}: {found_in(made)}")
        return HttpResponseRedirect(f"{HOME}{pk}/")
    tell(request.principal, RECORD, person)
    return page(
        request, "care_form.html", here=HOME, form=form, back=f"{HOME}{pk}/", status=422 if form.errors else 200,
        crumbs=(_CRUMB, (person.name, f"{HOME}{pk}/"), (title_of(fact), "")),
        title=f"{title_of(fact)}: what was found for {person.name}", button="Record", intro=(),
    )  # fmt: skip


@does(ASK, POST=ASK)
@reading
def ask_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for care for somebody."""
    person = Person.objects.reach(request.principal, ASK, pk=pk)
    form = RequestForm(request.POST or None, initial={"district": person.district})

    def asked(given: dict[str, Any]) -> Request:
        return ask(request.principal, person, wanted_in(given))

    made = done(request, form, asked)
    if made is not None:
        notify(request, "The request is made. Nobody is asked before it is sent.")
        return HttpResponseRedirect(f"/work/requests/{made.pk}/")
    tell(request.principal, ASK, person)
    return page(
        request, "care_form.html", here=HOME, form=form, back=f"{HOME}{pk}/", status=422 if form.errors else 200,
        crumbs=(_CRUMB, (person.name, f"{HOME}{pk}/"), ("Ask for care", "")), title=f"Ask for care for {person.name}",
        button="Make the request", intro=(),
    )  # fmt: skip


@does(RECORD, POST=RECORD)
@reading
def close_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Close somebody's record."""
    return _confirmed(
        request, pk, close, "Close the record of", "Close the record", "The record is closed.",
        "Close it when nothing is left to be done. It is kept for 8 years from then, and let go of with what was "
        "asked for and arranged.", "No care can be asked for before it is opened again.",
    )  # fmt: skip


@does(RECORD, POST=RECORD)
@reading
def reopen_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Open somebody's closed record again."""
    return _confirmed(
        request, pk, reopen, "Open again the record of", "Open the record", "The record is open again.",
        "Care can be asked for again. The years for which the record is kept begin anew when it is next closed.",
    )  # fmt: skip


class _Sent(Form):
    """A form that asks for nothing."""

    first_id = "main-content"


def _confirmed(
    request: HttpRequest, pk: int, act: Callable[[Principal, Person], None], title: str, button: str, said: str,
    *intro: str,
) -> HttpResponse:  # fmt: skip
    person = Person.objects.reach(request.principal, RECORD, pk=pk)
    form = _Sent(request.POST if request.method == "POST" else None)

    def acted(_given: dict[str, Any]) -> bool:
        act(request.principal, person)
        return True

    if done(request, form, acted):
        notify(request, said)
        return HttpResponseRedirect(f"{HOME}{pk}/")
    tell(request.principal, RECORD, person)
    return page(
        request, "care_form.html", here=HOME, form=form, back=f"{HOME}{pk}/", status=422 if form.errors else 200,
        crumbs=(_CRUMB, (person.name, f"{HOME}{pk}/"), (button, "")), title=f"{title} {person.name}", button=button,
        intro=intro,
    )  # fmt: skip
