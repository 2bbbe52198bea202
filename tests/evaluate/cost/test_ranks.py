from __future__ import annotations

import pytest

from careshape.evaluate.cost.ranks import Standing, ordinal, standings


def texts(values: list[float | None], **how: object) -> list[str | None]:
    return [one.text if one else None for one in standings(values, **how)]  # type: ignore[arg-type]


def test_standings_share_a_rank_and_leave_out_the_next() -> None:
    # 1 stands twice, so both are joint first and 3 is third; what has no figure is neither ranked nor counted.
    assert texts([3, 1, 1, None, 5]) == ["3rd of 4", "joint 1st of 4", "joint 1st of 4", None, "4th of 4"]


def test_standings_begin_at_the_good_end() -> None:
    assert texts([3, 1, 1, None, 5], good="up") == ["2nd of 4", "joint 3rd of 4", "joint 3rd of 4", None, "1st of 4"]
    assert texts([3, 1], good="down") == ["2nd of 2", "1st of 2"]


def test_figures_that_print_the_same_are_a_tie() -> None:
    assert texts([18.649, 18.651, 18.5], decimals=2) == ["joint 2nd of 3", "joint 2nd of 3", "1st of 3"]
    assert texts([18.649, 18.651, 18.5], decimals=3) == ["2nd of 3", "3rd of 3", "1st of 3"]


@pytest.mark.parametrize(
    ("rank", "of", "quarter"),
    [
        (1, 8, 1),
        (2, 8, 1),  # two of eight places are the first quarter
        (3, 8, 2),
        (8, 8, 4),
        (1, 1, 1),
    ],
)
def test_quarter_of_places(rank: int, of: int, quarter: int) -> None:
    assert Standing(rank, of, 1).quarter == quarter


def test_ordinal_words() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111, 113)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th", "113th")
    ]
