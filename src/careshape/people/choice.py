"""What a person chose: where they want to be supported and by whom, in their own order and words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from careshape.people.models import Choice, Person


@dataclass(frozen=True)
class Chosen:
    """A provider that a person wants.

    Attributes:
        organisation: its key.
        place: 1 for the one that they want most.
        words: what they said of it.
    """

    organisation: int
    place: int
    words: str


def choices_of(person: Person, service: str) -> tuple[Chosen, ...]:
    """The providers that a person wants for a service, the most wanted first; one query.

    Of a provider that is named twice the later word counts. What was taken back is left out.
    """
    return choices_of_many([person.pk]).get((person.pk, service), ())


def choices_of_many(people: Iterable[int]) -> dict[tuple[int, str], tuple[Chosen, ...]]:
    """The same of many people and all services, by person and service; one query."""
    found: dict[tuple[int, str], dict[int, Choice]] = {}
    named = Choice.objects.filter(person__in=list(people), organisation__isnull=False, withdrawn_at__isnull=True)
    for one in named.order_by("on", "pk"):
        assert one.organisation_id is not None
        found.setdefault((one.person_id, one.service), {})[one.organisation_id] = one
    return {key: _in_order(chosen) for key, chosen in found.items()}


def _in_order(chosen: Mapping[int, Choice]) -> tuple[Chosen, ...]:
    ordered = sorted(chosen.items(), key=lambda item: (item[1].place, -item[1].pk))
    return tuple(Chosen(key, one.place, one.words) for key, one in ordered)
