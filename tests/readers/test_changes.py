"""What changed between two editions, in words: with the old and the new figure, and nothing of what is kept back."""

from __future__ import annotations

from typing import Any

import pytest

from careshape.readers.changes import Change, changes
from careshape.readers.follow import concerns
from careshape.readers.models import Follow, What
from careshape.readers.said import Said
from careshape.statement.calls import Place
from careshape.statement.expressions import parse
from careshape.statement.series import series


def figure(value: str | None, period: str = "2021-03-31", withheld: bool = False, **more: Any) -> dict[str, Any]:
    """A figure of a text as an edition keeps it."""
    return {
        "apart_from_time": 'measure("people_supported", district="redditch")', "label": "People supported, Redditch",
        "period": period, "value": value, "unit": "persons", "text": "suppressed" if withheld else str(value),
        "withheld": withheld, "where": {"district": ["redditch"]}, **more,
    }  # fmt: skip


def asked(expression: str) -> dict[str, str]:
    """What an edition keeps of how a figure was asked for."""
    call = parse(expression, Place("t", 1))
    what = series(call)
    return {
        "apart_from_time": what.name, "apart_from_times": what.shape, "period": what.when, "style": call.style or "",
    }  # fmt: skip


def edition(number: int, *figures: dict[str, Any], said: str = "There is some.", **more: Any) -> Said:
    """An edition of one segment."""
    slot = {"id": "supply", "title": "What there is", "text": said, "wording": said}
    segment = {
        "segment": "home-care", "title": "Home care", "services": ["home-care"], "slots": [slot],
        "figures": list(figures), "tables": list(more.get("tables", ())),
    }  # fmt: skip
    return Said("worcestershire", number, {"home-care": segment}, more.get("tables", {}), more.get("intentions", {}))


def told(before: Said, after: Said) -> list[str]:
    return [one.text for one in changes(before, after).found]


MOVED = [
    # the same day, counted anew after a correction
    (figure("398"), figure("412"), "People supported, Redditch, 31 March 2021: 412, was 398 (14 more)"),
    (figure("412"), figure("398"), "People supported, Redditch, 31 March 2021: 398, was 412 (14 fewer)"),
    # time has gone on
    (
        figure("398"), figure("412", "2022-03-31"),
        "People supported, Redditch: 412 (31 March 2022), was 398 (31 March 2021): 14 more",
    ),
    (
        figure("4", unit="percent", text="4%"), figure("5", unit="percent", text="5%"),
        "People supported, Redditch, 31 March 2021: 5%, was 4% (1 percentage point more)",
    ),
    (
        figure("650", unit="gbp-per-week", text="£650 a week"), figure("600", unit="gbp-per-week", text="£600 a week"),
        "People supported, Redditch, 31 March 2021: £600 a week, was £650 a week (£50 a week less)",
    ),
    # never finer than it is printed: 51.4 was 51.5 would be 0.1
    (
        figure("51.4", unit="percent", text="51%"), figure("51.6", unit="percent", text="52%"),
        "People supported, Redditch, 31 March 2021: 52%, was 51% (1 percentage point more)",
    ),
    (
        figure("7530286", unit="gbp", text="£7.5 million"), figure("7400000", unit="gbp", text="£7.4 million"),
        "People supported, Redditch, 31 March 2021: £7.4 million, was £7.5 million (£0.1 million less)",
    ),
    # nothing is said of a difference between a number and words, or of two kinds of number
    (
        figure("650", unit="gbp", text="£650"), figure("0.2", unit="gbp", text="£0.2 million"),
        "People supported, Redditch, 31 March 2021: £0.2 million, was £650",
    ),
    # words in place of a number
    (
        figure("Redditch", text="Redditch"), figure("Wychavon", text="Wychavon"),
        "People supported, Redditch, 31 March 2021: Wychavon, was Redditch",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "said"), MOVED)
def test_figure_that_moved_is_told_with_old_and_new(was, now, said):
    assert told(edition(1, was), edition(2, now)) == [said]


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (
            figure("398"), figure(None, withheld=True),
            "People supported, Redditch, 31 March 2021: suppressed now, and shown before. What changed cannot be told",
        ),
        (
            figure(None, withheld=True), figure("412"),
            "People supported, Redditch, 31 March 2021: 412. It was suppressed before, so what changed cannot be told",
        ),
    ],
)  # fmt: skip
def test_figure_that_is_kept_back_on_one_side_is_said_to_be_and_no_size_is_told(was, now, said):
    (only,) = changes(edition(1, was), edition(2, now)).found
    assert (only.kind, only.text) == ("shown", said)
    assert "398" not in only.text


