"""Scenarios as files: packaged ones, a council's own, and what is wrong with a bad one."""

from datetime import date

import pytest

from careshape.errors import CallError, CatalogueError, InputError
from careshape.evaluate.scenario import find_scenario, read_scenario, remove_scenario, save_scenario, scenarios
from careshape.evaluate.scenario.council import read_mix
from careshape.evaluate.scenario.files import mix_file
from careshape.home import Home

TEXT = """
id = "wage-rise"
name = "Our own wage rise"
[[levers]]
kind = "price"
path = [{ on = 2022-04-01, value = 1.1 }]
"""


@pytest.fixture
def home(tmp_path):
    (tmp_path / "councils" / "worcestershire").mkdir(parents=True)
    return Home(tmp_path)


def _file(tmp_path, text=TEXT):
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("authority", ["worcestershire", "thurrock"])
def test_packaged_scenarios_have_names_notes_and_levers(home, authority):
    found = scenarios(home, authority)
    assert found
    for id_, one in found.items():
        assert one.id == id_
        assert one.name
        assert one.note
        assert one.levers


def test_scenarios_of_the_issue_are_there(home):
    assert set(scenarios(home, "worcestershire")) == {
        "direct-payments",
        "reablement",
        "fewer-admissions",
        "residential-to-supported-living",
        "shared-lives",
        "fixed-fee",
        "prevention",
        "wage-rise",
    }


def test_scenarios_of_another_council_are_none(home):
    assert scenarios(home, "elsewhere") == {}


def test_own_scenario_is_kept_and_wins(home, tmp_path):
    save_scenario(home, "worcestershire", _file(tmp_path))
    found = find_scenario(home, "worcestershire", "wage-rise")
    assert found.name == "Our own wage rise"
    assert found.levers[0].path[0].on == date(2022, 4, 1)
    save_scenario(home, "worcestershire", _file(tmp_path))


def test_own_scenario_is_replaced_only_when_told(home, tmp_path):
    save_scenario(home, "worcestershire", _file(tmp_path))
    changed = _file(tmp_path, TEXT.replace("1.1", "1.2"))
    with pytest.raises(CallError, match="--replace"):
        save_scenario(home, "worcestershire", changed)
    save_scenario(home, "worcestershire", changed, replace=True)
    assert find_scenario(home, "worcestershire", "wage-rise").levers[0].path[0].value == 1.2


def test_removed_scenario_gives_the_packaged_one_back(home, tmp_path):
    save_scenario(home, "worcestershire", _file(tmp_path))
    remove_scenario(home, "worcestershire", "wage-rise")
    assert find_scenario(home, "worcestershire", "wage-rise").name == "A wage rise for care workers"
    with pytest.raises(CallError, match="keeps no scenario 'wage-rise' of its own"):
        remove_scenario(home, "worcestershire", "wage-rise")


def test_remove_scenario_stays_within_its_folder(home):
    with pytest.raises(CallError, match="keeps no scenario"):
        remove_scenario(home, "worcestershire", "../council")


def test_find_scenario_names_those_there_are(home):
    with pytest.raises(CallError, match="There are: shared-lives, wage-rise"):
        find_scenario(home, "thurrock", "reablement")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("price", "cost"), "levers, entry 1, kind"),
        (("1.1", "-1.0"), "levers, entry 1, path, entry 1, value"),
        (('id = "wage-rise"', 'id = "Wage rise"'), "lower-case letters"),
        (('name = "Our own wage rise"', ""), "needs a name"),
        (('kind = "price"', 'kind = "share"'), "needs 'service' and 'others'"),
        (("[[levers]]", "[[levers"), "file of TOML"),
    ],
)
def test_bad_scenario_names_field_and_rule(tmp_path, change, words):
    with pytest.raises(CatalogueError, match=words):
        read_scenario(_file(tmp_path, TEXT.replace(*change)))


def test_scenario_that_is_not_there_or_not_text_is_said(tmp_path):
    with pytest.raises(InputError, match="no file"):
        read_scenario(tmp_path / "none.toml")
    path = tmp_path / "bad.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        read_scenario(path)


def test_packaged_mix_can_be_read(home):
    options, limits = read_mix(*mix_file(home, "worcestershire"))
    assert {one.id for one in options} >= {"supported-living-for-residential", "extra-care-scheme"}
    assert all(one.source for one in options)
    assert limits.budget is None


def test_mix_of_a_council_without_options_says_where_to_write_them(home):
    with pytest.raises(CallError, match="No options are known for thurrock"):
        mix_file(home, "thurrock")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"option": []}, "option"),
        ({"option": [{"id": "a"}]}, "option, entry 1, label"),
        ({"options": []}, "option"),
    ],
)
def test_bad_mix_names_the_field(raw, words):
    with pytest.raises(CatalogueError, match=words):
        read_mix("mix.toml", raw)
