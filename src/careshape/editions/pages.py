"""The pages of an edition: the statement's own pages with the figures that the gate lets be shown, as plain files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from typing import Final
from urllib.parse import urlsplit

from careshape.errors import CareshapeError
from careshape.evaluate.gap.segments import Segment
from careshape.evaluate.gap.supply import ALL
from careshape.statement.council import Council
from careshape.statement.export import answer, file_of, statement_paths, static_files
from careshape.statement.outlook.ahead import Point
from careshape.statement.outlook.kept import Kept
from careshape.statement.outlook.work_out import worked_out

LEFT_OUT: Final = (
    "outlook", "people", "need", "supply", "housing", "scenarios", "costs", "accuracy", "check", "search",
)  # fmt: skip
"""Pages that an edition does not hold: what they count has not passed the gate."""
_LINK: Final = re.compile(r"<a\b[^>]*\shref=\"(/[^\"]*)\"[^>]*>(.*?)</a>", re.DOTALL)
_SOURCE: Final = re.compile(r"(\s(?:href|src|action)=\")(/[^\"]*)(\")")


def edition_files(
    council: Council, say: Callable[[int, int], None] = lambda done, total: None
) -> Iterator[tuple[str, bytes]]:
    """Every file of an edition's pages, by its place in the folder.

    Raises CareshapeError for a link that leads nowhere: nothing is published by half.
    """
    root = f"/{council.slug}/"
    paths = [path for path in statement_paths(council) if path[len(root) :].split("/")[0].split(".")[0] not in LEFT_OUT]
    known = frozenset(paths)
    for number, path in enumerate(paths):
        if number % 50 == 0:
            say(number, len(paths))
        response = answer(path, "", {council.slug: council})
        content = response.content
        if response.headers["Content-Type"].startswith("text/html"):
            content = _linked(content.decode("utf-8"), path, root, known).encode("utf-8")
        yield _place(path, root), content
    yield from ((f"static/{name}", content) for name, content in static_files())
    say(len(paths), len(paths))


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
    return target.startswith(root) and not target.startswith(f"{root}editions/")


def look_ahead(council: Council) -> None:
    """Work out what is to come for an edition: of the whole area, with nothing recorded but what the gate has seen."""
    made = worked_out(council, reports=False)
    if not made.problem:
        cells = tuple(one for one in made.cells if one.area == ALL)
        fans = {key: (_recorded(council, made, *key), coming) for key, (_, coming) in made.fans.items()}
        made = replace(made, cells=cells, fans=fans, arithmetic={})
    council.look(made)


def _recorded(council: Council, made: Kept, segment: str, group: str) -> list[Point]:
    """What was recorded, asked as every other figure is; hours are people times the hours of each at the end.

    A day on which the gate withholds the people is left out.
    """
    past, _ = made.fans[segment, group]
    one = made.segments[segment]
    where: dict[str, object] = {"service": tuple(one.service_ids())}
    if group != ALL:
        where["client_group"] = group
    days = ",".join(point.day.isoformat() for point in past)
    result = council.book.result("people_supported", ("period",) if len(past) > 1 else (), where, days)
    people = {row.get("period", days): row["value"] for row in result.rows}
    each = _hours_each(one, past, people)
    found = []
    for point in past:
        value = people.get(point.day.isoformat(), 0)
        if isinstance(value, int) and each is not None:
            found.append(Point(point.day, value * each))
    return found


def _hours_each(segment: Segment, past: list[Point], people: dict[str, object]) -> float | None:
    """Hours a person, of the last day; 1 where people are shown themselves, None where it cannot be said."""
    if segment.unit != "hours a week":
        return 1.0
    last = people.get(past[-1].day.isoformat()) if past else None
    return round(past[-1].value / last, 1) if isinstance(last, int) and last else None
