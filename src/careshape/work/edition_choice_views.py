"""Pages of the rule by which figures are kept back: what it does, which edition was made by which, and choosing it."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from careshape.accounts.times import moment
from careshape.disclosure import Rule, read_rule
from careshape.disclosure.choice import below_floor
from careshape.editions.choose import ACT, MOST_WHY, SAY_WHY, SEE, choose
from careshape.editions.chosen import last_choice
from careshape.editions.inputs import RULE
from careshape.editions.models import DisclosureRule, Edition, State
from careshape.editions.released import released
from careshape.errors import CareshapeError
from careshape.home import Home
from careshape.policy.fields import all_seen
from careshape.policy.views import does
from careshape.work.desk import Desk, desk_of
from careshape.work.edition_made_by import made_by, rule_now
from careshape.work.edition_rules import HOME
from careshape.work.pages import notify, page
from careshape.work.rule_words import (
    COUNTS,
    FIELDS,
    METHODS,
    MONEY,
    NUMBERS,
    RATIOS,
    in_short,
    parts,
    read_form,
    sent_of,
)

RULE_PAGE: Final = f"{HOME}rule/"
MOST: Final = 20
"""Editions and choices that the page lists, the latest first."""


@does(SEE)
def rule_page(request: HttpRequest) -> HttpResponse:
    """The rule in force, each part with an example, the choices that were made, and the rule of each edition."""
    desk, home = desk_of(request), Home(settings.CARESHAPE_DIR)
    council = desk.principal.council
    rule, problem = rule_now(home, council)
    return page(
        request, "edition_rule.html", here=HOME, crumbs=(("Editions", HOME), ("The rule", "")),
        parts=parts(rule) if rule else (), problem=problem, below=list(below_floor(rule)) if rule else [],
        choices=_choices(desk), own=(home.council_path(council) / RULE).is_file(), chosen=last_choice(council),
        editions=_editions(desk, home, rule), may_choose=desk.may(ACT), moment=moment,
        sees_editions=desk.may("editions.see"),
    )  # fmt: skip


@does(ACT, POST=ACT)
def change_page(request: HttpRequest) -> HttpResponse:
    """Choose the rule of the editions that are prepared from now on."""
    home, council = Home(settings.CARESHAPE_DIR), request.principal.council
    last = last_choice(council)
    if request.method != "POST":
        rule, _ = rule_now(home, council)
        return _form(request, sent_of(rule or Rule()), "", last.number if last else 0, {})
    sent = {name: request.POST.get(name, "") for name in FIELDS}
    why, text = request.POST.get("why", "").strip(), request.POST.get("instead_of", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    rule, errors = read_form(sent)
    if not why:
        errors["why"] = SAY_WHY
    elif len(why) > MOST_WHY:
        errors["why"] = f"Say why in {MOST_WHY} characters or fewer: these are {len(why)}."
    if rule is None or errors:
        return _form(request, sent, why, number, errors, 422)
    try:
        choose(request.principal, home, rule, why, number)
    except CareshapeError as error:
        now = last_choice(council)
        return _form(request, sent, why, now.number if now else 0, {"rule": str(error)}, 409)
    notify(request, "The rule is changed. It holds from the next edition that is prepared.")
    return HttpResponseRedirect(RULE_PAGE)


def _form(
    request: HttpRequest, sent: dict[str, str], why: str, number: int, errors: dict[str, str], status: int = 200
) -> HttpResponse:
    crumbs = (("Editions", HOME), ("The rule", RULE_PAGE), ("Change it", ""))
    rule, problem = rule_now(Home(settings.CARESHAPE_DIR), request.principal.council)
    return page(
        request, "edition_rule_change.html", here=HOME, crumbs=crumbs, sent=sent, why=why, number=number, errors=errors,
        numbers={group: [one for one in NUMBERS if one.group == group] for group in (COUNTS, MONEY)}, methods=METHODS,
        ratios=RATIOS, now=in_short(rule) if rule else problem, status=status,
    )  # fmt: skip


def _choices(desk: Desk) -> list[dict[str, Any]]:
    rows = DisclosureRule.objects.reached(desk.principal, SEE).select_related("chosen_by").order_by("-number")[:MOST]
    told = (
        {
            "number": one.number, "rule": in_short(read_rule(one.content)), "chosen": one.chosen_at, "why": one.why,
            "by": one.chosen_by.name if one.chosen_by else "",
        }
        for one in rows
    )  # fmt: skip
    return list(all_seen(desk.principal, SEE, "disclosure_rule", told))


def _editions(desk: Desk, home: Home, now: Rule | None) -> list[dict[str, Any]]:
    """The editions that somebody may read, each with its rule and whether it is another than the one in force."""
    council = desk.principal.council
    rows: list[Edition] = list(released(desk.principal, "editions.read", council)[:MOST])
    if desk.may("editions.see"):
        found = Edition.objects.reached(desk.principal, "editions.see").exclude(state=State.DISCARDED.value)
        rows = list(found.order_by("-number")[:MOST])
    return [{"row": one, "made": made_by(home, one, now)} for one in rows]
