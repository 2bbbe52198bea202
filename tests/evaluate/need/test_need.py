"""Need from a synthetic population of 100 females and 50 males of every age in 2018, and 2 and 1 more a year."""

from __future__ import annotations

import numpy as np
import pytest

from careshape.errors import CallError
from careshape.evaluate.intervals import bounds
from careshape.evaluate.need import need
from careshape.evaluate.need.draws import population_draws, rate_draws
from careshape.evaluate.need.prevalence import Prevalence, packaged, wilson
from careshape.home import Home

DEMENTIA_2018 = (
    5 * (50 * (0.012 + 0.030 + 0.052 + 0.106 + 0.128) + 100 * (0.018 + 0.025 + 0.062 + 0.095 + 0.181))
    + 50 * 0.171
    + 100 * 0.350
)
"""Five single ages in each band from 65 to 89, and 90 and over as one age."""


@pytest.fixture
def home(projected, tmp_path):
    """A folder of its own for each test, with the shared statistics."""
    own = Home(tmp_path / "data")
    own.path.mkdir()
    own.statistics_path.symlink_to(projected.statistics_path)
    return own


def rates(home, name, text):
    folder = home.council_path("thurrock") / "prevalence"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


OWN = """
condition = "loneliness"
label = "Loneliness"
client_group = "mental-health"
what = "Synthetic."
study = "Synthetic survey"
year = 2020
source = "Made up for a test"
confirmed = false
caveat = "Synthetic."
"""


def test_need_is_people_times_rate_summed_over_bands(projected):
    assert need(projected, "thurrock", "dementia", years=[2018]).value(year=2018) == pytest.approx(DEMENTIA_2018)
    # 12 years later 24% more people of every age
    assert need(projected, "thurrock", "dementia", years=[2030]).value() == pytest.approx(1.24 * DEMENTIA_2018)


def test_need_split_by_age_sex_and_area_adds_up(projected):
    whole = need(projected, "worcestershire", "dementia", years=[2025])
    parts = need(projected, "worcestershire", "dementia", years=[2025], by=("area", "age_band", "sex", "year"))
    assert sum(row["value"] for row in parts.rows if row["area"] != "worcestershire") == pytest.approx(whole.value())
    assert parts.value(area="redditch", age_band="90+", sex="female", year=2025) == pytest.approx(114 * 0.35)
    assert parts.rows[0]["area"] == "worcestershire"


def test_row_says_study_population_method_and_why_there_are_no_limits(projected):
    (row,) = need(projected, "thurrock", "autism", years=[2018]).rows
    assert row["value"] == pytest.approx(75 * 150 * 0.008)  # 16 to 90 and over
    assert row["age_band"] == "16+"
    assert {row[name] for name in ("lower_95", "lower_80", "median", "upper_80", "upper_95")} == {None}
    assert "without an interval" in row["no_interval"]
    assert row["study"] == "Adult Psychiatric Morbidity Survey 2023/4"
    assert row["label"] == "official projection"
    (row,) = need(projected, "thurrock", "dementia", years=[2018]).rows
    assert row["no_interval"] == ""
    assert "4,000 draws of the study's limits" in row["method"]


def test_limits_are_in_order_and_hold_the_value(projected):
    for row in need(projected, "worcestershire", "dementia", by=("area", "age_band", "year")).rows:
        order = [row[name] for name in ("lower_95", "lower_80", "median", "upper_80", "upper_95")]
        assert order == sorted(order)
        assert row["lower_80"] < row["value"] < row["upper_80"]


def test_limits_of_one_band_are_those_of_its_study(projected):
    row = need(projected, "thurrock", "dementia", years=[2018], by=("age_band", "sex", "year"), draws=40_000)
    cell = next(one for one in row.rows if (one["age_band"], one["sex"]) == ("85-89", "female"))
    # 5 ages x 100 females, 14.5% to 22.2%; a quantile of 40,000 draws is good to about 1%
    assert cell["lower_95"] == pytest.approx(500 * 0.145, rel=0.01)
    assert cell["upper_95"] == pytest.approx(500 * 0.222, rel=0.01)
    assert cell["median"] == pytest.approx(500 * 0.181, rel=0.01)


