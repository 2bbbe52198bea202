"""The kinds of entry in a person's record: the fields of each, and what each takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.people.areas import areas, relations
from careshape.people.known import looked_at, noted_of
from careshape.people.models import Assessment, Carer, Choice, Conversation, Need, Noted, Outcome, Person
from careshape.rules.facts import facts as vocabulary

Row = Assessment | Carer | Choice | Conversation | Need | Noted | Outcome
PROMPTS: Final = ("community", "technology", "direct_payment")
"""What each conversation is prompted to speak of."""
MOST: Final = 20
"""Places in the order of what somebody wants."""


@dataclass(frozen=True)
class Kind:
    """A kind of entry.

    Attributes:
        id: as it stands in addresses.
        title: the entries as a heading.
        one: an entry in words.
        model: its table.
        fields: what is kept, by name.
        check: raises CallError for values that it does not take, given the person and the values.
        holds: why an entry cannot be taken back as things stand; '' where it can.
    """

    id: str
    title: str
    one: str
    model: type[Row]
    fields: tuple[str, ...]
    check: Callable[[Person, Mapping[str, Any]], None]
    holds: Callable[[Any], str] = lambda _row: ""


def kind_of(row: Row) -> Kind:
    """The kind of an entry."""
    return next(one for one in KINDS.values() if isinstance(row, one.model))


def _words(given: Mapping[str, Any], said: str, name: str = "words") -> None:
    if not str(given.get(name) or "").strip():
        raise CallError(said)


def _carer(_: Person, given: Mapping[str, Any]) -> None:
    _words(given, "Enter the name of the carer.", "name")
    _among(given["relation"], relations(), "relation")
    values = vocabulary()["carer-assessed-by"].values
    if given.get("assessed_by") and given["assessed_by"] not in values:
        raise CallError(f"A carer is assessed by one of {', '.join(values)}.")


def _outcome(_: Person, given: Mapping[str, Any]) -> None:
    _words(given, "Write what the person wants to come about, in their own words.")


def _need(person: Person, given: Mapping[str, Any]) -> None:
    _among(given["area"], areas(), "area")
    _words(given, "Write what the need is.")
    carer, whose = given.get("carer"), "carer" if given.get("carer") is not None else "person"
    if carer is not None and (carer.person_id != person.pk or carer.withdrawn_at is not None):
        raise CallError("This carer is not in the person's record.")
    if whose not in areas()[given["area"]].of:
        raise CallError(f"'{areas()[given['area']].label}' is not among the needs of a {whose}.")


def _conversation(_: Person, given: Mapping[str, Any]) -> None:
    if given["number"] not in (1, 2, 3):
        raise CallError("It is the first conversation, the second or the third.")
    _words(given, "Write what was spoken of.")
    for name in PROMPTS:
        if given[name]:
            what = name.replace("_", " ")
            _words(given, f"Write what was said of {what}, or say that it was not spoken of.", f"{name}_words")


def _choice(person: Person, given: Mapping[str, Any]) -> None:
    catalogue().entry("service", given["service"])
    _words(given, "Write what the person said.")
    if not 1 <= given["place"] <= MOST:
        raise CallError(f"The place in the order of what they want is a number from 1 to {MOST}.")
    organisation = given.get("organisation")
    if organisation is not None and organisation.council.slug != person.council:
        raise CallError("There is no such provider.")


def _noted(_: Person, given: Mapping[str, Any]) -> None:
    fact = noted_of().get(given["fact"])
    if fact is None:
        raise CallError(f"Nothing of the name '{given['fact']}' is noted. Choose from {', '.join(noted_of())}.")
    try:
        value = json.loads(given["value"])
    except ValueError:
        raise CallError(f"The fact '{fact.id}' cannot be that. {fact.rule()}") from None
    fact.read(value)


def _looked_at(_: Person, given: Mapping[str, Any]) -> None:
    fact = looked_at().get(given["fact"])
    if fact is None:
        raise CallError(f"Nothing of the name '{given['fact']}' is looked at. Choose from {', '.join(looked_at())}.")
    fact.read({"on": given["on"], "by": "-", "result": given["result"], "why": given.get("why") or ""})


def _among(value: object, known: Mapping[str, Any], name: str) -> None:
    if value not in known:
        raise CallError(f"There is no {name} '{value}'. Choose from {', '.join(known)}.")


def _carer_has_needs(row: Carer) -> str:
    stands = row.needs.filter(withdrawn_at__isnull=True).exists()
    return "A need of this carer is in the record. Take that back first." if stands else ""


def _need_is_decided(row: Need) -> str:
    # ``decisions`` comes from ``source``, above this room: how needs are met is decided there.
    decisions = getattr(row, "decisions", None)
    found = decisions.exclude(state="withdrawn").exists() if decisions is not None else False
    return "How this need is met is proposed or decided. Withdraw that first." if found else ""


_KINDS: Final = (
    Kind("conversation", "Conversations", "a conversation", Conversation,
         ("on", "number", "words", *(name for one in PROMPTS for name in (one, f"{one}_words"))), _conversation),
    Kind("outcome", "What the person wants to come about", "what the person wants", Outcome, ("on", "words"), _outcome),
    Kind("carer", "Carers", "a carer", Carer, ("on", "name", "relation", "assessed_by"), _carer, _carer_has_needs),
    Kind("need", "Needs", "a need", Need, ("on", "carer", "area", "eligible", "words"), _need, _need_is_decided),
    Kind("choice", "Where and by whom they want to be supported", "a choice", Choice,
         ("on", "service", "organisation", "place", "words"), _choice),
    Kind("noted", "What is known for the rules", "something known", Noted, ("on", "fact", "value", "why"), _noted),
    Kind("looked-at", "What was looked at", "something looked at", Assessment, ("on", "fact", "result", "why"),
         _looked_at),
)  # fmt: skip
KINDS: Final = {one.id: one for one in _KINDS}
