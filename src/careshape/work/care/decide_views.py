"""Pages on which it is proposed and decided how a need is met."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.times import moment
from careshape.audit.change import named, reading, tell
from careshape.errors import CareshapeError
from careshape.people.areas import areas
from careshape.people.models import Need
from careshape.policy.fields import seen
from careshape.policy.listing import Column, Listing, listed
from careshape.policy.views import does
from careshape.rules.judge import Finding
from careshape.source.judged import decide, judging
from careshape.source.models import Decision
from careshape.source.models.judged import SETTLED, Settled
from careshape.work.care import words as care_words
from careshape.work.care.forms import done
from careshape.work.care.judged import INTO_RECORD, aside_of, aside_page, judged
from careshape.work.care.judged import say_page as judged_say_page
from careshape.work.care.judged_forms import DecideForm
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page
from careshape.work.told_list import list_download, list_page

HOME: Final = "/work/decisions/"
SEE: Final = "source.decisions"
DECIDE: Final = "source.decide"
OVERRIDE: Final = "source.override"
_CRUMB: Final = ("How needs are met", HOME)
_FULL: Final = ("need__person", "need__carer", "made_by", "decided_by")


@does(SEE)
@reading
def decisions(request: HttpRequest) -> HttpResponse:
    """How needs are met: what is proposed, and what was decided."""
    return list_page(
        request, SEE, _listing(request), here=HOME,
        intro="Propose how a need is met on the page of the person, where their needs are.",
    )  # fmt: skip


@does(SEE)
@reading
def decisions_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it is filtered, as a file."""
    return list_download(request, SEE, _listing(request), kind)


def _listing(request: HttpRequest) -> Listing:
    found = Decision.objects.reached(request.principal, SEE).select_related(*_FULL).order_by("-pk")
    columns = (
        Column("number", "Decision", numeric=True, link="href"),
        Column("who", "Of"),
        Column("need", "Need", filtered=True),
        Column("service", "Met by", filtered=True),
        Column("state", "State", filtered=True),
        Column("made", "Proposed", text=moment),
        Column("by", "By", shown=False),
        Column("long", "Meant to last", shown=False),
        Column("words", "How", shown=False, wide=True),
        Column("decided", "Decided", text=moment),
        Column("decider", "Decided by", shown=False),
    )
    return listed(
        request.principal, SEE, "decision", columns, [{**_said(one), "href": f"{HOME}{one.pk}/"} for one in found],
        id="decisions", title="How needs are met", empty="Nothing is proposed yet.",
    )  # fmt: skip


def _said(one: Decision) -> dict[str, Any]:
    return {
        "number": one.pk, "who": one.need.person.name, "need": areas()[one.need.area].label,
        "service": care_words.service(one.service) if one.service else "No care that the council arranges",
        "long": "Yes" if one.long_term else "No", "words": one.words, "state": SETTLED[Settled(one.state)],
        "made": one.made_at, "by": one.made_by.name, "decided": one.decided_at,
        "decider": one.decided_by.name if one.decided_by else "",
    }  # fmt: skip


@does(DECIDE, POST=DECIDE)
@reading
def propose_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose how a need is met."""
    need = Need.objects.select_related("person", "carer").reach(request.principal, DECIDE, pk=pk)
    person, form = need.person, DecideForm(request.POST or None)
    made = done(
        request, form,
        lambda given: decide.propose(
            request.principal, need, given["service"], given["long_term"] == "yes", given["words"]
        ),
    )  # fmt: skip
    if made is not None:
        notify(request, "It is proposed. See what the rules say of it.")
        return HttpResponseRedirect(f"{HOME}{made.pk}/")
    tell(request.principal, DECIDE, need)
    back = f"/work/supported/{person.pk}/"
    return page(
        request, "care_form.html", here="/work/supported/", form=form, back=back, status=422 if form.errors else 200,
        crumbs=(("People who are supported", "/work/supported/"), (person.name, back), ("How a need is met", "")),
        title=f"How a need of {person.name} is met", button="Propose it",
        intro=(f"{areas()[need.area].label}: {need.words}",),
    )  # fmt: skip


@does(SEE)
@reading
def decision_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How one need is met: what the rules say of it, and the decision."""
    return _page(request, _one(request, SEE, pk))