def test_same_seed_gives_the_same_limits_whatever_else_is_asked(projected):
    alone = need(projected, "thurrock", "dementia", years=[2030]).rows[0]
    among = next(row for row in need(projected, "thurrock", years=[2030]).rows if row["condition"] == "dementia")
    assert alone == among
    other = need(projected, "thurrock", "dementia", years=[2030], seed=2).rows[0]
    assert other["value"] == alone["value"]
    assert other["lower_95"] != alone["lower_95"]


def test_variants_of_the_population_widen_the_limits(projected, varied):
    plain = need(projected, "thurrock", "dementia", years=[2030]).rows[0]
    wide = need(varied, "thurrock", "dementia", years=[2030]).rows[0]
    assert wide["value"] == pytest.approx(plain["value"])
    assert wide["upper_95"] - wide["lower_95"] > plain["upper_95"] - plain["lower_95"]
    assert "variants" in wide["method"]


def test_variants_are_the_ends_of_the_middle_four_fifths():
    z = np.array([-1.2815515655446004, 0.0, 1.2815515655446004])
    drawn = population_draws(np.array([100.0]), np.array([90.0]), np.array([115.0]), z)
    assert drawn[:, 0] == pytest.approx([90.0, 100.0, 115.0])


def test_errors_of_one_study_go_together_as_far_as_stated():
    text = OWN + '[[rate]]\nages = "65-74"\nsex = "persons"\nrate = 0.1\nlower = 0.08\nupper = 0.12\n'
    text += '[[rate]]\nages = "75+"\nsex = "persons"\nrate = 0.2\nlower = 0.17\nupper = 0.23\n'
    import tomllib

    for share in (0.0, 0.5, 1.0):
        study = Prevalence.model_validate(tomllib.loads(text) | {"correlation": share})
        drawn = rate_draws(study, 20_000, np.random.default_rng(1))
        assert np.corrcoef(drawn.T)[0, 1] == pytest.approx(share, abs=0.03)


def test_sum_of_bands_spreads_less_than_bands_that_go_wrong_together(projected):
    result = need(projected, "thurrock", "dementia", years=[2018], by=("age_band", "sex", "year"))
    whole = need(projected, "thurrock", "dementia", years=[2018]).rows[0]
    assert sum(row["lower_95"] for row in result.rows) < whole["lower_95"]
    assert whole["upper_95"] < sum(row["upper_95"] for row in result.rows)


def test_bounds_are_empty_where_a_rate_has_none():
    drawn = np.array([[1.0, np.nan], [3.0, np.nan]])
    first, second = bounds(drawn, median=True)
    assert first["median"] == 2.0
    assert set(second.values()) == {None}


def test_ages_narrow_a_rate_and_partial_rates_name_their_ages(projected):
    assert need(projected, "thurrock", "common-mental-disorder", years=[2018], ages=(18, 64)).value() == pytest.approx(
        47 * 150 * 0.226
    )
    (row,) = need(projected, "thurrock", "self-care-or-domestic-tasks", years=[2018]).rows
    assert row["age_band"] == "65-69 and 80+"
    # 5 ages of 65-69, and 10 of 80 to 89 with 90 and over
    assert row["value"] == pytest.approx(5 * 150 * 0.21 + 11 * 150 * 0.52)
    with pytest.raises(CallError, match=r"No rate of dementia holds for ages 18-64: .* is of 65\+\. Ask for ages"):
        need(projected, "thurrock", "dementia", years=[2018], ages=(18, 64))
    asked = need(projected, "thurrock", years=[2018], ages=(18, 64)).rows
    assert "dementia" not in {row["condition"] for row in asked}, "of all conditions, those that have a rate"


def test_rows_say_whether_they_are_of_the_whole_council(projected):
    rows = need(projected, "worcestershire", "dementia", years=[2025], by=("area", "year")).rows
    levels = {row["area"]: row["level"] for row in rows}
    assert levels.pop("worcestershire") == "council"
    assert len(levels) == 6
    assert set(levels.values()) == {"district"}


def test_conditions_without_a_count_to_adjust_to_are_named(home):
    rates(home, "observed.csv", "condition,area,year,ages,count,kind,source\n"
          "dementia,thurrock,2018,65+,200,complete,Synthetic register\n")  # fmt: skip
    found = need(home, "thurrock", ["dementia", "autism"], years=[2018], local=True)
    assert found.uncounted == ("autism",)
    assert need(home, "thurrock", "autism", years=[2018]).uncounted == ()


