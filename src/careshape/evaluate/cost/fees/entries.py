"""The values and lines of a fee model, as data that a council edits.

The packaged files say which lines there are and how each is worked out. Values are shipped only where their source is
confirmed; the others are the council's to enter. An illustrative set serves the demonstration and says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator

from careshape.declared import declared, read_toml
from careshape.errors import CallError, CatalogueError, InputError

LABEL = (
    "A cost model is not a fee: it says what care costs on these assumptions. A fee is the council's decision, "
    "with this as one piece of evidence."
)
MODELS = ("home-care", "care-home")

Kind = Literal["product", "percent", "employer-ni", "travel-pay", "mileage", "per-resident", "capital"]
NEEDS: dict[str, int] = {
    "percent": 1,
    "employer-ni": 4,
    "travel-pay": 3,
    "mileage": 3,
    "per-resident": 3,
    "capital": 3,
}
"""Kind of line -> how many values it takes, in the order that ``arithmetic`` says; a product takes any number."""


class HasCouncils(Protocol):
    """What knows where a council's files are: careshape's `Home` does."""

    def council_path(self, authority: str) -> Path:
        """The folder of one council."""
        ...


class Value(BaseModel):
    """One number that goes into lines: a rate of pay, minutes of travel, a share.

    Attributes:
        value: None until it is entered; unit, source: in what, and from where.
        year: the financial year of its prices; index: the series that it follows to other years, none for what has no
            price; status: where the number is from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    label: str = ""
    unit: str = ""
    value: Decimal | None = Field(default=None, ge=0)
    source: str = ""
    year: str = Field(default="", pattern=r"^(\d{4}/\d\d)?$")
    index: str = ""
    services: tuple[str, ...] = ()
    status: Literal["confirmed", "entered", "illustrative", "missing"] = "missing"


class FeeLine(BaseModel):
    """One line of the fee: how it comes from values and from other lines."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    label: str
    group: str
    kind: Kind
    values: tuple[str, ...] = Field(min_length=1)
    of: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _takes_what_its_kind_needs(self) -> FeeLine:
        if self.kind in NEEDS and len(self.values) != NEEDS[self.kind]:
            raise ValueError(f"a line of kind {self.kind} takes {NEEDS[self.kind]} values")
        if (self.kind in ("percent", "employer-ni")) != bool(self.of):
            raise ValueError("a percentage, and only one, says which lines or groups it is of")
        return self


class Index(BaseModel):
    """A series by financial year, by which values move from year to year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    label: str
    source: str
    values: dict[str, Decimal]


class Anchor(BaseModel):
    """A published figure to read the result beside; it enters no line."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    year: str
    value: Decimal
    source: str


class Model(BaseModel):
    """A fee model: its lines, their values, the series they follow, and what in the ledger it is compared with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    unit: str
    service: str
    services: tuple[str, ...]
    where: dict[str, str] = {}
    note: str = ""
    value: tuple[Value, ...]
    line: tuple[FeeLine, ...]
    index: tuple[Index, ...] = ()
    anchor: tuple[Anchor, ...] = ()
    illustrative: bool = False

    def lines_for(self, service: str) -> tuple[FeeLine, ...]:
        """The lines that a service has."""
        return tuple(one for one in self.line if not one.services or service in one.services)

    def values_for(self, service: str) -> dict[str, Value]:
        """Values by id: the one for the service where there is one, else the one for all."""
        found = {one.id: one for one in self.value if not one.services}
        return found | {one.id: one for one in self.value if service in one.services}

    def missing(self, service: str) -> tuple[Value, ...]:
        """Values that the lines of a service need and that nobody has entered."""
        known, needed = self.values_for(service), [name for one in self.lines_for(service) for name in one.values]
        return tuple(known[name] for name in dict.fromkeys(needed) if known[name].value is None)


def models() -> dict[str, Model]:
    """The packaged models, with no more than their confirmed values."""
    return {name: _packaged(name) for name in MODELS}


