"""What stands beside need: local counts, published projections, care that others buy, young people."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from careshape.errors import CallError, CatalogueError, InputError
from careshape.evaluate.need import coming_of_age, compare, need, outside
from careshape.evaluate.need.local import read_observed, shrunk
from careshape.evaluate.need.rebuilt import figures
from careshape.evaluate.need.recorded import recorded
from careshape.evaluate.need.shares import borrowed_shares, national_shares
from careshape.home import Home

COUNTS = "condition,area,year,ages,count,kind,source\n"
REGISTER = "year,need,likely_service,district,people,probability\n"


@pytest.fixture
def home(projected, tmp_path):
    own = Home(tmp_path / "data")
    for council in ("thurrock", "worcestershire"):
        (own.council_path(council) / "prevalence").mkdir(parents=True)
    own.statistics_path.symlink_to(projected.statistics_path)
    return own


def test_shrunk_factor_lies_between_one_and_observed_over_expected():
    assert shrunk(30, 25, 100) == pytest.approx(130 / 125)
    assert shrunk(0, 50, 100) == pytest.approx(100 / 150)
    assert shrunk(3000, 2500, 100) == pytest.approx(1.19, abs=0.005)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("condition,area\n", r"must have the columns condition,area,year,ages,count,kind,source"),
        (COUNTS + "dementia,thurrock,2018,65+,many,recorded,GP\n", r"line 2, column count: 'many'. It must be a whole"),
        (COUNTS + "dementia,thurrock,x,65+,5,recorded,GP\n", r"line 2, column year"),
        (COUNTS + "dementia,thurrock,2018,65+,5,known,GP\n", r"column kind: 'known'. It must be complete or recorded"),
        (COUNTS + "dementia,thurrock,2018,65+,5,recorded,\n", r"A count says where it comes from"),
    ],
)
def test_faulty_counts_name_line_and_column(tmp_path, text, message):
    path = tmp_path / "observed.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_observed(path)


@pytest.mark.parametrize(
    ("row", "ask"),
    [
        ("dementia,worcester,2018,65+,250000,complete,GP\n", lambda home: need(home, "worcestershire", local=True)),
        ("dementia,worcester,2018,65+,250000,recorded,GP\n", lambda home: recorded(home, "worcestershire")),
    ],
)
def test_count_of_more_people_than_live_there_is_refused(home, row, ask):
    path = home.council_path("worcestershire") / "prevalence" / "observed.csv"
    path.write_text(COUNTS + row)
    with pytest.raises(
        InputError, match=r"counts 250,000 people with dementia in worcester .*only [\d,]+ of these ages"
    ):
        ask(home)
    path.write_text(COUNTS + row.replace("250000", "25"))
    assert ask(home)


def test_complete_count_of_a_condition_that_is_not_known_is_refused(home):
    path = home.council_path("thurrock") / "prevalence" / "observed.csv"
    path.write_text(COUNTS + "dementa,thurrock,2018,65+,25,complete,GP\n")
    with pytest.raises(CallError, match="Did you mean dementia"):
        need(home, "thurrock", "dementia", local=True)


def test_diagnosis_rate_is_recorded_over_expected_with_its_limits(home):
    path = home.council_path("thurrock") / "prevalence" / "observed.csv"
    path.write_text(COUNTS + "dementia,thurrock,2018,65+,200,recorded,Synthetic register\n")
    expected = need(home, "thurrock", "dementia", years=[2018]).rows[0]
    (row,) = recorded(home, "thurrock")
    assert row["percent"] == pytest.approx(100 * 200 / expected["value"])
    assert row["percent_lower_95"] == pytest.approx(100 * 200 / expected["upper_95"])
    assert row["percent_upper_95"] == pytest.approx(100 * 200 / expected["lower_95"])
    assert recorded(home, "worcestershire") == []


def test_every_declared_figure_is_compared_or_says_why_not(home):
    for council in ("thurrock", "worcestershire"):
        declared = [row.id for figure in figures(council) for row in figure.rows]
        rows = compare(home, council)
        assert [row["observation"] for row in rows] == declared
        for row in rows:
            assert row["explanation"]
            assert row.get("rebuilt") is not None or row["explanation"].startswith(("Not rebuilt", "No confirmed rate"))


def test_compared_value_is_that_of_need_and_shares_are_of_people(home):
    rows = {row["observation"]: row for row in compare(home, "thurrock")}
    row = rows["T-PF-037"]  # common mental disorder, 18 to 64, in 2030
    people = 47 * (124 + 62)
    assert row["rebuilt"] == pytest.approx(people * 0.226)
    assert row["rebuilt_share"] == pytest.approx(0.226)
    assert row["published_share"] == pytest.approx(18_029 / people)
    assert row["difference"] == pytest.approx(people * 0.226 - 18_029)
    assert "no population of 2015" in rows["T-PF-036"]["explanation"]  # the projection begins in 2018
    assert "McDougall" in rows["T-PF-043"]["explanation"]
    assert rows["T-PF-043"]["published_share"] == pytest.approx(894 / (26 * 186))


def test_change_is_rebuilt_as_a_change(home):
    rows = {row["observation"]: row for row in compare(home, "worcestershire")}
    # 65 and over from 2018 to 2030: 26 ages of 150 people in six districts, a quarter (24%) more
    assert rows["W-PF-011"]["rebuilt"] == pytest.approx(6 * 26 * 36)
    assert rows["W-PF-012"]["rebuilt"] == pytest.approx(24)
    assert rows["table-01/4"]["area"] == "bromsgrove"
    assert rows["table-01/4"]["rebuilt"] == pytest.approx(26 * 186)


def test_variants_of_the_population_are_the_ends_of_the_middle_80_percent_here_too(varied):
    rows = {row["observation"]: row for row in compare(varied, "worcestershire")}
    row, people = rows["table-01/4"], 26 * 186
    # the variants lie a tenth above and below, at the 10% and 90% points: 1.2816 deviations, and the limits at 1.96
    wide = 1.959964 / 1.281552
    assert row["upper_95"] == pytest.approx(people * 1.1**wide, rel=1e-5)
    assert row["lower_95"] == pytest.approx(people * 0.9**wide, rel=1e-5)


def test_rebuilding_from_published_totals_says_that_it_proves_nothing(empty):
    rows = {row["observation"]: row for row in compare(empty, "worcestershire")}
    assert "the council's own published totals" in rows["table-01/4"]["explanation"]
    assert rows["table-01/4"]["label"] == "spread from published totals"


def test_market_follows_from_the_councils_share(home):
    rows = {row["segment"]: row for row in outside(home, "worcestershire", "home-care", 1000)}
    assert (rows["council"]["value"], rows["council"]["status"]) == (1000, "counted")
    others = rows["all-others"]
    assert others["value"] == pytest.approx(1000 * (1 / 0.55 - 1))  # in the middle of the published 50% to 60%
    # the share is anywhere in its range, so that 2.5% of the draws lie beyond 59.75% and 50.25%
    assert others["lower_95"] == pytest.approx(1000 * (1 / 0.5975 - 1), rel=0.01)
    assert others["upper_95"] == pytest.approx(1000 * (1 / 0.5025 - 1), rel=0.01)
    assert (others["scope"], others["status"]) == ("local", "estimated")


def test_people_who_pay_for_themselves_have_englands_share_where_a_place_has_none(home):
    rows = {row["segment"]: row for row in outside(home, "worcestershire", "home-care", 1000)}
    own, rest = rows["self-funded"], rows["nhs-and-other-councils"]
    # 25.8% of England, spread as its regions: the middle of 18.4% and 33.1% of a market of 1000 / 0.55
    assert own["value"] == pytest.approx(1000 / 0.55 * 0.2575)
    assert own["scope"] == "local and England"
    assert "25.8% of 314,839" in own["source"]
    assert own["caveat"].startswith("England, not this place.")
    # what both leave is the NHS's and other councils': the parts add up to all others
    assert own["value"] + rest["value"] == pytest.approx(rows["all-others"]["value"])
    assert rest["lower_95"] < rest["value"] < rest["upper_95"]
    for segment in ("nhs", "other-councils"):
        assert (rows[segment]["value"], rows[segment]["status"]) == (None, "together")
        assert "enter it in outside.toml" in rows[segment]["method"]


def test_englands_ranges_are_those_of_its_regions():
    own = [one for one in national_shares("thurrock") if one.segment == "self-funded"]
    found = {(one.service, one.client_group): one for one in own}
    assert (found["care-homes", ""].low, found["care-homes", ""].high) == (0.264, 0.475)  # North East, South East
    for market, printed in {
        ("care-homes", "older-people"): 0.489,
        ("care-homes", "working-age-adults"): 0.020,
        ("home-care", ""): 0.258,
    }.items():
        # no range was published of these: the spread of regions about England's 37.0% is borrowed
        assert found[market].low == pytest.approx(printed * 0.264 / 0.370, abs=0.0005)
        assert found[market].high == pytest.approx(printed * 0.475 / 0.370, abs=0.0006)


def own_shares(home, text):
    (home.council_path("thurrock") / "outside.toml").write_text(text, "utf-8")


def test_market_without_the_councils_share_borrows_one_made_wider(home):
    rows = {row["segment"]: row for row in outside(home, "thurrock", "home-care", 1000)}
    # Worcestershire's 50% to 60%, in the regions' proportions to England (0.714 and 1.284): 35.7% to 77.04%
    middle = (0.50 * 0.714 + 0.60 * 1.284) / 2
    assert rows["all-others"]["value"] == pytest.approx(1000 * (1 / middle - 1))
    assert rows["self-funded"]["value"] == pytest.approx(1000 / middle * 0.2575)
    rest = rows["nhs-and-other-councils"]
    assert rest["value"] == pytest.approx(1000 / middle * (1 - middle - 0.2575))
    assert (rest["lower_95"], rest["status"], rest["scope"]) == (0, "estimated", "borrowed and England")
    for name in ("self-funded", "nhs-and-other-councils", "all-others"):
        assert "36% to 77% (borrowed from Worcestershire)" in rows[name]["method"]
        assert "Borrowed: another council's share, not this place's" in rows[name]["caveat"]
        assert rows[name]["source"].startswith(
            "Worcestershire: Market position statement 2021, section 6.2.2: 50% to 60%"
        )
    wide = {name: rows["all-others"][name] for name in ("lower_95", "upper_95")}
    local = {row["segment"]: row for row in outside(home, "worcestershire", "home-care", 1000)}["all-others"]
    assert wide["lower_95"] < local["lower_95"]
    assert local["upper_95"] < wide["upper_95"]
    assert local["scope"] == "local"


def test_share_is_borrowed_only_where_nothing_of_the_place_tells_it():
    own, lent = borrowed_shares("worcestershire"), borrowed_shares("thurrock")
    assert own == [], "a council does not borrow from itself"
    assert [(one.market, one.segment, one.scope) for one in lent] == [(("home-care", ""), "council", "borrowed")]


def test_council_that_tells_of_everybody_else_borrows_nothing(home):
    told = {"self-funded": 0.2, "nhs": 0.1, "other-councils": 0.05}
    share = '[[share]]\nservice = "home-care"\nsegment = "{}"\nlow = {}\nhigh = {}\nsource = "Own"\n'
    own_shares(home, "".join(share.format(name, low, low) for name, low in told.items()))
    rows = {row["segment"]: row for row in outside(home, "thurrock", "home-care", 1000)}
    assert rows["all-others"]["value"] == pytest.approx(1000 * (1 / 0.65 - 1))
    assert rows["nhs"]["value"] == pytest.approx(1000 / 0.65 * 0.1)
    assert "borrowed" not in str(rows)


def test_share_that_cannot_hold_is_not_borrowed_and_the_least_is_told(home):
    # nine in ten pay for themselves: no place is left for another council's 36%
    share = '[[share]]\nservice = "home-care"\nsegment = "self-funded"\nlow = 0.9\nhigh = 0.9\nsource = "Own"\n'
    own_shares(home, share)
    rows = {row["segment"]: row for row in outside(home, "thurrock", "home-care", 1000)}
    assert rows["self-funded"]["value"] == pytest.approx(9000)
    assert rows["self-funded"]["status"] == rows["all-others"]["status"] == "at least"
    assert "the least it can be" in rows["all-others"]["method"]
    assert "nhs-and-other-councils" not in rows
    assert "borrowed" not in str(rows)


def test_care_homes_have_englands_shares_of_everybody_who_pays(home):
    rows = {row["segment"]: row for row in outside(home, "thurrock", "care-homes", 1000, elsewhere=50)}
    # 36.95% pay for themselves; of the others 25.15% are the NHS's, 13.5% other councils': the council has 61.35%
    whole = 1000 / (0.6305 * 0.6135)
    assert rows["self-funded"]["value"] == pytest.approx(whole * 0.3695)
    assert rows["nhs"]["value"] == pytest.approx(whole * 0.6305 * 0.2515)
    assert rows["other-councils"]["value"] == pytest.approx(whole * 0.6305 * 0.135)
    assert {rows[name]["status"] for name in ("self-funded", "nhs", "other-councils")} == {"estimated"}
    assert "short stays" in rows["nhs"]["caveat"]
    assert rows["other-councils"]["lower_95"] >= 0
    assert (rows["council-elsewhere"]["value"], rows["council-elsewhere"]["status"]) == (50, "counted")
    assert rows["all-others"]["value"] == pytest.approx(whole - 1000)  # what is bought elsewhere is no part of it


@pytest.mark.data
def test_englands_share_of_the_nhs_is_what_official_figures_leave():
    """Residents who do not pay for themselves, less those in councils' long-term support, as both are published."""
    path = Path(__file__).parents[3].parent / "shared/data/ascfr_ascof/ascfr_salt_2021-22_all_tables_csv.zip"
    if not path.is_file():
        pytest.skip("the folder of official files is not here")
    with ZipFile(path) as tables:
        lines = tables.read("T39.csv").decode("utf-8-sig").splitlines()
    (total,) = [line.split(",") for line in lines if line.startswith("All ages,Total")]
    councils = sum(int(cell) for cell in total[3:5])
    assert councils == 175_675
    public = 360_792 - 125_954
    share = (public - councils) / public
    nhs = next(one for one in national_shares("thurrock") if one.segment == "nhs")
    assert nhs.low == pytest.approx(share * 0.264 / 0.370, abs=0.001)
    assert nhs.high == pytest.approx(share * 0.475 / 0.370, abs=0.001)
    others = next(one for one in national_shares("thurrock") if one.segment == "other-councils")
    assert others.middle == pytest.approx(0.18 * councils / public, abs=0.001)


