"""What a version does to a page: to its words, and to the figures that it quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from careshape.policy import Principal
from careshape.statement.calls import Found
from careshape.statement.council import Council
from careshape.statement.expressions import find_expressions
from careshape.statement.figures import Figure
from careshape.writing.differences import Difference, counted
from careshape.writing.kinds import kind_of
from careshape.writing.models import State, Version
from careshape.writing.others import PARTS
from careshape.writing.texts import drafting


@dataclass(frozen=True)
class Stretch:
    """What differs below one heading."""

    heading: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Effect:
    """What a version does."""

    added: int
    """Words."""
    removed: int
    stretches: tuple[Stretch, ...]
    come: tuple[Figure, ...] = ()
    """Live figures that it quotes and the text before does not."""
    go: tuple[Figure, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the two are the same."""
        return not self.stretches


def before(principal: Principal, row: Version, now: str) -> tuple[str, int]:
    """What a version is set against, and the number of the version that it is, 0 where it is none.

    Of one that is in force or was: what was in force before it, its own words where nothing was. Else ``now``, which is
    what is in force.
    """
    if row.state != State.AGREED or row.in_force_at is None:
        return now, 0
    known = Version.objects.reached(principal, "writing.see").filter(file=row.file, state=State.AGREED.value)
    earlier = known.filter(in_force_at__lt=row.in_force_at).order_by("-in_force_at").first()
    return (str(earlier.content), int(earlier.number)) if earlier is not None else (row.content, 0)


def effect(council: Council | None, before: str, after: str, found: list[Difference]) -> Effect:
    """What becomes of a page when one content takes the place of another; ``found`` is what differs."""
    added, removed = counted(found)
    come, go = _figures(council, before, after) if council is not None else ((), ())
    return Effect(added, removed, tuple(stretches(found)), come, go)


def stretches(found: list[Difference]) -> list[Stretch]:
    """The paragraphs that differ, under the heading below which each stands."""
    made: list[tuple[str, list[Difference]]] = []
    heading = "Particulars"
    for one in found:
        text = "".join(piece.text for piece in one.after or one.before)
        heading = _heading(text) or heading
        if one.kind != "same":
            if not made or made[-1][0] != heading:
                made.append((heading, []))
            made[-1][1].append(one)
    return [Stretch(heading, tuple(differences)) for heading, differences in made]


def _heading(text: str) -> str:
    """What stands over a paragraph and those after it: a heading, or in a file of tables the name of one."""
    if text.startswith("## "):
        return text.splitlines()[0].removeprefix("## ").strip()
    table = re.search(r"^\[\[?([a-z_]+)\]\]?", text, flags=re.MULTILINE)
    if table is None:
        return ""
    named = re.search(r"^id = [\"'](.+)[\"']", text, flags=re.MULTILINE) if table[1] == "table" else None
    return f"Table {named[1]}" if named else PARTS.get(table[1], "")


def _figures(council: Council, before: str, after: str) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """The figures that come and those that go, each once; those that stand on a line of their own are left out."""
    if council.written is None:
        return (), ()
    was, now = ({str(one.call): one.call for one in _calls(text)} for text in (before, after))
    book = drafting(council).book
    come = tuple(book.figure(call) for name, call in now.items() if name not in was)
    go = tuple(book.figure(call) for name, call in was.items() if name not in now)
    return come, go


def _calls(text: str) -> list[Found]:
    return [one for one in find_expressions(text, "")[0] if not one.call.block]


def parts_of(file: str, content: str) -> dict[str, str]:
    """What a comment may be about, by id: the whole, or a part of it."""
    return {"": "The whole page", **kind_of(file).parted.titles(content)}
