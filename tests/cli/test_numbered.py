"""A number of something that a command lists: what is none is told with what to write and where it is found."""

from __future__ import annotations

import pytest

from careshape.cli import main


@pytest.mark.parametrize(("words", "lists"), [
    (["release", "x"], "`careshape edition list` lists them."),
    (["release", "0"], "`careshape edition list` lists them."),
    (["edition", "rebuild", "1.5"], "`careshape edition list` lists them."),
    (["regional", "withdraw", "²"], "`careshape regional list` lists them."),
])  # fmt: skip
def test_what_is_no_number_is_told_with_what_to_write(words, lists, capsys):
    assert main(words) == 2
    said = capsys.readouterr().err
    assert f"'{words[-1]}' is not the number of " in said
    assert "Write its digits, such as 1" in said
    assert lists in said
