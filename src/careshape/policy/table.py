"""The policy written out: for every address, method, role and kind of object, what is to be expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from careshape.policy.principal import PUBLIC, Principal
from careshape.policy.roles import roles
from careshape.policy.rules import policy
from careshape.policy.views import COUNCIL, act_of, methods_of

NONE: Final = "none"
OWN, OTHER_TEAM, OTHER_COUNCIL, OPEN_COUNCIL, MISSING = (
    "own", "other-team", "other-council", "open-council", "non-existent",
)  # fmt: skip
ALLOWED, SIGN_IN, FORBIDDEN, NOT_FOUND, UNDECLARED = "allowed", "sign-in", "forbidden", "not-found", "undeclared"
COLUMNS: Final = ("url", "method", "act", "role", "object", "expected")


@dataclass(frozen=True)
class Address:
    """One pattern of the site's addresses."""

    url: str
    """The pattern, with its parts in angle brackets: ``<slug:slug>/tables/``."""
    view: Callable[..., Any]
    parts: dict[str, Any]
    """Names of the parts that a request fills in, with their converters."""

    @property
    def objects(self) -> tuple[str, ...]:
        """The kinds of objects that a request may name: a council, or a row by its key."""
        if COUNCIL in self.parts:
            return (OWN, OTHER_COUNCIL, OPEN_COUNCIL, MISSING)
        by_key = any(isinstance(one, IntConverter | UUIDConverter) for one in self.parts.values())
        return (OWN, OTHER_TEAM, OTHER_COUNCIL, MISSING) if by_key else (NONE,)


def addresses(
    patterns: list[Any] | None = None, before: str = "", parts: Mapping[str, Any] | None = None
) -> Iterator[Address]:
    """Every address of the site, in the order in which they are tried."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        url, named = before + str(pattern.pattern), {**(parts or {}), **pattern.pattern.converters}
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, url, named)
        elif isinstance(pattern, URLPattern):
            yield Address(url, pattern.callback, named)


def expected(act: str | None, role: str, object: str) -> str:
    """What somebody in a role is to expect of an act on a kind of object."""
    if act is None or act not in policy().acts:
        return UNDECLARED
    who = Principal() if role == PUBLIC else Principal(role=role, account=0, council=OWN, team=0, organisation=0)
    scopes = policy().scopes(who, act)
    if not scopes:
        members = (Principal(role=one, account=0) for one in roles())
        anybody = any(policy().permits(one, act) for one in members)
        return SIGN_IN if role == PUBLIC and anybody else FORBIDDEN
    if object in (NONE,) or "all" in scopes:
        return ALLOWED
    if object == OPEN_COUNCIL:
        return ALLOWED if "open" in scopes else NOT_FOUND
    if object == OWN:
        return ALLOWED if scopes - {"open"} else NOT_FOUND
    if object == OTHER_TEAM:
        return ALLOWED if "council" in scopes else NOT_FOUND
    return NOT_FOUND


def table() -> list[dict[str, str]]:
    """The policy written out, a row for each address, method, role and kind of object."""
    return [
        {"url": f"/{one.url}", "method": method, "act": act_of(one.view, method) or "", "role": role, "object": kind,
         "expected": expected(act_of(one.view, method), role, kind)}
        for one in addresses()
        for method in methods_of(one.view)
        for role in roles()
        for kind in one.objects
    ]  # fmt: skip
