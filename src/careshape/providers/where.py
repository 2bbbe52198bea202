"""The locations that work on a day, as everything here asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from careshape.providers.models import Location


def working(on: date, organisations: Iterable[int]) -> QuerySet[Location]:
    """Locations of organisations that had begun and have not closed on a day, with their places; one query."""
    found: QuerySet[Location] = Location.objects.filter(works_on(on), place__organisation__in=list(organisations))
    return found.select_related("place").order_by("pk")


def works_on(on: date, lookup: str = "") -> Q:
    """That a location works on a day; ``lookup`` leads to it from another table, with its underscores."""
    begun = Q(**{f"{lookup}opened_on__isnull": True}) | Q(**{f"{lookup}opened_on__lte": on})
    return begun & (Q(**{f"{lookup}closed_on__isnull": True}) | Q(**{f"{lookup}closed_on__gte": on}))
