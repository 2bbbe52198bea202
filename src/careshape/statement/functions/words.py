"""Functions that give words: dates, ages, names and units, which hold digits that nobody counted."""

from __future__ import annotations

from typing import Final

from careshape.catalogue import catalogue
from careshape.catalogue.periods import parse_period
from careshape.errors import CallError
from careshape.statement.calls import Call, near
from careshape.statement.cards import Card, Line
from careshape.statement.figures import FigureBook, Reading
from careshape.statement.formatting import UNIT_WORDS, unit_words
from careshape.statement.functions.function import Function, Parameter
from careshape.statement.labels import age_title

_TEXT: Final = Card("text", ())
_KINDS: Final = {"date": ("day",), "month": ("month",), "year": ("year", "financial_year", "span")}


def _period(book: FigureBook, call: Call) -> Reading:
    period = parse_period(call.first)
    if period.kind not in _KINDS[call.name]:
        raise CallError(f"'{call.first}' is no {call.name}.")
    return Reading(period.title, "", "Period", _TEXT)


def _age(book: FigureBook, call: Call) -> Reading:
    return Reading(age_title(call.first), "", "Age", _TEXT)


def _label(book: FigureBook, call: Call) -> Reading:
    return Reading(catalogue().label(call.first, str(call.args[1])), "", "Label", _TEXT)


def _name(book: FigureBook, call: Call) -> Reading:
    if not any(letter.isalpha() for letter in call.first):
        raise CallError(f"'{call.first}' is a number, not a name: a number comes from a measure or an observation.")
    return Reading(call.first, "", "Name", _TEXT)


def _unit(book: FigureBook, call: Call) -> Reading:
    if call.first not in UNIT_WORDS:
        raise CallError(f"No unit '{call.first}' has words of its own. {near(call.first, UNIT_WORDS)}")
    return Reading(unit_words(call.first), "", "Unit", _TEXT)


def _printed(book: FigureBook, call: Call) -> Reading:
    tables = book.sources.dataset.tables if book.sources.dataset else {}
    if call.first not in tables:
        raise CallError(f"The published document has no table '{call.first}'. {near(call.first, tables)}")
    entry = tables[call.first]
    line = Line("Table", f"{entry.number}: {entry.title}", "observations" if entry.observations else "", call.first)
    return Reading(entry.number, "", "Table of the published document", Card("observation", (line,)))


def _of_period(name: str, gives: str, example: str) -> Function:
    given = (Parameter("period", f"a {name}, as data"),)
    return Function(name, given, "names", gives, "It opens no card.", example, _period)


FUNCTIONS: Final = (
    _of_period("date", "a day in words: 31 March 2021", 'date("2021-03-31")'),
    _of_period("month", "a month in words: March 2021", 'month("2021-03")'),
    _of_period("year", "a year, or several: 2020/21", 'year("2020/21")'),
    Function(
        "age",
        (Parameter("band", "an age band"),),
        "names",
        "an age band in words: 65 and over, 18 to 64",
        "It opens no card.",
        'age("65+")',
        _age,
    ),
    Function(
        "label",
        (Parameter("list", "a list of the catalogue"), Parameter("id", "an entry of it")),
        "names",
        "the catalogue's name of an entry",
        "Inside a sentence it begins with a small letter, where it is no name.",
        'label("service", "nursing")',
        _label,
    ),
    Function(
        "name",
        (Parameter("text", "the name"),),
        "names",
        "a name that holds a digit, as it is",
        "It must hold a letter: a number by itself is no name.",
        'name("Covid-19")',
        _name,
    ),
    Function(
        "unit",
        (Parameter("unit", "a unit of measures or observations"),),
        "names",
        "a unit in words: per cent, for every 100,000 people",
        "It opens no card.",
        'unit("per-100000-population")',
        _unit,
    ),
    Function(
        "printed",
        (Parameter("table", "a table of the council's published figures"),),
        "names",
        "what the council's own document calls a table: Table 6",
        "Its card leads to the published figures.",
        'printed("table-06")',
        _printed,
    ),
)
