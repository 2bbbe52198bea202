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


def test_wanted_size_keeps_what_is_expected_to_be_that_large(council):
    every = chosen(council, {"area": "", "by": ""}, every=True)
    least = sorted(one.gap.gap.mean for one in every.rows)[-3]
    large = chosen(council, {"area": "", "by": "", "size": str(int(least))}, every=True)
    assert {one.gap.gap.mean >= int(least) for one in every.rows} == {True, False}
    assert len(large.rows) == sum(one.gap.gap.mean >= int(least) for one in every.rows)
    assert (large.arranged.shown, large.arranged.of) == (len(large.rows), len(every.rows))
    assert [row["gap"] for row in large.arranged.table.records] == [round(one.gap.gap.mean, 1) for one in large.rows]
    assert chosen(council, {"size": "some"}).problems["size"]


def test_wanted_filter_that_is_no_choice_is_told_with_what_is_near(council):
    found = chosen(council, {"area": "Wychavin", "segment": "home-care"})
    assert "Did you mean Wychavon?" in found.problems["area"]
    assert {one.gap.segment.id for one in found.rows} == {"home-care"}
    assert list(found.problems) == ["area"]
    assert (
        "There are Redditch, The whole area, Worcester, Wychavon." in chosen(council, {"area": "Mars"}).problems["area"]
    )
    assert "no choice of “By”" in chosen(council, {"by": "June 2044"}).problems["by"]


def test_wanted_says_once_what_all_rows_have_in_common(council):
    found = chosen(council, {})
    assert dict(found.once)["Where"] == "The whole area"
    assert dict(found.once)["By"] == "June 2024"
    names = [column.name for column in found.arranged.table.columns]
    assert names[:3] == ["wanted", "answer", "price"]
    assert not {"area", "by", "client_group"} & set(names)
    assert len(found.arranged.headings) == 1 + len(names)
    heads = {row.heads[0] for row in found.arranged.table.rows}
    assert {"Home care", "Supported living, learning disability"} <= heads


def test_wanted_price_of_a_district_is_its_own(council):
    rows = {one.gap.area: one.price for one in wanted(council) if one.gap.segment.id == "home-care"}
    assert rows["all"].page == "figure"
    assert rows["wychavon"].page == "measure"
    # 14 hours at 18 pounds, for everybody in any place.
    assert rows["wychavon"].value == rows["all"].value == 252


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
