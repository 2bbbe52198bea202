"""Entries of a person's record as people read them."""

from __future__ import annotations

import json
from typing import Any

from careshape.people.areas import areas, relations
from careshape.people.kinds import KINDS, PROMPTS, Kind, Row, kind_of
from careshape.people.models import Assessment, Carer, Choice, Conversation, Need, Noted, Outcome, Person
from careshape.people.record import found_in, title_of
from careshape.rules.facts import facts as vocabulary
from careshape.statement.formatting import day
from careshape.statement.labels import label_of
from careshape.work.care.entry_forms import SPOKEN
from careshape.work.care.forms import in_words

_NUMBERS = {1: "First conversation", 2: "Second conversation", 3: "Third conversation"}


def sections(person: Person, account: int | None) -> list[dict[str, Any]]:
    """The entries of a person's record that stand, by kind: what each says, by whom, and where it is put right."""
    return [
        {"kind": kind, "rows": [_row(one, account) for one in standing(person, kind)]}
        for name, kind in KINDS.items()
        if name not in ("noted", "looked-at")
    ]


def standing(person: Person, kind: Kind) -> list[Row]:
    """The entries of one kind that were not taken back, the latest first."""
    found = kind.model._base_manager.filter(person=person, withdrawn_at__isnull=True).select_related("by")
    if kind.model is Need:
        found = found.select_related("carer")
    if kind.model is Choice:
        found = found.select_related("organisation")
    return list(found.order_by(*(("place",) if kind.model is Choice else ()), "-on", "-pk"))


def _row(one: Row, account: int | None) -> dict[str, Any]:
    kind = kind_of(one)
    key, text = said_of(one)
    base = f"/work/supported/kept/{kind.id}/{one.pk}"
    return {
        "row": one, "key": key, "text": text, "when": f"{day(one.on)}, by {one.by.name}",
        "correct": f"{base}/correct/", "take_back": f"{base}/take-back/" if one.by_id == account else "",
    }  # fmt: skip


def said_of(one: Row) -> tuple[str, str]:
    """An entry in words: what it is, and what it says."""
    match one:
        case Conversation():
            spoken = [
                f"{SPOKEN[name][:1].upper()}{SPOKEN[name][1:]}: "
                + (getattr(one, f"{name}_words") if getattr(one, name) else "not spoken of.")
                for name in PROMPTS
            ]
            return _NUMBERS[one.number], " ".join([one.words, *spoken])
        case Outcome():
            return "They want", one.words
        case Carer():
            by = f"Assessed by: {in_words(one.assessed_by).lower()}." if one.assessed_by else "Not assessed yet."
            return one.name, f"{relations()[one.relation].label}. {by}"
        case Need():
            whose = f" Of {one.carer.name}, who cares for them." if one.carer else ""
            return areas()[one.area].label, f"{'Eligible' if one.eligible else 'Not eligible'}.{whose} {one.words}"
        case Choice():
            by = f", by {one.organisation.name}" if one.organisation else ""
            return f"{one.place}. {label_of('service', one.service)}{by}", one.words
        case Noted():
            return vocabulary()[one.fact].ask, noted_in(one)
        case Assessment():
            return title_of(one.fact), found_in(one)


def noted_in(one: Noted) -> str:
    """What was noted, as a person reads it: Yes (the clinic said so)."""
    value = json.loads(one.value)
    fact = vocabulary()[one.fact]
    if isinstance(value, bool):
        said = "Yes" if value else "Not yet" if fact.kind == "day" else "No"
    elif fact.kind == "day":
        said = day(fact.read(value))  # type: ignore[arg-type]
    else:
        said = in_words(str(value))
    return f"{said} ({one.why.rstrip('.')})." if one.why else f"{said}."
