"""Pages on which what the rules ask of a release is said, and on which one of them is set aside for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from careshape.audit.change import reading
from careshape.editions import ruled
from careshape.editions.models import Edition
from careshape.editions.ruled import ACT
from careshape.policy.views import does
from careshape.source.judged import judging
from careshape.source.judged.judging import ACT as OVERRIDE
from careshape.work.care.judged import aside_page
from careshape.work.care.judged import say_page as judged_say_page
from careshape.work.desk import desk_of
from careshape.work.edition_rules import HOME


@does(ACT, POST=ACT)
@reading
def say_page(request: HttpRequest, number: int) -> HttpResponse:
    """Say what the rules ask of a release, or put right what was said."""
    row = _one(request, ACT, number)
    return judged_say_page(
        request, row, ACT, ruled.findings(row), judging.said(row),
        lambda facts: ruled.say(request.principal, row, facts), what="edition",
        here=HOME, back=f"{HOME}{number}/release/", crumbs=_crumbs(number),
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
