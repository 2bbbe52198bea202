"""Functions that stand alone on their line: what they place there, the page lays out."""

from __future__ import annotations

from typing import Final

from careshape.statement.functions.function import Function, Parameter

_DECLARED: Final = (Parameter("id", "a table of tables.toml"),)
_SEGMENT: Final = (
    Parameter("segment", "a segment of the outlook"),
    Parameter("client_group", "one of the segment's client groups", "name"),
)

FUNCTIONS: Final = (
    Function(
        "table",
        _DECLARED,
        "names",
        "a table that tables.toml declares",
        "Its figures open their cards, and the table has a page of its own with downloads.",
        'table("home-care-hours")',
    ),
    Function(
        "chart",
        _DECLARED,
        "names",
        "the chart of a table",
        "The table must stand on the same page, and is added below the chart if it does not.",
        'chart("home-care-hours")',
    ),
    Function(
        "outlook",
        _SEGMENT,
        "names",
        "what is to come in a segment: what follows, by how much, the fan chart and the way to its page",
        "A chart for each client group that the segment is shown for, or for the one that is named.",
        'outlook("home-care")',
    ),
    Function(
        "gap_table",
        _SEGMENT,
        "names",
        "what is needed, what there is and the gap, by client group and year",
        "It suits a segment with several client groups; the way to its page stands below.",
        'gap_table("supported-living")',
    ),
    Function(
        "intentions",
        (
            Parameter("section", "a section of the council's document, with its subsections", "name"),
            Parameter("service", "a service", "name"),
            Parameter("client_group", "a client group", "name"),
            Parameter("direction", "grow, hold, reduce …", "name"),
            Parameter("id", "a list of intentions, where single ones are meant", "name"),
        ),
        "names",
        "a list of intentions",
        "Without arguments it lists all of them.",
        'intentions(section="6.2.2")',
    ),
    Function(
        "actions",
        (
            Parameter("segment", "the number of a market segment", "name"),
            Parameter("driver", "the number of a driver", "name"),
            Parameter("entry", "one kind of entry", "name"),
        ),
        "names",
        "what a market segment or driver of the statement says, by kind of entry",
        "It serves councils whose document lists actions.",
        "actions(segment=6)",
    ),
    Function("review", (), "names", "the way to the review of drivers", "It takes no argument.", "review()"),
    Function(
        "views",
        (Parameter("topic", "a topic of what was said, or a list of them", "name"),),
        "names",
        "whom the council asked, and what they said",
        "With a topic, only what was said of it.",
        'views(topic=["dementia", "transport"])',
    ),
)
