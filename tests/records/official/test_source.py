"""The files that describe sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from careshape.errors import CatalogueError
from careshape.records.official import sources
from careshape.records.official.source import SOURCES, read_source


def test_every_packaged_source_is_readable_and_says_its_terms():
    assert set(sources()) >= {"snpp", "mid-year-estimates", "asc-fr-t51", "asc-fr-t52", "ascof", "cqc-ratings"}
    for one in sources().values():
        assert one.licence == "Open Government Licence v3.0"
        assert "licensed under the Open Government Licence" in one.attribution
        assert one.caveats


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "Sub', 'titel = "Sub', r"field 'titel'|field 'title'"),  # a field that there is not
        ('sex = "text"', 'sex = "string"', r"field 'columns.sex'"),  # a type that there is not
        ("(?P<year>", "(?P<jahr>", r"fills jahr, which is no column"),  # a pattern for an unknown column
        ("(?P<year>", "((?P<year>", r"It must be a regular expression"),  # a pattern that is none
        ('id = "snpp"', 'id = "other"', r"The file bears the name of its source"),
        ('id = "snpp"', "id = ", r"It must be a file of TOML"),
    ],
)
def test_faulty_source_file_names_field_and_rule(tmp_path, old, new, message):
    text = (SOURCES / "snpp.toml").read_text(encoding="utf-8")
    assert old in text
    path = Path(tmp_path / "snpp.toml")
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError, match=message):
        read_source(path)