SAME = [
    # printed otherwise, counted alike
    (figure("1024", style="number", text="1,024"), figure("1024", style="about", text="1,020")),
    (figure("19", style="words", text="nineteen"), figure("19", style="number")),
    (figure("650", unit="gbp", style="money", text="£650"), figure("650", unit="gbp", style="number")),
    # moved by less than either edition prints
    (figure("1024", style="about", text="1,020"), figure("1021", style="about", text="1,020")),
    # another way of writing the same question
    (
        figure("7", **asked('measure("x", period="2021-03", service="a", district=["b"])')),
        figure("7", **asked('measure("x", district="b", service="a", period="2021-03") | words')),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now"), SAME)
def test_figure_that_is_only_printed_or_asked_in_another_way_is_not_told(was, now):
    assert told(edition(1, was), edition(2, now)) == []


def test_figures_of_two_units_are_never_set_side_by_side():
    was = figure("412", unit="persons", **asked('measure("x", period="2021-03")'))
    now = figure("5000", unit="hours-per-week", text="5,000", **asked('measure("y", period="2021-03")'))
    assert told(edition(1, was), edition(2, now)) == []


def test_figure_that_moved_and_is_printed_otherwise_is_told_in_one_way():
    was, now = figure("1024", style="about", text="1,020"), figure("1031", style="number", text="1,031")
    exact = figure("1024", style="number", text="1,024")
    said = ["People supported, Redditch, 31 March 2021: 1,031, was 1,024 (7 more)"]
    assert told(edition(1, was), edition(2, now)) == said
    assert told(edition(1, was, exact), edition(2, now)) == said


def test_growth_between_two_later_years_is_told_beside_that_of_the_years_before():
    def grown(first: str, last: str, value: str) -> dict[str, Any]:
        text = f'growth(measure("x", period="{first}-03"), measure("x", period="{last}-03")) | percent'
        return figure(value, unit="percent", text=f"{value}%", **asked(text), label="Change of x")

    before, after = edition(1, grown("2019", "2020", "4")), edition(2, grown("2020", "2021", "6"))
    assert told(before, after) == ["Change of x: 6% (March 2021), was 4% (March 2020): 2 percentage points more"]
    assert told(before, edition(2, grown("2019", "2021", "6")))[0].startswith("Change of x: 6% (March 2021), was 4%")


def test_figure_that_goes_from_the_text_into_a_table_is_neither_new_nor_gone():
    row = {"district": "redditch", "period": "2021-03-31", "measure": "people_supported", "unit": "persons", "value": 9}
    table = {"t": {"id": "t", "title": "People", "rows": [row]}}
    text = figure("9")
    assert told(edition(1, text), edition(2, tables=table)) == []
    assert told(edition(1, text, tables=table), edition(2, tables=table)) == []
    assert told(edition(1, tables={"u": {**table["t"], "id": "u"}}), edition(2, tables=table)) == []


def test_what_is_kept_back_on_both_sides_and_what_stayed_is_not_told():
    hidden, same = figure(None, withheld=True), figure("7", "2020-03-31")
    assert told(edition(1, hidden, same), edition(2, hidden, same)) == []


def test_figure_that_stands_in_text_and_table_is_told_once_and_has_its_area():
    rows = {"district": "redditch", "period": "2021-03-31", "measure": "people_supported", "unit": "persons"}
    tables = [{"t": {"id": "t", "title": "People", "rows": [{**rows, "value": value}]}} for value in (398, 412)]
    label = {"label": "People supported, Redditch"}
    before = edition(1, figure("398", **label), tables=tables[0])
    after = edition(2, figure("412", **label), tables=tables[1])
    found = changes(before, after).found
    # The words of a table's figure are those of the text's: the measure's label, then its dimensions.
    assert {one.areas for one in found} == {("redditch",)}
    assert len(found) == 1
    assert "14 more" in found[0].text


def test_cell_of_a_table_that_is_suppressed_is_said_to_be():
    row = {"district": "redditch", "period": "2021-03", "measure": "home_care_hours", "unit": "hours"}
    tables = [{"t": {"id": "t", "title": "T", "rows": [{**row, "value": value}]}} for value in (5196, "suppressed")]
    (only,) = changes(edition(1, tables=tables[0]), edition(2, tables=tables[1])).found
    assert (only.kind, "5,196" in only.text) == ("shown", False)


def test_words_are_told_by_the_sentences_that_came_and_went_and_not_by_their_figures():
    before = edition(1, said="There are … homes. Most are small.")
    after = edition(2, said="There are … homes. Some are large.")
    (only,) = changes(before, after).found
    assert only.text == "“What there is”: it says now: Some are large. It said: Most are small."
    assert told(before, before) == []


def test_intentions_that_came_went_or_were_met_are_told():
    one = {"id": "W-1", "service": "home-care", "client_group": "all", "statement": "Do more.", "by_date": "2022-04"}
    two = {**one, "id": "W-2", "statement": "Do other things.", "service": "transport"}
    before = edition(1, intentions={"W-1": {**one, "state": "on-track"}})
    after = edition(2, intentions={"W-1": {**one, "state": "met"}, "W-2": two})
    found = changes(before, after).found
    assert [(each.segment, each.text) for each in found] == [
        ("home-care", "Met: Do more. (by April 2022)."),
        ("", "New intention: Do other things. (by April 2022)."),
    ]
    assert told(after, before)[-1] == "Intention dropped: Do other things. (by April 2022)."


def test_section_that_came_is_told_as_one():
    empty = Said("worcestershire", 1, {}, {}, {})
    assert told(empty, edition(2, figure("1"))) == ["New section: Home care."]
    assert told(edition(1, figure("1")), empty) == ["Section gone: Home care."]


@pytest.mark.parametrize(("area", "so"), [("wychavon", True), ("redditch", False), ("", True)])
def test_change_in_a_zone_is_told_to_who_follows_its_district(area, so):
    one = Change(
        "home-care", "Home care", "intention", "One", "New", "", "", services=("home-care",), areas=("droitwich-zone",)
    )
    assert concerns(Follow(what=What.WANTED, service="home-care", area=area), one, edition(2)) is so
