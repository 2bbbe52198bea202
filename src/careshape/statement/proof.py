"""Everything that is wrong with the statements of a data folder: in their text, and in what it says of its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Final

from careshape.catalogue import catalogue
from careshape.evaluate.measure import Result, measure
from careshape.evaluate.measure.evaluate import Context, open_context
from careshape.statement.calls import Found
from careshape.statement.claims import contradictions
from careshape.statement.claims_of_tables import against_tables
from careshape.statement.content import Segment, Statement, content_folder
from careshape.statement.council import Council, council_slugs, open_council
from careshape.statement.expressions import find_expressions
from careshape.statement.figures import Figure, FigureBook
from careshape.statement.formatting import day, percent_change
from careshape.statement.functions import read
from careshape.statement.functions.arguments import number_of
from careshape.statement.lint import Fault, lint_all
from careshape.statement.slots import Slot
from careshape.statement.spec import TableSpec
from careshape.statement.tables import Table

DEAD: Final = ("unknown name", "expression", "dead table", "dead chart", "dead figure", "empty list", "service")
"""The rules that a reference to what is not there breaks."""
_AHEAD: Final = ("forecast", "need")
"""Functions of what is to come: worked out apart from the text, and not known until then."""


@dataclass(frozen=True)
class Proof:
    """What was looked at, and what was found.

    ``computed`` names the councils whose figures were computed too, because their records are at hand; ``compared``
    counts the figures that were set beside what they were when their words were agreed.
    """

    councils: tuple[str, ...]
    computed: tuple[str, ...]
    compared: int
    faults: tuple[Fault, ...]

    def as_json(self) -> dict[str, Any]:
        """The counts by what they mean for whoever publishes, and every fault."""
        return {
            "typed_numbers": self._many("typed number"),
            "dead_figures": self._many(*DEAD),
            "contradictions": self._many("contradiction"),
            "moved_figures": self._many("moved figure"),
            "other_faults": len(self.faults) - self._many("typed number", "contradiction", "moved figure", *DEAD),
            "councils": list(self.councils),
            "computed": list(self.computed),
            "compared": self.compared,
            "faults": [_as_row(one) for one in self.faults],
        }

    def _many(self, *rules: str) -> int:
        return sum(fault.rule in rules for fault in self.faults)


def prove(data: Path, authority: str | None = None, figures: bool = True) -> Proof:
    """Check the statements of a data folder, or of one council.

    The text is checked always, and what it says of its ``figures`` where a council's records are at hand. Raises
    InputError where a council has no text, or its records cannot be read.
    """
    slugs = council_slugs(data)
    faults = lint_all(authority, data / "councils" if slugs else None)
    known = [name for name in catalogue().lists["authority"].by_id if content_folder(name) is not None]
    named = [authority] if authority else sorted({*known, *(slug for slug in slugs if _has_text(data, slug))})
    computed, compared = [], 0
    for slug in (one for one in named if figures and one in slugs):
        council = open_council(data, slug)
        if council is None or council.written is None:
            continue
        computed.append(slug)
        told = {_place(fault) for fault in faults}
        faults += [fault for fault in in_figures(council) if _place(fault) not in told]
        moved = Moves(council)
        faults += moved.faults()
        compared += moved.compared
    return Proof(tuple(named), tuple(computed), compared, tuple(faults))


def in_figures(council: Council) -> list[Fault]:
    """What a text says of its figures that they do not bear out, and the figures that say nothing."""
    assert council.written is not None
    found = [
        *_contradicted(council.written, council.book, council.slug),
        *in_tables(council.written, council.slug, council.table), *_dead(council), *_beyond(council),
    ]  # fmt: skip
    return sorted(found, key=lambda fault: (fault.file, fault.line))


def _contradicted(statement: Statement, book: FigureBook, slug: str) -> Iterator[Fault]:
    for segment in statement.segments.values():
        for claim in contradictions(segment.text, segment.found, book):
            line = segment.first_line + segment.text.count("\n", 0, claim.start)
            yield Fault(f"{slug}/{segment.file}", line, "contradiction", claim.message)
    for spec in statement.tables.values():
        for field, text in spec.texts():
            for claim in contradictions(text, find_expressions(text, "tables.toml")[0], book):
                message = f"Table '{spec.id}', {field}: {claim.message}"
                yield Fault(f"{slug}/tables.toml", 0, "contradiction", message)


def in_tables(statement: Statement, slug: str, table_of: Callable[[str], Table | None]) -> Iterator[Fault]:
    """Claims that a table beside them contradicts; ``table_of`` fills a table by its id."""
    for segment in statement.segments.values():
        for claim in against_tables(segment.text, segment.found, table_of):
            line = segment.first_line + segment.text.count("\n", 0, claim.start)
            yield Fault(f"{slug}/{segment.file}", line, "contradiction", claim.message)


def _dead(council: Council) -> Iterator[Fault]:
    """Figures that print "not known" in running text; what is to come is not asked for, it is worked out apart."""
    assert council.written is not None
    for segment in council.written.segments.values():
        for found in segment.found:
            if found.call.block or any(one.name in _AHEAD for one in found.call.calls()):
                continue
            figure = council.book.figure(found.call)
            if figure.problem or figure.value is None:
                why = figure.problem or 'it prints "not known".'
                message = f"{{{{ {found.call} }}}}: {why} Ask for what is known, or say in words that it is not."
                yield Fault(f"{council.slug}/{segment.file}", found.place.line, "dead figure", message)


def _beyond(council: Council) -> Iterator[Fault]:
    """Measures of days outside of the records, where they do not print "not known": within tables and comparisons."""
    assert council.written is not None
    book = council.book
    for segment in council.written.segments.values():
        for found in segment.found:
            for one in found.call.calls():
                amiss = "" if one.name == "measure" else book.beyond(one.first, str(one.options.get("period", "")))
                if amiss:
                    message = f"{{{{ {found.call} }}}}: {amiss} Ask for what is known, or say in words that it is not."
                    yield Fault(f"{council.slug}/{segment.file}", found.place.line, "dead figure", message)
    for spec in council.written.tables.values():
        for said in table_beyond(spec, book):
            yield Fault(f"{council.slug}/tables.toml", 0, "dead figure", said)


def table_beyond(spec: TableSpec, book: FigureBook) -> Iterator[str]:
    """What is amiss with the periods of a table that is counted from records, where those do not reach them."""
    for name in spec.measures if spec.filling == "measure" else ():
        amiss = next((said for period in spec.periods if (said := book.beyond(name, period))), "")
        if amiss:
            yield f"Table '{spec.id}', period: {amiss}"


class Moves:
    """The figures of a council's slots as they were on the day on which their words were agreed, beside today's."""

    def __init__(self, council: Council, books: dict[date, FigureBook] | None = None) -> None:
        assert council.written is not None
        self.council, self.statement = council, council.written
        self.compared = 0
        self._last: dict[date | None, int] = {}
        self._books: dict[date, FigureBook] = {} if books is None else books
        """The figures as they were known on a day; a caller may keep them from one look to the next."""

    def faults(self) -> list[Fault]:
        """Each figure that has moved by more than the statement's set share since its slot was agreed."""
        return [
            fault
            for segment in self.statement.segments.values()
            for slot in segment.slots
            if slot.agreed is not None and self._posting(slot.agreed)
            for found in _inside(segment, slot)
            for fault in self._moved(segment, slot.agreed, found)
        ]

    def _moved(self, segment: Segment, agreed: date, found: Found) -> Iterator[Fault]:
        if any(one.name in _AHEAD for one in found.call.calls()):
            return
        then, now = self._book(agreed).figure(found.call), self.council.book.figure(found.call)
        if then.problem or now.problem or then.value is None or now.value is None or not now.linked:
            return
        self.compared += 1
        said = _by_how_much(then, now, self.statement.rules.moved_percent)
        if said:
            message = (
                f"{{{{ {found.call} }}}} was {then.text} when this was agreed, as known on {day(agreed)}, and is "
                f"{now.text} now: {said}. Read the words beside it again, and set 'agreed' to the day on which you did."
            )
            yield Fault(f"{self.council.slug}/{segment.file}", found.place.line, "moved figure", message)

    def _posting(self, agreed: date | None) -> int:
        """The last posting by a day, or of all; each is asked once."""
        if agreed not in self._last:
            self._last[agreed] = self.council.ledger.posting_on(agreed)
        return self._last[agreed]

    def _book(self, agreed: date) -> FigureBook:
        if self._posting(agreed) == self._posting(None):
            return self.council.book  # nothing was recorded since: what was known then is what is known now
        if agreed not in self._books:
            context = open_context(self.council.ledger, agreed)
            self._books[agreed] = FigureBook(self.council.sources, read, partial(_as_known, context))
            self._books[agreed].plan(self.statement.calls())
        return self._books[agreed]


