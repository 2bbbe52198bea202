"""Whether a question to a measure can be asked at all: its name, dimensions, filters and periods, without a ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from careshape.catalogue.periods import Period, parse_periods
from careshape.errors import CallError, CareshapeError
from careshape.evaluate.measure import measures
from careshape.evaluate.measure.dimensions import NAMED, check_dimension, condition
from careshape.statement.calls import near
from careshape.statement.figures import FigureBook
from careshape.statement.fill import fill
from careshape.statement.spec import TableSpec

_ANY_DAY = Period(date(2021, 3, 31), date(2021, 3, 31), "2021-03-31", "day")


def check_question(name: str, options: Mapping[str, Any], by: Sequence[str] = ()) -> None:
    """Check the arguments of a measure call: ``period``, ``by``, and filters. Raises CallError with near matches."""
    if name not in measures():
        raise CallError(f"There is no measure '{name}'. {near(name, measures())}")
    for dimension in (*by, *([str(options["by"])] if "by" in options else [])):
        check_dimension(dimension)
    if "period" in options:
        parse_periods(str(options["period"]))
    for dimension, value in options.items():
        if dimension not in ("period", "by", *NAMED):  # which providers there are, a ledger knows
            condition(dimension, value if isinstance(value, str | tuple) else str(value), _ANY_DAY)


def problem_of_table(book: FigureBook, spec: TableSpec) -> str:
    """What a declared table refers to that is not there; empty where all of it is."""
    if spec.filling == "observation":
        return fill(book, spec).problem
    try:
        for name in spec.measures:
            dims = [one for one in (*spec.rows, *spec.columns) if one != "measure"]
            check_question(name, {**spec.where, **({"period": ",".join(spec.periods)} if spec.periods else {})}, dims)
    except CareshapeError as error:
        return str(error)
    return ""
