"""A council as its pages need it: ledger, observations, text and figures, held for as long as none of them changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from deltalake.exceptions import DeltaError
from django.conf import settings

from careshape.catalogue import catalogue
from careshape.design import Decided, decided
from careshape.errors import CareshapeError, InputError
from careshape.evaluate.gap.segments import packaged_segments
from careshape.evaluate.measure import Result, measure, measures
from careshape.evaluate.measure.kinds import Counts
from careshape.evaluate.measure.reach import reach
from careshape.home import Home
from careshape.ledger.ledger import SETTINGS_FILE, Ledger
from careshape.ledger.posting import Posting
from careshape.records import (
    Dataset,
    Observations,
    actions,
    authorities,
    council_observations,
    dataset,
)
from careshape.records.unmet_need import FILE as UNMET
from careshape.statement.calls import Call
from careshape.statement.charts import Chart, draw
from careshape.statement.content import Segment, Statement, content_folder, load_statement
from careshape.statement.design.expressions import Expressions
from careshape.statement.design.prices import price_calls
from careshape.statement.figures import Figure, FigureBook, Lookout, Sources, key_of
from careshape.statement.fill import fill
from careshape.statement.find_care import Care, find_care
from careshape.statement.formatting import day
from careshape.statement.functions import read
from careshape.statement.outlook import store
from careshape.statement.outlook.ahead import NotWorkedOutError
from careshape.statement.outlook.kept import Kept
from careshape.statement.outlook.market import Outlook
from careshape.statement.phrases import titled
from careshape.statement.spec import TableSpec
from careshape.statement.state import Pinned, pin
from careshape.statement.tables import Table


@dataclass
class Council:
    """One council at one state of its ledger, its observations and its text."""

    slug: str
    ledger: Pinned
    observations: Observations
    written: Statement | None
    """The statement's text as it is written, with the expressions of its titles not yet filled in."""
    content_problem: str = ""
    faulty: bool = False
    """Whether it has a text, and that cannot be read; ``content_problem`` says why."""
    ask: Callable[..., Result] = measure
    """What answers its questions to the ledger; an edition puts its gate there."""
    edition: str = ""
    """Which edition its pages are of, in words; empty for the pages as they are today."""
    rounded: int = 0
    """To multiples of what its edition rounds counts; 0 where it rounds none."""
    follows: bool = False
    """Whether readers have an edition before the one that its pages are of."""
    counted: dict[str, Counts] | None = None
    """What was counted of its records, question by question, where that is kept: an edition asks everything twice."""
    outlook_key: str = ""
    """Name under which what is to come is kept, as it is worked out from this state."""
    _tables: dict[str, Table] = field(default_factory=dict)
    _charts: dict[str, Chart | None] = field(default_factory=dict)
    lists: dict[str, Table] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    """What pages have rendered, for as long as the council stays as it is."""
    _warm: bool = False
    _ahead: Kept | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    before: Council | None = None
    """The same council with the same records, before what is to come was worked out."""

    @property
    def name(self) -> str:
        """The council's own name: as council.toml gives it, or in full as its published document does."""
        place = catalogue().lists["authority"].by_id.get(self.slug)
        if self.dataset is not None and place is not None and self.ledger.name == place.label:
            return self.dataset.publisher
        return self.ledger.name

    @property
    def edition_number(self) -> str:
        """The number of the edition that its pages are of; empty for the pages as they are today."""
        return "".join(one for one in self.edition if one.isdigit())

    @property
    def demonstration(self) -> bool:
        """Whether every record of the council is synthetic."""
        return self.ledger.demonstration

    @cached_property
    def statement(self) -> Statement | None:
        """The statement's text with its titles filled in; None where there is none."""
        return titled(self.book, self.written) if self.written else None

    @cached_property
    def empty(self) -> bool:
        """Whether the ledger holds no line item, so that no figure of the statement could be computed."""
        return not self.ledger.files()

    @property
    def postings(self) -> list[Posting]:
        """The postings of the ledger, oldest first."""
        return self.ledger.postings()

    @property
    def known(self) -> str:
        """As known on which day and by which posting, in words."""
        if not self.postings:
            return "No records have been imported yet"
        last = self.postings[-1]
        return f"{day(last.day)}, posting {last.number}"

    @cached_property
    def dataset(self) -> Dataset | None:
        """The published figures that come with careshape for this council, if any."""
        return dataset(self.slug) if self.slug in authorities() else None

    @cached_property
    def outlook(self) -> Outlook:
        """What is to come as it is worked out, which takes up to a minute: for background work and exports."""
        return Outlook(Home(self.ledger.path.parents[1]), self.slug, self.ledger)

    def look(self, found: Kept) -> None:
        """Let pages show what was just worked out for this state."""
        self._ahead = found

    def look_back(self, earlier: Council) -> None:
        """Let pages show what was worked out for an earlier state, until this one is."""
        if earlier._ahead is not None:
            self._ahead = earlier._ahead.as_older()

    @property
    def ahead(self) -> Kept:
        """What is to come, as it was kept; where something was recorded since, the one before, which says so.

        Raises NotWorkedOutError where nothing was kept yet.
        """
        with self.lock:
            if self._ahead is None:
                self._ahead = store.load(self.outlook.home.path, self.slug, self.outlook_key)
            if self._ahead is not None:
                return self._ahead
        if self.empty:
            return Kept(self.slug, self.outlook.problem)
        raise NotWorkedOutError

    @property
    def behind(self) -> str:
        """As known on which day and by which posting what is to come is shown, where that is not this state."""
        return self.ahead.known if self.ahead.older else ""

    @cached_property
    def decided(self) -> Decided:
        """What the council decided: its own files, else those packaged; with its problem where they cannot be read."""
        try:
            return decided(self.slug, self.ledger.path)
        except CareshapeError as error:
            return Decided(problem=str(error))

    @cached_property
    def last_day(self) -> date | None:
        """The last day that the records speak of; None where there are none."""
        context = self.sources.context
        return None if context is None else reach(context, measures()["people_supported"]).last

    @cached_property
    def expressions(self) -> Expressions:
        """The expressions of what the council decided, with the days of the records in their periods."""
        return Expressions(self.decided, self.last_day)

    @cached_property
    def sources(self) -> Sources:
        """Everything that figures are taken from."""
        packaged = self.dataset is not None
        return Sources(
            self.slug,
            self.ledger,
            self.observations,
            self.dataset,
            self.decided.intentions,
            actions(self.slug) if packaged else (),
            self.decided.views,
            self.known,
            Lookout(self.outlook.home, self.slug, lambda: self.ahead),
            self.outlook.known_segments,
            self.rounded,
            self.counted,
        )

    @cached_property
    def book(self) -> FigureBook:
        """The figures of the statement, with every measure call of the text planned."""
        book = FigureBook(self.sources, read, self.ask)
        book.plan(self.calls())
        if self.before is not None and "book" in vars(self.before):
            book.take(self.before.book)
        self.before = None
        return book

    @cached_property
    def care(self) -> Care | None:
        """What care there is, for somebody who looks for it; None where no record says."""
        return find_care(self.book, None if self.empty else self.last_day)

    def calls(self) -> Iterator[Call]:
        """Every expression of the text, its titles and its tables, and of what the council decided."""
        if self.written:
            yield from self.written.calls()
            yield from self.expressions.calls()
            yield from price_calls(self.sources.segments or packaged_segments(), self.last_day)

    @cached_property
    def quoted(self) -> dict[str, list[Segment]]:
        """Expression -> the segments whose text holds it."""
        found: dict[str, list[Segment]] = {}
        for segment in self.statement.segments.values() if self.statement else ():
            for name in dict.fromkeys(str(each.call) for each in segment.found):
                found.setdefault(name, []).append(segment)
        return found

    def table(self, name: str) -> Table | None:
        """A declared table, filled; None where no table has this id."""
        if self.statement is None or name not in self.statement.tables:
            return None
        with self.lock:
            if name not in self._tables:
                assert self.written is not None
                self._tables[name] = fill(self.book, self.written.tables[name])
            return self._tables[name]

    def standing(self, key: str) -> list[TableSpec]:
        """The tables in which a figure stands as a cell, by the address of its card.

        Tables are filled for it; figures of the text, charts and what care there is are left to who asks for them.
        """
        with self.lock:
            if "standing" not in self.kept:
                cells: dict[str, list[TableSpec]] = {}
                for name, spec in self.statement.tables.items() if self.statement else ():
                    for item in self._cards_of(name):
                        cells.setdefault(item, []).append(spec)
                self.kept["standing"] = cells
            found: list[TableSpec] = self.kept["standing"].get(key, [])
            return found

    def _cards_of(self, name: str) -> list[str]:
        """The addresses of the cards that a table's cells and its note open, each once."""
        table = self.table(name)
        if table is None:
            return []
        cells = [cell.item for row in table.rows for cell in row.cells if cell.page == "figure"]
        return list(dict.fromkeys([*cells, *(figure.key for figure in table.note.figures)]))

    def chart(self, name: str) -> Chart | None:
        """The chart of a declared table; None where it has none."""
        table = self.table(name)
        if table is None:
            return None
        with self.lock:
            if name not in self._charts:
                self._charts[name] = draw(table)
            return self._charts[name]

    @property
    def is_warm(self) -> bool:
        """Whether every figure has been computed."""
        return self._warm

    def figure_at(self, key: str) -> Figure | None:
        """The figure with an address; of the text's own only that one is computed, of a table's cells all are."""
        found = self.book.by_key(key)
        if found is None and not self._warm:
            call = next((one for one in self.calls() if not one.block and key_of(one) == key), None)
            if call is None:
                self.warm()
            else:
                self.book.figure(call)
            found = self.book.by_key(key)
        return found

    def warm(self) -> None:
        """Compute every figure, table and chart, so that no reader waits for them; a second call does nothing."""
        if self._warm:
            return
        for call in self.calls():
            if not call.block:
                self.book.figure(call)
        for name in self.statement.tables if self.statement else ():
            self.chart(name)
        _ = self.care  # asked here too, so that the gate of an edition sees it
        self._warm = True


