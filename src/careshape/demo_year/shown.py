"""What the providers on a demonstration's lists have shown, how they are graded, and how they did in a tender."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from careshape.accounts.models import Organisation
from careshape.demo_year.acting import Acting
from careshape.demo_year.lists import on_list
from careshape.demo_year.market import Market, Tendered
from careshape.providers.evidence import kinds_of
from careshape.providers.models import Location, Tender
from careshape.providers.show import Shown, show
from careshape.providers.standing import begin_tender, decide, grade
from careshape.source.lists.lapses import keep_up

YEAR: Final = timedelta(days=365)
PAST: Final = timedelta(days=12)
"""How long ago the insurance of some lapsed."""
STEP, SPAN = 11, 340
"""Days by which the papers of one provider are older than those of the one before, and over how many in all."""


def begin(acting: Acting, given: Tendered) -> None:
    """Begin a tender."""
    begin_tender(acting.who("commissioner"), given.title, given.service)


def decide_tender(acting: Acting, given: Tendered, on: date) -> None:
    """Decide a tender for those of the new list; others of the old one took part, and were not successful."""
    won = on_list(acting.council, given.to)
    others = [one for one in on_list(acting.council, given.of) if one not in won]
    row = Tender.objects.get(council=acting.council, title=given.title)
    decide(
        acting.who("commissioner"),
        row,
        on,
        {**dict.fromkeys(won, True), **dict.fromkeys(others[: given.asked - len(won)], False)},
    )


def grade_all(acting: Acting, given: Market, organisations: Iterable[Organisation], on: date) -> None:
    """Grade each provider from a day."""
    for number, one in enumerate(organisations):
        named = given.grades[number % len(given.grades)]
        grade(acting.who("quality-officer"), one, named, on, given.grade_whys[named])


def show_all(acting: Acting, given: Market, organisations: Iterable[Organisation], today: date) -> None:
    """Record what each provider shows; the insurance of some lapsed, or waits to be looked at, and they stand so."""
    for number, one in enumerate(organisations, 1):
        kinds = list(given.evidence)
        if one == acting.provider:
            kinds = [name for name, kind in kinds_of(acting.council).items() if kind.of == "organisation"]
        for name in kinds:
            lapsed = number % given.lapsed_each == 0 and name == kinds[0]
            unseen = number % given.unseen_each == 0 and name == kinds[-1]
            begins = today - YEAR - PAST if lapsed else today - timedelta(days=number * STEP % SPAN)
            who = acting.for_provider(one.pk) if unseen else acting.who("quality-officer")
            show(who, one, Shown(name, begins, reference=f"SYN-{number:04}", issuer="Synthetic insurer"))
    for place in Location.objects.filter(place__organisation=acting.provider).order_by("pk"):
        paper = Shown("regulator-registration", today - YEAR, location=place, reference=place.regulator_id)
        show(acting.who("quality-officer"), acting.provider, paper)
    keep_up(acting.council)
