"""What is open to providers, in the open form: as the page of what is wanted tells it, for programs to filter.

What a segment says in words is an entry without a size. Each part of the market of which more is needed, for whom,
where and by when, is one with them, unless the council has said that it is not to be developed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from careshape.design import VERDICTS
from careshape.editions.questions import leaves
from careshape.editions.reuse.figures import Entry, area
from careshape.editions.reuse.side import LEVEL, UNITS
from careshape.evaluate.gap.supply import ALL
from careshape.exchange.form import codes
from careshape.statement.content import Segment
from careshape.statement.council import Council
from careshape.statement.design.wanted import Wanted, wanted
from careshape.statement.formatting import day
from careshape.statement.outlook.market import area_label

REFUSED: Final = "no"
"""The answer to what is not to be developed: it stands among the intentions, and is no opportunity."""
LONGEST: Final = 100
"""Letters of an id."""


def opportunities(council: Council, said: Sequence[tuple[Segment, str]]) -> list[Entry]:
    """The opportunities of a council, by what its segments say of them in words: those in words, then those by size."""
    rows = [one for one in wanted(council) if one.answer.verdict != REFUSED and round(one.gap.gap.mean) > 0]
    known = council.postings[-1].day if council.postings else None
    return [
        *(_in_words(segment, text, rows, known) for segment, text in said),
        *(_by_size(one, known) for one in rows),
    ]


def _in_words(segment: Segment, text: str, rows: Sequence[Wanted], known: date | None) -> Entry:
    of_it = [one for one in rows if one.page.segment is not None and one.page.segment.id == segment.id]
    everybody = not of_it or any(one.gap.client_group == ALL for one in of_it)
    groups = sorted(
        {leaf for one in of_it for leaf in leaves("client_group", one.gap.client_group)} if not everybody else ()
    )
    return {
        "id": segment.id, "title": segment.title, "segment": segment.id,
        **({"services": list(segment.services)} if segment.services else {}),
        **({"client_groups": groups} if groups else {}), "text": text,
        **({"opens": known.isoformat()} if known else {}),
    }  # fmt: skip


def _by_size(one: Wanted, known: date | None) -> Entry:
    gap, limits = one.gap, one.gap.gap.limits()
    where = area(gap.area) if gap.area != ALL else ""
    opens = {"opens": known.isoformat()} if known and known <= gap.on else {}
    return {
        "id": _id(one), "title": f"{one.title}: {area_label(gap.area)}, by {day(gap.on)}",
        **({"segment": one.page.segment.id} if one.page.segment else {}), "services": list(gap.segment.service_ids()),
        **({"client_groups": list(leaves("client_group", gap.client_group))} if gap.client_group != ALL else {}),
        **({"areas": [where]} if where else {}),
        "text": f"{VERDICTS[one.answer.verdict]}. {one.answer.reason} {gap.sentence()}",
        **_direction(gap.decision.direction), "answer": one.answer.verdict,
        "size": round(gap.gap.mean), "unit": UNITS[gap.unit],
        "interval": {
            "low": round(limits[f"lower_{LEVEL}"]), "high": round(limits[f"upper_{LEVEL}"]), "level": LEVEL,
        },
        **opens, "closes": gap.on.isoformat(),
    }  # fmt: skip


def _id(one: Wanted) -> str:
    """Part of the market, group, place and day; the longest names lose their end, and never place or day."""
    tail = f"{one.gap.area}-{one.gap.on.isoformat()}"
    return f"wanted-{one.gap.segment.id}-{one.gap.client_group}"[: LONGEST - len(tail) - 1] + f"-{tail}"


def _direction(name: str) -> dict[str, Any]:
    """A direction that the open list has; whatever the outlook says besides, such as not known, is left out."""
    return {"direction": name} if name in codes()["direction"] else {}