_open: dict[Path, tuple[tuple[object, ...], int, Council]] = {}
_opening = threading.Lock()


def council_slugs(data: Path) -> list[str]:
    """The councils of a data directory."""
    return sorted(path.parent.name for path in (data / "councils").glob(f"*/{SETTINGS_FILE}"))


def is_open(slug: str) -> bool:
    """Whether everybody may read a council's pages. Nothing is released yet, so only a demonstration's are open."""
    try:
        return Home(settings.CARESHAPE_DIR).ledger(slug).demonstration
    except CareshapeError:
        return False


def open_council(data: Path, slug: str) -> Council | None:
    """A council of a data directory, opened anew only when something of it has changed; None where there is none.

    What is given is of one state: a file that is imported later makes another council. Raises CareshapeError where
    something of the council cannot be read.
    """
    folder = data / "councils" / slug
    if not (folder / SETTINGS_FILE).is_file():
        return None
    content = content_folder(slug, folder)
    kept = _kept(folder)
    records = (
        _stamp(folder / "ledger" / "_delta_log"),
        tuple(one for one in kept if not one[0].startswith((_TEXT, UNMET))),
        *(_stamp(path) for path in sorted((data / "statistics").glob("*/*/manifest.json"))),
    )
    text = (kept, content, _stamps(content) if content else ())
    stamp: tuple[object, ...] = (records, text)
    ahead = store.stamp(data, slug)
    with _opening:
        known = _open.get(folder)
        if known is None or known[0] != stamp:
            made = _steadily(data, folder, slug, content)
            if known is not None and known[0][0] == records:
                made.before = _answered(known[2])  # only its text was changed: nothing is asked of the ledger again
            if known is not None and known[1] == ahead and not store.there(data, slug, made.outlook_key):
                made.look_back(known[2])  # nothing newer is kept, and reading it again takes half a second
            known = (stamp, ahead, made)
        elif known[1] != ahead:
            known = (stamp, ahead, _again(known[2]))
        _open[folder] = known
        return known[2]


