"""Moving the values of a model to another year, each by the series that it follows."""

from __future__ import annotations

from fractions import Fraction

from careshape.errors import CallError
from careshape.evaluate.cost.fees.entries import Index, Model, Value
from careshape.evaluate.numbers import rounded
from careshape.language import say


def uplift(model: Model, year: str) -> Model:
    """The model at the prices of ``year``: value × index(year) / index(its own year), kept to four places.

    Values without a series (minutes, shares, hours) stay as they are. Raises CallError where a series has no number for
    one of the two years, or a value follows a series and says no year.
    """
    series = {one.id: one for one in model.index}
    return model.model_copy(update={"value": tuple(_moved(one, year, series) for one in model.value)})


def _moved(value: Value, year: str, series: dict[str, Index]) -> Value:
    if not value.index or value.value is None or value.year == year:
        return value
    if not value.year:
        raise CallError(f"The value '{value.id}' follows '{value.index}' but does not say of which year it is.")
    found = series.get(value.index)
    for wanted in (value.year, year):
        if found is None or wanted not in found.values:
            raise CallError(
                f"The series '{value.index}', which '{value.id}' follows, has no number for {wanted}. Add a line to "
                "fees/indices.csv in the council's folder: index, year, value, source."
            )
    assert found is not None
    if not found.values[value.year]:
        raise CallError(f"The series '{value.index}' is 0 in {value.year}: nothing can be moved from it.")
    moved = Fraction(value.value) * Fraction(found.values[year]) / Fraction(found.values[value.year])
    said = say("{source}; moved from {year} by {label}", source=value.source, year=value.year, label=found.label)
    return value.model_copy(update={"value": rounded(moved, 4), "year": year, "source": said})
