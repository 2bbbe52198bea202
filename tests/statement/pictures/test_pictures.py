"""Fan charts, courses, funnels, pyramids and maps."""

import re
from datetime import date

import pytest

from careshape.catalogue.outlines import outlines
from careshape.errors import CallError
from careshape.statement.formatting import Withheld
from careshape.statement.pictures import (
    AreaValue,
    Band,
    Difference,
    Fan,
    FanPoint,
    FunnelLimits,
    FunnelPicture,
    FunnelPoint,
    draw_course,
    draw_differences,
    draw_fan,
    draw_funnel,
    draw_map,
    draw_pyramid,
)

PAST = [(date(2020, 3, 31), 480.0), (date(2021, 3, 31), 500.0)]
COMING = [
    FanPoint(date(2022, 3, 31), 510.0, 470.0, 485.0, 535.0, 550.0),
    FanPoint(date(2023, 3, 31), 520.0, 440.0, 470.0, 570.0, 600.0),
]
BANDS = [Band("65 to 84", 100, 90, 120, 115), Band("85 and over", 40, 20, 90, 60)]


def _fan(**changed):
    return draw_fan(
        Fan(**{"id": "f", "title": "People", "unit": "people", "recorded": PAST, "expected": COMING, **changed})
    )


def test_fan_says_where_it_starts_and_where_it_ends():
    assert "Recorded up to March 2021: 500" in _fan().description
    assert "Expected in March 2023: 520, with an 80% interval from 470 to 570" in _fan().description


def test_fan_draws_two_bands_and_two_lines():
    svg = _fan().svg
    for name in ("Recorded", "Expected", "80% interval", "95% interval"):
        assert f">{name}<" in svg
    assert len(re.findall(r'fill="#(?:8FA9C4|D3DEE9)"[^>]*d="M|d="M[^>]*fill="#(?:8FA9C4|D3DEE9)"', svg)) >= 2


QUARTERS = [date(2020, 3, 31), date(2020, 6, 30), date(2020, 9, 30), date(2020, 12, 31), date(2021, 3, 31)]


def _without(*left_out):
    """The fan of five quarters without some of them: how many lines it draws, and how many dots."""
    coming = [FanPoint(date(2021, 6, 30), 500.0, 470.0, 480.0, 520.0, 530.0)]
    recorded = [(day, 480.0) for number, day in enumerate(QUARTERS) if number not in left_out]
    svg = _fan(recorded=recorded, expected=coming).svg
    lines = re.findall(r'stroke="#12436D"[^>]*stroke-width="2.5"|stroke-width="2.5"[^>]*stroke="#12436D"', svg)
    return len(lines), len(re.findall(r'<path(?=[^>]* d="M[^"]*A)(?=[^>]* fill="#12436D")', svg))


@pytest.mark.parametrize(
    ("left_out", "lines", "dots"),
    [
        ((), 2, 0),  # what is recorded, and what is expected
        ((2,), 3, 0),
        ((1, 3), 4, 3),  # every second day: no two that are left stand beside one another
        ((1, 2, 3), 3, 2),
        ((1,), 3, 1),
    ],
)
def test_line_of_a_fan_breaks_off_where_a_day_is_left_out(left_out, lines, dots):
    assert _without(*left_out) == (lines, dots)


def test_fan_without_a_past_draws_what_is_expected():
    assert "Recorded up to" not in _fan(recorded=[]).description
    assert ">Recorded<" not in _fan(recorded=[]).svg
    assert ">Expected<" in _fan(recorded=[]).svg


def test_fan_without_a_forecast_is_refused():
    with pytest.raises(CallError, match="no forecast"):
        _fan(expected=[])


def test_fan_refuses_limits_that_cross():
    with pytest.raises(CallError, match="not in order"):
        FanPoint(date(2022, 3, 31), 510.0, 470.0, 485.0, 480.0, 550.0)


def test_pyramid_names_the_band_that_grows_most():
    chart = draw_pyramid("p", "Population", ("2021", "2031"), BANDS)
    assert "85 and over, by 90 people" in chart.description
    assert "135 more people" in chart.description


def test_pyramid_without_bands_is_refused():
    with pytest.raises(CallError, match="no age bands"):
        draw_pyramid("p", "Population", ("2021", "2031"), [])


def test_map_writes_name_and_value_on_each_district():
    areas = outlines("worcestershire")
    values = {one.code: AreaValue(float(n), f"{n} people") for n, one in enumerate(areas, 1)}
    chart = draw_map("m", "People", "people", areas, values)
    for outline in areas:
        assert f">{outline.name}<" in chart.svg
        assert f">{values[outline.code].text}<" in chart.svg
    assert "The most is in Wyre Forest (6 people), the least in Bromsgrove (1 people)" in chart.description


def test_map_tells_an_area_that_is_suppressed_from_one_that_is_not_known():
    areas = outlines("worcestershire")
    values = {one.code: AreaValue(float(n), str(n)) for n, one in enumerate(areas[2:], 1)}
    values[areas[0].code] = AreaValue(Withheld("it could tell of fewer than 5 people"), "suppressed")
    chart = draw_map("m", "People", "people", areas, values)
    for said in (">Not known<", ">Suppressed<", ">suppressed<", 'data-text="suppressed"', 'data-text="not known"'):
        assert said in chart.svg, said
    assert "no value to show. 1 area is suppressed. Of those shown, the most is in Wyre Forest (4)" in chart.description
    values[areas[0].code] = values[areas[1].code] = AreaValue(5.0, "5")
    assert ">Suppressed<" not in (whole := draw_map("m", "People", "people", areas, values)).svg
    assert ">Not known<" not in whole.svg


