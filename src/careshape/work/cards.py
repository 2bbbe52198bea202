"""The cards of a home page: which are shown to whom is data; each is one query and one link."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from django.urls import Resolver404, resolve
from pydantic import BaseModel, ConfigDict

from careshape.declared import declared, read_toml
from careshape.errors import CatalogueError
from careshape.policy import policy, roles
from careshape.policy.roles import role_groups
from careshape.work.desk import Desk
from careshape.work.waiting import QUERIES, STALE_DAYS

FILE: Final = "cards.toml"


class Card(BaseModel):
    """A card as the file declares it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    roles: tuple[str, ...]
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
    raw = read_toml(files("careshape.work").joinpath(FILE).read_text("utf-8"), FILE)
    found = tuple(declared(Card, entry, FILE) for entry in raw["card"])
    for card in found:
        named = {role for one in card.roles for role in role_groups().get(one, (one,))}
        for field, value, known in (
            ("roles", ", ".join(sorted(named - set(roles()))), not named - set(roles())),
            ("act", card.act, card.act in policy().acts),
            ("query", card.query, card.query in QUERIES),
        ):
            if not known:
                raise CatalogueError(FILE, card.id, field, value, "It names nothing that there is.")
    return found


def cards_of(desk: Desk) -> list[Shown]:
    """The cards of a role, what waits first."""
    shown = [_shown(desk, card) for card in cards() if _meant_for(desk, card)]
    return sorted(shown, key=lambda one: not one.waits)


def _meant_for(desk: Desk, card: Card) -> bool:
    role = desk.principal.role
    named = any(role in role_groups().get(one, (one,)) for one in card.roles)
    return named and desk.may(card.act)


def _shown(desk: Desk, card: Card) -> Shown:
    found = QUERIES[card.query](desk)
    link = card.link.replace("{council}", desk.principal.council)
    return Shown(card.title, card.text(found.count, found.said), link if leads(link) else "", found.waits)


def leads(link: str) -> bool:
    """Whether an address of this site is one of its pages."""
    try:
        resolve(link.partition("?")[0])
    except Resolver404:
        return False
    return True
