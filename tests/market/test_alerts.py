"""Alerts from figures, and concentration from a directory; every figure and every provider is made up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from careshape.errors import CallError, CatalogueError, InputError
from careshape.market.alerts import Figure, alerts, capacity_figures, not_judged, read_figures, read_lines
from careshape.market.concentration import concentration, concentration_figures
from careshape.market.files import read_file
from careshape.market.zones import places_of
from tests.market.synthetic import ACTIVE, ENDED, GONE, JULY, PRIMARY, as_csv

ON = date(2021, 7, 20)


def refused(value: str | None, base: int = 30, area: str = "Tenbury zone", *, rural: bool = False) -> Figure:
    return Figure("refusal_rate", area, None if value is None else Decimal(value), base, date(2021, 7, 12), rural)


@pytest.mark.parametrize(
    ("value", "level"), [("25", None), ("25.1", "watch"), ("40", "watch"), ("40.1", "act"), ("0", None)]
)
def test_a_figure_beyond_a_line_is_an_alert_and_one_on_it_is_not(value: str, level: str | None) -> None:
    found = alerts([refused(value)], ON)
    assert [one.level for one in found] == ([level] if level else [])


@pytest.mark.parametrize(("value", "level"), [("5", None), ("4.9", "watch"), ("1.9", "act")])
def test_where_too_little_is_bad_the_line_is_crossed_downwards(value: str, level: str | None) -> None:
    found = alerts([Figure("admittable_rate", "Wychavon", Decimal(value), 200, ON)], ON)
    assert [one.level for one in found] == ([level] if level else [])


def test_an_alert_is_a_sentence_with_its_line_its_base_and_its_age() -> None:
    (one,) = alerts([refused("40.25")], ON)
    assert one.sentence == (
        "Tenbury zone: offers of packages that were refused, 40.3% of 30 offers, above the line of 40% (8 days ago)."
    )
    (one,) = alerts([Figure("hhi", "Malvern Hills", Decimal(2412), 6, ON)], ON)
    assert one.sentence.endswith("2,412 points of 6 providers, above the line of 2,000 points (today).")


def test_act_comes_before_watch_rural_first_and_then_the_furthest_beyond() -> None:
    given = [
        refused("30", area="a"),
        refused("50", area="b"),
        refused("90", area="c"),
        refused("45", area="d", rural=True),
    ]
    assert [one.figure.area for one in alerts(given, ON)] == ["d", "c", "b", "a"]


def test_what_is_not_known_or_of_too_few_raises_nothing_and_is_said() -> None:
    given = [refused(None), refused("100", base=9)]
    assert alerts(given, ON) == []
    assert not_judged(given) == [
        "Tenbury zone: offers of packages that were refused is not known.",
        "Tenbury zone: offers of packages that were refused is of 9 offers, and fewer than 10 say nothing.",
    ]


def test_a_figure_that_no_line_is_about_is_named_with_the_near_one() -> None:
    with pytest.raises(CallError, match=r"Did you mean refusal_rate\?"):
        alerts([Figure("refusals_rate", "a", Decimal(1), 30, ON)], ON)
    with pytest.raises(CallError, match="has not come yet"):
        alerts([refused("50")], date(2021, 7, 1))


def test_a_council_sets_its_own_lines(tmp_path: Path) -> None:
    path = tmp_path / "alerts.toml"
    line = '[[alert]]\nid = "r"\nfigure = "refusal_rate"\ntitle = "R"\nside = "above"\nwatch = "{}"\nact = "{}"\n'
    line += 'least_base = 1\nof = "offers"\nunit = "percent"\nadvice = "A"\n'
    path.write_text(line.format("60", "70"))
    assert alerts([refused("50")], ON, read_lines(path)) == []
    for text in (line.format("70", "60"), line.format("1", "2") * 2, ""):
        path.write_text(text)
        with pytest.raises(CatalogueError, match=r"act must lie further|stands twice|alert"):
            read_lines(path)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("figure,area,value,base\n", "lacks the column day"),
        ("figure,area,value,base,day\nhhi,a,many,3,2021-07-01\n", "line 2: 'many' is no number"),
        ("figure,area,value,base,day\nhhi,a,NaN,3,2021-07-01\n", "line 2: 'NaN' is no number"),
        ("figure,area,value,base,day\nhhi,a,1,few,2021-07-01\n", "base 'few' and day '2021-07-01' must be"),
        ("figure,area,value,base,day\nhhi,a,1,3,July\n", "base '3' and day 'July' must be"),
    ],
)
def test_a_file_of_figures_amiss_is_a_sentence(tmp_path: Path, rows: str, said: str) -> None:
    path = tmp_path / "figures.csv"
    path.write_text(rows)
    with pytest.raises(InputError, match=said):
        read_figures(path)


def test_figures_are_read_with_what_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text("figure,area,value,base,day,rural\nrefusal_rate,a,,30,12/07/2021,yes\n")
    assert read_figures(path) == [refused(None, area="a", rural=True)]


def test_rows_of_capacity_become_figures_of_the_oldest_day() -> None:
    beds = {"district": "wychavon", "maximum": 100, "fresh_maximum": 60, "void_rate": Decimal(35), "oldest_days": 9}
    beds |= {"admittable_rate": Decimal("1.0")}
    hours = {"district": "wychavon", "held": 900, "fresh_held": 990, "free": 10, "in_use_share": Decimal("99.0")}
    given = capacity_figures([beds, hours | {"oldest_days": 0}], ["district"], ON)
    assert [(one.figure, one.base, one.day.day) for one in given] == [
        ("void_rate", 100, 11), ("admittable_rate", 60, 11), ("free_hours_share", 1000, 20),
    ]  # fmt: skip
    assert [one.line.id for one in alerts(given, ON)] == ["full-homes", "empty-homes", "no-hours"]


def test_concentration_joins_homes_of_one_brand_and_tells_beds_that_are_not_known(tmp_path: Path) -> None:
    rows = [
        ACTIVE | {"Care homes beds": "30", "Brand ID": "BD1"},
        ACTIVE | {"Location ID": "1-2", "Care homes beds": "20", "Brand ID": "BD1", "Provider ID": "1-201"},
        ACTIVE | {"Location ID": "1-3", "Care homes beds": "50", "Provider ID": "1-202"},
        ACTIVE | {"Location ID": "1-4", "Care homes beds": "", "Provider ID": "1-203"},
        ACTIVE | {"Location ID": "1-5", "Care home?": "N"},
        ACTIVE | {"Location ID": "1-6", "Care homes beds": "30", PRIMARY: "1-3"},  # registered twice
    ]
    given = read_file(as_csv(tmp_path / f"{JULY}.csv", rows))
    (row,) = concentration(given, places_of([given]), "district")
    # Two of 50 beds each: 50 squared twice.
    assert (row["district"], row["homes"], row["beds"], row["beds_unknown"]) == ("worcester", 4, 100, 1)
    assert (row["providers"], row["hhi"], row["top_1_share"]) == (2, 5000, Decimal("50.0"))
    levels = {one.line.id: one.level for one in alerts(concentration_figures([row], "district", ON), ON)}
    assert levels == {"concentration": "act", "largest-provider": "watch"}
    blank = read_file(as_csv(tmp_path / f"{JULY}.csv", [ACTIVE | {"Care homes beds": ""}]))
    (row,) = concentration(blank, places_of([blank]), "area")
    assert (row["beds"], row["hhi"]) == (None, None)
    with pytest.raises(CallError, match="'ward' is no area of the register"):
        concentration(given, places_of([given]), "ward")
    with pytest.raises(CallError, match="which holds no beds"):
        concentration(read_file(as_csv(tmp_path / f"{GONE}.csv", [ENDED])), {})