def _one(request: HttpRequest, act: str, pk: int) -> Decision:
    found: Decision = Decision.objects.select_related(*_FULL).reach(request.principal, act, pk=pk)
    return found


def _page(
    request: HttpRequest, row: Decision, problem: str = "", known: tuple[Finding, ...] | None = None
) -> HttpResponse:
    """The page of a decision. known: what the rules say of it, where it was asked already."""
    desk = desk_of(request)
    open_ = row.state == Settled.PROPOSED.value
    found = (decide.findings(row) if known is None else known) if open_ else ()
    told = seen(request.principal, SEE, "decision", _said(row))
    may, here = desk.may(DECIDE), f"{HOME}{row.pk}/"
    decided = f"{moment(told['decided'])}, by {told['decider']}" if told["decided"] else "Not yet"
    tell(request.principal, SEE, row)
    return page(
        request, "judged.html", here=HOME, crumbs=(_CRUMB, (f"Decision {row.pk}", "")), caption=f"Decision {row.pk}",
        title=f"{told['need']}: {told['service']}", state=told["state"], problem=problem,
        status=409 if problem else 200,
        facts=[
            {"key": {"text": key}, "value": {"text": value}} for key, value in (
                ("Of", told["who"]), ("How it is met", told["words"]), ("Meant to last", told["long"]),
                ("Proposed by", told["by"]), ("Decided", decided),
            )
        ],
        said=judged(desk, found, row.made_by_id, f"{here}set-aside/{{rule}}/") if open_ else None,
        say=f"{here}say/" if may and open_ else "", act=f"{here}decide/" if may and open_ else "",
        button="Decide it", undo=f"{here}withdraw/" if may and row.state != Settled.WITHDRAWN.value else "",
        undo_button="Withdraw it", back=HOME, form=None,
        person=f"/work/supported/{row.need.person_id}/" if desk.may("people.see") else "",
        aside=aside_of(row.need.person.council, decide.DECIDE, named(row), found),
    )  # fmt: skip


@does(DECIDE, POST=DECIDE)
@reading
def say_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the rules ask for, or put right what was said."""
    row = _one(request, DECIDE, pk)
    return judged_say_page(
        request, row, DECIDE, decide.findings(row), decide.facts_of(row),
        lambda facts: decide.say(request.principal, row, facts), what="decision",
        here=HOME, back=f"{HOME}{pk}/", crumbs=(_CRUMB, (f"Decision {pk}", f"{HOME}{pk}/")), more=INTO_RECORD,
    )  # fmt: skip


@does(OVERRIDE, POST=OVERRIDE)
@reading
def set_aside_page(request: HttpRequest, pk: int, rule: str) -> HttpResponse:
    """Let a decision be made against a rule."""
    row = _one(request, OVERRIDE, pk)
    return aside_page(
        request, row, decide.findings(row), rule, "decision",
        lambda reason: decide.set_aside(request.principal, row, rule, reason),
        here=HOME, back=f"{HOME}{pk}/", crumbs=(_CRUMB, (f"Decision {pk}", f"{HOME}{pk}/")),
    )  # fmt: skip


@does(DECIDE, POST=DECIDE)
@reading
def decide_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide what was proposed."""
    return _act(request, pk, lambda row: decide.decide(request.principal, row), "It is decided.")


@does(DECIDE, POST=DECIDE)
@reading
def withdraw_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a proposal or a decision."""
    return _act(request, pk, lambda row: decide.withdraw(request.principal, row), "It is withdrawn.")


def _act(request: HttpRequest, pk: int, act: Callable[[Decision], None], said: str) -> HttpResponse:
    row = _one(request, DECIDE, pk)
    if request.method == "POST":
        try:
            act(row)
        except CareshapeError as error:
            row.refresh_from_db(fields=["state", "told"])
            return _page(request, row, str(error), error.found if isinstance(error, judging.RefusedError) else None)
        notify(request, said)
    return HttpResponseRedirect(f"{HOME}{pk}/")
