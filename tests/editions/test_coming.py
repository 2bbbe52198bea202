"""What is to come in an edition: it starts from printed figures, and is left out where those are kept back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import numpy as np
import pytest

from careshape.design import Question
from careshape.editions import coming
from careshape.editions.gate import Gated
from careshape.editions.questions import Asked
from careshape.errors import CareshapeError
from careshape.evaluate.gap.gap import Expected, Market, gap
from careshape.evaluate.gap.segments import packaged_segments
from careshape.evaluate.gap.supply import ALL
from careshape.home import Home
from careshape.ledger.imports import import_file
from careshape.statement.council import open_council
from careshape.statement.design.market import lacking_of
from careshape.statement.design.wanted import chosen
from careshape.statement.expressions import Place, parse
from careshape.statement.formatting import Withheld
from careshape.statement.outlook.ahead import Point
from careshape.statement.outlook.expected import expected
from careshape.statement.outlook.kept import Kept
from careshape.statement.outlook.words import interval_of
from careshape.statement.pictures import draw_fan
from tests.statement.sample import HEADER, LINE, make_sample

WHY = Withheld("it could tell of fewer than 3 people")
HOMES = ("care-homes-older-people", ALL)
HOURS = ("home-care", ALL)
PLACES = ("redditch", "wychavon")
DAYS = (date(2020, 6, 30), date(2020, 9, 30))


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample with six people who have ten hours of care at home each."""
    data = make_sample(tmp_path_factory.mktemp("coming"))
    line = LINE.replace("week,1,", "hour,10,")
    there = {"group": "older-people", "service": "home-care", "district": "redditch", "start": "2020-04-01", "end": ""}
    lines = [line.format(n=90 + n, cost="150.00", **there) for n in range(6)]
    file = data / "hours.csv"
    file.write_text(HEADER + "".join(lines), "utf-8")
    report = import_file(
        Home(data).ledger("worcestershire"), file, reader="packages", recorded_at=datetime(2021, 7, 1, tzinfo=UTC)
    )
    assert report.accepted == 6
    return data


def forecast(mean):
    """What is expected, more or less."""
    return Expected(mean, np.linspace(mean * 0.8, mean * 1.2, 50), "a made-up forecast")


@pytest.fixture(scope="module")
def raw():
    """What is to come as the pages of the day would have it: four people in homes, and 66 hours of seven people."""
    segments = {name: packaged()[name] for name, _ in (HOMES, HOURS)}
    fans, cells, expectations = {}, [], {}
    for key, recorded, mean in ((HOMES, (5.0, 4.0), 6.0), (HOURS, (66.0, 66.0), 90.0)):
        ahead = Point(date(2021, 9, 30), mean, forecast(mean).limits())
        fans[key] = ([Point(day, value) for day, value in zip(DAYS, recorded, strict=True)], [ahead])
        today, needed = forecast(recorded[-1]), forecast(mean)
        for area in (ALL, *PLACES):
            one = gap(segments[key[0]], ALL, area, ahead.day, needed=needed, today=today, market=Market(()))
            cells.append(one)
            expectations[key[0], ALL, area, 12] = needed
    made = Kept(
        "worcestershire", origin=DAYS[-1], method="made up", months=24, cells=tuple(cells), segments=segments,
        fans=fans, expectations=expectations, arithmetic={(*HOMES, ALL): []}, maps={HOMES: None},
        today={(*HOMES, "redditch"): 2.0, (*HOMES, "wychavon"): 2.0, (*HOURS, "redditch"): 33.0,
               (*HOURS, "wychavon"): 0.0},
    )  # fmt: skip
    charts = {key: draw_fan(expected(made, segments[key[0]], ALL).fan) for key in fans}
    return replace(made, charts=charts)


def packaged():
    return {one.id: one for one in packaged_segments()}


@pytest.fixture
def asked(sample, raw, monkeypatch):
    """Every cell that looking ahead asks for."""
    monkeypatch.setattr(coming, "worked_out", lambda council, reports: raw)
    asks = Asked()
    coming.look_ahead(replace(open_council(sample, "worcestershire"), ask=asks))
    return asks.cells


def looked(sample, shown, few=()):
    """The council of an edition in which these figures are shown, after it looked ahead."""
    council = replace(open_council(sample, "worcestershire"), ask=Gated(shown), edition="Edition 1")
    coming.look_ahead(council, few)
    return council


def as_counted(asked):
    return {id_: one.exact for id_, one in asked.items()}


def last_day(asked, raw, key):
    """The place of the people of a fan's last day."""
    day = raw.fans[key][0][-1].day.isoformat()
    segment = raw.segments[key[0]]
    wanted = tuple(sorted(segment.service_ids()))
    return next(
        id_ for id_, one in asked.items()
        if one.place.kind == "people_on_date" and one.place.period.end.isoformat() == day
        and dict(one.place.where) == {"service": wanted}
    )  # fmt: skip


