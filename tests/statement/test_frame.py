"""The particulars of a text and the text itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import careshape
from careshape.statement.frame import split_frame


@pytest.mark.parametrize(
    ("content", "particulars", "text"),
    [
        ('+++\nid = "a"\n+++\n## One\n', 'id = "a"', "## One\n"),
        # Only the first pair of lines counts, and the text may be empty.
        ("+++\na = 1\n\nb = 2\n+++\n+++\nc\n+++\n", "a = 1\n\nb = 2", "+++\nc\n+++\n"),
        ("+++\na = 1\n+++\n", "a = 1", ""),
    ],
)
def test_text_is_split_at_its_first_frame_and_joined_to_the_letter(content, particulars, text):
    found = split_frame(content)
    assert found == (particulars, text)
    assert found.joined() == content
    assert content.split("\n")[found.first_line - 1 :] == text.split("\n")


@pytest.mark.parametrize("content", ["", "Words.", " +++\na = 1\n+++\n", "Words.\n+++\na = 1\n+++\n", "+++\na = 1\n"])
def test_text_that_does_not_begin_with_particulars_has_no_frame(content):
    assert split_frame(content) is None


def test_no_other_module_reads_a_frame_of_its_own():
    """A second reader would one day read another text: a line that ends otherwise, a frame that is not the first."""
    own = [
        str(file.relative_to(Path(careshape.__file__).parent))
        for file in Path(careshape.__file__).parent.rglob("*.py")
        if re.search(r"\\\+\\\+\\\+", file.read_text("utf-8"))
    ]
    assert own == ["statement/frame.py"]