def fee_model(
    home: HasCouncils | None = None,
    authority: str = "",
    name: str = "home-care",
    *,
    file: Path | None = None,
    illustrative: bool = False,
) -> Model:
    """A model with the council's own values laid over the packaged ones.

    Args:
        file: the council's values; otherwise fees/NAME.toml in its folder, where there is one. Its series of index
            numbers stand in fees/indices.csv (index, year, value, source).
        illustrative: take the made-up set for demonstration where the council has entered none.

    Raises:
        CallError: no such model. CatalogueError, InputError: a file breaks its schema.
    """
    if name not in MODELS:
        raise CallError(f"There is no fee model '{name}'. Choose {' or '.join(MODELS)}.")
    model = _packaged(name)
    folder = home.council_path(authority) / "fees" if home is not None and authority else None
    own = file or (folder / f"{name}.toml" if folder else None)
    if file is not None and not file.is_file():
        raise CallError(f"There is no file '{file}' of fee lines.")
    if own is not None and own.is_file():
        model = _laid_over(model, read_toml(own.read_text("utf-8"), own.name, Decimal), own.name, "entered")
    elif illustrative:
        made_up = files("careshape.evaluate.cost.fees").joinpath(f"data/{name}-illustrative.toml").read_text("utf-8")
        model = _laid_over(
            model, read_toml(made_up, f"{name}-illustrative.toml", Decimal), f"{name}-illustrative.toml", "illustrative"
        )
        model = model.model_copy(update={"illustrative": True})
    if folder is not None and (folder / "indices.csv").is_file():
        model = model.model_copy(update={"index": (*model.index, *read_indices(folder / "indices.csv"))})
    return model


def _packaged(name: str) -> Model:
    text = files("careshape.evaluate.cost.fees").joinpath(f"data/{name}.toml").read_text("utf-8")
    raw = read_toml(text, f"{name}.toml", Decimal)
    for one in raw["value"]:
        one["status"] = "confirmed" if "value" in one else "missing"
    return _checked(raw, f"{name}.toml")


def _laid_over(model: Model, raw: dict[str, Any], file: str, status: str) -> Model:
    """The model with values, lines and series of a file in place of its own, or added to them."""
    if unknown := set(raw) - {"value", "line", "index", "where"}:
        raise CatalogueError(
            file, "-", sorted(unknown)[0], None, "A council's file holds value, line, index and where."
        )
    whole = {name: list(part) if isinstance(part, tuple) else part for name, part in model.model_dump().items()}
    declared = {one.id: one for one in model.value}
    lines = {one["id"] for one in raw.get("line", [])}
    for entry in raw.get("value", []):
        known = declared.get(str(entry.get("id")))
        if known is None and not lines:
            raise CatalogueError(
                file, str(entry.get("id")), "id", entry.get("id"), f"Values are {', '.join(declared)}."
            )
        base = {"label": known.label, "unit": known.unit, "index": known.index} if known else {}
        whole["value"].append(base | entry | ({"status": status} if "value" in entry else {}))
    whole["value"] = _last(whole["value"])
    whole["line"] = [one for one in whole["line"] if one["id"] not in lines] + list(raw.get("line", []))
    whole["index"] = [*whole["index"], *raw.get("index", [])]
    whole["where"] = whole["where"] | raw.get("where", {})
    return _checked(whole, file)


def _last(values: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of values with one id and the same services, the last."""
    return list({(one["id"], tuple(one.get("services", ()))): one for one in values}.values())


def _checked(raw: dict[str, Any], file: str) -> Model:
    model = declared(Model, raw, file)
    known, placed = {one.id for one in model.value}, set[str]()
    groups = {one.group for one in model.line}
    for one in model.line:
        for name in one.values:
            if name not in known:
                raise CatalogueError(file, one.id, "values", name, "No value has this id.")
        for name in one.of:
            if name not in placed and name not in groups:
                raise CatalogueError(file, one.id, "of", name, "A line is a percentage of lines or groups above it.")
        placed.add(one.id)
    return model


def read_indices(path: Path) -> tuple[Index, ...]:
    """A council's series of index numbers: CSV with index, year, value and source. Raises InputError."""
    found: dict[str, dict[str, Decimal]] = {}
    sources: dict[str, str] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := {"index", "year", "value", "source"} - set(reader.fieldnames or ()):
            raise InputError(f"{path.name} has no column {', '.join(sorted(missing))}.")
        for line, row in enumerate(reader, start=2):
            try:
                found.setdefault(row["index"], {})[row["year"]] = Decimal(row["value"])
            except InvalidOperation:
                raise InputError(f"{path.name}, line {line}: '{row['value']}' is no number.") from None
            sources[row["index"]] = row["source"]
    return tuple(Index(id=name, label=name, source=sources[name], values=values) for name, values in found.items())
