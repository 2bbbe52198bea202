"""The slots of a segment: what every segment says in a fixed order, who keeps each, and when it is due for review."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from careshape.errors import InputError
from careshape.ledger.posting import uk_day
from careshape.statement.calls import near

SLOTS: Final[Mapping[str, str]] = {
    "need": "What is needed",
    "supply": "What there is",
    "gap": "What is missing",
    "quality": "How good it is",
    "price": "What it costs",
    "views": "What people say",
    "intentions": "What we intend",
    "support": "How we will help the market",
    "opportunities": "What is open to providers",
}
"""The slots by id, in their order, each with its heading."""

DUE_DAYS: Final = 30
"""A slot is due for review from this many days before its date."""
MOVED_PERCENT: Final = 10
"""By how much a figure may move after its slot was agreed, where a statement sets no share of its own."""

STATES: Final = {
    "written": "it says something, and its review lies ahead",
    "empty": "nothing has been written in it",
    "due": "its review is {days} days ahead or less",
    "overdue": "its review date has passed, so it may no longer be right",
}
"""What a slot may be, each with its meaning; ``days`` are ``DUE_DAYS``."""
STATE_TITLES: Final = {"written": "Written", "empty": "Empty", "due": "Due for review", "overdue": "Overdue"}

_FIELDS: Final = ("owner", "review", "agreed")
_PERSON: Final = re.compile(r"@|\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Cllr|Councillor)\b\.?")


@dataclass(frozen=True)
class Rule:
    """Who keeps a slot, when it is looked at again, and on which day its words were agreed; None where not said."""

    owner: str | None = None
    review: date | None = None
    agreed: date | None = None

    def over(self, other: Rule) -> Rule:
        """This rule, with what it leaves open taken from another."""
        return Rule(self.owner or other.owner, self.review or other.review, self.agreed or other.agreed)


@dataclass(frozen=True)
class Rules:
    """What a file says of slots: for all of them, and for single ones by id."""

    every: Rule = Rule()
    single: Mapping[str, Rule] | None = None
    moved_percent: int = MOVED_PERCENT

    def of(self, slot: str) -> Rule:
        """What is said of one slot alone."""
        return (self.single or {}).get(slot, Rule())


NO_RULES: Final = Rules()


@dataclass(frozen=True)
class Slot:
    """One slot of a segment: its text as it stands in the file, and on which line that begins (0 without a heading)."""

    id: str
    text: str
    line: int
    owner: str
    review: date | None
    agreed: date | None

    @property
    def title(self) -> str:
        """Its heading."""
        return SLOTS[self.id]

    def state(self, today: date, written: bool) -> str:
        """One of ``STATES`` on a day; ``written`` says whether anything of its text is shown."""
        if not written:
            return "empty"
        if self.review is None:
            return "written"
        left = (self.review - today).days
        return "overdue" if left < 0 else "due" if left <= DUE_DAYS else "written"


def read_rules(raw: object, file: str) -> Rules:
    """What the table [slots] of a file says. Raises InputError for a field, slot, date or owner that cannot be."""
    if not isinstance(raw, Mapping):
        raise InputError(f"{file}: 'slots' must be a table: [slots], with owner and review.")
    single = {name: value for name, value in raw.items() if isinstance(value, Mapping)}
    for name in single:
        if name not in SLOTS:
            raise InputError(f"{file}: there is no slot '{name}'. {near(name, SLOTS)}")
    general = {name: value for name, value in raw.items() if name not in single}
    moved = general.pop("moved_percent", MOVED_PERCENT)
    if not isinstance(moved, int) or isinstance(moved, bool) or not 0 <= moved <= 100:
        raise InputError(f"{file}: [slots] moved_percent is {moved!r}. It must be a whole number from 0 to 100.")
    rules = {name: _rule(value, f"{file}: [slots.{name}]") for name, value in single.items()}
    return Rules(_rule(general, f"{file}: [slots]"), rules, moved)


def resolved(slot: str, of_segment: Rules, of_statement: Rules) -> Rule:
    """The rule of a slot: what is said of it alone stands over what is said of all, the segment over the statement."""
    parts = (of_segment.of(slot), of_statement.of(slot), of_segment.every, of_statement.every)
    found = Rule()
    for one in parts:
        found = found.over(one)
    return found


def slot_texts(text: str) -> dict[str, tuple[str, int]]:
    """The text below each heading of a slot by the slot's id, and the line of the heading counted from 0."""
    ids = {title: name for name, title in SLOTS.items()}
    found: dict[str, tuple[str, int]] = {}
    for match in re.finditer(r"^## +(.+?) *$\n?((?:(?!## ).*\n?)*)", text, flags=re.MULTILINE):
        if match[1] in ids:
            found.setdefault(ids[match[1]], (match[2].strip(), text.count("\n", 0, match.start())))
    return found


def _rule(raw: Mapping[str, Any], where: str) -> Rule:
    for name in raw:
        if name not in _FIELDS:
            raise InputError(f"{where}: there is no field '{name}'. {near(name, _FIELDS)}")
    return Rule(_owner(raw, where), day_in(raw, "review", where), day_in(raw, "agreed", where))


def _owner(raw: Mapping[str, Any], where: str) -> str | None:
    owner = raw.get("owner")
    if owner is None:
        return None
    if not isinstance(owner, str) or not owner.strip():
        raise InputError(f"{where}: 'owner' must be the name of a post, such as \"Commissioning manager\".")
    check_post(owner, f"{where}: the owner")
    return owner


def check_post(name: str, what: str) -> None:
    """Raises InputError where a name reads like that of a person, and not of a post or team."""
    if _PERSON.search(name):
        raise InputError(f"{what} '{name}' reads like a person. Name the post: people come and go.")


def day_in(raw: Mapping[str, Any], name: str, where: str) -> date | None:
    """The day that a field holds, None where it is not given. Raises InputError where it is no day."""
    value = raw.get(name)
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise InputError(f"{where}: '{name}' is {value!r}. It must be a day, such as 2027-03-31.")


def uk_today() -> date:
    """The day in the United Kingdom, with which dates of review are compared."""
    return uk_day(datetime.now(UTC))
