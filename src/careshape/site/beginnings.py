"""The addresses of the site, tried by how they begin: hundreds stand in a row, and each request would try them all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.urls import URLResolver, path
from django.urls.resolvers import RoutePattern

FEWEST: Final = 3
"""Addresses with one beginning that are worth a group."""
_BEGINNING: Final = re.compile(r"<[^>]*>/|[^/<]+/|<")


def by_beginning(patterns: Sequence[Any]) -> list[Any]:
    """The same addresses, in groups of those that begin with the same word, and within them with the same second one: a
    group is passed over at once.

    Those that begin with a part to fill in come last: what begins with a word is the word's. Within a group all stay in
    their order. Each keeps its route and its name.
    """
    return list(_grouped(list(_flat(patterns))))


def _flat(patterns: Sequence[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Each address with its route; what has a namespace, or is no plain route, stays as it is."""
    for one in patterns:
        plain = isinstance(one.pattern, RoutePattern)
        if isinstance(one, URLResolver) and plain and one.namespace is None and not one.default_kwargs:
            yield from _flat(one.url_patterns, before + str(one.pattern))
        else:
            yield before + str(one.pattern), one


def _grouped(routed: Sequence[tuple[str, Any]]) -> Iterator[Any]:
    groups: dict[str, list[tuple[str, Any]]] = {}
    for route, one in routed:
        groups.setdefault(_begins(route), []).append((route, one))
    for begins, held in sorted(groups.items(), key=lambda group: (group[0].startswith("<"), group[0] == "<")):
        if begins in ("", "<") or len(held) < FEWEST:
            yield from (_with(route, one) for route, one in held)
        else:
            inner = [(route.removeprefix(begins), one) for route, one in held]
            yield path(begins, (list(_grouped(inner)), None, None))


def _begins(route: str) -> str:
    """The first word of a route, or the part that stands there; nothing of an address that ends with its only word."""
    found = _BEGINNING.match(route)
    return found[0] if found else ""


def _with(route: str, one: Any) -> Any:
    """An address or group of another route, and the same in everything else."""
    if isinstance(one, URLResolver):
        return path(route, (one.url_patterns, one.app_name, one.namespace), one.default_kwargs)
    return path(route, one.callback, one.default_args, one.name)
