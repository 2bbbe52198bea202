"""What there is to write: every page with its slots, who keeps each, how each stands, and what is under way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from careshape.errors import CareshapeError
from careshape.policy import Principal
from careshape.statement.content import Segment, Statement
from careshape.statement.council import Council
from careshape.statement.slots import STATE_TITLES, Slot, uk_today
from careshape.statement.text import is_written
from careshape.writing.models import WORDS, State, Version
from careshape.writing.texts import changed_slots, file_of, segment_of, statement_of

UNDER_WAY: Final = {
    State.PROPOSED: WORDS[State.PROPOSED],
    State.AGREED: "Agreed, not in force yet",
    State.DRAFT: WORDS[State.DRAFT],
}
"""What may be under way, the nearest to being in force first but for what waits for somebody."""
TAGS: Final = {
    "Written": "govuk-tag--green",
    "Empty": "govuk-tag--grey",
    "Due for review": "govuk-tag--yellow",
    "Overdue": "govuk-tag--orange",
    "Draft": "govuk-tag--blue",
    "Waits for agreement": "govuk-tag--purple",
    "Agreed, not in force yet": "govuk-tag--turquoise",
}


@dataclass(frozen=True)
class Part:
    """One slot of a page, or a page that has none, as its writers see it."""

    segment: Segment
    slot: Slot | None
    state: str
    """In words."""

    @property
    def title(self) -> str:
        """The slot's heading; empty for a page without slots."""
        return self.slot.title if self.slot else ""

    @property
    def owner(self) -> str:
        """The post that keeps it."""
        return self.slot.owner if self.slot else ""

    @property
    def review(self) -> date | None:
        """By when it is looked at again."""
        return self.slot.review if self.slot else None

    @property
    def tag(self) -> str:
        """Class of the tag that the state is shown with."""
        return TAGS[self.state]


def open_versions(principal: Principal) -> list[Version]:
    """The drafts, the proposals, and what is agreed and not in force yet, that a principal may see."""
    agreed = Q(state=State.AGREED.value, in_force_at__isnull=True)
    seen = Version.objects.reached(principal, "writing.see")
    found = seen.filter(agreed | Q(state__in=(State.DRAFT.value, State.PROPOSED.value)))
    return list(found.select_related("written_by").order_by("written_at"))


def contents(principal: Principal, council: Council, only: str = "") -> list[Part]:
    """Every part of every page, in the order of the statement; of one page alone where its id is given."""
    statement = shown(council)
    versions = open_versions(principal)
    found: list[Part] = []
    for one in statement.segments.values():
        if only in ("", one.id):
            found += _parts(council, one, [each for each in versions if each.file == file_of(one)])
    return found


def shown(council: Council) -> Statement:
    """The text in force, with its titles filled in where figures are at hand."""
    return council.statement or statement_of(council)


def _parts(council: Council, segment: Segment, versions: Iterable[Version]) -> list[Part]:
    under_way = _under_way(council, versions)
    if not segment.slots:
        state = next((words for state, words in UNDER_WAY.items() if state in under_way.get("", ())), "Written")
        return [Part(segment, None, state)]
    today, made = uk_today(), []
    for slot in segment.slots:
        state = STATE_TITLES[slot.state(today, is_written(council, slot))]
        state = next((words for way, words in UNDER_WAY.items() if way in under_way.get(slot.id, ())), state)
        made.append(Part(segment, slot, state))
    return made


def _under_way(council: Council, versions: Iterable[Version]) -> dict[str, set[State]]:
    """Slot (empty: the page) -> how far the versions are that change it."""
    found: dict[str, set[State]] = {}
    for row in versions:
        for name in ("", *touched(council, row)):
            found.setdefault(name, set()).add(State(row.state))
    return found


def touched(council: Council, row: Version) -> list[str]:
    """The slots whose words a version changes, against what is in force; none where it cannot be read."""
    known = next((one for one in statement_of(council).segments.values() if file_of(one) == row.file), None)
    if known is None:
        return []
    try:
        return changed_slots(known, segment_of(council, row.file, row.content)[1])
    except CareshapeError:
        return []