def test_exact_figures_leave_the_forecast_as_it_is(sample, asked, raw):
    found = looked(sample, as_counted(asked)).ahead
    past, ahead = found.series(raw.segments[HOMES[0]], ALL)
    counted = [
        one.exact for one in sorted(asked.values(), key=lambda one: one.place.id)
        if "home-care" not in one.place.id and one.place.ids("district") is None
    ]  # fmt: skip
    assert [point.value for point in past] == counted
    assert ahead[0].value == pytest.approx(raw.fans[HOMES][1][0].value * counted[-1] / 4)
    assert found.kept_back == frozenset()


def test_rounded_figures_are_what_the_forecast_starts_from(sample, asked, raw):
    place = last_day(asked, raw, HOMES)
    shown = as_counted(asked) | {place: Fraction(10)}
    found = looked(sample, shown).ahead
    past, ahead = found.series(raw.segments[HOMES[0]], ALL)
    assert past[-1].value == 10
    factor = 10 / 4
    assert ahead[0].value == pytest.approx(raw.fans[HOMES][1][0].value * factor)
    assert ahead[0].limits["upper_80"] == pytest.approx(raw.fans[HOMES][1][0].limits["upper_80"] * factor)
    before, after = raw.gaps_of(*HOMES, ALL)[0], found.gaps_of(*HOMES, ALL)[0]
    assert after.demand.mean == pytest.approx(before.demand.mean * factor)
    # What is compared with what the council arranges today starts from the print as well.
    assert after.gap.mean == pytest.approx(after.demand.mean - after.supply)
    assert after.supply == pytest.approx(before.supply * factor)


def test_places_that_were_counted_elsewhere_stay_as_they_are(raw):
    one = replace(raw.gaps_of(*HOMES, ALL)[0], basis="places under contract", supply=40.0)
    scaled = coming._from_print(one, 1.25)
    assert scaled.supply == 40.0
    assert scaled.gap.mean == pytest.approx(one.gap.mean + 0.25 * one.demand.mean)


def test_chart_is_drawn_from_what_is_printed(sample, asked, raw):
    """A planted leak: the fan of the day's page has the true count in its picture."""
    place = last_day(asked, raw, HOMES)
    found = looked(sample, as_counted(asked) | {place: Fraction(95)}).ahead
    one = expected(found, found.segments[HOMES[0]], ALL)
    assert one.fan.recorded[-1][1] == 95
    assert one.chart.svg != raw.charts[HOMES].svg
    assert one.chart == found.charts[HOMES]


def test_withheld_day_of_the_past_stands_in_the_table_as_suppressed_and_not_in_the_picture(sample, asked, raw):
    earlier = next(
        id_ for id_ in asked if id_.startswith("people_on_date") and "2020-06-30" in id_ and "home-care" not in id_
    )
    found = looked(sample, as_counted(asked) | {earlier: WHY}).ahead
    one = expected(found, found.segments[HOMES[0]], ALL)
    first = one.series.rows[0]
    assert (first.heads, [cell.text for cell in first.cells][:2]) == (("30 June 2020",), ["Recorded", "suppressed"])
    assert one.series.withheld == ((WHY.reason, 1),)
    assert "2020-06-30,recorded,suppressed," in one.series.as_csv()
    assert [day for day, _ in one.fan.recorded] == [DAYS[-1]]


@pytest.mark.parametrize("why", ["withheld", "few"])
def test_nothing_is_told_of_a_group_whose_people_are_kept_back(sample, asked, raw, why):
    place = last_day(asked, raw, HOMES)
    shown = as_counted(asked) | ({place: WHY} if why == "withheld" else {})
    council = looked(sample, shown, {place} if why == "few" else ())
    assert HOMES in council.ahead.kept_back
    assert HOMES not in council.ahead.fans
    assert HOMES not in council.ahead.charts
    assert council.ahead.gaps_of(*HOMES) == []
    reading = council.book.figure(parse(f'forecast("{HOMES[0]}", year="2021")', Place("a.md", 1)))
    assert isinstance(reading.value, Withheld)


def test_before_the_gate_the_same_figures_are_asked_and_no_gap_is_decided_anew(sample, asked, raw, monkeypatch):
    asks = Asked()
    monkeypatch.setattr(coming, "_from_print", None)
    council = replace(open_council(sample, "worcestershire"), ask=asks)
    coming.look_ahead(council, asking=True)
    assert list(asks.cells.items()) == list(asked.items())
    assert {id(one) for one in council.ahead.cells} < {id(one) for one in raw.cells}, "as they were worked out"
    with pytest.raises(TypeError, match="not callable"):
        coming.look_ahead(council)


