"""What an edition asks of its pinned inputs before the gate: its text checked, and every figure that it may show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from careshape.disclosure import Edition as Earlier
from careshape.disclosure import Figure, Published, Rule
from careshape.editions.coming import look_ahead
from careshape.editions.counted import from_json
from careshape.editions.elsewhere import RatioElsewhere, marked, printed_elsewhere
from careshape.editions.folders import COUNTED, FIGURES, edition_path
from careshape.editions.gate import Passed, pass_gate, system_of
from careshape.editions.inputs import SECRET, opened, rule_of
from careshape.editions.naming import faults_of
from careshape.editions.questions import Asked, Counted
from careshape.editions.reuse.side import sides
from careshape.errors import InputError
from careshape.evaluate.measure.kinds import Counts
from careshape.home import Home
from careshape.statement.council import Council
from careshape.statement.lint import Fault, lint_statement
from careshape.statement.outlook.kept import Kept
from careshape.statement.proof import Moves, in_figures

MOST_FAULTS: Final = 20
MOVED: Final = "moved figure"
READ_AGAIN: Final = (
    "Of a figure that moved: read the words beside it again. Where they are still true, say so with 'I have read these "
    "words again' when you change the page, which a second person agrees; or set 'agreed' in its particulars."
)


@dataclass(frozen=True)
class Gathered:
    """The figures of an edition as they were counted, and what is known beside them."""

    council: Council
    """The state that the edition is made of, before the gate."""
    number: int
    cells: dict[str, Counted]
    ratios: tuple[RatioElsewhere, ...]
    """Shares and means that other documents print."""
    rule: Rule
    earlier: tuple[Earlier, ...]
    """The editions that readers have already, the oldest first."""
    secret: str
    coming: Kept
    """What is to come, as it was worked out before the gate."""

    def pass_gate(self, say: Callable[[str], None] = lambda step: None) -> Passed:
        """Protect the figures by the council's rule, and attack what is left."""
        return pass_gate(self.cells, self.rule, self.earlier, self.number, self.secret, say, self.ratios)

    def faults(self, passed: Passed) -> tuple[dict[str, Any], ...]:
        """What stops a release, figure by figure in words, with the tables that it stands in."""
        return () if passed.safe else tuple(faults_of(self.council, self.cells, passed.found))


def gather(
    home: Home, at: Home, authority: str, number: int, posting: int, before: Sequence[int],
    step: Callable[[str], None], counts: dict[str, Counts],
) -> Gathered:  # fmt: skip
    """Check the text of an edition and count all that it may show.

    ``home`` holds the editions ``before`` it; ``at`` is where its pinned inputs are laid out. What is counted is added
    to ``counts``. Raises InputError where the inputs cannot be read, or where the text has faults.
    """
    asked = Asked()
    council = opened(at, authority, posting, f"Edition {number}", asked, counted=counts)
    step("checking the text")
    _check_text(council)
    step("counting")
    coming = _ask_everything(council)
    _check_words(council)
    elsewhere = printed_elsewhere(council)
    folder = at.council_path(authority)
    return Gathered(
        council, number, marked(asked.cells, elsewhere.numbers), elsewhere.ratios, rule_of(folder),
        tuple(_earlier(home, authority, one) for one in before), (folder / SECRET).read_text("utf-8"), coming,
    )  # fmt: skip


def _check_text(council: Council) -> None:
    """Refuse a text that types a number or names what is not there. Raises InputError with the faults."""
    assert council.written is not None
    _refuse(council, lint_statement(council.slug, council.written, council.observations))


def _check_words(council: Council) -> None:
    """Refuse a text that its figures do not bear out: that says "rose" of what fell, prints "not known", or quotes what
    has moved since its words were agreed. Raises InputError with the faults.
    """
    _refuse(council, [*in_figures(council), *Moves(council).faults()])


def _refuse(council: Council, faults: Sequence[Fault]) -> None:
    if not faults:
        return
    more = len(faults) - MOST_FAULTS
    said = [
        f"The text of {council.name} has faults, so no edition can be made of it:",
        *map(str, faults[:MOST_FAULTS]),
        *([f"and {more} more, which `careshape statement lint` lists."] if more > 0 else []),
        *([READ_AGAIN] if any(one.rule == MOVED for one in faults) else []),
    ]
    raise InputError("\n".join(said))


def _ask_everything(council: Council) -> Kept:
    """Ask every figure and table that the pages show, the people behind the fans, what care there is to find, and what
    councils are compared by.

    Gives back what is to come as it was worked out, before the gate.
    """
    coming = look_ahead(council, asking=True)
    for call in council.calls():
        if not call.block:
            council.book.figure(call)
    for name in council.statement.tables if council.statement else ():
        council.table(name)
    _ = council.care
    sides(council)
    return coming


def _earlier(home: Home, authority: str, number: int) -> Earlier:
    """An edition that readers have already, with what was counted for it then.

    Raises InputError where the two are not of one kind: set beside others it would be taken for another edition.
    """
    folder = edition_path(home, authority, number)
    published = Published.from_json((folder / FIGURES).read_text("utf-8"))
    kept = folder / COUNTED
    if not kept.is_file():
        return Earlier(published, None)
    tables = system_of(from_json(kept.read_text("utf-8")))[0]
    if not all(_of(one, tables.by_id[one.id].value) for one in published.figures if one.id in tables.by_id):
        raise InputError(
            f"The figures of edition {number} were kept in other parts of pounds or hours than they are counted in "
            f"now, so no edition can be held against it. Bring editions/{number} back from a backup, or use the "
            "careshape that made it."
        )
    return Earlier(published, tables)


def _of(figure: Figure, value: int) -> bool:
    """Whether a figure can be the print of a value."""
    return figure.least <= value and (figure.greatest is None or value <= figure.greatest)
