"""Thurrock's synthetic ledger gives the published figures back, follows when they change, and makes sense by itself."""

from __future__ import annotations

import csv
import re
import shutil
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest

from careshape.demo import Files, generate_council
from careshape.demo.days import last_day, span
from careshape.demo.files import package_rows
from careshape.demo.generate import Council, generate
from careshape.evaluate.published import check_published
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.records import Observations, observations

COUNCIL = "thurrock"
CHANGED = {
    "key-statistics/1": 6,  # one in six has a direct payment
    "key-statistics/2": 5,
    "key-statistics/4": 6200,
    "key-statistics/5": 1200,
    "T-PF-001": 1200,
    "T-PF-011": 43_100_000,
    "T-PF-067": 8,
    "T-PF-068": 2,
    "T-PF-069": 21_000_000,
    "T-PF-071": 301,
    "T-PF-072": 270,
    "T-PF-076": 41,
    "T-PF-086": 4,
    "T-PF-089": 3_600_000,
    "T-PF-090": 4_600_000,
    "T-PF-091": 702,
    "T-PF-092": 855,
    "T-PF-096": 2,
    "T-PF-097": 150,
    "T-PF-098": 301,
}
"""Figures by id with other values, chosen so that they can all be true together."""


def changed() -> Observations:
    """The published figures with those of CHANGED in place."""
    return Observations(
        replace(row, value=Decimal(CHANGED[row.id])) if row.id in CHANGED else row for row in observations(COUNCIL)
    )


def import_all(made: Files, folder: Path) -> Ledger:
    """A new ledger with the files of a council in it; nothing is refused or repaired."""
    ledger = Ledger.create(folder, authority=COUNCIL, demonstration=True)
    for path in (*made.cld, made.packages, made.deliveries):
        report = import_file(ledger, path)
        assert (report.refused, report.repaired) == (0, 0)
        assert {finding.rule for finding in report.findings} <= {"double-up"}
    return ledger


@pytest.fixture(scope="module")
def council() -> Council:
    """The synthetic council in memory."""
    return generate(COUNCIL)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Its files."""
    return generate_council(COUNCIL, tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def ledger(made: Files, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Its ledger, made from the files and from nothing else."""
    return import_all(made, tmp_path_factory.mktemp("ledger") / COUNCIL)


def test_every_published_figure_comes_back(ledger):
    found = check_published(COUNCIL, ledger)
    assert [(one.row, one.published, one.computed) for one in found if one.status != "equal"] == []
    assert {one.row for one in found} >= {"3", "4", "T-PF-071", "T-PF-092", "T-PF-098"}


def test_line_items_follow_the_figures_when_these_change(tmp_path):
    figures = changed()
    made = generate_council(COUNCIL, tmp_path / "files", observations=figures)
    ledger = import_all(made, tmp_path / COUNCIL)
    assert made.notes == []
    followed = check_published(COUNCIL, ledger, rows=figures)
    assert [(one.row, one.published, one.computed) for one in followed if one.status != "equal"] == []
    printed = {one.row for one in check_published(COUNCIL, ledger) if one.status == "differs"}
    assert printed >= {id_.rpartition("/")[2] for id_ in CHANGED} - {"T-PF-069"}  # more than 21m is more than 20m too


def test_one_changed_line_makes_the_check_say_differs(made, ledger, tmp_path):
    copy = Path(shutil.copytree(ledger.path, tmp_path / COUNCIL))
    with made.packages.open(encoding="utf-8") as file:
        rows = csv.DictReader(file)
        open_then = (row for row in rows if row["start_date"] < "2018-03-01" and row["end_date"] in ("", "2018-03-31"))
        line = next(row for row in open_then if row["service"] == "home-care")
    line["units_per_week"] = str(Decimal(line["units_per_week"]) + 1)
    corrupt = tmp_path / "line.csv"
    with corrupt.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(line))
        writer.writeheader()
        writer.writerow(line)
    import_file(Ledger.open(copy), corrupt)
    differs = {one.row for one in check_published(COUNCIL, Ledger.open(copy)) if one.status == "differs"}
    assert differs == {"4", "5", "T-PF-001"}


def test_same_seed_gives_the_same_lines_and_another_seed_others(council):
    def rows(one: Council) -> list[list[str]]:
        return list(package_rows(one.world, one.lines))

    assert rows(generate(COUNCIL)) == rows(council)
    assert rows(generate(COUNCIL, seed=7)) != rows(council)


