from __future__ import annotations

from decimal import Decimal

import pytest

from careshape.errors import CallError, CatalogueError
from careshape.evaluate.cost import benchmark, find_indicator, indicators
from careshape.evaluate.cost.benchmark import COLUMNS
from careshape.evaluate.cost.figures import year_before
from careshape.evaluate.cost.indicators import parse_indicators

COSTS = {f"Council {n:02d}": str(600 + 10 * n) for n in range(1, 13)}  # 610, 620 ... 720
MEASURE = "nursing-unit-cost-65"


def by_area(found):
    return {row["area"]: row for row in found.rows}


def test_every_indicator_has_a_caveat_and_says_which_way_is_good() -> None:
    for one in indicators().values():
        assert len(one.caveat) > 20
        assert one.good in ("up", "down", "neither")
        assert one.source in ("asc-fr-t51", "asc-fr-t52", "ascof", "oflog-adult-social-care")
        assert one.source != "ascof" or one.years is not None


def test_rank_ties_and_what_was_kept_back(load_unit_costs) -> None:
    # Councils 05 and 06 print the same; council 12 did not submit. Worcestershire's 665 is above 610 ... 660.
    values = COSTS | {"Worcestershire": "665.004", "Council 06": "650.001", "Council 12": "[x]"}
    found = benchmark(load_unit_costs({"2021-22": values}), "worcestershire", MEASURE)
    rows = by_area(found)
    assert rows["Council 05"]["standing"] == rows["Council 06"]["standing"] == "joint 5th of 12"
    assert rows["Worcestershire"]["standing"] == "7th of 12"
    assert rows["Worcestershire"]["value"] == Decimal("665.00")
    kept_back = rows["Council 12"]
    assert (kept_back["value"], kept_back["rank"], kept_back["standing"]) == (None, None, "not available")
    assert rows["England"]["kind"] == "reference"
    assert rows["England"]["rank"] is None
    assert set(rows["England"]) == set(COLUMNS)


def test_every_row_carries_caveat_source_and_meaning_of_the_first_rank(load_unit_costs) -> None:
    found = benchmark(load_unit_costs({"2021-22": COSTS | {"Worcestershire": "700"}}), "worcestershire", MEASURE)
    for row in found.rows:
        assert "Not a price" in row["caveat"]
        assert "did not submit" in row["caveat"]
        assert "edition 2021-22" in row["source"]
        assert row["rank_1_is"] == "lowest; neither end is better"


def test_one_year_of_bare_costs_gives_no_interval_and_no_funnel(load_unit_costs) -> None:
    found = benchmark(load_unit_costs({"2021-22": COSTS | {"Worcestershire": "700"}}), "worcestershire", MEASURE)
    assert found.own.interval is None
    assert found.own.limits is None
    assert "no funnel" in found.method
    assert "no rank interval" in found.method


def test_two_years_give_rank_intervals(load_unit_costs) -> None:
    now = COSTS | {"Worcestershire": "665"}
    # Councils moved by -6% to +6%: the error of one year's figure is about 0.03 * 1.4826 / 1.41 = 3%, or 20 of 660.
    before = {name: str(float(value) * (0.94 + 0.01 * n)) for n, (name, value) in enumerate(now.items())}
    found = benchmark(load_unit_costs({"2020-21": before, "2021-22": now}), "worcestershire", MEASURE)
    assert found.year == "2021-22"
    own = found.own
    assert own.interval is not None
    assert own.interval.low < 7 < own.interval.high
    assert "change on the year before" in found.method
    earlier = benchmark(load_unit_costs({}), "worcestershire", MEASURE, year="2020/21")
    assert earlier.year == "2020-21"


def test_only_the_financial_year_before_says_how_sure_a_figure_is(load_unit_costs) -> None:
    now = COSTS | {"Worcestershire": "665"}
    before = {name: str(float(value) * (0.94 + 0.01 * n)) for n, (name, value) in enumerate(now.items())}
    # two years lie between: what changed in them is no error of one
    found = benchmark(load_unit_costs({"2019-20": before, "2021-22": now}), "worcestershire", MEASURE)
    assert found.own.interval is None
    assert "no rank interval: one year" in found.method
    assert [year_before(year) for year in ("2021-22", "2000-01", "2100-01", "2021")] == [
        "2020-21",
        "1999-00",
        "2099-00",
        "",
    ]


