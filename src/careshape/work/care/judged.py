"""What the rules say of an act, for the pages on which it is done: findings, what is asked, who may set one aside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.audit.change import tell
from careshape.policy import Principal
from careshape.rules.entries import rules
from careshape.rules.facts import facts as vocabulary
from careshape.rules.judge import STATES, Finding
from careshape.source.judged import gate, judging
from careshape.source.judged.judging import ACT
from careshape.source.judged.tell import ACT as TELL
from careshape.source.judged.tell import asked_of_council
from careshape.source.models import SetAside
from careshape.statement.formatting import day
from careshape.work.care.forms import ReasonForm, SayForm, done
from careshape.work.desk import Desk
from careshape.work.pages import notify, page

INTO_RECORD: Final = "What is of the person goes into their record."
STATEMENTS = {"W": "Worcestershire’s statement", "T": "Thurrock’s statement"}


def judged(desk: Desk, found: Iterable[Finding], made_by: int | None, aside: str) -> dict[str, Any]:
    """What a page shows of findings.

    Args:
        desk: whose page it is.
        found: the findings.
        made_by: who asks for the act: they do not set aside what another person must.
        aside: the address at which a rule is set aside, with ``{rule}`` in it.
    """
    rows = [one for one in found if one.state != "not-applicable"]
    stops = [one for one in rows if one.stops]
    may = {one.rule for one in stops if may_set_aside(desk, one, made_by)}
    return {
        "findings": rows, "stopping": stops, "states": STATES, "sources": sources, "to_say": gate.to_say(rows),
        "aside": {one.rule: aside.format(rule=one.rule) for one in stops if one.rule in may},
        "todo": {one.rule: _todo(desk, one) for one in rows if not one.overridden}, "beside": {},
    }  # fmt: skip


def may_set_aside(desk: Desk, finding: Finding, made_by: int | None) -> bool:
    """Whether who is here may set a rule aside."""
    who: Principal = desk.principal
    return desk.may(ACT) and who.role in finding.override_by and not (finding.another_person and made_by == who.account)


def _todo(desk: Desk, one: Finding) -> list[tuple[str, str]]:
    """What would clear a finding, a sentence each, with where the council tells it; empty where that is not here."""
    asked = {vocabulary()[name].ask: name for name in one.missing}
    found = []
    for text in one.clears:
        name = asked.get(text, "")
        if name and vocabulary()[name].told_by == "measure":
            text = f"No figure tells it here: {text}"
        there = name in asked_of_council() and desk.may(TELL)
        found.append((text, f"/work/kept/told/{name}/" if there else ""))
    return found


def sources(one: Finding) -> str:
    """Where a rule is laid down, in words: Worcestershire's statement, lines 239 and 241."""
    lines: dict[str, list[str]] = {}
    for text in one.sources:
        who, _, line = text.partition(":")
        lines.setdefault(who, []).append(line)
    return "; ".join(
        f"{STATEMENTS.get(who, who)}, {'line' if len(found) == 1 else 'lines'} {' and '.join(found)}"
        for who, found in lines.items()
    )


def rule_title(name: str) -> str:
    """What a rule demands, in words; its name where there is no such rule any more."""
    return rules()[name].title if name in rules() else name


def aside_of(council: str, act: str, subject: str, found: Iterable[Finding]) -> list[tuple[str, str, str, str, bool]]:
    """What was set aside for something that is judged: the rule, why, by whom, when, and whether it counts still."""
    counts = {one.rule for one in found if one.overridden}
    rows = SetAside.objects.filter(council=council, act=act, subject=subject).select_related("by").order_by("-pk")
    made, seen = [], set[str]()
    for one in rows:
        made.append((rule_title(one.rule), one.reason, one.by.name, day(one.on), one.rule in counts - seen))
        seen.add(one.rule)
    return made


def aside_page(
    request: HttpRequest,
    row: models.Model,
    found: Iterable[Finding],
    rule: str,
    what: str,
    act: Callable[[str], object],
    *,
    here: str,
    back: str,
    crumbs: Sequence[tuple[str, str]],
) -> HttpResponse:
    """The page on which a rule is set aside for something that is judged; what is done so is told.

    Args:
        request: of who sets it aside.
        row: what is judged, as the log names it.
        found: what the rules say of it.
        rule: the rule.
        what: what is judged, in a word.
        act: sets the rule aside for a reason.
        here: the list that it belongs to. back: where it leads. crumbs: what leads to it.

    Raises Http404 where no rule of this name is about it.
    """
    finding = next((one for one in found if one.rule == rule), None)
    if finding is None:
        raise Http404(f"No rule of this name is about the {what}.")
    form = ReasonForm(request.POST or None)
    if done(request, form, lambda given: act(given["reason"])) is not None:
        notify(request, f"The rule is set aside for this {what}.")
        return HttpResponseRedirect(back)
    tell(request.principal, ACT, row)
    return page(
        request, "care_form.html", here=here, form=form, back=back, status=422 if form.errors else 200,
        crumbs=(*crumbs, ("Set a rule aside", "")), warning=True, title="Set a rule aside", button="Set it aside",
        intro=(finding.said, "It counts as not kept, with your name and your reason. The target is none."),
    )  # fmt: skip


def say_page(
    request: HttpRequest,
    row: models.Model,
    act: str,
    found: Iterable[Finding],
    known: Mapping[str, Any],
    say: Callable[[dict[str, Any]], object],
    *,
    what: str,
    here: str,
    back: str,
    crumbs: Sequence[tuple[str, str]],
    counted: Collection[str] = (),
    more: str = "",
) -> HttpResponse:
    """The page on which what the rules ask of something is said, or what was said is put right; that is told.

    Args:
        request: of who says it.
        row: what is judged, as the log names it.
        act: the act of the policy under which it is said.
        found: what the rules say of it.
        known: the facts that are known of it; those that were said of the row itself are asked again.
        say: keeps the facts that were said.
        what: what is judged, in a word.
        here: the list that it belongs to. back: where it leads. crumbs: what leads to it.
        counted: facts that are worked out, and so are not asked whatever was said.
        more: where else what is said is kept, as a sentence.
    """
    stated = [name for name in judging.said(row) if name not in counted]
    asked = list(dict.fromkeys([*gate.to_say(found), *stated]))
    form = SayForm(
        request.POST or None, facts=[vocabulary()[name] for name in asked],
        said={name: known[name] for name in asked if name in known},
    )  # fmt: skip

    def keep(_: dict[str, Any]) -> bool:
        say(form.said())
        return True

    if done(request, form, keep):
        return HttpResponseRedirect(back)
    tell(request.principal, act, row)
    intro = " ".join(("Leave what you do not know: nothing is guessed, and the rule waits.", more)).strip()
    return page(
        request, "care_form.html", here=here, form=form, back=back, status=422 if form.errors else 200,
        crumbs=(*crumbs, ("What the rules ask for", "")), title="What the rules ask for", button="Keep",
        intro=(intro if asked else f"The rules ask you nothing about this {what}.",),
    )  # fmt: skip
