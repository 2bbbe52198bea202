"""Files of rates: what they may hold, and which come with careshape."""

from __future__ import annotations

import pytest

from careshape.catalogue import catalogue
from careshape.errors import CatalogueError
from careshape.evaluate.need import missing, prevalences
from careshape.evaluate.need.prevalence import packaged, wilson

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
        assert one.caveat
        catalogue().lists["client_group"].entry(one.client_group)
        assert one.has_interval or one.no_interval


def test_conditions_without_a_confirmed_rate_do_not_come_with_one():
    assert {"depression", "mobility", "falls", "early-onset-dementia"} <= set(missing())
    assert not set(missing()) & set(packaged())


def test_own_file_replaces_a_packaged_one(tmp_path):
    (tmp_path / "own.toml").write_text(GOOD.replace('"falls"', '"dementia"'), encoding="utf-8")
    found = prevalences(tmp_path)
    assert found["dementia"].own
    assert len(found["dementia"].rate) == 1
    assert not found["autism"].own


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("rate = 0.2", "rate = 1.2", r"field 'rate.0.rate' has value 1.2"),  # above 1
        ("rate = 0.2", "rate = -0.1", r"field 'rate.0.rate' has value -0.1"),  # below 0
        ("upper = 0.25", "upper = 0.1", r"must lie between lower 0.15 and upper 0.1"),  # reversed
        ("lower = 0.15\n", "", r"lower and upper stand together"),  # one limit only
        ("lower = 0.15", "lower = 0.0", r"Limits lie inside 0 and 1"),  # no doubt at all
        ("lower = 0.15\nupper = 0.25\n", "", r"A rate has no limits: give lower and upper, or sample, or say why"),
        ('"65-74"', '"old"', r"'old' is no span of ages"),
        ('"65-74"', '"74-65"', r"no span of ages"),
        ('"65-74"', '"85-95"', r"known together only"),
        ('sex = "female"', 'sex = "women"', r"field 'rate.0.sex'"),
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
