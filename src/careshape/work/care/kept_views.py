"""Pages on how the rules were kept: by rule, month and role; what was set aside and why; and what the council tells."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.audit.change import reading, tell
from careshape.policy import roles
from careshape.policy.listing import Column, Listing, listed
from careshape.policy.views import does
from careshape.rules.entries import ACTS
from careshape.rules.facts import facts as vocabulary
from careshape.source.judged.judging import today
from careshape.source.judged.kept import kept_by
from careshape.source.judged.tell import asked_of_council, last_told, tell_of_council
from careshape.source.models import SetAside
from careshape.statement.formatting import day
from careshape.work.care.forms import done, in_words
from careshape.work.care.judged import rule_title
from careshape.work.care.judged_forms import CouncilFactForm
from careshape.work.desk import desk_of
from careshape.work.pages import notify, page
from careshape.work.told_list import list_download, list_page

HOME: Final = "/work/kept/"
ASIDE: Final = f"{HOME}set-aside/"
TOLD: Final = f"{HOME}told/"
SEE: Final = "source.kept"
TELL: Final = "source.told"
_CRUMB: Final = ("How the rules were kept", HOME)


@does(SEE)
@reading
def kept(request: HttpRequest) -> HttpResponse:
    """How each rule was kept, by month and role."""
    links = [("What was set aside, by whom and why", ASIDE)]
    if desk_of(request).may(TELL):
        links.append(("What the rules ask of the council as a whole", TOLD))
    return list_page(
        request, SEE, _kept(request), here=HOME, links=links,
        intro="Acts that went ahead, by the rules that are about them. Not kept: set aside, or gone ahead without. The "
        "target is none. Not known: nobody recorded the fact of the provider, which bars it only where the council "
        "chose so.",
    )  # fmt: skip


@does(SEE)
@reading
def kept_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return list_download(request, SEE, _kept(request), kind)


def _kept(request: HttpRequest) -> Listing:
    titles = {name: one.title for name, one in roles().items()}
    rows = [
        {
            "number": one.number, "rule": one.rule, "title": one.title, "month": one.month,
            "role": titles.get(one.role, "The installation"), "acts": one.acts, "met": one.met,
            "set_aside": one.set_aside, "breached": one.breached, "unknown": one.unknown, "not_kept": one.not_kept,
        }
        for one in kept_by(request.principal.council)
    ]  # fmt: skip
    columns = (
        Column("month", "Month", filtered=True), Column("number", "No.", numeric=True),
        Column("title", "What must be so", wide=True), Column("role", "Done by", filtered=True),
        Column("acts", "Acts", numeric=True), Column("met", "Met", numeric=True),
        Column("set_aside", "Set aside", numeric=True), Column("breached", "Without that", numeric=True),
        Column("unknown", "Not known", numeric=True),
        Column("not_kept", "Not kept", numeric=True), Column("rule", "Rule", filtered=True, shown=False),
    )  # fmt: skip
    return Listing("kept", "How the rules were kept", columns, rows, empty="No act was judged yet.")


@does(SEE)
@reading
def aside(request: HttpRequest) -> HttpResponse:
    """What was set aside, by whom and why."""
    return list_page(
        request, SEE, _aside(request), here=ASIDE, crumbs=(_CRUMB, ("What was set aside", "")),
        intro="A rule that is set aside counts as not kept, where the act then goes ahead.",
    )  # fmt: skip


@does(SEE)
@reading
def aside_download(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file."""
    return list_download(request, SEE, _aside(request), kind)


def _aside(request: HttpRequest) -> Listing:
    titles = {name: one.title for name, one in roles().items()}
    found = SetAside.objects.reached(request.principal, SEE).select_related("by").order_by("-on", "-pk")
    rows = [
        {
            "number": one.pk, "on": one.on, "rule": one.rule, "title": rule_title(one.rule), "act": ACTS[one.act],
            "about": about(one.subject), "by": one.by.name, "role": titles.get(one.role, one.role),
            "reason": one.reason,
        }
        for one in found
    ]  # fmt: skip
    columns = (
        Column("on", "When", text=day), Column("title", "The rule that", wide=True),
        Column("act", "To", filtered=True), Column("about", "About"), Column("reason", "Why", wide=True),
        Column("by", "By", filtered=True), Column("role", "Role", filtered=True),
        Column("rule", "Rule", filtered=True, shown=False), Column("number", "Number", numeric=True, shown=False),
    )  # fmt: skip
    return listed(
        request.principal, SEE, "judged", columns, rows, id="set-aside", title="What was set aside",
        empty="No rule was set aside yet.",
    )  # fmt: skip


def about(subject: str) -> str:
    """What was judged, in words: Request 12."""
    row, _, provider = subject.partition("/")
    table, _, key = row.partition(":")
    name = table.rpartition(".")[2].capitalize()
    return f"{name} {key}, for one provider" if provider else f"{name} {key}"


@does(TELL)
def told(request: HttpRequest) -> HttpResponse:
    """What the rules ask of the council as a whole, and what it told last."""
    last = last_told(request.principal.council)
    rows = [(name, one.ask, _said(last.get(name), name)) for name, one in asked_of_council().items()]
    return page(
        request, "told.html", here=HOME, crumbs=(_CRUMB, ("What the council tells", "")), rows=rows,
        title="What the rules ask of the council as a whole",
    )  # fmt: skip


@does(TELL, POST=TELL)
@reading
def tell_page(request: HttpRequest, asked: str) -> HttpResponse:
    """Tell something that the rules ask of the council as a whole."""
    if asked not in asked_of_council():
        raise Http404("Nothing of this name is told here.")
    form = CouncilFactForm(request.POST or None, fact=asked_of_council()[asked])
    made = done(
        request, form,
        lambda given: tell_of_council(request.principal, asked, form.value(), given["on"], given["why"]),
    )  # fmt: skip
    if made is not None:
        notify(request, "It is told, and counts for every act from its day.")
        return HttpResponseRedirect(TOLD)
    tell(request.principal, TELL, asked)
    return page(
        request, "care_form.html", here=HOME, form=form, back=TOLD, status=422 if form.errors else 200,
        crumbs=(_CRUMB, ("What the council tells", TOLD), ("Tell it", "")), title="What is known of the council",
        button="Tell it", intro=(),
    )  # fmt: skip


def _said(one: Any, name: str) -> str:
    if one is None:
        return ""
    value, fact = json.loads(one.value), vocabulary()[name]
    if isinstance(value, bool):
        words = "Yes" if value else "Not yet" if fact.kind == "day" else "No"
    else:
        words = day(fact.read(value)) if fact.kind == "day" else in_words(str(value))  # type: ignore[arg-type]
    old = "" if fact.fresh(one.on, today()) else f" It is more than {fact.counts_for} days old, and counts no more."
    return f"{words} ({day(one.on)}, by {one.by.name}: {one.why.rstrip('.')}).{old}"