@pytest.mark.parametrize("seed", [1, 2])
def test_hours_hold_for_other_seeds(seed):
    other = generate(COUNCIL, seed=seed)
    day = last_day("2014-03-31").last
    hours = sum(
        spell.step_on(day).quantity
        for spell in other.world.spells
        if spell.service == "home-care" and spell.open_on(day)
    )
    assert round(hours / 100) == observations(COUNCIL)["key-statistics/3"].value


def test_no_published_figure_is_typed_in_code_or_rates():
    root = files("careshape.demo")
    texts = [path.read_text("utf-8") for path in (root / "councils" / COUNCIL).iterdir() if path.name.endswith(".py")]
    texts.append((root / "data" / COUNCIL / "flows.toml").read_text("utf-8"))
    numbers = {number.replace("_", "") for text in texts for number in re.findall(r"\d[\d_]*", text)}
    typed = {str(int(observations(COUNCIL)[row].value)) for row in CHANGED if observations(COUNCIL)[row].value > 100}
    assert not typed & numbers


def test_everything_is_labelled_synthetic(made):
    with made.packages.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert row["line_reference"].startswith("SYN-T-")
            assert row["person_id"].startswith("SYN-T-")
            assert row["provider_name"].startswith("Synthetic provider T-") or not row["provider_name"]
    assert "nobody in these files exists" in made.readme.read_text(encoding="utf-8")


def test_nobody_is_in_two_care_homes_at_once_or_has_care_after_death(council):
    for person in council.world.people:
        placed = sorted((s.start, s.end) for s in person.spells if s.service in ("residential", "nursing"))
        for (_, end), (start, _) in pairwise(placed):
            assert end is not None
            assert end < start
        if person.death is not None:
            assert all(spell.end is not None and spell.end <= person.death for spell in person.spells)


def test_people_are_as_old_as_their_group_says(council):
    first = council.world.window.first
    for person in council.world.people:
        age = person.age(max(first, min(spell.start for spell in person.spells)))
        assert age >= (65 if person.group == "older-people" else 18)


def test_people_with_a_learning_disability_are_youngest_but_for_autistic_people(council):
    day = last_day("2018-03-31").last
    ages = defaultdict(list)
    for spell in council.world.spells:
        if spell.person and spell.open_on(day):
            ages[spell.group].append(spell.person.age(day))
    means = {group: mean(found) for group, found in ages.items()}
    assert sorted(means, key=means.__getitem__)[:2] == ["autism", "learning-disability"]
    assert 78 < means["older-people"] < 88


def test_learning_disability_takes_nearly_double_the_residential_spend_of_personal_care(council):
    year = span("2017/18")
    spend: dict[str, float] = defaultdict(float)
    for line in council.lines:
        if line.spell.service == "residential" and line.spell.person:
            spend[line.spell.person.reason] += line.step.weekly * year.overlap(line.start, line.end)
    assert 1.7 < spend["learning-disability"] / spend["physical-personal-care"] < 2.0


def test_supported_living_grows_and_care_homes_shrink(council):
    def stock(services: tuple[str, ...], day: str) -> int:
        on = last_day(day).last
        return sum(spell.service in services and spell.open_on(on) for spell in council.world.spells)

    days = ["2011-03-31", "2014-03-31", "2018-03-31"]
    living = [stock(("supported-living",), day) for day in days]
    homes = [stock(("residential", "nursing"), day) for day in days]
    assert living == sorted(living)
    assert living[-1] > 1.5 * living[0]
    assert homes == sorted(homes, reverse=True)


def test_people_move_on_when_their_home_closes(council):
    world = council.world
    closed = [last_day(text).last for text in world.flows["care-homes"]["closed"]]
    for day in closed:
        left = [spell for spell in world.spells if spell.service == "residential" and spell.end == day]
        moved = [s for spell in left if spell.person for s in spell.person.spells if s.start == day + 1]
        assert moved
        assert all(spell.setting is not None and spell.setting not in [one.setting for one in left] for spell in moved)


def test_shared_lives_begins_with_its_contract(council):
    starts = [spell.start for spell in council.world.spells if spell.service == "shared-lives"]
    assert min(starts) >= span("2017-02").first
    assert len(starts) > 5


def test_addresses_lie_in_the_borough_unless_the_placement_does_not(council):
    for spell in council.world.spells:
        if spell.district == COUNCIL:
            assert re.match(r"RM1[5-9]|RM20|SS17", spell.postcode)
            assert spell.zone.endswith("-zone")
        else:
            assert (spell.district, spell.area) == ("not-applicable", "out-of-county")
