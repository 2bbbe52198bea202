"""Pages of the latest edition that answer a reader: may I build this here, and what is wanted, by what they choose.

The pages as they were made stay as they are, and are what is given out where an edition cannot be asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from careshape.editions.pages import OF_THE_SITE
from careshape.statement.council import Council
from careshape.statement.design import views as design
from careshape.statement.pages import hold_councils

PAGES: Final[dict[str, Callable[..., HttpResponse]]] = {
    "may-i-build/": design.may_i_build_page,
    "opportunities/": design.opportunities_page,
}
"""The pages that can be asked, each with what answers."""
FILES: Final[dict[str, Callable[..., HttpResponse]]] = {
    "may-i-build": design.may_i_build_download,
    "opportunities": design.opportunities_download,
}
"""The same rows as files."""
_FILE: Final = re.compile(r"([a-z-]+)\.(csv|json|xlsx)")
_LINK: Final = re.compile(r"<a\b[^>]*\shref=\"(/[^\"]*)\"[^>]*>(.*?)</a>", re.DOTALL)
_ADDRESS: Final = re.compile(r"(\s(?:href|src|action)=\")(/[^\"]*)(\")")


def asks(path: str, query: bool) -> bool:
    """Whether a path of an edition is answered: a page always, a file where some of its rows are asked for."""
    file = _FILE.fullmatch(path)
    return path in PAGES or (file is not None and file[1] in FILES and (query or file[2] == "xlsx"))


def answered(
    request: HttpRequest, council: Council, number: int, path: str, there: Collection[str]
) -> HttpResponse:  # fmt: skip
    """The answer of an edition. ``there`` are the files that it holds: a link to anything else becomes plain words."""
    hold_councils(request, {council.slug: council})
    file = _FILE.fullmatch(path)
    if file is not None:
        return FILES[file[1]](request, council.slug, file[2])
    response = PAGES[path](request, council.slug)
    html = response.content.decode("utf-8")
    response.content = _within(html, f"/{council.slug}/", number, there).encode("utf-8")
    return response


def _within(html: str, root: str, number: int, there: Collection[str]) -> str:
    """The page with its links made to lead within the edition."""

    def held(target: str) -> bool:
        rest = target[len(root) :]
        name = f"{rest}index.html" if not rest or rest.endswith("/") else rest
        return name in there or asks(rest, True)

    def ours(target: str) -> bool:
        return target.startswith(root) and not target.startswith(tuple(f"{root}{one}" for one in OF_THE_SITE))

    def plain(match: re.Match[str]) -> str:
        target = urlsplit(unescape(match[1])).path
        return match[0] if held(target) or not ours(target) else match[2]

    def inner(match: re.Match[str]) -> str:
        target = unescape(match[2])
        if not ours(target):
            return match[0]
        return f"{match[1]}{root}editions/{number}/{match[2][len(root) :]}{match[3]}"

    return _ADDRESS.sub(inner, _LINK.sub(plain, html))
