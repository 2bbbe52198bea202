"""The progress line of each intention and goal: its figures asked as every other figure is, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from careshape.design import EndState, Progress, Reviewed, Standing, progress
from careshape.design.files import END_STATES, REVIEW
from careshape.design.progress import DOWN, HOLD, TITLES, UP, WAYS
from careshape.language import say
from careshape.records import Intention
from careshape.records.intentions import FILE
from careshape.statement.calls import Call
from careshape.statement.council import Council
from careshape.statement.design.expressions import last_of
from careshape.statement.figures import Figure
from careshape.statement.formatting import Withheld, day, plain, unit_words, written
from careshape.statement.labels import day_of, period_title
from careshape.statement.text import review_day

TAGS: Final = {
    "met": "govuk-tag--green",
    "on-track": "govuk-tag--turquoise",
    "late": "govuk-tag--orange",
    "not-yet-due": "govuk-tag--blue",
    "no-measure": "govuk-tag--grey",
    "not-known": "govuk-tag--grey",
    "suppressed": "govuk-tag--grey",
    "dropped": "govuk-tag--purple",
}


@dataclass(frozen=True)
class Shown:
    """A figure of a progress line as a page shows it: its text, the key of its card if it has one, and its day."""

    text: str
    key: str = ""
    on: str = ""


@dataclass(frozen=True)
class ProgressLine:
    """The progress of an intention or goal as pages and downloads show it.

    ``said`` says in a sentence how far it is; ``warning`` that its date has passed, where it has.
    """

    progress: Progress
    now: Shown
    start: Shown
    target: str
    by: str
    unit: str
    said: str
    warning: str

    @property
    def state(self) -> str:
        """The state's id."""
        return self.progress.state

    @property
    def title(self) -> str:
        """The state in words."""
        return TITLES[self.progress.state]

    @property
    def tag(self) -> str:
        """The look of its tag."""
        return TAGS[self.progress.state]

    @property
    def percent(self) -> int | None:
        """The part of the way that is done, in whole per cent between 0 and 100; None where it cannot be said."""
        share = self.progress.share
        return None if share is None else round(100 * min(max(share, Fraction(0)), Fraction(1)))

    @property
    def expected(self) -> int | None:
        """The part that the straight line asks for, in whole per cent between 0 and 100."""
        line = self.progress.line
        return None if line is None else round(100 * min(max(line, Fraction(0)), Fraction(1)))

    @property
    def record(self) -> dict[str, object]:
        """The line as downloads hold it; what is suppressed reads so."""
        return {
            "state": self.state, "now": self.now.text, "now_on": self.now.on, "baseline": self.start.text,
            "baseline_on": self.start.on, "share_of_way": self.percent, "share_by_line": self.expected,
            "overdue": "yes" if self.progress.overdue else "no", "judged": self.said, "warning": self.warning,
        }  # fmt: skip


NOTHING: Final = Shown("")


def line_of(council: Council, one: Intention) -> ProgressLine:
    """The progress line of an intention: made anew each time, of figures that are kept."""
    way = WAYS.get(one.direction, "")
    now, start = _figures(council, FILE, one.id, one.baseline_on)
    target = None if one.target_value is None else Fraction(one.target_value)
    made = progress(
        now.standing if now else None, start.standing if start else None,
        target=target, by=one.by_date.end, way=way, today=review_day(council), dropped=one.dropped,
    )  # fmt: skip
    unit = one.unit or (now.unit if now else "")
    aim = "" if one.target_value is None else _number(one.target_value, one.unit)
    by = period_title(one.by_date.text) if one.by_date.text else ""
    dropped = f"Given up on {day(one.dropped_on)}: {one.dropped_because}" if one.dropped_on else ""
    return _line(made, now, start, aim, by, unit, way, dropped)


def goal_line(council: Council, one: EndState) -> ProgressLine:
    """The evidence line of a goal."""
    now, start = _figures(council, END_STATES.file, one.id, one.baseline_on)
    made = progress(
        now.standing if now else None, start.standing if start else None,
        target=None, by=one.by_date.end, way=one.direction, today=review_day(council),
    )  # fmt: skip
    by = period_title(one.by_date.text) if one.by_date.text else ""
    return _line(made, now, start, "", by, now.unit if now else "", one.direction, "")


def before_and_after(council: Council, one: Reviewed) -> tuple[Shown, Shown] | None:
    """The measure of a reviewed implication before and after; None where it has none."""
    found = [_asked(council, REVIEW.file, one.id, field, None) for field in ("before", "after")]
    if found[0] is None or found[1] is None:
        return None
    return found[0].shown, found[1].shown


@dataclass(frozen=True)
class _Asked:
    standing: Standing
    shown: Shown
    unit: str


