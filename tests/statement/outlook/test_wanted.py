"""What is wanted here: filters, sorting, paging and downloads over a council that can look ahead."""

from __future__ import annotations

import csv
import io

from careshape.design import Question
from careshape.statement.design.market import answer, lacking_of
from careshape.statement.design.wanted import chosen, wanted

ROOT = "/worcestershire/"


def rows_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def test_wanted_rows_carry_gap_answer_price_and_post(council):
    rows = wanted(council)
    assert rows
    home_care = next(one for one in rows if one.gap.segment.id == "home-care" and one.gap.area == "all")
    assert home_care.price is not None
    # 14 hours at 18 pounds, for everybody.
    assert home_care.price.text == "£252 a week"
    assert home_care.answer == answer(council, Question("home-care", "all", "", None, home_care.gap.on))


def test_lacking_of_takes_the_first_year_from_the_day_asked_for(council):
    years = sorted({one.gap.on for one in wanted(council) if one.gap.segment.id == "home-care"})
    found = lacking_of(council, Question("home-care", "all", "wychavon", None, years[0]))
    assert (found.on, found.area, found.whole) == (years[0], "wychavon", False)
    assert lacking_of(council, Question("home-care", "all", "bromsgrove")).whole
    assert lacking_of(council, Question("advocacy")) is None


def test_wanted_size_keeps_what_may_be_that_large(council):
    every = chosen(council, {"area": "", "by": ""}, every=True)
    large = chosen(council, {"area": "", "by": "", "size": "100"}, every=True)
    assert len(large.rows) < len(every.rows)
    assert all(one.gap.gap.limits()["upper_80"] >= 100 for one in large.rows)
    assert chosen(council, {"size": "some"}).problem


def test_opportunities_page_filters_and_downloads(client):
    text = client.get(ROOT + "opportunities/").content.decode()
    assert "Showing" in text
    assert "Each part of the market" in text
    whole = rows_of(client.get(ROOT + "opportunities.csv"))
    some = rows_of(client.get(ROOT + "opportunities.csv?area=Wychavon"))
    assert {"segment", "gap", "gap_lower_80", "answer", "price", "ask"} <= set(whole[0])
    assert {row["area"] for row in some} == {"wychavon"}
    assert len(some) < len(whole)
    assert "Write the size as a whole number" in client.get(ROOT + "opportunities/?size=lots").content.decode()
    assert "Nothing matches what you chose" in client.get(ROOT + "opportunities/?size=999999").content.decode()
    assert client.get(ROOT + "opportunities.xlsx").content[:2] == b"PK"
