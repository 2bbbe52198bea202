"""Whom a reader asks: the post that keeps each part of a page, and how the council's team is reached."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from careshape.errors import InputError
from careshape.statement.calls import near
from careshape.statement.slots import Rules, Slot, check_post

_FIELDS: Final = ("team", "email", "phone", "address")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ]{7,16}")
_WEB: Final = re.compile(r"https?://[^\s\"'<>]+")


@dataclass(frozen=True)
class Contact:
    """A team of the council and how it is reached: by mail, by telephone, on a page of the council's own site."""

    team: str
    email: str = ""
    phone: str = ""
    address: str = ""

    @property
    def dialled(self) -> str:
        """The number as a telephone dials it."""
        return self.phone.replace(" ", "")


@dataclass(frozen=True)
class Asked:
    """A post to ask, and what it keeps: the titles of slots, or nothing where it keeps the page as a whole."""

    post: str
    keeps: tuple[str, ...] = ()


def read_contact(raw: object, name: str) -> Contact | None:
    """The table [contact] or [front_door] of statement.toml. Raises InputError where a reader could not use it."""
    if raw is None:
        return None
    where = f"statement.toml: [{name}]"
    if not isinstance(raw, Mapping):
        raise InputError(f"{where} must be a table, with team and email or phone.")
    for field in raw:
        if field not in _FIELDS:
            raise InputError(f"{where}: there is no field '{field}'. {near(str(field), _FIELDS)}")
    made = Contact(**{field: _text(raw, field, where) for field in _FIELDS})
    if not made.team:
        raise InputError(f"{where}: 'team' must be given: the team that answers, and no person.")
    check_post(made.team, f"{where}: the team")
    for field, form, such in (
        ("email", _EMAIL, "team@example.org"), ("phone", _PHONE, "01632 960000"), ("address", _WEB, "https://..."),
    ):  # fmt: skip
        value = getattr(made, field)
        if value and not form.fullmatch(value):
            raise InputError(f"{where}: '{field}' is '{value}'. Write it as {such}.")
    if not (made.email or made.phone):
        raise InputError(f"{where}: give an 'email' or a 'phone', or nobody can ask.")
    return made


def _text(raw: Mapping[str, Any], field: str, where: str) -> str:
    value = raw.get(field, "")
    if not isinstance(value, str):
        raise InputError(f"{where}: '{field}' must be text.")
    return value.strip()


def posts(slots: tuple[Slot, ...], rules: Rules) -> tuple[Asked, ...]:
    """The posts to ask about a page, the one that keeps most of it first; of a page without slots the statement's."""
    kept: dict[str, list[str]] = {}
    for slot in slots:
        if slot.owner:
            kept.setdefault(slot.owner, []).append(slot.title)
    if not kept:
        return (Asked(rules.every.owner),) if rules.every.owner else ()
    most = sorted(kept.items(), key=lambda one: -len(one[1]))
    first, *others = most
    return (Asked(first[0]), *(Asked(post, tuple(titles)) for post, titles in others))
