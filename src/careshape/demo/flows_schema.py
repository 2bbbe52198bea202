"""What a ``flows.toml`` must be: checked when it is loaded, so that a slip is named and not simulated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from careshape.catalogue import catalogue, parse_period
from careshape.errors import CallError, CatalogueError

NEEDED = ("authority", "prefix", "window", "uplift")
"""Fields of the section ``council``."""
PORTIONS = ("death", "female")
"""Fields that hold a share from 0 to 1, or shares by group."""


def check_flows(file: str, raw: Mapping[str, Any]) -> None:
    """Check the rates of a council. Raises CatalogueError with file, section, field, value and rule."""
    fail = _failer(file)
    council = raw.get("council", {})
    for field in NEEDED:
        if field not in council:
            fail("council", field, None, "The field is missing.")
    try:
        parse_period(council["window"])
    except CallError as error:
        fail("council", "window", council["window"], str(error))
    for year, factor in council["uplift"].items():
        if not (_number(factor) and 0.5 < factor < 2):
            fail("council", f"uplift.{year}", factor, "A yearly uplift is a factor between 0.5 and 2.")
    for group, terms in raw.get("groups", {}).items():
        _check_group(fail, group, terms)
    for section, field, value in _walk(raw):
        last = field.split(".")[-1]
        if "stay" in field.split(".") and isinstance(value, list) and not _is_stay(value):
            fail(section, field, value, "A stay is a list of mean days and shape, both above 0.")
        if (last in PORTIONS or field.split(".")[0] == "death") and not (_number(value) and 0 <= value <= 1):
            fail(section, field, value, "A share lies between 0 and 1.")


Fail = Callable[[str, str, object, str], None]


def _failer(file: str) -> Fail:
    def fail(section: str, field: str, value: object, rule: str) -> None:
        raise CatalogueError(file, section, field, value, rule)

    return fail


def _check_group(fail: Fail, group: str, terms: Mapping[str, Any]) -> None:
    """A client group: an age distribution, the share of women, and support reasons that add up to one."""
    section = f"groups.{group}"
    if group not in catalogue().list("client_group").by_id:
        fail("groups", group, group, "It is no client group of the catalogue.")
    for field in ("age", "female", "reasons"):
        if field not in terms:
            fail(section, field, None, "The field is missing.")
    age = terms["age"]
    if not (0 <= age.get("low", -1) < age.get("mean", -1) < age.get("high", -1) <= 120 and age.get("sd", 0) > 0):
        fail(section, "age", age, "Ages are low < mean < high, with sd above 0.")
    for reason in terms["reasons"]:
        if reason not in catalogue().list("support_reason").by_id:
            fail(section, "reasons", reason, "It is no support reason of the catalogue.")
    if abs(sum(terms["reasons"].values()) - 1) > 1e-6:
        fail(section, "reasons", terms["reasons"], "The shares add up to 1.")


def _walk(raw: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Section, dotted field and value of every leaf."""
    for section, content in raw.items():
        if isinstance(content, Mapping):
            for field, value in _leaves(content):
                yield section, field, value


def _leaves(content: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _is_stay(value: list[Any]) -> bool:
    return len(value) == 2 and all(_number(part) and part > 0 for part in value)


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
