"""What of a record a principal sees: the one place where what is said of people becomes a page, a file or an answer.

A room writes a record out with all of its fields, and this cuts it to those that the policy states for who asks. What
was cut is not shown, not searched, not filtered by and not downloaded. A field that no file states is seen by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.core.exceptions import PermissionDenied

from careshape.policy.principal import Principal
from careshape.policy.rules import policy

ADDRESS: Final = "href"
"""Where a record leads: no field of it, and kept with whatever is left of it."""


def seen(principal: Principal, act: str, record: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record that the principal sees by an act.

    Raises KeyError for a record or a field that the policy does not know: what is shown is stated first.
    """
    return next(iter(all_seen(principal, act, record, (values,))))


def all_seen(
    principal: Principal, act: str, record: str, rows: Iterable[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The same for many records of one kind."""
    kept = {*policy().fields(principal, act, record), ADDRESS}
    known = {*policy().records[record].fields, ADDRESS}
    for values in rows:
        if unknown := values.keys() - known:
            raise KeyError(f"The policy knows no {', '.join(sorted(unknown))} of the record '{record}'.")
        yield {name: value for name, value in values.items() if name in kept}


def check_changes(principal: Principal, act: str, record: str, fields: Iterable[str]) -> None:
    """Raises PermissionDenied where the policy does not let the principal change these fields of a record by an act."""
    if not set(fields) <= policy().fields(principal, act, record):
        raise PermissionDenied("Your role may not change this.")
