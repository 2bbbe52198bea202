"""What a gap means: the rules, in their order."""

from dataclasses import replace

import pytest

from careshape.errors import CatalogueError
from careshape.evaluate.gap.directions import Facts, decide, in_force, packaged_rules, read_rules
from careshape.records import intentions


def _facts(low, high, supply=100.0, void_rate=None, in_force=()):
    return Facts(low, high, supply, void_rate, tuple(in_force))


@pytest.mark.parametrize(
    ("low", "high", "direction"),
    [
        (5.1, 20, "grow"),  # the tolerance is the larger of 3 places and 5% of 100
        (5.0, 20, "not-known"),
        (-20, -5.1, "reduce"),
        (-20, -5.0, "not-known"),
        (-20, 20, "not-known"),
        (-5.0, 5.0, "hold"),
        (-3, 4, "hold"),
    ],
)
def test_decide_follows_the_whole_interval(low, high, direction):
    assert decide(_facts(low, high)).direction == direction


@pytest.mark.parametrize(
    ("low", "high", "rule"),
    [(-20, 20, "from-fewer-to-more"), (0, 20, "as-many-or-more"), (-20, 0, "as-many-or-fewer")],
)
def test_decide_says_what_the_interval_leaves_open_and_what_would_narrow_it(low, high, rule):
    found = decide(Facts(low, high, 100.0, None, width="chance"))
    assert found.rule == rule
    assert found.narrow == packaged_rules().narrowed_by["chance"]
    assert decide(Facts(-3, 3, 100.0, None)).narrow == ""


UNSURE = "is not known well enough."
SENTENCES = [
    # Limits of the gap's 80% interval, what there is, what is said of them, and what must not be.
    (147, 3383, 12452, f"More are needed than there are; whether by more than 5% {UNSURE}", "fewer"),
    (
        6,
        20,
        100,
        "Even at the lower end of what is expected, more are needed than there are, by more than 5%.",
        "fewer",
    ),
    (4, 29, 100, f"More are needed than there are; whether by more than 5% {UNSURE}", "fewer"),
    (0.4, 29, 100, f"No fewer are needed than there are; whether more are, by more than 5%, {UNSURE}", "If"),
    (-0.4, 29, 100, f"No fewer are needed than there are; whether more are, by more than 5%, {UNSURE}", "If"),
    (
        -4,
        29,
        100,
        f"If fewer are needed than there are, then by no more than 5%; whether more are {UNSURE}",
        "No fewer",
    ),
    (
        -20,
        29,
        100,
        "It may be that more are needed than there are, and it may be that fewer are, by more than 5%",
        "No ",
    ),
    (-29, 4, 100, f"If more are needed than there are, then by no more than 5%; whether fewer are {UNSURE}", "No more"),
    (-29, 0.4, 100, f"No more are needed than there are; whether fewer are, by more than 5%, {UNSURE}", "If"),
    (-29, -4, 100, f"Fewer are needed than there are; whether by more than 5% {UNSURE}", "No more"),
    (
        -20,
        -6,
        100,
        "Even at the upper end of what is expected, fewer are needed than there are, by more than 5%.",
        "No",
    ),
    (-4, 4, 100, "What is needed is known to lie within 5% of what there is.", "No"),
    (-2, 9, 20, "If fewer are needed than there are, then by no more than 3 places;", "%"),
]


@pytest.mark.parametrize(("low", "high", "supply", "said", "not_said"), SENTENCES)
def test_reason_is_true_of_the_interval_and_names_the_tolerance(low, high, supply, said, not_said):
    found = decide(_facts(low, high, supply)).reason
    assert found.startswith(said)
    assert not_said not in found


def test_reason_names_what_the_gap_is_measured_against_and_its_unit():
    since = Facts(-2, 9, 20.0, None, unit="people", than="everybody bought in June 2021")
    assert decide(since).reason.startswith(
        "If fewer are needed than everybody bought in June 2021, then by no more than 3 people;"
    )
    assert decide(replace(since, upper_80=2)).reason == (
        "What is needed is known to lie within 3 people of what everybody bought in June 2021."
    )
    assert decide(replace(since, upper_80=2, than="there are under contract")).reason.endswith(
        "of what there is under contract."
    )


def test_empty_places_are_said_beside_what_little_may_be_lacking():
    assert decide(_facts(-9, 0.2, void_rate=0.1)).rule == "empty-places-and-no-gap"
    assert "if more are needed than there are, then by no more than 5%." in decide(_facts(-9, 4, void_rate=0.1)).reason


def test_decide_by_a_councils_own_rules_borrows_what_would_narrow_an_interval(tmp_path):
    path = tmp_path / "directions.toml"
    path.write_text(
        "least_places = 1.0\nleast_share = 0.0\n"
        "[[rule]]\nid = 'open'\ndirection = 'not-known'\nreason = 'Nobody can tell.'\nmay_grow = true\n"
        "[[rule]]\nid = 'else'\ndirection = 'hold'\nreason = 'All the others.'\n",
        "utf-8",
    )
    found = decide(_facts(0, 9), read_rules(path))
    assert (found.rule, found.narrow) == ("open", packaged_rules().narrowed_by["rates"])


def test_decide_counts_three_places_as_none_in_a_small_market():
    assert decide(_facts(2.9, 9, supply=10)).direction == "not-known"
    assert decide(_facts(-2.9, 3, supply=10)).direction == "hold"
    assert decide(_facts(3.1, 9, supply=10)).direction == "grow"


def test_decide_warns_off_where_places_stand_empty_and_none_are_lacking():
    assert decide(_facts(-9, 2, void_rate=0.05)).direction == "do-not-develop"
    assert decide(_facts(-9, 2, void_rate=0.049)).direction == "not-known"
    assert decide(_facts(6, 12, void_rate=0.20)).direction == "grow"


def test_decide_lets_an_intention_go_before_the_numbers():
    forbidding = [one for one in intentions("thurrock") if one.id == "T-CI-023"]
    found = decide(_facts(50, 90, in_force=forbidding))
    assert (found.direction, found.cites) == ("do-not-develop", "T-CI-023")
    growing = [one for one in intentions("thurrock") if one.id == "T-CI-028"]
    assert decide(_facts(-3, 3, in_force=growing)).direction == "hold"


def test_in_force_takes_the_group_and_those_it_is_part_of():
    def ids(group):
        found = in_force(intentions("thurrock"), "residential", group)
        return [one.id for one in found if one.direction == "do-not-develop"]

    assert ids("older-people") == ["T-CI-023", "T-CI-048"]
    assert ids("mental-health") == ["T-CI-030", "T-CI-048"]
    assert ids("all") == []


def test_packaged_rules_end_with_one_that_always_holds():
    assert packaged_rules().rule[-1].direction == "hold"


RULE = "[[rule]]\nid = 'a'\ndirection = 'hold'\nreason = 'Long enough'\n"
BAD = {
    f"least_places = 1.0\nleast_share = 2.0\n{RULE}": "least_share",
    f"least_places = 1.0\nleast_share = 0.1\n{RULE}".replace("hold", "up"): "direction",
    f"least_places = 1.0\nleast_share = 0.1\n{RULE}no_gap = true\n": "must hold always",
    f"least_places = 1.0\nleast_share = 0.1\n{RULE}may_grow = true\n": "must hold always",
    "least_places = ": "file of TOML",
}


@pytest.mark.parametrize("text", BAD)
def test_read_rules_names_the_fault(tmp_path, text):
    path = tmp_path / "directions.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(CatalogueError, match=BAD[text]):
        read_rules(path)