def _figures(council: Council, file: str, id_: str, start_on: date | None) -> tuple[_Asked | None, _Asked | None]:
    now = _asked(council, file, id_, "measure", None)
    return now, _asked(council, file, id_, "baseline", start_on)


def _asked(council: Council, file: str, id_: str, field: str, on: date | None) -> _Asked | None:
    """An expression as a figure; None where nothing is written."""
    one = council.expressions.of(file, id_, field)
    if one is None:
        return None
    if one.number is not None:
        text = plain(one.number)
        return _Asked(Standing(Fraction(one.number), on), Shown(text, on=day(on) if on else ""), "")
    if one.call is None or council.last_day is None:
        return _Asked(Standing(None, on), Shown(written(None)), "")
    figure = council.book.figure(one.call)
    return _of_figure(figure, on or last_of(one.call) or _printed_on(council, one.call))


def _printed_on(council: Council, call: Call) -> date | None:
    """The day of the observations that a call quotes: that of their periods, else of the document that prints them."""
    days = []
    for one in call.calls():
        if one.name == "observation" and not one.named:
            period = council.sources.observations[one.first].period
            days.append(period.end)
    if None in days or not days:
        return day_of(council.dataset.published) if council.dataset else None
    return max(each for each in days if each is not None)


def _of_figure(figure: Figure, on: date | None) -> _Asked:
    shown = Shown(figure.text, figure.key if figure.linked else "", day(on) if on else "")
    if isinstance(figure.value, Withheld):
        return _Asked(Standing(None, on, suppressed=True), shown, figure.unit)
    value = Fraction(figure.value) if isinstance(figure.value, int | Decimal | Fraction) else None
    return _Asked(Standing(value, on), shown, figure.unit)


def _line(
    made: Progress, now: _Asked | None, start: _Asked | None, aim: str, by: str, unit: str, way: str, dropped: str
) -> ProgressLine:  # fmt: skip
    said = [*_said(made, now.unit if now else unit, way), *(["No date was set."] if now and not by else [])]
    return ProgressLine(
        made, now.shown if now else NOTHING, start.shown if start else NOTHING, aim, by, unit_words(unit),
        dropped or " ".join(said), _warning(made, by),
    )  # fmt: skip


def _said(made: Progress, unit: str, way: str) -> Iterator[str]:
    if made.state == "no-measure":
        yield "No measure is kept of this."
    elif made.state == "suppressed":
        yield "A figure is suppressed, so that nobody can be recognised; nor is it said how far this is."
    elif made.state == "not-known":
        yield "The figure could not be computed."
    else:
        yield from _how_far(made, unit, way)


_MOVED: Final = {
    (True, False): "{size} more than at the start.",
    (True, True): "{size} more than at the start, the other way than meant.",
    (False, False): "{size} less than at the start.",
    (False, True): "{size} less than at the start, the other way than meant.",
}
"""By whether a figure rose, and whether that is the other way than meant."""


def _how_far(made: Progress, unit: str, way: str) -> Iterator[str]:
    moved = made.moved
    if moved is not None:
        size = _size(moved, unit)
        if moved == 0:
            yield "No change since the start."
        else:
            other = (way == UP if moved < 0 else way in (DOWN, HOLD)) and made.share is None
            yield say(_MOVED[moved > 0, other], size=size)
    if made.share is not None:
        if made.line is None:
            yield say("{share} of the way.", share=_percent(made.share))
        else:
            asked = _percent(made.line)
            yield say("{share} of the way; the straight line asks for {line}.", share=_percent(made.share), line=asked)
    elif moved is None and made.state == "not-yet-due":
        yield "From where it started is not known, so no share of the way can be given."


def _warning(made: Progress, by: str) -> str:
    if not made.overdue:
        return ""
    if made.state == "no-measure":
        return say("The date, {by}, has passed. Nobody can tell from figures whether it was done.", by=by)
    if made.unseen:
        return say("The date, {by}, has passed. The figures end before it, so whether it was met is not known.", by=by)
    return say("The date, {by}, has passed, and it is not met.", by=by)


def _percent(share: Fraction | None) -> str:
    return "" if share is None else written(Decimal(round(share * 100)), "percent")


def _size(value: Fraction, unit: str) -> str:
    """A difference as it is written: 1 percentage point, £4.39 a week, 32."""
    size = abs(value)
    number = Decimal(size.numerator) / Decimal(size.denominator)
    if unit.startswith("percent"):
        text = plain(number, 0 if number >= 10 else 1).removesuffix(".0")
        return f"{text} percentage {'point' if text == '1' else 'points'}"
    return _number(number, unit)


def _number(value: Decimal, unit: str) -> str:
    known = unit if unit in ("percent", "gbp", "gbp-per-week") else ""
    return written(round(value, 2) if value % 1 else value, known)