def _again(one: Council) -> Council:
    """A council of which nothing but what is to come has changed: what the ledger answered is not asked again."""
    return Council(
        one.slug, one.ledger, one.observations, one.written, one.content_problem, one.faulty,
        outlook_key=one.outlook_key,
        before=_answered(one),
    )  # fmt: skip


def _answered(one: Council) -> Council | None:
    """The council whose figures were asked for: this one, or the one before it."""
    return one if "book" in vars(one) else one.before


def _steadily(data: Path, folder: Path, slug: str, content: Path | None) -> Council:
    """A council with the key of just the state that was opened, though somebody may post meanwhile."""
    while True:
        key = store.state_key(data, slug)
        found = _opened(folder, slug, content)
        if store.state_key(data, slug) == key:
            found.outlook_key = key
            return found


def _opened(folder: Path, slug: str, content: Path | None) -> Council:
    try:
        ledger = pin(Ledger.open(folder))
        observations = council_observations(slug, folder / "observations")
    except (DeltaError, OSError, ValueError) as error:
        raise InputError(f"The records of {slug} cannot be read: {error}.") from error
    lost = [file for file in ledger.files() if not Path(file).is_file()]
    if lost:
        raise InputError(
            f"The records of {slug} cannot be read: {len(lost)} of {len(ledger.files())} files of its ledger are gone. "
            "Restore the council's folder from its backup."
        )
    if not ledger.files():
        # A statement full of "not known" would say less than one sentence does.
        return Council(slug, ledger, observations, None, "No records have been imported yet.")
    if content is None:
        problem = "No text has been written for this council's statement yet."
        return Council(slug, ledger, observations, None, problem)
    try:
        decided(slug, folder)
        return Council(slug, ledger, observations, load_statement(content))
    except CareshapeError as error:
        return Council(slug, ledger, observations, None, str(error), faulty=True)


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def _kept(folder: Path) -> tuple[tuple[str, int], ...]:
    """What a council keeps beside its ledger: settings, observations, supply, scenarios, rates, segments, rules."""
    files = [path for path in folder.glob("*.*") if path.suffix in _KEPT]
    for inner in folder.iterdir():
        if inner.is_dir() and inner.name not in _OF_LEDGER:
            files += [inner, *(path for path in inner.glob("*.*") if path.suffix in _KEPT)]
    return tuple(sorted((str(path.relative_to(folder)), _stamp(path)) for path in files))


_KEPT = (".toml", ".csv", ".parquet", ".xlsx", ".json", ".md")
_OF_LEDGER = ("ledger", "register", "reports")
_TEXT = "statement"
"""The folder of a council's text, by the beginning of its path in the council's folder."""


def _stamps(folder: Path) -> tuple[int, ...]:
    if not folder.is_dir():
        return ()
    return tuple(_stamp(path) for path in (folder, *sorted(folder.glob("*.*")), *sorted(folder.glob("easy-read/*.md"))))
