"""The licence of a statement: as the council has set it, and none where it has set none."""

from __future__ import annotations

from pathlib import Path

import pytest

from careshape.errors import InputError
from careshape.statement.content import content_folder, load_statement
from careshape.statement.licence import read_licence


@pytest.mark.parametrize("council", ["worcestershire", "thurrock"])
def test_licence_of_a_demonstration_is_set_in_its_text(council):
    folder = content_folder(council)
    assert isinstance(folder, Path)
    assert str(load_statement(folder).licence).startswith("Open Government Licence v3.0, https://")


def test_licence_that_is_not_set_is_none():
    assert read_licence(None) is None


@pytest.mark.parametrize("raw", ["OGL", {}, {"name": " "}, {"name": "X", "address": "x y"}, {"name": "X", "more": "1"}])
def test_licence_that_nobody_could_use_is_refused(raw):
    with pytest.raises(InputError, match="licence"):
        read_licence(raw)
