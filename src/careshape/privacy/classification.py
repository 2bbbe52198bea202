"""Every field of every table of the database: what it says of a person, how long it is kept, and what becomes of it.

Each room states this of its own tables in a ``privacy.toml``; ``privacy/privacy.toml`` states it of other packages'
tables, and holds the rules of keeping:

    [[model]]
    id = "accounts.Invitation"
    subject = "email"            # how its rows lead to an account: a field that is its key or its e-mail address
    rule = "invitations"         # how long it is kept
    erase = "delete"             # what becomes of it when the account is erased
    personal = ["email"]
    none = ["id", "role"]
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from django.apps import apps
from django.db.models import Field as Column
from django.db.models import Model
from pydantic import BaseModel, ConfigDict, Field

from careshape.declared import declared, read_toml
from careshape.errors import CatalogueError

FILE: Final = "privacy.toml"
CLASSES: Final = ("personal", "special", "none")
_FORBID: Final = ConfigDict(extra="forbid", frozen=True)


class Rule(BaseModel):
    """How long something is kept, from when, and why so."""

    model_config = _FORBID

    id: str
    title: str
    years: int = Field(0, ge=0)
    days: int = Field(0, ge=0)
    always: bool = False
    """Kept for as long as the installation: nothing in it is about a person, or something else governs it."""
    since: str = ""
    """From when, in words."""
    basis: str
    """The law, code or reason."""


class Table(BaseModel):
    """What a table's fields say of people, and what becomes of its rows."""

    model_config = _FORBID

    id: str = Field(pattern=r"^[a-z_]+\.[A-Za-z_]+$")
    rule: str
    since: str = ""
    """Field with the time from which the rule counts, where rows go by it; a row without a time stays."""
    subject: str = ""
    """Lookup from a row to the key of an account, or to its e-mail address where it ends in ``email``."""
    person: str = ""
    """Lookup from a row to the reference by which a council's records name the person whom it is about."""
    council: str = ""
    """Lookup from a row to the slug of its council, where it has one."""
    erase: Literal["delete", "blank", "keep", "nobody"] = "nobody"
    """What becomes of an account's rows at its erasure: ``nobody`` for tables that are about nobody."""
    blank: dict[str, str | bool] = Field(default_factory=dict)
    """Field -> what stands there after an erasure by ``blank``: ``{pk}`` is the row's key, empty text is nothing."""
    why: str = ""
    """Why rows about somebody are kept at their erasure."""
    secret: tuple[str, ...] = ()
    """Fields that are not shown to the person whose they are: what proves who somebody is."""
    personal: tuple[str, ...] = ()
    special: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    def classes(self) -> dict[str, str]:
        """Field -> class."""
        return {name: one for one in CLASSES for name in getattr(self, one)}

    @property
    def model(self) -> type[Model]:
        """The model of the table."""
        return apps.get_model(self.id)


@cache
def rules() -> dict[str, Rule]:
    """The rules of keeping. Raises CatalogueError for a fault in one."""
    raw = read_toml(files("careshape.privacy").joinpath(FILE).read_text("utf-8"), FILE)
    found = [declared(Rule, entry, f"privacy/{FILE}") for entry in raw["rule"]]
    for one in found:
        if one.always == bool(one.years or one.days):
            raise CatalogueError(
                f"privacy/{FILE}", one.id, "years", str(one.years), "A rule has a period, or is always."
            )
    return {one.id: one for one in found}


@cache
def tables() -> dict[str, Table]:
    """What all rooms state. Raises CatalogueError for a table that is stated twice, or by a rule that there is not."""
    found: dict[str, Table] = {}
    for room in sorted(files("careshape").iterdir(), key=lambda entry: entry.name):
        file = room.joinpath(FILE)
        if not (room.is_dir() and file.is_file()):
            continue
        for entry in read_toml(file.read_text("utf-8"), f"{room.name}/{FILE}").get("model", ()):
            one = declared(Table, entry, f"{room.name}/{FILE}")
            if one.id in found:
                raise CatalogueError(f"{room.name}/{FILE}", one.id, "id", one.id, "A table is stated once.")
            if one.rule not in rules():
                raise CatalogueError(
                    f"{room.name}/{FILE}", one.id, "rule", one.rule, f"There are {', '.join(rules())}."
                )
            found[one.id] = one
    return found


def faults(models: Iterable[type[Model]] | None = None, stated: dict[str, Table] | None = None) -> list[str]:
    """What is not classified, or classified and not there, in words; all models of the installation by default."""
    stated = tables() if stated is None else stated
    known = list(apps.get_models(include_auto_created=True)) if models is None else list(models)
    found = [
        f"{name} is classified, and there is no such table."
        for name in stated
        if models is None and name not in {model._meta.label for model in known}
    ]
    for model in known:
        table = stated.get(model._meta.label)
        if table is None:
            found.append(f"{model._meta.label} is not classified. State it in the room's {FILE}.")
            continue
        found += _faults_of(model, table)
    return found


def _faults_of(model: type[Model], table: Table) -> list[str]:
    fields = {one.name for one in columns(model)}
    listed = [name for one in CLASSES for name in getattr(table, one)]
    found = [f"{table.id}.{name} is not classified." for name in sorted(fields - set(listed))]
    found += [f"{table.id}.{name} is classified, and there is no such field." for name in sorted(set(listed) - fields)]
    found += [f"{table.id}.{name} is classified twice." for name in sorted({n for n in listed if listed.count(n) > 1})]
    about = bool(table.personal or table.special)
    if about and table.erase == "nobody":
        found.append(f"{table.id} is about people, and nothing says what becomes of it at an erasure.")
    if table.erase == "keep" and not table.why:
        found.append(f"{table.id} is kept at an erasure, and nothing says why.")
    if table.erase in ("delete", "blank") and not (table.subject or table.person):
        found.append(f"{table.id} is erased, and nothing says whose its rows are.")
    left = {*table.personal, *table.special} - set(table.blank) - _links(model)
    if table.erase == "blank" and left:
        found.append(f"{table.id} would keep {', '.join(sorted(left))} at an erasure by blanking.")
    return found


def columns(model: type[Model]) -> list[Column]:
    """The fields of a model that its table holds."""
    return list(model._meta.local_concrete_fields)


def _links(model: type[Model]) -> set[str]:
    """Fields that say who by a key alone, which leads to nobody once the account is blank."""
    return {one.name for one in columns(model) if one.is_relation or one.primary_key}