def test_englands_share_agrees_with_the_homes_of_thurrock(home):
    """The statement of 2018 prints 611 beds, 5% of them empty, and 257 people whom the council placed with others."""
    printed = 1 - 257 / (611 * 0.95)
    shares = {one.segment: one for one in national_shares("thurrock") if one.client_group == "older-people"}
    share = shares["self-funded"]
    assert share.low < printed < share.high


def test_market_of_which_nothing_is_known_is_not_estimated(home):
    rows = outside(home, "thurrock", "day-services", 1000)
    assert [row["status"] for row in rows] == ["counted"] + ["not estimated"] * 4


def test_englands_share_gives_way_where_the_council_buys_nearly_all(home):
    (home.council_path("thurrock") / "outside.toml").write_text(
        '[[share]]\nservice = "home-care"\nsegment = "council"\nlow = 0.9\nhigh = 0.95\nsource = "Survey"\n'
    )
    rows = {row["segment"]: row for row in outside(home, "thurrock", "home-care", 1000)}
    assert rows["self-funded"]["status"] == "not estimated"
    assert rows["all-others"]["value"] == pytest.approx(1000 * (1 / 0.925 - 1))


def test_market_is_split_by_the_councils_own_shares(home):
    (home.council_path("thurrock") / "outside.toml").write_text(
        '[[share]]\nservice = "home-care"\nsegment = "self-funded"\nlow = 0.3\nhigh = 0.3\nsource = "Survey"\n'
        '[[share]]\nservice = "home-care"\nsegment = "nhs"\nlow = 0.1\nhigh = 0.1\nsource = "Survey"\n'
        '[[share]]\nservice = "home-care"\nsegment = "other-councils"\nlow = 0.1\nhigh = 0.1\nsource = "Survey"\n'
    )
    rows = {row["segment"]: row for row in outside(home, "thurrock", "home-care", 500)}
    # the council has the rest, one half: the whole market is 1,000
    assert {name: row["value"] for name, row in rows.items()} == pytest.approx(
        {"council": 500, "self-funded": 300, "nhs": 100, "other-councils": 100, "all-others": 500}
    )
    assert rows["nhs"]["source"] == "Survey"


