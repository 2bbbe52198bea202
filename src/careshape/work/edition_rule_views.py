"""Pages on which what the rules ask of a release is said, and on which one of them is set aside for it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.audit.change import reading, tell
from careshape.editions import ruled
from careshape.editions.models import Edition
from careshape.editions.ruled import ACT
from careshape.policy.views import does
from careshape.rules.facts import facts as vocabulary
from careshape.source.judged import gate, judging
from careshape.source.judged.judging import ACT as OVERRIDE
from careshape.work.care.forms import SayForm, done
from careshape.work.care.judged import aside_page
from careshape.work.desk import desk_of
from careshape.work.edition_rules import HOME
from careshape.work.pages import page


@does(ACT, POST=ACT)
@reading
def say_page(request: HttpRequest, number: int) -> HttpResponse:
    """Say what the rules ask of a release, or put right what was said."""
    row = _one(request, ACT, number)
    stated, back = judging.said(row), f"{HOME}{number}/release/"
    asked = list(dict.fromkeys([*gate.to_say(ruled.findings(row)), *stated]))
    form = SayForm(
        request.POST or None, facts=[vocabulary()[name] for name in asked],
        said={name: stated[name] for name in asked if name in stated},
    )  # fmt: skip

    def say(_: dict[str, Any]) -> bool:
        ruled.say(request.principal, row, form.said())
        return True

    if done(request, form, say):
        return HttpResponseRedirect(back)
    tell(request.principal, ACT, row)
    return page(
        request, "care_form.html", here=HOME, form=form, back=back, status=422 if form.errors else 200,
        crumbs=(*_crumbs(number), ("What the rules ask for", "")), title="What the rules ask for", button="Keep",
        intro=("Leave what you do not know: nothing is guessed, and the rule waits.",) if asked
        else ("The rules ask you nothing about this edition.",),
    )  # fmt: skip


@does(OVERRIDE, POST=OVERRIDE)
@reading
def set_aside_page(request: HttpRequest, number: int, rule: str) -> HttpResponse:
    """Let an edition be released against a rule."""
    row = _one(request, OVERRIDE, number)
    back = f"{HOME}{number}/" if desk_of(request).may("editions.see") else "/work/"
    return aside_page(
        request, row, ruled.findings(row), rule, "release",
        lambda reason: ruled.set_aside(request.principal, row, rule, reason),
        here=HOME, back=back, crumbs=_crumbs(number),
    )  # fmt: skip


def _crumbs(number: int) -> tuple[tuple[str, str], ...]:
    return (("Editions", HOME), (f"Edition {number}", f"{HOME}{number}/"))


def _one(request: HttpRequest, act: str, number: int) -> Edition:
    found = Edition.objects.select_related("prepared_by")
    row: Edition = found.reach(request.principal, act, council=request.principal.council, number=number)
    return row