def test_calls_that_cannot_be_answered_say_why(projected):
    with pytest.raises(CallError, match=r"No confirmed rate of 'severe-depression'.*McDougall.*folder 'prevalence'"):
        need(projected, "thurrock", "severe-depression")
    with pytest.raises(CallError, match=r"no rates of 'dementa'. Did you mean dementia"):
        need(projected, "thurrock", "dementa")
    with pytest.raises(CallError, match="cannot be split by 'ward'"):
        need(projected, "thurrock", "dementia", by=("ward",))
    with pytest.raises(CallError, match="ends in 2043: there is no 2050"):
        need(projected, "thurrock", "dementia", years=[2050])
    with pytest.raises(CallError, match="People of several years do not add up"):
        need(projected, "thurrock", "dementia", by=())
    with pytest.raises(CallError, match="'redditch' is not known here"):
        need(projected, "thurrock", "dementia", area="redditch")


def test_extrapolated_need_says_so(projected):
    (row,) = need(projected, "thurrock", "dementia", years=[2045], extrapolate=True).rows
    assert row["label"] == "official projection, extrapolated from 2043"
    assert row["value"] == pytest.approx(DEMENTIA_2018 * (100 + 54) / 100)


def test_need_of_published_totals_is_labelled_and_leaves_gaps(empty):
    (row,) = need(empty, "worcestershire", "dementia", years=[2025]).rows
    assert row["label"] == "spread from published totals"
    with pytest.raises(CallError, match="No published total says how many people"):
        need(empty, "worcestershire", "common-mental-disorder", area="redditch", years=[2025])


def test_council_adds_rates_of_its_own(home):
    rates(home, "loneliness.toml", OWN + '[[rate]]\nages = "65+"\nsex = "persons"\nrate = 0.08\nsample = 900\n')
    result = need(home, "thurrock", "loneliness", years=[2018], draws=40_000)
    (row,) = result.rows
    assert row["value"] == pytest.approx(26 * 150 * 0.08)
    assert row["study"] == "Synthetic survey, the council’s own rates"
    low, high = wilson(0.08, 900)
    assert (row["lower_95"], row["upper_95"]) == pytest.approx((26 * 150 * low, 26 * 150 * high), rel=0.02)
    assert packaged().get("loneliness") is None


def test_local_counts_move_the_rate_by_their_weight(home):
    rates(
        home,
        "observed.csv",
        "condition,area,year,ages,count,kind,source\nlearning-disability-known,thurrock,2018,all,100,complete,Register\n",
    )
    national = need(home, "thurrock", "learning-disability-known", years=[2018]).rows[0]
    expected = 91 * 150 * 0.0046
    assert national["value"] == pytest.approx(expected)
    local = need(home, "thurrock", "learning-disability-known", years=[2018], local=True).rows[0]
    factor = (100 + 100) / (100 + expected)
    assert local["factor"] == pytest.approx(factor)
    assert local["value"] == pytest.approx(factor * expected)
    assert local["national_value"] == pytest.approx(expected)
    assert local["label"] == "official projection, adjusted to local counts"
    strong = need(home, "thurrock", "learning-disability-known", years=[2018], local=True, prior=1.0).rows[0]
    assert strong["value"] == pytest.approx(100, abs=1)  # hardly any weight on the national rate


def test_local_adjustment_changes_nothing_without_a_complete_count(home):
    rates(
        home, "observed.csv", "condition,area,year,ages,count,kind,source\ndementia,thurrock,2018,65+,200,recorded,GP\n"
    )
    (row,) = need(home, "thurrock", "dementia", years=[2018], local=True).rows
    assert row["factor"] is None
    assert row["value"] == pytest.approx(DEMENTIA_2018)


def test_local_limits_narrow_where_many_were_counted(home):
    rates(
        home,
        "observed.csv",
        "condition,area,year,ages,count,kind,source\ndementia,thurrock,2018,65+,400,complete,Register\n",
    )
    plain = need(home, "thurrock", "dementia", years=[2018]).rows[0]
    local = need(home, "thurrock", "dementia", years=[2018], local=True).rows[0]
    assert local["upper_95"] / local["lower_95"] < plain["upper_95"] / plain["lower_95"]
    assert local["lower_95"] < local["value"] < local["upper_95"]