def test_hours_are_asked_of_the_book_and_go_with_their_people(sample, asked, raw):
    hours = next(id_ for id_ in asked if id_.startswith("hours "))
    assert asked[hours].people is not None, "the gate can protect them"
    shown = as_counted(asked)
    people = last_day(asked, raw, HOURS)
    each = float(asked[hours].exact / asked[people].exact)
    past, _ = looked(sample, shown).ahead.series(raw.segments[HOURS[0]], ALL)
    assert past[-1].value == pytest.approx(each * float(asked[people].exact))
    for gone in ({hours: WHY}, {people: WHY}):
        assert HOURS in looked(sample, shown | gone).ahead.kept_back


def in_district(asked, area, service):
    """The place of the people of a district on the last day of the fans."""
    return next(
        id_ for id_, one in asked.items()
        if one.place.kind == "people_on_date" and one.place.ids("district") == (area,)
        and service in (one.place.ids("service") or ())
    )  # fmt: skip


def test_district_starts_from_what_is_printed_of_it(sample, asked, raw):
    assert asked[in_district(asked, "redditch", "nursing")].exact == 2
    exact = looked(sample, as_counted(asked)).ahead
    (before,), (after,) = (one.gaps_of(*HOMES, "redditch") for one in (raw, exact))
    assert after.demand.mean == pytest.approx(before.demand.mean)
    assert exact.expectations[*HOMES, "redditch", 12].mean == pytest.approx(6.0)
    shown = as_counted(asked) | {in_district(asked, "redditch", "nursing"): Fraction(10)}
    rounded = looked(sample, shown).ahead
    (after,) = rounded.gaps_of(*HOMES, "redditch")
    assert after.demand.mean == pytest.approx(before.demand.mean * 5), "ten are printed of two"
    assert after.gap.mean == pytest.approx(after.demand.mean - after.supply)
    assert rounded.gaps_of(*HOMES, "wychavon")[0].demand.mean == pytest.approx(before.demand.mean), "by itself"
    assert rounded.arithmetic == rounded.maps == rounded.today == {}


def test_district_starts_from_the_hours_a_person_of_the_whole_area(sample, asked, raw):
    """A planted leak: half of the hours of the whole area lie here, which no figure says."""
    shown = as_counted(asked)
    each = float(next(one.exact for id_, one in asked.items() if id_.startswith("hours ")) / 7)
    found = looked(sample, shown).ahead
    factor = 7 * each / 33
    assert found.gaps_of(*HOURS, "redditch")[0].demand.mean == pytest.approx(90 * factor)
    assert found.gaps_of(*HOURS, "wychavon") == [], "of nobody nothing is printed"


@pytest.mark.parametrize("why", ["withheld", "few"])
def test_nothing_is_told_of_a_district_whose_people_are_kept_back(sample, asked, raw, why):
    place = in_district(asked, "redditch", "nursing")
    shown = as_counted(asked) | ({place: WHY} if why == "withheld" else {})
    council = looked(sample, shown, {place} if why == "few" else ())
    assert {gap.area for gap in council.ahead.gaps_of(*HOMES)} == {ALL, "wychavon"}
    assert council.ahead.withheld(*HOMES, "redditch") == "it could tell of a few people"
    assert (*HOMES, "redditch", 12) not in council.ahead.expectations
    assert council.ahead.withheld(*HOMES, "wychavon") == ""


def test_provider_asks_an_edition_what_is_wanted_in_a_district(sample, asked, raw):
    place = in_district(asked, "wychavon", "nursing")
    council = looked(sample, as_counted(asked) | {place: WHY})
    found = chosen(council, {"area": "redditch"})
    assert found.problems == {}
    assert {one.gap.area for one in found.rows} == {"redditch"}
    assert all(interval_of(one.gap) for one in found.rows)
    silent = chosen(council, {"area": "Wychavon"})
    assert "nothing of what is expected in Wychavon, since it could tell of a few people" in silent.problems["area"]
    here = lacking_of(council, Question("residential", "older-people", "redditch"))
    assert here is not None
    assert (here.area, here.whole) == ("redditch", False)
    there = lacking_of(council, Question("residential", "older-people", "wychavon"))
    assert there is not None
    assert (there.area, there.whole) == (ALL, True), "of the whole area, and says so"


def test_district_whose_supply_was_counted_elsewhere_is_not_told(sample, asked, raw, monkeypatch):
    """Less what there is, a number that everybody knows, its gap would tell more than is printed."""
    cells = tuple(replace(one, basis="places under contract") if one.area == "redditch" else one for one in raw.cells)
    monkeypatch.setattr(coming, "worked_out", lambda council, reports: replace(raw, cells=cells))
    assert looked(sample, as_counted(asked)).ahead.gaps_of(*HOMES, "redditch") == []


def test_figure_that_the_gate_has_not_seen_stops_the_look_ahead(sample, asked, raw):
    shown = as_counted(asked)
    del shown[last_day(asked, raw, HOMES)]
    with pytest.raises(CareshapeError, match="The gate has not seen"):
        looked(sample, shown)