def test_map_of_equal_values_has_one_shade():
    areas = outlines("thurrock")
    chart = draw_map("m", "People", "people", areas, {areas[0].code: AreaValue(5.0, "5")})
    assert ">All areas<" in chart.svg


def test_map_without_a_value_is_refused():
    with pytest.raises(CallError, match="no area with a value"):
        draw_map("m", "People", "people", outlines("thurrock"), {})


def stops(chart):
    """What the script walks along: where each mark stands, of which series, and what is said of it."""
    return re.findall(r'<path data-at="([^"]+)" data-series="([^"]*)" data-text="([^"]+)"', chart.svg)


def test_fan_can_be_walked_from_what_is_recorded_to_what_is_expected():
    assert stops(_fan()) == [
        ("March 2020", "", "480"),
        ("March 2021", "", "500"),
        ("March 2022", "", "510 expected, 80% interval 485 to 535, 95% interval 470 to 550"),
        ("March 2023", "", "520 expected, 80% interval 470 to 570, 95% interval 440 to 600"),
    ]


def test_pyramid_map_funnel_course_and_differences_can_be_walked():
    areas = outlines("worcestershire")
    pyramid = stops(draw_pyramid("p", "Population", ("2021", "2031"), BANDS))
    assert ("65 to 84", "Women 2021", "100") in pyramid
    assert len(pyramid) == 8
    assert stops(draw_map("m", "M", "people", areas, {areas[0].code: AreaValue(5.0, "5")})) == [
        (one.name, "", "not known" if number else "5") for number, one in enumerate(areas)
    ]
    assert ("Large", "", "57.0%, outside the 99.8% limits") in stops(funnel())
    assert stops(draw_course("c", "Falls", "persons", [(2021, 1000.4)])) == [("2021", "", "1,000")]
    rows = [Difference("More at home", 2.0, 1.0, 3.0, "+2 (+1 to +3)")]
    assert stops(draw_differences("d", "D", "persons", rows)) == [("More at home", "", "+2 (+1 to +3)")]


@pytest.mark.parametrize("draw", ["fan", "pyramid", "map"])
def test_pictures_are_one_named_image_without_inline_styles(draw):
    areas = outlines("thurrock", "neighbourhood")
    chart = {
        "fan": _fan,
        "pyramid": lambda: draw_pyramid("p", "Population", ("2021", "2031"), BANDS),
        "map": lambda: draw_map("m", "People", "people", areas, {areas[0].code: AreaValue(5.0, "5")}),
    }[draw]()
    assert chart.svg.startswith('<svg role="img" aria-labelledby="chart-')
    assert " style=" not in chart.svg
    assert "<title id=" in chart.svg


def council(name, size, value, own=False):
    spread = 3000 / size
    limits = FunnelLimits(size, 50 - 2 * spread, 50 - spread, 50 + spread, 50 + 2 * spread)
    return FunnelPoint(name, value, f"{value}%", limits, own)


COUNCILS = [council("Own place", 300, 61.0, own=True), council("Small", 100, 30.0), council("Large", 900, 57.0)]


def funnel(**changed):
    curve = [one.limits for one in COUNCILS]
    given = {"id": "n", "title": "Share", "unit": "percent", "target": 50.04, "points": COUNCILS, "curve": curve}
    return draw_funnel(FunnelPicture(**{**given, **changed}))


def test_funnel_says_where_the_council_stands_and_how_many_lie_outside():
    text = funnel().description
    assert text.startswith("Funnel chart of 3 councils: the figure (per cent) by how many people it is about.")
    assert "All of them together have 50.0. 1 lie outside the 99.8% limits." in text  # 57 is above 50 + 2 x 3.3
    assert "Own place has 61.0%, inside them." in text


def test_funnel_marks_the_council_by_shape_and_name_and_draws_both_limits():
    svg = funnel().svg
    for name in ("95% limits", "99.8% limits", "The council", "Other councils"):
        assert f">{name}<" in svg
    assert "Own place: 61.0%" in svg
    # the 95% limits are dashed, below and above
    assert svg.count('stroke-dasharray="6,4"') >= 2


def test_funnel_wants_councils_and_limits_in_order():
    with pytest.raises(CallError, match="no council with limits"):
        funnel(points=[])
    with pytest.raises(CallError, match="no council with limits"):
        funnel(curve=[])
    with pytest.raises(CallError, match="of a council of 100 are not in order: 2, 1, 3, 4"):
        FunnelLimits(100, 2, 1, 3, 4)


def test_course_says_both_ends_and_that_no_interval_is_known():
    chart = draw_course("c", "Falls", "persons", [(2021, 1000.4), (2043, 1310.0)])
    assert chart.description == (
        "Line chart in people. 1,000 in 2021, 1,310 in 2043. No interval is known. The table holds every value."
    )
    assert "interval" not in chart.svg.replace(chart.description, "")
    with pytest.raises(CallError, match="no year to draw"):
        draw_course("c", "Falls", "persons", [])
