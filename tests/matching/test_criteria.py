from __future__ import annotations

from importlib import resources

import pytest

from careshape.errors import CatalogueError
from careshape.matching import criteria

PACKAGED = (resources.files("careshape.matching") / "data" / "ranking.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("quality = 30", "quality = 29", "The weights come to 99. They must come to 100."),
        ("points = [300, 200, 100]", "points = [250, 200, 100]", "Each choice must be worth at least 100 points more"),
        ("good = 0.8", "good = 1.8", "less than or equal to 1"),
        ("limit_days = 14", "limit_day = 14", "The field is required."),
    ],
)
def test_a_file_that_breaks_its_schema_is_refused_with_the_rule(tmp_path, old, new, said):
    file = tmp_path / "ranking.toml"
    file.write_text(PACKAGED.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError, match=said):
        criteria(file)


def test_a_council_s_own_file_is_the_one_that_ranks(tmp_path):
    file = tmp_path / "ranking.toml"
    file.write_text(PACKAGED.replace("travel = 15", "travel = 5").replace("price = 15", "price = 25"), encoding="utf-8")
    assert (criteria(file).weights.price, criteria().weights.price) == (25, 15)
