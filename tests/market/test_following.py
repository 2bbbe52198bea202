"""Homes followed through new registrations, and closures with and without following; every home is made up."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careshape.errors import CallError, InputError
from careshape.market.alike import compare, possible
from careshape.market.closures import closures, read_decisions
from careshape.market.files import read_file
from careshape.market.following import follow, histories
from careshape.market.registrations import Registration, Registrations, registrations
from tests.market.synthetic import ACTIVE, ENDED, GONE, JULY, PRIMARY, as_csv

DAY = date(2021, 7, 1)
OLD = Registration(
    "old",
    "Synthetic Elms Care Home",
    "WR11AA",
    "Worcestershire",
    date(2010, 10, 1),
    date(2020, 5, 31),
    40,
    (-2.22, 52.19),
)
NEW = Registration("new", "Synthetic Elms", "WR11AA", "Worcestershire", date(2020, 6, 1), None, 40, (-2.22, 52.19))


def changed(one: Registration, **fields: object) -> Registration:
    return Registration(**{**one.__dict__, **fields})


def known(*homes: Registration, as_of: date | None = DAY) -> Registrations:
    return Registrations(homes, as_of, {})


@pytest.mark.parametrize(
    ("fields", "verdict", "reason"),
    [
        ({}, "same", "it began 1 day after the end"),
        ({"name": "Made-up Oaks"}, "same", "another name ('Made-up Oaks'"),
        ({"beds": 60}, "same", "60 beds after 40"),
        ({"beds": None}, "same", "beds are not known"),
        ({"name": "Made-up Oaks", "beds": 60}, "perhaps", "60 beds after 40"),
        ({"name": "Made-up Oaks", "beds": None}, "perhaps", "beds are not known"),
        ({"start": date(2020, 7, 1)}, "same", "it began 31 days after the end"),
        ({"start": date(2020, 7, 2)}, "perhaps", "it began 32 days after the end"),
        ({"start": date(2021, 5, 31)}, "perhaps", "it began 365 days after the end"),
        ({"start": date(2021, 6, 1)}, "no", "it began 366 days after the end"),
        ({"start": date(2020, 4, 30)}, "same", "it began 31 days before the end"),
        ({"start": date(2012, 1, 1)}, "same", "the same name"),
        ({"start": date(2012, 1, 1), "beds": 12}, "no", "12 beds after 40"),
        ({"start": date(2012, 1, 1), "name": "Made-up Oaks"}, "no", "another name"),
        ({"start": None}, "perhaps", "the day on which it began is not known"),
        ({"postcode": "WR11AB"}, "perhaps", "another postcode (WR1 1AB) 0 metres away"),
        ({"postcode": "WR11AB", "name": "Made-up Oaks"}, "no", "another name"),
        ({"postcode": "WR11AB", "place": (-2.23, 52.19)}, "no", "another postcode (WR1 1AB)"),
        ({"postcode": "WR51AA"}, "no", "another postcode (WR5 1AA)"),
        ({"end": date(2020, 5, 31), "start": date(2019, 1, 1)}, "no", "it had ended by then"),
    ],
)  # fmt: skip
def test_a_pair_is_the_same_home_perhaps_or_not_with_reasons(
    fields: dict[str, object], verdict: str, reason: str
) -> None:
    found = compare(OLD, changed(NEW, **fields))
    assert found.verdict == verdict
    assert possible(OLD, changed(NEW, **fields)) or verdict == "no"
    assert any(reason in one for one in found.reasons), found.reasons


def test_words_that_every_home_has_make_no_name_alike() -> None:
    one, other = changed(OLD, name="Synthetic A Residential Care Home", beds=10), changed(NEW, name="Made-up Care Home")
    assert compare(one, other).verdict == "perhaps"
    assert compare(OLD, changed(NEW, name="The Synthetic Elms Nursing Home")).reasons[2] == "the same name"


def test_of_two_that_may_go_on_the_stronger_stands_and_equals_are_left_to_a_person() -> None:
    weaker = changed(NEW, id="weaker", name="Made-up Oaks")
    (one,) = follow(known(OLD, NEW, weaker))
    assert (one.verdict, one.pairs[0].began.id) == ("same", "new")
    (one,) = follow(known(OLD, NEW, changed(NEW, id="equal")))
    assert (one.verdict, [pair.began.id for pair in one.pairs]) == ("perhaps", ["equal", "new"])


def test_two_homes_that_end_where_one_begins_are_left_to_a_person() -> None:
    found = follow(known(OLD, changed(OLD, id="old-2"), NEW))
    assert [one.verdict for one in found] == ["perhaps", "perhaps"]


def test_an_end_just_before_the_day_of_the_files_is_too_soon_to_call_a_closure() -> None:
    assert follow(known(OLD, as_of=OLD.end + timedelta(days=30)))[0].verdict == "perhaps"  # type: ignore[operator]
    assert follow(known(OLD, as_of=OLD.end + timedelta(days=31)))[0].verdict == "no"  # type: ignore[operator]


def test_a_home_keeps_its_whole_history() -> None:
    middle = changed(NEW, id="middle", end=date(2021, 1, 31))
    last = changed(NEW, id="last", start=date(2021, 2, 1))
    homes = known(OLD, middle, last)
    found = follow(homes)
    assert [one.verdict for one in found] == ["same", "same"]
    assert [[one.id for one in chain] for chain in histories(found, homes)] == [["old", "middle", "last"]]
    assert [(one.year, one.ended, one.closed) for one in closures(found)] == [("2020", 1, 0), ("2021", 1, 0)]
    assert [one.year for one in closures(found, "financial")] == ["2020/21"]


def test_people_decide_what_the_rule_leaves_open(tmp_path: Path) -> None:
    open_ = changed(NEW, name="Made-up Oaks", beds=60)
    path = tmp_path / "decided.csv"
    path.write_text("ended,goes_on_as,verdict,reason\nold,new,same,the provider told us\n")
    (one,) = follow(known(OLD, open_), read_decisions(path))
    assert (one.verdict, one.pairs[0].decided) == ("same", True)
    for verdict in ("old,new,no,another owner", "old,,no,it stands empty"):
        path.write_text(f"ended,goes_on_as,verdict,reason\n{verdict}\n")
        assert follow(known(OLD, open_), read_decisions(path))[0].verdict == "no"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("old,new,maybe,because", "line 2: give an id that ended, and 'same'"),
        ("old,,same,because", "line 2: give an id"),
        ("old,new,same,", "line 2: the reason is blank"),
        ("old,new,same,a\nold,new,no,b", "line 3: old and new are decided twice"),
        ("gone,new,same,a", "gone, which is no care home that ended"),
        ("old,gone,same,a", "gone is no care home of these files"),
        ("old,new,same,a\nold-2,new,same,b", "Two decisions are about the beginning of new"),
        ("old,old-2,same,a", "old goes on as old-2, which had ended by then"),
    ],
)
def test_a_decision_amiss_is_a_sentence(tmp_path: Path, rows: str, said: str) -> None:
    path = tmp_path / "decided.csv"
    path.write_text(f"ended,goes_on_as,verdict,reason\n{rows}\n")
    with pytest.raises(InputError, match=said):
        follow(known(OLD, changed(OLD, id="old-2"), NEW), read_decisions(path))


def test_closures_come_from_the_two_files_and_no_fewer(tmp_path: Path) -> None:
    active = read_file(as_csv(tmp_path / f"{JULY}.csv", [ACTIVE | {"Location HSCA start date": "01/06/2021"}]))
    gone = ENDED | {"Location Name": "Synthetic home 1", "Care homes beds at point location de-activated": "40"}
    closed = ENDED | {"Location ID": "1-301", "Location Postal Code": "WR9 9ZZ", "Location HSCA End Date": "01/02/2021"}
    again = closed | {"Location ID": "1-302"}
    agency = closed | {"Location ID": "1-303", "Care home?": "N"}
    ended = read_file(as_csv(tmp_path / f"{GONE}.csv", [gone, closed, again, agency]))
    homes = registrations([active, ended])
    assert homes.left_out == {"not a care home": 1, "registered twice (counted where it is registered first)": 1}
    (year,) = closures(follow(homes))
    assert (year.ended, year.went_on, year.perhaps, year.closed, year.closed_beds) == (2, 1, 0, 1, 22)
    with pytest.raises(CallError, match="No file of active locations"):
        registrations([ended])


@pytest.mark.parametrize(
    ("rows", "counted"),
    [
        ([("1-1", "Y", "1-2"), ("1-2", "N", "")], {"1-1"}),  # what it leads to is no care home
        ([("1-1", "Y", "1-2"), ("1-2", "Y", "")], {"1-2"}),
        ([("1-1", "Y", "1-9")], {"1-1"}),
        ([("1-1", "Y", "1-1")], {"1-1"}),
        ([("1-1", "Y", "1-2"), ("1-2", "Y", "1-1")], {"1-1"}),  # each leads to the other
        ([("1-3", "Y", "1-2"), ("1-2", "Y", "1-1"), ("1-1", "Y", "")], {"1-1"}),
    ],
)
def test_home_that_is_registered_twice_counts_once_and_never_nowhere(
    tmp_path: Path, rows: list[tuple[str, str, str]], counted: set[str]
) -> None:
    given = [ACTIVE | {"Location ID": one, "Care home?": home, PRIMARY: first} for one, home, first in rows]
    active = read_file(as_csv(tmp_path / f"{JULY}.csv", given))
    ended = read_file(as_csv(tmp_path / f"{GONE}.csv", [ENDED]))
    homes = registrations([active, ended]).homes
    assert {one.id for one in homes} - {ENDED["Location ID"]} == counted


@st.composite
def towns(draw: st.DrawFn) -> tuple[list[Registration], int, int]:
    """Synthetic homes each on a postcode of its own: all their registrations, how many ended, how many closed."""
    found: list[Registration] = []
    closed = 0
    for number in range(draw(st.integers(1, 6))):
        start, beds = date(2011, 1, 1), draw(st.integers(5, 90))
        for again in range(draw(st.integers(1, 4))):
            end = start + timedelta(days=draw(st.integers(130, 700)))
            found.append(
                Registration(f"{number}-{again}", f"Synthetic {number}", f"WR1{number}AA", "", start, end, beds)
            )
            start = end + timedelta(days=draw(st.integers(-31, 31)))
        if draw(st.booleans()):
            found.append(
                Registration(f"{number}-now", f"Renamed {number * 7919}", f"WR1{number}AA", "", start, None, beds)
            )
        else:
            closed += 1
    return found, sum(one.end is not None for one in found), closed


@settings(deadline=None)
@given(towns(), st.randoms())
def test_homes_of_their_own_postcode_are_followed_to_the_true_number_of_closures(
    town: tuple[list[Registration], int, int], chance: object
) -> None:
    homes, ended, closed = town
    chance.shuffle(homes)  # type: ignore[attr-defined]
    found = follow(known(*homes, as_of=date(2030, 1, 1)))
    years = closures(found)
    assert sum(one.ended for one in years) == ended
    assert sum(one.closed for one in years) == closed
    assert sum(one.perhaps for one in years) == 0
    assert len(histories(found, known(*homes))) == len({one.postcode for one in homes})


crowded = st.builds(
    Registration,
    id=st.uuids().map(str),
    name=st.sampled_from(["Elms", "Oaks", "Elms Lodge", ""]),
    postcode=st.sampled_from(["WR11AA", "WR11AB", ""]),
    authority=st.just(""),
    start=st.one_of(st.none(), st.dates(date(2019, 1, 1), date(2019, 12, 31))),
    end=st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2021, 6, 30))),
    beds=st.one_of(st.none(), st.integers(0, 50)),
    place=st.just((-2.22, 52.19)),
)


@settings(deadline=None)
@given(st.lists(crowded, max_size=8))
def test_following_never_adds_closures_and_lets_no_home_go_on_twice(homes: list[Registration]) -> None:
    found = follow(known(*homes))
    assert found == follow(known(*reversed(homes)))
    assert len(found) == sum(one.end is not None for one in homes)
    goes_on = [one.pairs[0].began.id for one in found if one.verdict == "same"]
    assert len(goes_on) == len(set(goes_on))
    for one in closures(found):
        assert one.ended == one.went_on + one.perhaps + one.closed
        assert one.closed_beds + one.perhaps_beds <= one.ended_beds
    assert len(histories(found, known(*homes))) == len(homes) - len(goes_on)


@settings(deadline=None)
@given(crowded, crowded)
def test_no_pair_is_passed_over_that_could_be_one_home(ended: Registration, began: Registration) -> None:
    if ended.end is not None and compare(ended, began).verdict != "no":
        assert possible(ended, began)
