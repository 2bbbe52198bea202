"""Several threads of a server ask one open ledger: each gets its answer, as the engine refuses who does not wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace

import pytest

from careshape.catalogue.periods import parse_periods
from careshape.evaluate.cost.prices import prices_paid
from careshape.evaluate.measure import measure, measures
from careshape.evaluate.measure.evaluate import Context, open_context
from careshape.evaluate.measure.reach import reach

from .conftest import row

TIMES, THREADS = 6, 8


@pytest.fixture
def context(make_ledger):
    found = [row(n, "2019-04-01", person=n, service="nursing", unit_price=100 * n, quantity=100) for n in range(1, 9)]
    return open_context(make_ledger(found))


def _asked(context: Context) -> list[object]:
    """What threads were told who ask at the same time, each several times."""
    (day,) = parse_periods("2020-03-31")

    def ask(number: int) -> list[object]:
        found = []
        for _ in range(TIMES):
            try:
                if number % 3 == 0:
                    found.append(len(prices_paid(context, day, {})))
                elif number % 3 == 1:
                    context.reached.clear()
                    found.append(reach(context, measures()["people_supported"]).first.year - 2011)
                else:
                    found.append(int(measure(context, "people_supported", by=("service",)).rows[0]["value"]))
            except Exception as error:
                found.append(type(error).__name__)
        return found

    with ThreadPoolExecutor(THREADS) as threads:
        return [one for told in threads.map(ask, range(THREADS)) for one in told]


def test_threads_that_ask_one_ledger_at_once_are_all_answered(context):
    assert _asked(context) == [8] * TIMES * THREADS


def test_without_the_lock_some_would_be_refused(context):
    unlocked = replace(context, lock=nullcontext())
    for _ in range(20):
        if "ResourceInUseException" in _asked(unlocked):
            return
    raise AssertionError("The test above would not notice a lock that is not held.")
