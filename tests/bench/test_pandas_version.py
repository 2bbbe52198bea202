"""The two versions know nothing of each other, so equal answers speak for both."""

from __future__ import annotations

import pytest

from careshape.bench.build import AUTHORITY, KNOWN_ON
from careshape.bench.figures import check_same
from careshape.bench.pandas_version import answer
from careshape.bench.questions import questions
from careshape.bench.worker import as_text
from careshape.catalogue.periods import parse_periods
from careshape.errors import CareshapeError
from careshape.evaluate.measure import measure, measures
from careshape.evaluate.measure.evaluate import open_context
from careshape.evaluate.measure.unmet import is_unmet
from careshape.evaluate.published import Ask

BEFORE, AFTER = KNOWN_ON.values()


def ours(context, ask: Ask) -> dict[str, str]:
    result = measure(context, ask.measure, by=ask.by, where=ask.where, period=ask.periods)
    return as_text({cell.key: cell.exact for cell in result.cells})


@pytest.mark.parametrize(("day", "known"), [(BEFORE, 1), (AFTER, None)])
def test_every_question_of_the_statements_has_the_same_answer(ledger, day, known):
    context = open_context(ledger, day)
    for ask in questions():
        check_same(str(ask), ours(context, ask), as_text(answer(ledger.table.path, ask, AUTHORITY, known)))


def test_every_measure_has_the_same_answer(ledger):
    context = open_context(ledger)
    for name, entry in measures().items():
        if is_unmet(entry):  # of rows of its own, which are few
            continue
        by = () if entry.population else ("district",)
        ask = Ask(name, by, {}, tuple(parse_periods("2019/20:2020/21")))
        check_same(name, ours(context, ask), as_text(answer(ledger.table.path, ask, AUTHORITY)))


def test_a_version_that_forgets_the_correction_is_found_out(ledger):
    context = open_context(ledger, BEFORE)
    ask = Ask("care_home_people", ("district",), {}, tuple(parse_periods("2021-06-30")))
    with pytest.raises(CareshapeError, match="differ in the cell"):
        check_same("people", ours(context, ask), as_text(answer(ledger.table.path, ask, AUTHORITY, None)))
