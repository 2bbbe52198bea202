"""The cards and tasks of a home page: which are shown to whom is data; a card is one query and one link."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from django.urls import Resolver404, resolve
from pydantic import BaseModel, ConfigDict

from careshape.declared import declared, read_toml
from careshape.errors import CatalogueError
from careshape.policy import policy, roles
from careshape.policy.roles import role_groups
from careshape.policy.views import act_of
from careshape.work.desk import Desk
from careshape.work.found import Found
from careshape.work.record_ages import STALE_DAYS
from careshape.work.waiting import QUERIES

FILE: Final = "cards.toml"


class Card(BaseModel):
    """A card as the file declares it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    roles: tuple[str, ...]
    mends: tuple[str, ...] = ()
    """Roles that can act on what it counts, so that it waits for them."""
    act: str
    query: str
    link: str
    one: str
    many: str
    none: str

    def text(self, count: int, said: str) -> str:
        """What it says of a count."""
        words = self.none if not count else self.one if count == 1 else self.many
        return words.format(n=f"{count:,}", said=said, days=STALE_DAYS).strip()


class Task(BaseModel):
    """A page on which a role does something, as the file declares it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    text: str
    roles: tuple[str, ...]
    act: str
    link: str
    records: bool = False
    """Whether it needs records that were imported."""


@dataclass(frozen=True)
class Shown:
    """A card as a page shows it."""

    title: str
    text: str
    href: str
    """Where it leads; empty where there is no such page on this installation."""
    waits: bool
    """Whether something waits for the reader."""


@cache
def cards() -> tuple[Card, ...]:
    """Every card, in the order of the file. Raises CatalogueError for a role, an act or a query that is not there."""
    found = tuple(declared(Card, entry, FILE) for entry in _file()["card"])
    for card in found:
        _check(card.id, card)
        strange = _named(card.mends) - _named(card.roles)
        if strange or card.query not in QUERIES:
            field, value = ("mends", ", ".join(sorted(strange))) if strange else ("query", card.query)
            raise CatalogueError(FILE, card.id, field, value, "It names nothing that there is.")
    return found


@cache
def tasks() -> tuple[Task, ...]:
    """Every task, in the order of the file. Raises CatalogueError for a role or an act that is not there."""
    found = tuple(declared(Task, entry, FILE) for entry in _file()["task"])
    for task in found:
        _check(task.title, task)
    return found


def cards_of(desk: Desk) -> list[Shown]:
    """The cards of a role, what waits first; those left out whose query has nothing to say."""
    found = [(card, QUERIES[card.query](desk)) for card in cards() if _meant_for(desk, card)]
    shown = [_shown(desk, card, one) for card, one in found if one is not None]
    return sorted(shown, key=lambda one: not one.waits)


def tasks_of(desk: Desk) -> list[Task]:
    """What a role does here."""
    meant = [one for one in tasks() if _meant_for(desk, one) and (desk.postings or not one.records)]
    return [one.model_copy(update={"link": _link(desk, one.link)}) for one in meant]


def _file() -> dict[str, Any]:
    return read_toml(files("careshape.work").joinpath(FILE).read_text("utf-8"), FILE)


def _named(named: tuple[str, ...]) -> set[str]:
    """The roles that a list of roles and groups names."""
    return {role for one in named for role in role_groups().get(one, (one,))}


def _check(name: str, one: Card | Task) -> None:
    strange = _named(one.roles) - set(roles())
    if strange or one.act not in policy().acts:
        field, value = ("roles", ", ".join(sorted(strange))) if strange else ("act", one.act)
        raise CatalogueError(FILE, name, field, value, "It names nothing that there is.")


def _meant_for(desk: Desk, one: Card | Task) -> bool:
    if desk.principal.role not in _named(one.roles):
        return False
    # A statement that is not open is its council's staff's alone.
    return desk.reads_statement if one.act == "statement.read" else desk.may(one.act)


def _shown(desk: Desk, card: Card, found: Found) -> Shown:
    link = _link(desk, found.link or card.link)
    waits = found.count > 0 and desk.principal.role in _named(card.mends)
    return Shown(card.title, card.text(found.count, found.said), link if leads(desk, link) else "", waits)


def _link(desk: Desk, link: str) -> str:
    return link.replace("{council}", desk.principal.council)


def leads(desk: Desk, link: str) -> bool:
    """Whether an address is a page of this site that the reader may open."""
    try:
        found = resolve(link.partition("?")[0])
    except Resolver404:
        return False
    act = act_of(found.func, "GET")
    return act is not None and desk.may(act)
