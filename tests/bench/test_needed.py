from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from careshape.bench.needed import bare_scan, needed_columns, plain_scan
from careshape.bench.questions import questions
from careshape.catalogue.periods import parse_periods
from careshape.evaluate.published import Ask
from careshape.ledger.columns import NAMES

COMMON = {"sign", "record", "start_day", "end_day"}


@pytest.mark.parametrize(
    ("measure", "by", "where", "extra"),
    [
        ("bed_nights", ("district", "financial_year"), {}, {"service", "district"}),
        ("home_care_providers", (), {}, {"service", "provider"}),
        ("care_home_people", ("working_age_band",), {}, {"service", "person", "birth_month"}),
        (
            "care_home_mean_weekly_cost",
            (),
            {"client_group": "older-people"},
            {"service", "client_group", "weekly_cost"},
        ),
        # a share reads what its two parts read
        ("direct_payment_take_up", (), {}, {"person", "delivery_mechanism", "service"}),
    ],
)
def test_columns_are_those_of_kind_filters_and_split(measure, by, where, extra):
    ask = Ask(measure, by, where, tuple(parse_periods("2020/21")))
    assert set(needed_columns(ask)) == COMMON | extra
    assert set(needed_columns(ask, posting=True)) == COMMON | extra | {"posting"}


def test_every_question_of_the_statements_needs_columns_of_the_ledger():
    for ask in questions():
        assert set(needed_columns(ask)) <= set(NAMES)


@pytest.mark.parametrize("scan", [bare_scan, plain_scan])
def test_scan_reads_every_value(scan, tmp_path):
    found = set()
    for last in (1, 2):
        file = tmp_path / f"{last}.parquet"
        pq.write_table(pa.table({"a": [0] * 999 + [last], "b": [7] * 1_000}), file)
        with duckdb.connect() as connection:
            found.add(str(scan(connection, [str(file)], ["a", "b"])))
    assert len(found) == 2
