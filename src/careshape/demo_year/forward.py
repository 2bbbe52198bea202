"""Bring what a demonstration returned of its capacity up to these days, as fresh as on the day it was built."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from statistics import median_low
from typing import Final, cast

from django.db.models import F
from django.utils import timezone

from careshape.audit.change import together
from careshape.demo_year.acting import Acting
from careshape.ledger.posting import uk_day
from careshape.market.capacity.fields import Kind, capacity
from careshape.market.capacity.lines import Line, Number
from careshape.providers.capacity.free import held
from careshape.providers.capacity.send import id_of, send
from careshape.providers.models import Newest, Return

AFTER: Final = timedelta(days=7)
"""What is not older than this is left as it is."""
AGO: Final = timedelta(days=4)
"""How long ago the middle one of the newest returns lies on the day on which the year is written."""
AMONG: Final = timedelta(days=9)
"""Whose return is further from the middle one was stale when the year was written, or was sent by somebody since."""


def bring_forward(council: str) -> int:
    """Send the newest returns of a demonstration council anew, as many days later as have gone by; how many.

    Left as they are: those that were to be stale, those that somebody sent since, and those of a location of which
    something was promised since, as the old figures would take that back. A later call on the same day does nothing.
    """
    today, acting = uk_day(timezone.now()), Acting(council)
    found = list(
        Newest.objects.filter(location__place__organisation__council__slug=council, given__isnull=False)
        .select_related("given__by", "location__place").order_by("pk")
    )  # fmt: skip
    days = [one.given.day.toordinal() for one in found if one.given is not None]
    if not days:
        return 0
    middle = date.fromordinal(median_low(days))
    later = today - AGO - middle
    if later < AFTER:
        return 0
    promised = set(held().filter(taken_at__gt=F("location__newest__given__as_at")).values_list("location", flat=True))
    done = 0
    with together():
        for one in found:
            given = one.given
            if given is None or not given.by.demonstration or abs(given.day - middle) > AMONG:
                continue
            if one.location_id in promised:
                continue
            lines = _later(given, id_of(one.location), min(today, given.day + later))
            provider = acting.for_provider(one.location.place.organisation_id)
            send(provider, one.location, cast("Kind", one.kind), lines, way="form")
            done += 1
    return done


def _later(given: Return, location: str, day: date) -> list[Line]:
    """The lines of a return as of a later day."""
    kind = cast("Kind", given.kind)
    in_hours = {one.id for one in capacity().of_kind(kind) if one.unit == "hours"}
    lines = []
    for one in given.lines.order_by("pk"):
        figures: dict[str, Number] = {
            name: Decimal(value) / 100 if name in in_hours else value for name, value in one.figures.items()
        }
        part = (one.part, one.band) if one.band else (one.part,)
        lines.append(Line(location, day, kind, part, figures, 0, {}, one.closed_reason))
    return lines
