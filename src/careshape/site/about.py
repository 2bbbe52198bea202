"""What each page is for, as a fold at its end tells: by the name of its template, so that no page forgets to say it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from django.urls import Resolver404, resolve
from jinja2 import pass_context
from jinja2.runtime import Context

from careshape.declared import read_toml
from careshape.policy import policy
from careshape.policy.views import act_of

FILE: Final = "about.toml"


@dataclass(frozen=True)
class About:
    """What a page is for, and pages that lead on."""

    text: str
    more: tuple[tuple[str, str], ...] = ()


@cache
def pages() -> dict[str, About]:
    """Template -> what its page is for."""
    raw = read_toml(files("careshape.site").joinpath(FILE).read_text("utf-8"), FILE)
    return {name: About(one["text"], tuple(map(tuple, one.get("more", ())))) for name, one in raw.items()}


@pass_context
def about(context: Context) -> About | None:
    """What the page that is being rendered is for, with the pages that its reader may open; None for one that needs no
    such words.
    """
    found = pages().get(context.name or "")
    request = context.get("request")
    if found is None or request is None:
        return None
    return About(found.text, tuple(one for one in found.more if _may_open(request, one[1])))


def _may_open(request: object, address: str) -> bool:
    try:
        act = act_of(resolve(address).func, "GET")
    except Resolver404:
        return False
    return act is not None and policy().permits(request.principal, act)  # type: ignore[attr-defined]