SHARE = '[[share]]\nservice = "home-care"\nsegment = "nhs"\nlow = 0.1\nhigh = 0.2\nsource = "Survey"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SHARE.replace("0.2", "1.2"), r"field 'high' has value 1.2"),
        (SHARE.replace("0.1", "0.3"), r"entry 'share': low \(0.3\) must not be above high"),
        (SHARE.replace('"nhs"', '"charity"'), r"field 'segment' has value 'charity'"),
        (SHARE.replace("home-care", "homecare"), r"Did you mean home-care"),
        (SHARE + SHARE, r"Each share stands once"),
        (
            SHARE.replace("0.1", "0.6").replace("0.2", "0.7") * 1
            + SHARE.replace("nhs", "council").replace("0.1", "0.5").replace("0.2", "0.6"),
            r"must not add up to more than 1",
        ),
        ("[[share\n", r"It must be a file of TOML"),
    ],
)
def test_faulty_shares_are_refused(home, text, message):
    (home.council_path("thurrock") / "outside.toml").write_text(text)
    with pytest.raises(CatalogueError, match=message):
        outside(home, "thurrock", "home-care", 100)


def test_register_gives_expected_people_by_year_need_and_service(home):
    (home.council_path("thurrock") / "coming-of-age.csv").write_text(
        REGISTER
        + "2027,autism,supported-living,thurrock,8,0.5\n"
        + "2027,autism,supported-living,unknown,2,\n"
        + "2028,learning-disability,day-services,thurrock,5,1\n"
    )
    rows = coming_of_age(home, "thurrock")
    assert [(row["year"], row["need"], row["likely_service"], row["people"]) for row in rows] == [
        (2027, "autism", "supported-living", 10),
        (2028, "learning-disability", "day-services", 5),
    ]
    assert rows[0]["value"] == 8 * 0.5 + 2
    assert rows[0]["lower_95"] == 3  # of 8 at one half, 1 or more in 97.5% of draws; and the 2 that are sure
    assert rows[0]["upper_95"] == 9
    assert rows[1]["lower_95"] == rows[1]["upper_95"] == 5
    assert [row["people"] for row in coming_of_age(home, "thurrock", by=("year",))] == [10, 5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("year,need,likely_service,district,people,name\n", r"has a column 'name'. It holds counts only"),
        ("year,need,likely_service,people\n", r"lacks the columns district"),
        (REGISTER + "27,autism,supported-living,thurrock,8,\n", r"line 2, column year: '27'"),
        (REGISTER + "2027,autsm,supported-living,thurrock,8,\n", r"column need: 'autsm'.*Did you mean autism"),
        (REGISTER + "2027,autism,supported-living,thurrock,-1,\n", r"column people: '-1'. It must be a whole number"),
        (
            REGISTER + "2027,autism,supported-living,thurrock,9999999999999999999999,\n",
            r"whole number from 0 to 1,000,000",
        ),
        (REGISTER + "2027,autism,supported-living,thurrock,²,\n", r"column people: '²'"),
        (REGISTER + "2027,autism,supported-living,redditch,8,\n", r"column district: 'redditch'. .* of Worcestershire"),
        (REGISTER + "2027,autism\n", r"line 2: the row ends before its column likely_service"),
        (REGISTER + "2027,autism,supported-living,thurrock,8,1.5\n", r"column probability: '1.5'"),
        (REGISTER + "2027,autism,supported-living,thurrock,8,\n" * 2, r"line 3: .* stand twice"),
    ],
)
def test_faulty_register_names_line_and_column(home, text, message):
    (home.council_path("thurrock") / "coming-of-age.csv").write_text(text)
    with pytest.raises(InputError, match=message):
        coming_of_age(home, "thurrock")


def test_register_that_is_not_utf_8_is_named(home):
    (home.council_path("thurrock") / "coming-of-age.csv").write_bytes(REGISTER.encode() + b"2027,\xff\n")
    with pytest.raises(InputError, match=r"coming-of-age.csv is not UTF-8"):
        coming_of_age(home, "thurrock")


def test_missing_register_says_how_to_write_one(home):
    with pytest.raises(CallError, match=r"no register of young people for thurrock. Write coming-of-age.csv"):
        coming_of_age(home, "thurrock")
    (home.council_path("thurrock") / "coming-of-age.csv").write_text(REGISTER)
    with pytest.raises(CallError, match="cannot be split by 'name'"):
        coming_of_age(home, "thurrock", by=("name",))
