"""What waits of returns of capacity, and what lies beyond a line in the market."""

from __future__ import annotations

from django.utils import timezone

from careshape.ledger.posting import uk_day
from careshape.providers.capacity.standing import RETURNS, open_locations, silent
from careshape.work.care.alert_views import figures_of, raised
from careshape.work.desk import Desk
from careshape.work.found import Found

_NAMED = 3
"""Names that a card gives before it says how many more there are."""


def returns_to_send(desk: Desk) -> Found | None:
    """Locations that have not returned their capacity this week; nothing where none is asked."""
    locations = list(open_locations(desk.principal, RETURNS))
    if not locations:
        return None
    late = list(dict.fromkeys(one.place.name for one, _, _ in silent(locations, uk_day(timezone.now()))))
    more = f" and {len(late) - _NAMED:,} more" if len(late) > _NAMED else ""
    return Found(len(late), f"{', '.join(late[:_NAMED])}{more}." if late else "")


def market_alerts(desk: Desk) -> Found | None:
    """Figures of the market that lie beyond a line; nothing where none is known."""
    today = uk_day(timezone.now())
    known = figures_of(desk.principal, today)
    if not known:
        return None
    found = raised(desk.principal, known, today)
    return Found(len(found), found[0].sentence if found else "")
