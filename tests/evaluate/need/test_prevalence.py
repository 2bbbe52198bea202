"""Files of rates: what they may hold, and which come with careshape."""

from __future__ import annotations

import pytest

from careshape.catalogue import catalogue
from careshape.errors import CatalogueError
from careshape.evaluate.need import missing, prevalences
from careshape.evaluate.need.prevalence import packaged, wilson
from careshape.evaluate.population.grid import ages_label

GOOD = """
condition = "falls"
label = "Falls"
client_group = "older-people"
what = "Synthetic."
study = "Synthetic survey"
year = 2020
source = "Made up for a test"
confirmed = false
caveat = "Synthetic."

[[rate]]
ages = "65-74"
sex = "female"
rate = 0.2
lower = 0.15
upper = 0.25
"""
OTHER = '\n[[rate]]\nages = "70+"\nsex = "{sex}"\nrate = 0.3\nlower = 0.2\nupper = 0.4\n'


def test_packaged_rates_are_confirmed_sourced_and_of_known_groups():
    assert "dementia" in packaged()
    for one in packaged().values():
        assert one.confirmed, one.condition
        assert one.source
        assert one.address.startswith("https://"), one.condition
        assert one.caveat
        catalogue().lists["client_group"].entry(one.client_group)
        assert one.has_interval or one.no_interval


def test_conditions_without_a_confirmed_rate_do_not_come_with_one():
    assert {"severe-depression", "mobility", "learning-disability-by-severity"} <= set(missing())
    assert not set(missing()) & set(packaged())


def rate(condition, ages, sex="persons"):
    (found,) = [one for one in packaged()[condition].rate if ages_label(one.ages) == ages and one.sex == sex]
    return found


def test_carers_of_65_and_over_have_the_rates_of_the_census():
    # Census 2021, England and Wales: 162,662 of 1,428,177 men of 65 to 69, 45,331 of 911,870 women of 85 and over
    assert rate("unpaid-carers-older", "65-69", "male").rate == pytest.approx(162_662 / 1_428_177, abs=0.00005)
    assert rate("unpaid-carers-older", "85+", "female").rate == pytest.approx(45_331 / 911_870, abs=0.00005)
    # Census 2011: 457,779 of 2,656,166 people of 65 to 69
    assert rate("unpaid-carers-older-2011", "65-69").rate == pytest.approx(457_779 / 2_656_166, abs=0.00005)


@pytest.mark.parametrize(("sex", "whole", "people"), [("male", 0.24, (1_441_846, 2_413_880, 435_191)),
                                                      ("female", 0.33, (1_524_297, 2_856_018, 833_236))])  # fmt: skip
def test_self_care_by_age_gives_the_printed_rate_of_65_and_over_back(sex, whole, people):
    # people of England in mid-2014 of 65 to 69, 70 to 84, 85 and over
    rates = [rate("self-care-2014", ages, sex).rate for ages in ("65-69", "70-84", "85+")]
    assert sum(one * many for one, many in zip(rates, people, strict=True)) / sum(people) == pytest.approx(
        whole, abs=0.0005
    )


@pytest.mark.parametrize(
    ("condition", "printed"),
    [
        ("depression", (0.068, 0.063, 0.075)),
        ("depression-1993", (0.087, 0.073, 0.102)),
        ("early-onset-dementia", (54.0e-5, 45.1e-5, 64.1e-5)),
        ("challenging-behaviour", (4.5e-4, 2.5e-4, 7.5e-4)),
    ],
)
def test_rates_stand_with_the_limits_that_were_printed(condition, printed):
    (one,) = packaged()[condition].rate
    assert (one.rate, *one.limits) == pytest.approx(printed)


def test_own_file_replaces_a_packaged_one(tmp_path):
    (tmp_path / "own.toml").write_text(GOOD.replace('"falls"', '"dementia"'), encoding="utf-8")
    found = prevalences(tmp_path)
    assert found["dementia"].own
    assert len(found["dementia"].rate) == 1
    assert not found["autism"].own


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("rate = 0.2", "rate = 1.2", r"field 'rate, entry 1, rate' has value 1.2"),  # above 1
        ("rate = 0.2", "rate = -0.1", r"field 'rate, entry 1, rate' has value -0.1"),  # below 0
        ("upper = 0.25", "upper = 0.1", r"must lie between lower 0.15 and upper 0.1"),  # reversed
        ("lower = 0.15\n", "", r"lower and upper stand together"),  # one limit only
        ("lower = 0.15", "lower = 0.0", r"Limits lie inside 0 and 1"),  # no doubt at all
        ("lower = 0.15\nupper = 0.25\n", "", r"A rate has no limits: give lower and upper, or sample, or say why"),
        ("lower = 0.15\nupper = 0.25\n", "sample = 4\n", r"found in 4 people is too unsure to count by: at least 30"),
        ('"65-74"', '"old"', r"'old' is no span of ages"),
        ('"65-74"', '"74-65"', r"no span of ages"),
        ('"65-74"', '"85-95"', r"known together only"),
        ('sex = "female"', 'sex = "women"', r"field 'rate, entry 1, sex'"),
        ("year = 2020", "year = 20", r"field 'year'"),
        ("confirmed = false\n", "", r"field 'confirmed'"),
        ("caveat = ", "caveats = ", r"caveat"),
        ("[[rate]]", "own = true\n[[rate]]", r"There is no such field"),
        ("condition =", "condition", r"It must be a file of TOML"),
        ("upper = 0.25\n", "upper = 0.25\n" + OTHER.format(sex="female"), r"Two rates hold for female, 65-74 and 70\+"),
        ("upper = 0.25\n", "upper = 0.25\n" + OTHER.format(sex="persons"), r"Two rates hold for female"),
    ],
)
def test_faulty_file_of_rates_names_file_field_and_rule(tmp_path, old, new, message):
    assert old in GOOD
    (tmp_path / "falls.toml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=message) as caught:
        prevalences(tmp_path)
    assert "falls.toml" in str(caught.value)


def test_rates_of_the_two_sexes_may_have_the_same_ages(tmp_path):
    (tmp_path / "falls.toml").write_text(GOOD + OTHER.format(sex="male"), encoding="utf-8")
    assert len(prevalences(tmp_path)["falls"].rate) == 2


def test_condition_in_two_files_is_refused(tmp_path):
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(CatalogueError, match="Another file of this folder holds the same condition"):
        prevalences(tmp_path)


def test_wilson_limits_are_those_of_the_textbook():
    # 20 of 100: 0.1334 to 0.2888
    assert wilson(0.2, 100) == pytest.approx((0.1334, 0.2888), abs=5e-5)
    low, high = wilson(0.0, 50)
    assert 0 < low < 1e-6
    assert high == pytest.approx(0.0714, abs=5e-4)
