"""What the rules of counting are told of an edition, on the demonstration: totals of people, and hours by district."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from careshape.editions.measured import measured
from careshape.editions.questions import Asked
from careshape.rules import judge
from careshape.statement.council import Council, open_council
from tests.demonstration import built_demonstration

COUNCIL = "worcestershire"
WEEK = "2021-06-05/2021-06-11"
GROUPS = ("learning-disability", "older-people-physical-disability-sensory-impairment", "mental-health")


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Council:
    given = os.environ.get("CARESHAPE_TEST_DEMO")
    return open_council(Path(given) if given else built_demonstration(tmp_path_factory), COUNCIL)


@pytest.fixture
def asked(council) -> Asked:
    """What the tables of outside day services and of hours of home care ask of the ledger."""
    found = Asked()
    outside = {"component": "external-contracted"}
    for group in GROUPS:
        found(council.sources.context, "day_service_people", where=outside | {"client_group": group}, period=WEEK)
    found(council.sources.context, "day_service_people", where=outside, period=WEEK)
    found(council.sources.context, "home_care_hours", by=("district",), period="2021-03")
    return found


def found_by(council, cells, rule):
    facts = measured(council, cells)
    return facts, next(one for one in judge("statement.release", facts, COUNCIL, date(2021, 7, 1)) if one.rule == rule)


def test_people_at_day_services_are_held_against_their_keys(council, asked):
    facts, rule = found_by(council, asked.cells, "day-service-people-once")
    assert facts["day-service-people-shown"] == facts["day-service-people-once"] == 407, "as table 13 says"
    assert rule.state == "met"
    # A total that counts one of them at two services.
    whole = next(one for one in asked.cells.values() if one.exact == 407)
    twice = asked.cells | {whole.place.id: replace(whole, exact=whole.exact + 1)}
    assert found_by(council, twice, "day-service-people-once")[1].state == "broken"
    # Parts without a total say nothing of one.
    parts = {id_: one for id_, one in asked.cells.items() if one is not whole}
    assert found_by(council, parts, "day-service-people-once")[1].state == "not-known"


def test_hours_of_unknown_district_are_missed_where_the_table_leaves_them_out(council, asked):
    facts, rule = found_by(council, asked.cells, "unknown-district-visible")
    assert facts["home-care-hours-shown"] == facts["home-care-hours-all"] > 30_000
    assert rule.state == "met"
    named = {id_: one for id_, one in asked.cells.items() if one.place.ids("district") != ("unknown",)}
    assert len(named) == len(asked.cells) - 1
    assert found_by(council, named, "unknown-district-visible")[1].state == "broken"
