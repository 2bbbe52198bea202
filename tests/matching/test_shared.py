"""What is left of pools on which care of several kinds draws, and the judge that moves the loads one by one."""

from __future__ import annotations

import random

import pytest

from careshape.matching.check_pools import check_shared
from careshape.matching.shared import Shared

A, B, BOTH = frozenset({"a"}), frozenset({"b"}), frozenset({"a", "b"})


def test_what_may_come_from_either_pool_leaves_room_for_what_may_not():
    shared = Shared({"near": {"a": 100, "b": 100}})
    shared.give("near", BOTH, 100)
    assert [shared.left("near", among) for among in (A, B, BOTH)] == [100, 100, 100]
    shared.give("near", A, 100)
    assert [shared.left("near", among) for among in (A, B, BOTH)] == [0, 0, 0]
    with pytest.raises(ValueError, match="has 0 left"):
        shared.give("near", B, 1)


def test_judge_names_who_is_given_more_than_its_pools_hold():
    pools = {"near": {"a": 100, "b": 100}}
    assert check_shared(pools, [("near", BOTH, 100), ("near", A, 100)]) == ()
    assert check_shared(pools, [("near", A, 60), ("near", BOTH, 130)]) == ()
    found = check_shared(pools, [("near", A, 60), ("near", BOTH, 130), ("near", A, 20), ("far", A, 5)])
    assert found == (
        "Provider near is given 10 hundredths more than its pools hold.",
        "Provider far is given 5 hundredths more than its pools hold.",
    )


@pytest.mark.parametrize("seed", range(40))
def test_what_is_left_is_the_most_that_the_judge_lets_pass(seed):
    draw = random.Random(seed)
    names = "abcd"
    pools = {"one": {name: draw.randint(0, 6) for name in names}}
    shared, given = Shared(pools), []
    for _ in range(6):
        among = frozenset(draw.sample(names, draw.randint(1, 3)))
        most = shared.left("one", among)
        assert check_shared(pools, [*given, ("one", among, most)]) == ()
        assert check_shared(pools, [*given, ("one", among, most + 1)])
        load = draw.randint(0, most)
        if load:
            shared.give("one", among, load)
            given.append(("one", among, load))
