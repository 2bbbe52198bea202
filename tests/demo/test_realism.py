"""The synthetic county makes sense beyond its totals: lives, homes, prices and moves are plausible, and invented."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from itertools import pairwise
from statistics import mean, pstdev

import pytest

from careshape.demo import Files
from careshape.demo.days import span
from careshape.demo.generate import Council
from careshape.demo.model import Spell

YOUNGER = ("learning-disability", "mental-health", "physical-disability", "sensory-impairment", "other")


def _spells(county: Council, *services: str) -> list[Spell]:
    return [spell for spell in county.world.spells if spell.service in services]


def test_people_are_of_the_age_of_their_client_group(county: Council) -> None:
    first, last = county.world.window.first, county.world.window.last
    for spell in county.world.spells:
        assert spell.person is not None
        age = spell.person.age(max(spell.start, first))
        assert 18 <= age < 110
        if spell.group == "older-people":
            assert age >= 65
        if spell.group in YOUNGER:
            assert spell.person.age(last) < 65


def test_nobody_has_care_after_death(county: Council) -> None:
    dead = [person for person in county.world.people if person.death is not None]
    assert len(dead) > 1000
    for person in dead:
        assert all(spell.end is not None and spell.end <= person.death for spell in person.spells)


def test_person_has_one_permanent_home_at_a_time(county: Council) -> None:
    for person in county.world.people:
        homes = sorted(
            ((spell.start, spell.end) for spell in person.spells if spell.service in ("nursing", "residential")),
            key=lambda one: one[0],
        )
        for (_, end), (start, _) in pairwise(homes):
            assert end is not None
            assert end <= start


def test_care_home_spells_do_not_pile_up_at_the_edges_of_a_year(county: Council) -> None:
    spells = _spells(county, "nursing", "residential")
    for year in ("2018/19", "2019/20", "2020/21"):
        days = span(year)
        for dates in ([one.start for one in spells], [one.end for one in spells if one.end]):
            inside = [day for day in dates if days.first <= day <= days.last]
            edge = [day for day in inside if day < days.first + 14 or day > days.last - 14]
            assert 0.02 < len(edge) / len(inside) < 0.16  # 28 of 365 days are 0.08


def test_lengths_of_stay_are_spread_like_the_stated_rates(county: Council) -> None:
    low, high = county.world.window.first, county.world.window.last - 400
    stays = [
        (spell.end or county.world.window.last) - spell.start
        for spell in _spells(county, "nursing")
        if spell.group == "older-people" and low <= spell.start <= high
    ]
    short = sum(stay < 90 for stay in stays) / len(stays)
    long = sum(stay > 365 for stay in stays) / len(stays)
    # A Weibull distribution of mean 480 and shape 0.85 has 23% below 90 days and 44% above 365.
    assert 0.13 < short < 0.38
    assert 0.25 < long < 0.6


@pytest.mark.parametrize("service", ["nursing", "residential", "home-care", "supported-living", "day-services"])
def test_prices_are_spread(county: Council, service: str) -> None:
    prices = [spell.steps[-1].weekly for spell in _spells(county, service)]
    assert 0.1 < pstdev(prices) / mean(prices) < 1.2
    assert Counter(prices).most_common(1)[0][1] < len(prices) / 20


def test_home_care_providers_are_large_and_small(county: Council) -> None:
    sizes = Counter(spell.provider.reference for spell in _spells(county, "home-care") if spell.provider)
    ordered = sorted(sizes.values())
    assert ordered[-1] > 8 * ordered[len(ordered) // 2] > 0


def test_home_care_is_delivered_a_little_below_plan(county: Council) -> None:
    delivered = sum(one.units for one in county.deliveries)
    planned = sum(one.spell.step_on(one.start).quantity * (one.end - one.start + 1) / 7 for one in county.deliveries)
    assert 0.9 < delivered / planned < 1.0
    assert len({one.start for one in county.deliveries if one.start == one.spell.start}) > 50


def test_moves_join_services_into_histories(county: Council) -> None:
    moves = {name: n for name, n in county.world.counted.items() if name.startswith("moves")}
    assert moves["moves from home-care to residential"] > 100
    assert moves["moves from residential to nursing"] > 50
    several = [person for person in county.world.people if len({spell.service for spell in person.spells}) > 1]
    assert len(several) > 2000


def test_prices_rise_in_april(county: Council) -> None:
    april = span("2021-04-01").first
    pairs = [
        (before.weekly, after.weekly)
        for spell in _spells(county, "direct-payments")
        for before, after in pairwise(spell.steps)
        if after.start == april
    ]
    assert len(pairs) > 300
    rise = sum(after for _, after in pairs) / sum(before for before, _ in pairs)
    assert rise == pytest.approx(county.world.flows["council"]["uplift"]["2021"], abs=0.001)


def test_everything_is_called_synthetic(county_files: Files) -> None:
    with county_files.packages.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert re.fullmatch(r"SYN-W-L\d{7}", row["line_reference"])
            assert re.fullmatch(r"SYN-W-\d{6}", row["person_id"])
            assert re.fullmatch(r"(Synthetic provider W-\d{3,4})?", row["provider_name"])
            assert re.fullmatch(r"(SYN-W-S\d{4})?", row["setting_reference"])
            assert re.fullmatch(r"([A-Z]{1,2}\d{1,2})?", row["postcode"])  # never a whole postcode
    assert "nobody in these files exists" in county_files.readme.read_text("utf-8")


def test_no_line_names_a_table(county_files: Files) -> None:
    for path in (county_files.packages, county_files.deliveries, *county_files.cld):
        assert not re.search(r"table|W-PF", path.read_text("utf-8"), re.IGNORECASE)


def test_truth_states_rates_and_what_came_of_them(county_files: Files, county: Council) -> None:
    truth = json.loads(county_files.truth.read_text("utf-8"))
    assert truth["synthetic"] is True
    assert truth["rates"]["care-homes"]["stay"]["nursing"]["older-people"] == [480, 0.85]
    older = truth["history"]["services"]["nursing"]["older-people"]
    now = [one for one in _spells(county, "nursing") if one.group == "older-people" and one.end is None]
    assert older["open_at_end"] == len(now)
    by_year: dict[str, int] = defaultdict(int)
    for spell in _spells(county, "nursing"):
        if spell.group == "older-people" and span("2019/20").overlap(spell.start, spell.start):
            by_year["2019/20"] += 1
    assert older["starts"]["2019/20"] == by_year["2019/20"]
    assert truth["faults"] == {}
