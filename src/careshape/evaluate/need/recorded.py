"""People recorded with a condition as a share of those expected: for dementia, the diagnosis rate."""

from __future__ import annotations

from typing import Any

from careshape.evaluate.need.compute import need
from careshape.evaluate.need.local import check_counts, read_observed
from careshape.evaluate.population import population
from careshape.evaluate.population.grid import ages_label
from careshape.home import Home

COLUMNS = (
    "condition",
    "area",
    "year",
    "ages",
    "recorded",
    "expected",
    "expected_lower_95",
    "expected_upper_95",
    "percent",
    "percent_lower_95",
    "percent_upper_95",
    "study",
    "label",
    "source",
)


def recorded(home: Home, authority: str) -> list[dict[str, Any]]:
    """Every recorded count of the council beside the number expected: rows of COLUMNS.

    With dementia of 65 and over this is the dementia diagnosis rate of NHS England (recorded / expected by CFAS II).
    The limits of the percentage are those of the expected number; the count itself is taken as it is.

    Raises:
        CallError: a condition without rates, an unknown area or year. InputError: the file of counts has a fault.
    """
    counts = [
        one
        for one in read_observed(home.council_path(authority) / "prevalence" / "observed.csv")
        if one.kind == "recorded"
    ]
    if not counts:
        return []
    people = population(home, authority)
    check_counts(counts, people)
    rows = []
    for one in counts:
        found = need(home, authority, one.condition, one.area, [one.year], people=people, ages=one.ages)
        if not found.rows:
            continue
        row = found.rows[0]
        low, high = row["lower_95"], row["upper_95"]
        rows.append(
            {
                "condition": one.condition,
                "area": one.area,
                "year": one.year,
                "ages": ages_label(one.ages),
                "recorded": one.count,
                "expected": row["value"],
                "expected_lower_95": low,
                "expected_upper_95": high,
                "percent": 100 * one.count / row["value"] if row["value"] else None,
                "percent_lower_95": 100 * one.count / high if high else None,
                "percent_upper_95": 100 * one.count / low if low else None,
                "study": row["study"],
                "label": row["label"],
                "source": one.source,
            }
        )
    return rows