def test_average_leaves_the_council_out_and_says_what_it_is(load_unit_costs, load_admissions) -> None:
    found = benchmark(load_unit_costs({"2021-22": COSTS | {"Worcestershire": "1000"}}), "worcestershire", MEASURE)
    row = by_area(found)["Worcestershire"]
    assert row["average"] == Decimal("665.00")  # of 610 to 720
    assert row["average_is"] == "unweighted mean of the 12 comparators' figures, the council's own left out"
    assert (row["minimum"], row["maximum"]) == (Decimal("610.00"), Decimal("1000.00"))
    assert (row["target"], row["target_is"]) == (None, "")
    # 12 x 600 of 100,000 and 60 of 1,000: the mean of the others is 600, pooled 7,260 of 1,201,000
    values = {f"Council {n:02d}": ("600", "100000") for n in range(1, 13)} | {"Worcestershire": ("60", "1000")}
    row = by_area(benchmark(load_admissions(values), "worcestershire", "admissions-65"))["Worcestershire"]
    assert row["average"] == Decimal("600.0")
    assert row["target"] == Decimal("604.5")
    assert "pooled" in row["target_is"]


def test_groups_of_comparators(load_unit_costs, tmp_path) -> None:
    home = load_unit_costs({"2021-22": COSTS | {"Worcestershire": "665"}})
    region = benchmark(home, "worcestershire", MEASURE, comparators="region")
    # Councils 01 to 04 are in its region: 610 to 640, all below.
    assert region.own.standing.text == "5th of 5"
    kind = benchmark(home, "worcestershire", MEASURE, comparators="type")
    assert kind.own.standing.text == "1st of 1"  # it is the only county in the file
    chosen = tmp_path / "ours.csv"
    chosen.write_text("area_name\nCouncil 01\nCouncil 12\nElsewhere\n", encoding="utf-8")
    listed = benchmark(home, "worcestershire", MEASURE, comparators=chosen)
    assert listed.own.standing.text == "2nd of 3"
    assert listed.missing == ("Elsewhere",)
    with pytest.raises(CallError, match="no group of comparators and no file"):
        benchmark(home, "worcestershire", MEASURE, comparators="friends")
    with pytest.raises(CallError, match=r"neither is loaded.*careshape data add"):
        benchmark(home, "worcestershire", MEASURE, comparators="neighbours")


def test_rate_has_funnel_and_interval(load_admissions) -> None:
    # All councils admit 600 of 100,000 but one of them 1,200: twelve alike, so that limits are those of chance.
    values = {f"Council {n:02d}": ("600", "100000") for n in range(1, 13)} | {"Worcestershire": ("1200", "100000")}
    found = benchmark(load_admissions(values), "worcestershire", "admissions-65")
    row = by_area(found)["Worcestershire"]
    assert row["value"] == Decimal("1200.0")
    assert row["standing"] == "13th of 13"
    assert row["position"] == "above the 99.8% limit"
    assert row["rank_1_is"] == "lowest, which is best"
    # Pooled rate 8400 / 1.3m, root 0.080384; of 600 0.077460; deviation 1 / (2 sqrt(100000)) = 0.0015811: z = -1.8495,
    # to which the odd one is winsorised too: phi 3.4206. tau2 = (13 * 3.4206 - 12) / (12 * 400000) = 6.7641e-6.
    # (0.080384 + 3.0902 * sqrt(2.5e-6 + 6.7641e-6))^2 = 0.0080624.
    assert row["upper_998"] == Decimal("806.2")
    assert row["rank_low"] == row["rank_high"] == 13
    assert row["band"] == "clearly among the worst quarter"
    assert by_area(found)["Council 01"]["position"] == "inside"
    assert row["framework_year"] == "2020-21"


def test_suppressed_counts_stay_suppressed(load_admissions) -> None:
    values = {f"Council {n:02d}": ("600", "100000") for n in range(1, 13)} | {"Worcestershire": ("[c]", "100000")}
    found = benchmark(load_admissions(values), "worcestershire", "admissions-65")
    row = by_area(found)["Worcestershire"]
    assert (row["value"], row["standing"], row["rank_low"], row["position"]) == (None, "kept back", None, "")
    assert found.sentence() == "Worcestershire has no figure for 2020-21: kept back."


def test_codes_are_keyed_by_framework_year(load_admissions) -> None:
    home = load_admissions({"Worcestershire": ("600", "100000"), "Council 01": ("500", "100000")})
    assert benchmark(home, "worcestershire", "ascof:2020-21:2A2").indicator.id == "admissions-65"
    with pytest.raises(CallError, match="does not say which framework year"):
        find_indicator("ascof:2A2")
    with pytest.raises(CallError, match="means something else"):
        benchmark(home, "worcestershire", "admissions-65", year="2024/25")
    # In 2024-25 the same code is another measure, of which only its code is known here.
    later = find_indicator("ascof:2024-25:2A2")
    assert later.id != "admissions-65"
    assert later.good == "neither"


