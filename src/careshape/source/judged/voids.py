"""The empty places that suit a request, counted for the rules: a rule that asks for them is told no other number.

Asked for only where a rule at the act reads the fact, so that other requests cost nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.conf import settings

from careshape.home import Home
from careshape.rules.judge import standing
from careshape.source.judged.judging import today
from careshape.source.lists.listed import standing_for
from careshape.source.models import Request
from careshape.source.requests.rooms import ON_NO_LIST, Fit, by_place, fits, stands_of

FACT: Final = "voids-that-suit"


def counted(act: str, row: Request) -> dict[str, object]:
    """How many empty places suit a request, as a fact; nothing where no rule at the act asks, or no place is known."""
    return as_fact(asked(act, row))


def asked(act: str, row: Request) -> list[Fit] | None:
    """The empty places that suit a request, the best first; None where no rule at the act asks, or none is known."""
    return suiting(row) if by_place(row.service) and rules_that_ask(act, row) else None


def as_fact(found: list[Fit] | None) -> dict[str, object]:
    """Places that suit as the fact that the rules are told; nothing where it is not known."""
    return {} if found is None else {FACT: len(found)}


def suiting(row: Request) -> list[Fit] | None:
    """The empty places that suit a request, the best first: of providers on a list of the council for it.

    None where nobody has told of a place that is good for the service: that none is empty is then not known.
    """
    stands = [one for one in stands_of(row) if one.room.closed_on is None or one.room.closed_on >= today()]
    if not stands:
        return None
    empty = [one for one in stands if one.free_from is not None]
    on_a_list = standing_for(row.person.council, row.service, row.starts_on).values_list("organisation", flat=True)
    listed = set(on_a_list) if empty else set()
    others = {int(one.room.location.place.organisation_id) for one in empty} - listed
    return [one for one in fits(row, empty, dict.fromkeys(others, ON_NO_LIST)) if one.may]


def rules_that_ask(act: str, row: Request) -> set[str]:
    """The rules at an act with a request that read the number."""
    council = row.person.council
    found: Iterable[str] = (
        one.id for one in standing(act, council, today(), Home(settings.CARESHAPE_DIR).council_path(council))
        if FACT in one.facts()
    )  # fmt: skip
    return set(found)
