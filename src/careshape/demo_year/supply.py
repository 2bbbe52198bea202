"""When the market of a demonstration council is told: what stands in the diary of its year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

from django.conf import settings

from careshape.accounts.models import Organisation
from careshape.demo_year import shown
from careshape.demo_year.acting import Acting
from careshape.demo_year.lists import on_list
from careshape.demo_year.market import Market, Places
from careshape.demo_year.places import Placed, place
from careshape.demo_year.plan import Diary, Listed
from careshape.demo_year.returned import STALE, return_all
from careshape.demo_year.rooms import tell_rooms
from careshape.home import Home
from careshape.providers.regulator import write_synthetic

WEEK: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)
PLACED, GRADED, BEGUN = 48 * WEEK, 30 * WEEK, 52 * WEEK
"""How long ago the locations were recorded, the providers graded, and a tender begun."""


def market_of(acting: Acting, given: Market, lists: Sequence[Listed], diary: Diary, today: date) -> None:
    """Write into the diary when each part of the market is told. Lists that ended before have no part in it."""
    found: list[Placed] = []
    titles = [one.title for one in lists if not one.ends_ago]
    plans = [one for one in given.places if one.council == acting.council]
    diary.append((today - PLACED, 0, partial(_place_all, acting, given, plans, found, today)))
    diary.append((today - GRADED, 0, lambda: shown.grade_all(acting, given, _on(acting, titles), today - GRADED)))
    diary.append((today - STALE, 2, lambda: return_all(acting, given, found, today, stale=True)))
    diary.append((today - DAY, 2, lambda: return_all(acting, given, found, today - DAY, stale=False)))
    diary.append((today - DAY, 3, lambda: shown.show_all(acting, given, _on(acting, titles), today)))
    for one in [one for one in given.tender if one.council == acting.council]:
        decided = next(each.begins_ago for each in lists if each.title == one.to) * WEEK
        diary.append((today - BEGUN, 1, partial(shown.begin, acting, one)))
        diary.append((today - decided, 2, partial(shown.decide_tender, acting, one, today - decided)))


def _place_all(acting: Acting, given: Market, plans: Sequence[Places], found: list[Placed], today: date) -> None:
    """Record all locations, the places to live in some of them, and what the synthetic register says of them."""
    for one in plans:
        found.extend(place(acting, one, len(found), today))
    tell_rooms(acting, found, given.void_paid, today)
    rows = [one.row for one in found if one.location.regulator_id]
    write_synthetic(Home(settings.CARESHAPE_DIR).council_path(acting.council), rows)


def _on(acting: Acting, titles: Sequence[str]) -> list[Organisation]:
    """The providers of some lists, each once."""
    return list(dict.fromkeys(one for title in titles for one in on_list(acting.council, title)))
