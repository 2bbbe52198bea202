"""What the rules ask of a person's record, as it is known on a day."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol, TypeVar

from django.db.models import Q

from careshape.people.models import Assessment, Conversation, Noted, Person
from careshape.rules.facts import Fact
from careshape.rules.facts import facts as vocabulary

FIRST = 1
"""The number of the first conversation, which two facts are about."""


class _Dated(Protocol):
    fact: str
    on: date


One = TypeVar("One", bound=_Dated)


def looked_at() -> dict[str, Fact]:
    """What can be looked at for a person: the facts of the rules that are assessments, by id."""
    return {name: one for name, one in vocabulary().items() if one.kind == "assessment"}


def noted_of() -> dict[str, Fact]:
    """What can be noted of a person: the other facts that are kept with their record, but for those that follow from
    what is kept already.
    """
    follows = ("age", "technology-raised", "direct-payment-raised", "carer-assessed-by")
    return {
        name: one for name, one in vocabulary().items()
        if one.about == "person" and one.kind != "assessment" and name not in follows
    }  # fmt: skip


def latest(person: Person, on: date = date.max) -> dict[str, Assessment]:
    """What was found last of everything that was looked at, up to a day, by fact."""
    found = person.assessments.filter(withdrawn_at__isnull=True, on__lte=on).select_related("by").order_by("on", "pk")
    return {one.fact: one for one in found}


def noted(person: Person, on: date = date.max) -> dict[str, Noted]:
    """What was noted last of a person, up to a day, by fact."""
    found = Noted.objects.filter(person=person, withdrawn_at__isnull=True, on__lte=on).select_related("by")
    return {one.fact: one for one in found.order_by("on", "pk")}


def facts(person: Person, on: date) -> dict[str, object]:
    """What the rules ask of a person's record on a day; what nobody looked at is known to be not made.

    An assessment that is too old is told as it is: the rules know for how long it counts.
    """
    found = latest(person, on)
    looked = {name: _as_fact(found[name]) if name in found else False for name in looked_at()}
    return {
        **{name: json.loads(one.value) for name, one in current(noted(person, on).values(), on).items()},
        **_raised(person, on),
        **looked,
        "age": age(person.born_on, on),
    }


def current(found: Iterable[One], on: date) -> dict[str, One]:
    """Those of some facts that count on a day, by fact: what is too old is not known any more."""
    known = vocabulary()
    return {one.fact: one for one in found if one.fact in known and known[one.fact].fresh(one.on, on)}


def age(born: date, on: date) -> int:
    """Whole years on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _raised(person: Person, on: date) -> dict[str, object]:
    """What was spoken of in the first conversation; not known where there was none yet."""
    told = Q(person=person, number=FIRST, withdrawn_at__isnull=True, on__lte=on)
    held = list(Conversation.objects.filter(told))
    if not held:
        return {}
    return {
        "technology-raised": any(one.technology for one in held),
        "direct-payment-raised": any(one.direct_payment for one in held),
    }


def _as_fact(one: Assessment) -> dict[str, Any]:
    return {"on": one.on, "by": str(one.by_id), "result": one.result, "why": one.why}
