"""May I build this here: each rule decides where it should, and the answer names what it rests on."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from careshape.design import Answer, Lacking, Question, decided, may_build
from careshape.design.may_build import RULES, VERDICTS, covers_area
from careshape.records.intentions import SHEET, Intention

GAP = {"segment": "s", "client_group": "all", "area": "all", "on": date(2025, 6, 30), "unit": "places", "said": "So."}


def intend(*rows: dict[str, str]) -> list[Intention]:
    usual = {"service": "home-care", "client_group": "all", "direction": "grow"}
    given = [{"id": f"X-{n}", "statement": f"Say {n}.", **usual, **row} for n, row in enumerate(rows)]
    return list(SHEET.read(SHEET.write(given)))


def gap(direction: str, mean: float = 10, **more) -> Lacking:
    return Lacking(**{**GAP, "mean": mean, "low": mean - 5, "high": mean + 5, "direction": direction} | more)


@pytest.mark.parametrize(
    ("rows", "lacking", "verdict", "rule"),
    [
        ([{"direction": "do-not-develop"}, {}], gap("grow"), "no", "not-to-develop"),
        ([{}, {"direction": "reduce"}], gap("grow"), "conditions", "wanted-and-held-back"),
        ([{"direction": "hold"}], gap("grow"), "not-now", "held-back"),
        ([{}], gap("reduce", -10), "not-now", "wanted-and-enough"),
        ([{}], gap("grow"), "yes", "wanted-and-lacking"),
        ([{}, {"direction": "recommission"}], gap("grow"), "conditions", "wanted-and-lacking"),
        ([{}], gap("not-known"), "conditions", "wanted"),
        ([{}], None, "conditions", "wanted"),
        ([{"direction": "review"}], gap("grow"), "ask", "undecided"),
        ([], gap("grow"), "conditions", "lacking"),
        ([], gap("hold", 0), "not-now", "enough"),
        ([], gap("not-known"), "ask", "uncertain"),
        ([], None, "ask", "unknown"),
        ([{"client_group": "older-people"}], None, "conditions", "wanted-for-a-part"),
        ([{"client_group": "older-people", "direction": "hold"}], None, "ask", "for-a-part"),
        (
            [{"direction": "do-not-develop", "dropped_on": "2022-01-01", "dropped_because": "why"}],
            None,
            "ask",
            "unknown",
        ),
        ([{"service": "nursing", "direction": "do-not-develop"}], None, "ask", "unknown"),
    ],
)
def test_may_build_rule_decides(rows, lacking, verdict, rule):
    found = may_build(Question("home-care"), intend(*rows), lacking)
    assert (found.verdict, found.rule) == (verdict, rule)
    assert found.reason == next(one.reason for one in RULES if one.id == rule)
    assert found == may_build(Question("home-care"), intend(*rows), lacking)


def test_may_build_every_rule_has_a_verdict_in_words():
    assert {one.verdict for one in RULES} <= set(VERDICTS)


def test_may_build_larger_than_needed_is_told_with_the_interval():
    found = may_build(Question("home-care", size=40), intend({}), gap("grow"))
    assert found.verdict == "conditions"
    assert "You name 40 places. About 10 more are expected to be needed (80% interval 5 to 15)." in found.conditions
    assert may_build(Question("home-care", size=8), intend({}), gap("grow")).verdict == "yes"


@pytest.mark.parametrize(
    ("size", "mean", "said"),
    [
        (4, 10, "You name 4 places: 40% of the 10 more that are expected by June 2025, and below even the lower end."),
        (8, 10, "You name 8 places: 80% of the 10 more that are expected by June 2025; the interval begins below."),
        (12, 10, "You name 12 places: more than the 10 more that are expected, within the interval."),
        (16, 10, "You name 16 places: more than even the upper end of the interval."),
        (3, 0, "You name 3 places: within the interval, though none more are expected in the middle of it."),
        (1200, 10_000, "You name 1,200 places: 12% of the 10,000 more that are expected by June 2025, and below even "
         "the lower end."),
    ],
)  # fmt: skip
def test_may_build_size_is_set_beside_the_need(size, mean, said):
    assert may_build(Question("home-care", size=size), [], gap("not-known", mean)).sized == said


def test_may_build_size_in_one_place_is_no_share_of_the_need_of_the_whole_area():
    found = may_build(Question("nursing", area="redditch", size=6), [], gap("not-known", whole=True))
    assert found.sized == (
        "You name 6 places. How many more are expected in that place has not been worked out: in the whole area, "
        "10 more are expected by June 2025."
    )
    large = may_build(Question("nursing", area="redditch", size=16), [], gap("not-known", whole=True))
    assert large.sized == "You name 16 places: more than even the upper end of the interval for the whole area."


def test_may_build_need_of_more_than_was_asked_is_told_and_decides_nothing():
    wider = gap("do-not-develop", -10, told_apart=False, wider="Of all.")
    found = may_build(Question("nursing", "older-people-with-dementia"), [], wider)
    assert (found.rule, found.lacking) == ("unknown", wider)
    assert may_build(Question("nursing", "older-people"), [], gap("do-not-develop", -10)).rule == "enough"


def test_may_build_refusal_for_an_area_holds_there_alone():
    rows = intend({"direction": "do-not-develop", "area": "wychavon"})
    assert may_build(Question("home-care", area="wychavon"), rows).verdict == "no"
    assert may_build(Question("home-care", area="redditch"), rows).rule == "unknown"
    assert may_build(Question("home-care"), rows).rule == "for-a-part"


def test_may_build_refusal_that_ends_before_the_day_is_asked_about():
    rows = intend({"direction": "do-not-develop", "by_date": "2022-01"})
    assert may_build(Question("home-care", on=date(2022, 1, 31)), rows).verdict == "no"
    later = may_build(Question("home-care", on=date(2022, 2, 1)), rows)
    assert (later.verdict, later.rule, later.meant[0].past) == ("ask", "not-to-develop-then", True)


def test_may_build_refusal_that_the_gap_rests_on_holds_for_its_part_of_the_market():
    rows = intend({"direction": "do-not-develop", "service": "residential", "exceptions": "Ours."})
    market = gap("do-not-develop", cites="X-0")
    found = may_build(Question("residential-and-nursing"), rows, market)
    assert (found.verdict, found.rule, found.exceptions) == ("no", "not-to-develop-in-the-market", ("Ours.",))
    assert may_build(Question("nursing"), rows, market).verdict == "not-now"


def test_may_build_exceptions_of_a_refusal_stand_with_it():
    rows = intend({"direction": "do-not-develop", "exceptions": "Ours."})
    assert may_build(Question("home-care"), rows).exceptions == ("Ours.",)


WALK = list(csv.DictReader(io.StringIO((Path(__file__).parent / "answers.csv").read_text("utf-8"))))
"""What a provider may ask of each council, and the answer that the document of the council gives, with its line."""


@pytest.mark.parametrize(
    "row", WALK, ids=lambda row: "-".join((row["council"][0], row["service"], row["area"], row["size"]))
)
def test_may_build_says_what_the_documents_say(row):
    direction, _, rest = row["gap"].partition(":")
    low, _, high = rest.partition(":")
    limits = {"low": float(low), "high": float(high)} if direction else {}
    lacking = gap(direction, sum(limits.values()) / 2, told_apart=not row["wider"], **limits) if direction else None
    asked = Question(
        row["service"], row["client_group"], row["area"], int(row["size"] or 0) or None, date.fromisoformat(row["on"])
    )
    found: Answer = may_build(asked, decided(row["council"]).intentions, lacking)
    assert found.verdict == row["answer"], (found.rule, found.conditions)
    assert set(row["rests_on"].split()) <= {one.intention.id for one in found.meant if not one.aside}
    assert row["says"] in " ".join((*found.conditions, *found.exceptions))


@pytest.mark.data
@pytest.mark.parametrize("council", ["worcestershire", "thurrock"])
def test_may_build_walk_quotes_the_documents(council):
    folder = Path(__file__).parents[2].parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("The councils' documents are not beside this checkout.")
    texts = [one.read_text("utf-8").split("\n") for one in sorted(folder.glob("*.txt"))]
    lines = texts[0 if council == "worcestershire" else 1]
    for row in WALK:
        if row["council"] == council and row["line"]:
            assert row["source"] in lines[int(row["line"]) - 1], row


@pytest.mark.parametrize(
    ("rows", "lacking", "size", "rule"),
    [
        # What is said of a part, of how a service is made up or of how it is done opens or holds back no whole.
        ([{}, {"direction": "reduce", "extent": "part", "part": "lists"}], gap("grow"), None, "wanted-and-lacking"),
        ([{"extent": "part", "part": "nights"}, {"direction": "hold"}], None, None, "held-back-but-for-a-part"),
        ([{"extent": "share", "part": "nights"}, {"direction": "hold"}], None, None, "held-back"),
        ([{"extent": "share", "part": "nights"}], None, None, "unknown"),
        ([{"extent": "how"}], None, None, "unknown"),
        ([{"extent": "part", "part": "nights"}], gap("not-known"), None, "wanted-for-a-part"),
        ([{"extent": "part", "part": "nights"}], gap("reduce", -10), None, "enough"),
        ([{}, {"direction": "hold"}], gap("grow"), 15, "wanted-and-held-back"),
        ([{}, {"direction": "hold"}], gap("grow"), 16, "wanted-held-back-and-enough"),
        ([{}, {"direction": "hold"}], gap("reduce", -10), None, "wanted-held-back-and-enough"),
        ([{"direction": "recommission"}], None, None, "bought-anew"),
        ([{"by_date": "2021"}], None, None, "meant-then"),
    ],
)
def test_may_build_part_softens_and_size_is_judged(rows, lacking, size, rule):
    found = may_build(Question("home-care", size=size, on=date(2022, 1, 1)), intend(*rows), lacking)
    assert found.rule == rule


def test_may_build_topic_and_cohort_are_parts_of_what_they_belong_to():
    rows = intend({"service": "residential-and-nursing", "client_group": "older-people", "direction": "reduce"})
    for service, group in (("complex-behaviour-care", "older-people"), ("nursing", "older-people-with-dementia")):
        assert may_build(Question(service, group), rows).rule == "held-back"
    part = intend(
        {"service": "complex-behaviour-care"}, {"service": "nursing", "client_group": "older-people-with-dementia"}
    )
    assert [one.part for one in may_build(Question("nursing", "older-people"), part).meant] == [True, True]


@pytest.mark.parametrize(
    ("meant", "asked", "covers"),
    [
        ("", "wychavon", True),
        ("wychavon", "", False),
        ("wychavon", "wychavon", True),
        ("wychavon", "redditch", None),
        ("droitwich-zone", "wychavon", False),
        ("droitwich-zone", "redditch", None),
        ("wychavon", "droitwich-zone", True),
        ("droitwich-zone", "evesham-zone", None),
        ("droitwich-zone", "droitwich-zone", True),
    ],
)
def test_area_covers_another_by_the_districts_of_its_zone(meant, asked, covers):
    assert covers_area(meant, asked) is covers


def test_may_build_intention_for_a_zone_bears_on_a_part_of_its_district():
    (row,) = intend({"area": "droitwich-zone", "direction": "do-not-develop"})
    found = may_build(Question("home-care", area="wychavon"), [row])
    assert [(one.intention.id, one.part) for one in found.meant] == [(row.id, True)]
    assert found.rule == "for-a-part"
    assert not may_build(Question("home-care", area="redditch"), [row]).meant
