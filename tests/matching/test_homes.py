"""People and vacancies: limits and wishes of both sides."""

from __future__ import annotations

from careshape.matching.homes import HALF, Opening, Seeker, ordered, suits


def test_every_limit_that_rules_out_is_named_from_both_sides():
    one = Seeker("p", must=frozenset({"lift"}), traits=frozenset({"pet"}), not_with=frozenset({"smokes"}))
    place = Opening(
        "h", only=frozenset({"women"}), not_for=frozenset({"pet"}), lives=frozenset({"smokes", "women"})
    )  # fmt: skip
    assert suits(one, place).why_not == (
        "it has no lift", "it is only for women", "it is not for pet",
        "among those who live there are smokes",
    )  # fmt: skip


def test_wishes_of_each_side_are_half_of_the_points():
    one = Seeker("p", wishes=frozenset({"garden", "quiet"}), traits=frozenset({"women"}))
    near = Opening("near", has=frozenset({"garden"}), wishes=frozenset({"women"}))
    none = Opening("none", wishes=frozenset({"pet"}))
    barred = Opening("barred", only=frozenset({"pet"}))
    assert suits(one, near).points == HALF // 2 + HALF
    assert [suit.opening for suit in ordered(one, [barred, none, near])] == ["near", "none", "barred"]
    assert suits(one, near).unmet == ("the person's: quiet",)
