"""Functions of what is to come: what the forecast expects of a segment, and how many people have a condition."""

from __future__ import annotations

from typing import Final

from careshape.catalogue import catalogue
from careshape.errors import CallError
from careshape.evaluate.gap.gap import Expected
from careshape.evaluate.gap.segments import Segment, packaged_segments
from careshape.evaluate.gap.supply import ALL
from careshape.evaluate.need import need, prevalences
from careshape.statement.calls import Call, near
from careshape.statement.cards import Card, Line
from careshape.statement.figures import FigureBook, Reading
from careshape.statement.formatting import Withheld, day, month, plain
from careshape.statement.functions.arguments import filters
from careshape.statement.functions.function import Function, Parameter
from careshape.statement.labels import in_sentence, label_of


def segment_of(book: FigureBook, name: str) -> Segment:
    """A segment of the outlook by its id. Raises CallError with near matches."""
    known = {one.id: one for one in book.sources.segments or packaged_segments()}
    if name not in known:
        raise CallError(f"The outlook has no segment '{name}'. {near(name, known)}")
    return known[name]


def quoted_cell(book: FigureBook, call: Call) -> tuple[Segment, int | None, str, str]:
    """The segment, year, client group and area that a ``forecast(...)`` names. Raises CallError for unknown ones.

    No year stands for the day that the outlook sums up by, which moves on with the statement.
    """
    segment, year = segment_of(book, call.first), _year(call) if "year" in call.options else None
    asked = filters(call, "year")
    group, area = str(asked.get("client_group", ALL)), str(asked.get("area", ALL))
    if group != ALL:
        catalogue().members("client_group", group)
    if area != ALL:
        catalogue().lists["district"].entry(area)
    return segment, year, group, area


def _forecast(book: FigureBook, call: Call) -> Reading:
    segment, year, group, area = quoted_cell(book, call)
    unit = "hours-per-week" if segment.unit == "hours a week" else "persons"
    if book.sources.outlook is None:
        return Reading(None, unit, segment.label, Card("forecast", ()))
    made = book.sources.outlook.seen()
    if made.problem:
        raise CallError(made.problem)
    year = made.origin.year + made.ahead if year is None else year
    ahead = 12 * (year - made.origin.year)
    if not 0 < ahead <= made.months:
        last = made.origin.year + made.months // 12
        raise CallError(f"The forecast covers {made.origin.year + 1} to {last}, not {year}.")
    withheld = made.withheld(segment.id, group, area)
    if withheld:
        return Reading(Withheld(withheld), unit, segment.label, Card("forecast", ()))
    expected = made.expected(segment, group, area, ahead)
    on = day(made.origin.replace(year=year))
    counted = "hours a week" if unit == "hours-per-week" else "people"
    named = [label_of(name, value) for name, value in (("client_group", group), ("district", area)) if value != ALL]
    where = "/".join((segment.id, group if group in (segment.client_groups or (ALL,)) else "", area))
    lines = (
        Line("What it is", f"{counted.capitalize()} expected on {on}"),
        Line("Segment", ", ".join([segment.label, *named]), "outlook-segment", segment.id),
        *_limits(expected),
        Line("Source", f"The council's records up to {day(made.origin)}, as known on {made.known}"),
        Line("Method", expected.method),
        *(
            []
            if "//" in where
            else [Line("How it was reached", "The steps, from people to pounds", "outlook-reached", where)]
        ),
        Line(
            "What to bear in mind",
            "It says what comes if things go on as the records show; what is done can change it.",
        ),
    )
    words = [*(in_sentence("client_group", one) for one in named), f"{counted} expected on {on}"]
    return Reading(round(expected.mean), unit, ", ".join([segment.label, *words]), Card("forecast", lines))


def _limits(expected: Expected) -> list[Line]:
    limits = expected.limits()
    return [
        Line(
            f"{share}% interval",
            f"{plain(round(limits[f'lower_{share}']))} to {plain(round(limits[f'upper_{share}']))}",
        )
        for share in (80, 95)
    ]


def _coming(book: FigureBook, call: Call) -> Reading:
    """The month of the day that the outlook sums up by."""
    text = Card("text", ())
    if book.sources.outlook is None:
        return Reading("", "", "Month", text)
    made = book.sources.outlook.seen()
    if made.problem:
        raise CallError(made.problem)
    return Reading(month(made.origin.replace(year=made.origin.year + made.ahead)), "", "Month", text)


def _need(book: FigureBook, call: Call) -> Reading:
    year, area = _year(call), call.options.get("area")
    outlook = book.sources.outlook
    folder = outlook.home.council_path(outlook.authority) / "prevalence" if outlook is not None else None
    known = prevalences(folder) if folder is not None else prevalences()
    if call.first not in known:
        raise CallError(f"No rate is known for '{call.first}'. {near(call.first, known)}")
    one = known[call.first]
    if outlook is None:
        return Reading(None, "persons", one.label, Card("need", ()))
    row = need(outlook.home, outlook.authority, one.condition, str(area) if area else None, [year]).rows[0]
    interval = [
        Line(f"{share}% interval", f"{plain(round(row[f'lower_{share}']))} to {plain(round(row[f'upper_{share}']))}")
        for share in (80, 95)
        if row["lower_95"] is not None
    ] or [Line("Interval", f"Not known. {row['no_interval']}")]
    where = [label_of("district", str(area))] if area else []
    lines = (
        Line("What it is", f"{one.what.rstrip('.')}, {year}", "need"),
        *interval,
        Line("Study", row["study"]),
        Line("Source", one.source),
        Line("People", row["label"]),
        Line("Method", row["method"]),
        Line("What to bear in mind", one.caveat),
    )
    what = ", ".join([one.label, *where, str(year)])
    return Reading(round(row["value"]), "persons", what, Card("need", lines))


def _year(call: Call) -> int:
    text = str(call.options.get("year", ""))
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise CallError(f'{call.name} needs year=, such as year="2030".')
    return int(text)


_YEAR: Final = Parameter("year", "the year, in full", "name")

FUNCTIONS: Final = (
    Function(
        "forecast",
        (
            Parameter("segment", "a segment of the outlook"),
            Parameter("year", "the year, in full; the year that the outlook sums up by if not said", "name"),
            Parameter("client_group", "a client group, or a group of them", "name"),
            Parameter("area", "a district", "name"),
        ),
        "names",
        "how many people, or hours a week, are expected in a segment",
        "It is the figure of the day in that year on which the records end; its card has the intervals, the method and "
        "the way to the arithmetic.",
        'forecast("home-care", year="2024")',
        _forecast,
    ),
    Function(
        "coming",
        (),
        "names",
        "the month that the outlook sums up by: June 2027",
        "It moves on with the statement, as a forecast without a year does. It opens no card.",
        "coming()",
        _coming,
    ),
    Function(
        "need",
        (Parameter("condition", "a condition with a rate"), _YEAR, Parameter("area", "a district", "name")),
        "names",
        "how many people have a condition or need help",
        "People times the share of a named study; its card has the interval, the study and the caveat.",
        'need("dementia", year="2030")',
        _need,
    ),
)
