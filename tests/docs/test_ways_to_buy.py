"""The page of the kinds of list shows what the data says."""

from __future__ import annotations

import re
from pathlib import Path

from careshape.source.lists.diagrams import diagram, page_parts
from careshape.source.lists.kinds import courses

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "ways-to-buy.md"


def test_table_and_diagrams_follow_from_the_data():
    shown = dict(re.findall(r"<!-- ([a-z]+) -->\n(.*?)<!-- end -->", PAGE.read_text("utf-8"), re.DOTALL))
    assert shown == page_parts(), "run scripts/reference.py"


def test_every_move_is_drawn_with_who_makes_it():
    for course in courses().values():
        text = diagram(course)
        assert text.count("-->") == sum(len(one.from_) for one in course.moves)
        assert "Evidence lapsed (evidence, by itself; with a reason)" in text
        assert "[*] --> admitted: Admit it (commissioner)" in text
