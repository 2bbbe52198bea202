"""The figures of a gated statement in the open form: the number, or the plain word that there is none and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from careshape.catalogue import catalogue
from careshape.editions.questions import leaves
from careshape.editions.reuse.side import COMING, LEVEL, Side, sides
from careshape.errors import CareshapeError
from careshape.evaluate.gap.supply import ALL
from careshape.evaluate.measure import measures
from careshape.evaluate.numbers import MINUS, rounded
from careshape.statement.calls import Call, Place
from careshape.statement.content import Segment
from careshape.statement.council import Council
from careshape.statement.expressions import find_expressions, parse
from careshape.statement.figures import Figure
from careshape.statement.formatting import Value, Withheld, written
from careshape.statement.series import series

PLACES: Final = 6
"""Decimals to which a fraction is told."""
NUMBER: Final = "number"
"""The unit of what has none, such as a ratio."""
NO_PERIOD: Final = "not stated"
MOST_LABEL: Final = 400
_LIMITS: Final = re.compile(rf"([-{MINUS}]?[\d,.]+) to ([-{MINUS}]?[\d,.]+)")
_TIMES: Final = ("period", "year")
_DONE: Final = ("service", "client_group", "district", "by", "field", *_TIMES)

Entry = dict[str, Any]


def figures(council: Council) -> list[Entry]:
    """Every number of the statement, those by which councils are laid side by side first."""
    where = dict(reversed(list(_standing(council))))
    once = list(_each_once(council.book.computed(), where))
    twice = {label for label, many in Counter(_alone(one) for one in once).items() if many > 1}
    return [
        *(_side(one) for one in sides(council)),
        *(_entry(council, one, where.get(one.key, ("", "")), _alone(one) in twice) for one in once),
    ]


def _each_once(computed: Iterable[Figure], where: Mapping[str, Any]) -> Iterable[Figure]:
    """The figures that count something, each once in however many formats it is written, as the text writes it."""
    found: dict[tuple[str, str], list[Figure]] = {}
    for one in computed:
        if one.linked and _counts(one.value):
            call = _call(one)
            asked = series(call) if call is not None else None
            found.setdefault((asked.name, asked.when) if asked else (one.key, ""), []).append(one)
    for several in found.values():
        yield next((one for one in several if one.key in where), several[0])


def _counts(value: Value) -> bool:
    return value is None or isinstance(value, int | Decimal | Fraction | Withheld)


def _standing(council: Council) -> Iterable[tuple[str, tuple[str, str]]]:
    """The key of each figure of the text with the segment and slot in which it stands."""
    for segment in council.statement.segments.values() if council.statement else ():
        for slot, text in texts(segment):
            for one in find_expressions(text, "")[0]:
                if not one.call.block:
                    yield council.book.figure(one.call).key, (segment.id, slot)


def texts(segment: Segment) -> list[tuple[str, str]]:
    """The slots of a segment with their text; a page of context has one."""
    return [(slot.id, slot.text) for slot in segment.slots] or [("context", segment.text)]


def _side(one: Side) -> Entry:
    """A figure by which councils are laid side by side."""
    return {
        "id": one.id, "label": one.label, "topic": one.topic,
        **({"measure": one.measure} if one.measure else {}), "services": list(one.segment.service_ids()),
        **({"client_group": one.group} if one.group != ALL else {}), **_value(one.value, one.unit),
        "unit": one.unit, "period": one.on,
        **({"interval": {"low": one.interval[0], "high": one.interval[1], "level": LEVEL}} if one.interval else {}),
        "method": one.method, "source": one.source, "card": one.card,
    }  # fmt: skip


def _value(value: Value, unit: str, text: str = "", problem: str = "") -> Entry:
    if isinstance(value, Withheld):
        return {"status": "suppressed", "value": None, "text": str(value), "reason": value.reason}
    if value is None:
        return {
            "status": "unknown",
            "value": None,
            "reason": problem or "Nothing was counted that it could be made of.",
        }
    return {"status": "value", "value": plain(value), "text": text or written(value, unit)}


def plain(value: Any) -> Any:
    """A number as JSON has it; a fraction to six decimals."""
    if isinstance(value, Fraction):
        value = rounded(value, PLACES)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _entry(council: Council, one: Figure, where: tuple[str, str], twice: bool) -> Entry:
    """One figure; ``twice`` where another has the same words, so that a published one is told with its reference."""
    lines = {line.label: line.text for line in one.card.lines}
    call = _call(one)
    made = lines.get("How it is worked out", "")
    source = lines.get("Source") or lines.get("Quoted from") or made or f"The council, as known on {council.known}"
    return {
        "id": one.key, "label": _alone(one) + (_reference(call) if twice else ""),
        **({"segment": where[0], "slot": where[1]} if where[0] else {}),
        **_asked(call), **_value(one.value, one.unit, one.text, one.problem),
        "unit": one.unit or NUMBER, "period": _period(council, one, call), **_interval(one, lines),
        "method": lines.get("Method") or made or lines.get("Kind") or "Stated by the source", "source": source,
        **({"card": card} if (card := card_of(one, call)) else {}),
    }  # fmt: skip


def _reference(call: Call | None) -> str:
    return f" ({call.first})" if call is not None and call.name == "observation" and not call.named else ""


def _alone(one: Figure) -> str:
    """What a figure is, so that it can be read alone: what it is worked out from is named where the page is short."""
    named = [each.what for each in one.parents if each.what not in one.what]
    return f"{one.what}: {'; '.join(named)}"[:MOST_LABEL] if named else one.what


def _call(one: Figure) -> Call | None:
    try:
        return parse(one.expression, Place("figure", 0))
    except CareshapeError:
        return None


def card_of(one: Figure, call: Call | None) -> str:
    """The id of the card of a figure; empty where it has none of its own."""
    if call is not None and call.name == "measure":
        return f"measure-{call.first}"
    if one.card.kind == "forecast":
        return COMING
    table = next((line.item for line in one.card.lines if line.page == "observations"), "")
    return f"table-{table}" if one.card.kind == "observation" and table else ""


def _asked(call: Call | None) -> Entry:
    """What a question to a measure names: the measure, and its filters."""
    if call is None or call.name != "measure" or call.first not in measures():
        return {}
    asked: Entry = {**measures()[call.first].where, **call.options}
    found: Entry = {"measure": call.first}
    if "service" in asked:
        found["services"] = list(leaves("service", asked["service"]))
    groups = leaves("client_group", asked["client_group"]) if "client_group" in asked else ()
    if len(groups) == 1:
        found["client_group"] = groups[0]
    rest = {name: _said(value) for name, value in asked.items() if name not in _DONE}
    if len(groups) > 1:
        rest["client_group"] = " ".join(groups)
    if "district" in asked:
        place = area(_said(asked["district"]))
        found |= {"area": place} if place else {}
        rest |= {} if place else {"district": _said(asked["district"])}
    return found | ({"dimensions": rest} if rest else {})


def _said(value: Any) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def area(district: str) -> str:
    """The ONS code of a district; empty for what is none."""
    entry = catalogue().lists["district"].by_id.get(district)
    return str(getattr(entry, "ons_code", "") or "") if entry is not None else ""


def _period(council: Council, one: Figure, call: Call | None) -> str:
    """When a figure is of: as it asks, from the first period to the last; else as the cards behind it say.

    A measure without a period is of what was known last. Of anything else that names no day none is made up.
    """
    named = [
        str(each.options[name]) for each in (call.calls() if call else ()) for name in _TIMES if name in each.options
    ]
    asked = sorted({one for one in named if one and not one.startswith("measure(")})
    if asked:
        return (asked[0] if len(asked) == 1 else f"{asked[0]} to {asked[-1]}")[:100]
    said = list(dict.fromkeys(_stated_periods(one)))
    if said:
        return (said[0] if len(said) == 1 else f"{said[0]} to {said[-1]}")[:100]
    counted = call is not None and call.name == "measure" and council.postings
    return council.postings[-1].day.isoformat() if counted else NO_PERIOD


def _stated_periods(one: Figure) -> Iterable[str]:
    """The periods that the card of a figure names, or those of the figures that it is worked out from."""
    own = [line.text for line in one.card.lines if line.label == "Period" and line.text]
    yield from own or (period for each in one.parents for period in _stated_periods(each))


def _interval(one: Figure, lines: Mapping[str, str]) -> Entry:
    """The interval that the card of a forecast names."""
    limits = _LIMITS.fullmatch(lines.get(f"{LEVEL}% interval", ""))
    if limits is None or not isinstance(one.value, int | Decimal | Fraction):
        return {}
    low, high = (float(part.replace(",", "").replace(MINUS, "-")) for part in limits.groups())
    return {"interval": {"low": low, "high": high, "level": LEVEL}}
