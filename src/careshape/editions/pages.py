"""The pages of an edition: the statement's own pages with the figures that the gate lets be shown, as plain files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from careshape.editions.reuse.files import FOLDER as DATA
from careshape.editions.reuse.files import data_files, data_page, section_files
from careshape.errors import CareshapeError
from careshape.statement.council import Council
from careshape.statement.export import answer, file_of, statement_paths, static_files

LEFT_OUT: Final = (
    "outlook", "people", "need", "supply", "housing", "scenarios", "costs", "accuracy", "check", "search",
)  # fmt: skip
"""Pages that an edition does not hold: what they count has not passed the gate."""
OF_THE_SITE: Final = ("editions/", "feed.xml", "take-part/")
"""Pages of a council that are the same for every edition, and are in none."""
_LINK: Final = re.compile(r"<a\b[^>]*\shref=\"(/[^\"]*)\"[^>]*>(.*?)</a>", re.DOTALL)
_SOURCE: Final = re.compile(r"(\s(?:href|src|action)=\")(/[^\"]*)(\")")


DRAWN: Final = ("setting files to print", "drawing pages", "writing data")
"""The steps of the files of an edition. Files to print come first, since pages tell how large they are."""


def edition_files(
    council: Council, say: Callable[[str, str], None] = lambda step, detail: None
) -> Iterator[tuple[str, bytes]]:
    """Every file of an edition's pages, by its place in the folder. ``say`` is told of each step, and how far it is.

    Raises CareshapeError for a link that leads nowhere: nothing is published by half.
    """
    root = f"/{council.slug}/"
    paths = [path for path in statement_paths(council) if path[len(root) :].split("/")[0].split(".")[0] not in LEFT_OUT]
    known = frozenset([*paths, f"{root}{DATA}/"])
    ordered = sorted(paths, key=_is_page)
    first = sum(not _is_page(path) for path in paths)
    for number, path in enumerate(ordered):
        if number % 50 == 0 or number <= first:
            say(DRAWN[_is_page(path)], f"{number} of {len(paths)}")
        response = answer(path, "", {council.slug: council})
        content = response.content
        if response.headers["Content-Type"].startswith("text/html"):
            content = _linked(content.decode("utf-8"), path, root, known).encode("utf-8")
        yield _place(path, root), content
    say(DRAWN[2], "")
    data = data_files(council)
    yield from data.items()
    yield from section_files(council, data).items()
    yield f"{DATA}/index.html", _linked(data_page(council, data), f"{root}{DATA}/", root, known).encode("utf-8")
    yield from ((f"static/{name}", content) for name, content in static_files())


def _is_page(path: str) -> bool:
    """Whether a file is no file to print, which takes longer than a page."""
    return not path.endswith(".pdf")


def _place(path: str, root: str) -> str:
    """The file of an address in the edition's folder: the council's own name is left out, since the folder has it."""
    return file_of(f"/{path[len(root) :]}" if path.startswith(root) else path)


def _linked(html: str, path: str, root: str, known: frozenset[str]) -> str:
    """The page with its links made relative to it; a link to a page that no edition holds becomes plain words."""
    here = posixpath.dirname(_place(path, root))

    def plain(match: re.Match[str]) -> str:
        target = urlsplit(unescape(match[1])).path
        if target in known or not _within(target, root):
            return match[0]
        if target[len(root) :].split("/")[0].split(".")[0] in LEFT_OUT:
            return match[2]
        raise CareshapeError(f"The page {path} leads to {target}, which is not there.")

    def relative(match: re.Match[str]) -> str:
        parts = urlsplit(unescape(match[2]))
        if not _within(parts.path, root) and not parts.path.startswith("/static/"):
            return match[0]
        anchor = f"#{parts.fragment}" if parts.fragment else ""
        return f"{match[1]}{posixpath.relpath(_place(parts.path, root), here or '.')}{anchor}{match[3]}"

    return _SOURCE.sub(relative, _LINK.sub(plain, html))


def _within(target: str, root: str) -> bool:
    """Whether an address is of the statement, and not a page of the site that is the same for every edition."""
    return target.startswith(root) and not target.startswith(tuple(f"{root}{one}" for one in OF_THE_SITE))