def _as_known(context: Context, _: Any, name: str, **asked: Any) -> Result:
    """The answer of a ledger as it was known, whatever it knows now."""
    return measure(context, name, **asked)


def _by_how_much(then: Figure, now: Figure, share: int) -> str:
    """In words, by how much a figure has moved, where that is more than the share; empty where it is not."""
    before, after = number_of(then), number_of(now)
    if before is None or after is None:
        return "it names another" if then.value != now.value else ""
    if before == after:
        return ""
    if then.unit.startswith("percent"):  # a share of a share would make much of little
        points = abs(after - before)
        return f"it moved by {percent_change(points).rstrip('%')} points, more than {share}" if points > share else ""
    if before == 0:
        return "it was nothing"
    moved = abs(Fraction(after - before) / before) * 100
    return f"it moved by {percent_change(moved)}, more than {share}%" if moved > share else ""


def _inside(segment: Segment, slot: Slot) -> Iterator[Found]:
    """The figures in the running text of a slot."""
    lines = [one.line for one in segment.slots if one.line > slot.line]
    end = min(lines) if lines else None
    for found in segment.found:
        below = slot.line and slot.line < found.place.line and (end is None or found.place.line < end)
        if below and not found.call.block:
            yield found


def _place(fault: Fault) -> tuple[str, int, str]:
    """Where a fault is, to the expression: one that the text shows already is not told again of its figure."""
    return fault.file, fault.line, fault.message.split("}}")[0]


def _has_text(data: Path, slug: str) -> bool:
    return content_folder(slug, data / "councils" / slug) is not None


def _as_row(fault: Fault) -> Mapping[str, Any]:
    authority, _, file = fault.file.partition("/")
    return {"authority": authority, "file": file, "line": fault.line, "rule": fault.rule, "message": fault.message}
