"""The pages of the kinds of list and of brokerage show what the data says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from careshape.source.lists.diagrams import brokerage_parts, diagram, page_parts
from careshape.source.lists.kinds import courses

PAGES = Path(__file__).parents[2] / "docs" / "explanation"


@pytest.mark.parametrize(("page", "parts"), [("ways-to-buy.md", page_parts), ("brokerage.md", brokerage_parts)])
def test_table_and_diagrams_follow_from_the_data(page, parts):
    text = (PAGES / page).read_text("utf-8")
    shown = dict(re.findall(r"<!-- ([a-z]+) -->\n(.*?)<!-- end -->", text, re.DOTALL))
    assert shown == parts(), "run scripts/reference.py"


def test_every_move_is_drawn_with_who_makes_it():
    for course in courses().values():
        text = diagram(course)
        assert text.count("-->") == sum(len(one.from_) for one in course.moves)
        assert "Evidence lapsed (evidence, by itself; with a reason)" in text
        assert "[*] --> admitted: Admit it (commissioner)" in text