def test_printed_comparators_serve_without_any_file(place) -> None:
    found = benchmark(place, "worcestershire", MEASURE)
    rows = by_area(found)
    # Of the twelve counties printed only North Yorkshire's 851 is above 794.
    assert rows["Worcestershire"]["standing"] == "11th of 12"
    assert rows["North Yorkshire"]["standing"] == "12th of 12"
    assert rows["West Midlands"]["value"] == Decimal("682.61")
    assert found.year == "2019-20"
    with pytest.raises(CallError, match="Only the councils printed"):
        benchmark(place, "worcestershire", MEASURE, comparators="region")


@pytest.mark.parametrize(
    ("measure", "value", "standing", "average"),
    [
        ("admissions-65", "629.1", ["12th of 16", "93rd of 151", "9th of 14"], ["553.7", "584.0", "640.1"]),  # table 18
        ("admissions-18-64", "15.5", ["9th of 16", "96th of 151", "9th of 14"], ["14.7", "14.6", "15.2"]),  # table 24
    ],
)
def test_printed_ranks_come_with_their_groups(place, measure, value, standing, average) -> None:
    found = benchmark(place, "worcestershire", measure)
    rows = [row for row in found.rows if row["kind"] == "as published"]
    assert [row["standing"] for row in rows] == standing
    assert [str(row["average"]) for row in rows] == average
    assert {row["average_is"] for row in rows} == {"as the council printed it"}
    assert {str(row["value"]) for row in rows} == {value}
    assert "93rd of 151 in England, as published" in found.sentence() or measure != "admissions-65"


@pytest.mark.parametrize(
    ("measure", "own", "region", "england"),
    [
        ("residential-unit-cost-65", 650, 609, 662),  # table 19
        ("nursing-unit-cost-65", 794, 683, 715),
        ("residential-unit-cost-18-64", 1587, 1387, 1373),  # table 25
        (
            "nursing-unit-cost-18-64",
            1314,
            1039,
            996,
        ),  # table 25 prints 966 where the table it quotes has 996.13 (discrepancy D-083)
    ],
)
def test_tables_19_and_25_come_back_rounded(place, measure, own, region, england) -> None:
    rows = by_area(benchmark(place, "worcestershire", measure))
    found = [round(rows[name]["value"]) for name in ("Worcestershire", "West Midlands", "England")]
    assert found == [own, region, england]


def test_nothing_to_compare_says_what_to_load(place) -> None:
    with pytest.raises(CallError, match=r"hourly rate.*careshape data add"):
        benchmark(place, "worcestershire", "home-care-rate-external")
    with pytest.raises(CallError, match="Did you mean nursing-unit-cost"):
        benchmark(place, "worcestershire", "nursing-unit-costs")
    with pytest.raises(CallError, match="Write it as 2020/21"):
        benchmark(place, "worcestershire", MEASURE, year="2021")


def test_draws_are_repeated_by_their_seed(load_admissions) -> None:
    values = {f"Council {n:02d}": (str(500 + 20 * n), "100000") for n in range(1, 13)}
    home = load_admissions(values | {"Worcestershire": ("620", "100000")})
    first = benchmark(home, "worcestershire", "admissions-65", draws=500)
    assert first.rows == benchmark(home, "worcestershire", "admissions-65", draws=500).rows


INDICATOR = """
[[indicator]]
id = "some-cost"
label = "Some cost"
source = "asc-fr-t52"
unit = "gbp-per-week"
kind = "unit-cost"
caveat = "Councils fill in the return in different ways."
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[indicator]\n", r"It must be a file of TOML"),
        (INDICATOR + INDICATOR, r"ids are unique"),
        (INDICATOR.replace("asc-fr-t52", "t52"), r"'some-cost'.*no official source 't52'"),
        (INDICATOR.replace("unit-cost", "cost"), r"'some-cost'.*field 'kind' has value 'cost'"),
        (INDICATOR + "colour = 3\n", r"field 'colour'.*There is no such field"),
        (INDICATOR + 'statistics = { "our-rank" = "place" }\n', r"field 'statistics.our-rank' has value 'place'"),
        ("", r"field 'indicator'.*required"),
    ],
)
def test_faulty_indicators_name_file_entry_field_and_rule(text, message) -> None:
    assert list(parse_indicators(INDICATOR, "own.toml")) == ["some-cost"]
    with pytest.raises(CatalogueError, match=message):
        parse_indicators(text, "own.toml")


def test_printed_statistics_are_read_by_the_names_that_a_council_gives_them(place) -> None:
    indicator = find_indicator("admissions-65")
    assert set(indicator.statistics.values()) == {"rank", "of"}
    with pytest.raises(CallError, match="No figures"):  # without a rank there is nothing that could be repeated
        benchmark(place, "worcestershire", indicator.model_copy(update={"statistics": {}}))


def test_a_price_of_nothing_is_no_price():
    # Isles of Scilly: 0.00 a week in official tables, where nobody is supported. It would rank first.
    assert all(one.zero for one in indicators().values() if one.unit.startswith("gbp"))
