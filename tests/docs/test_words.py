"""The documentation is written in the house's plain style, where a rule of it can be checked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BELITTLING = re.compile(r"\b(?:simply|just|obviously|easily|of course)\b(?!-)", re.IGNORECASE)
"""Words that tell a reader who is stuck that they should not be; just-over, a qualifier of figures, is none of them."""
NAMES = {"Client Level Data", "Delta Lake"}
"""Names whose words begin with capitals wherever they stand."""


def prose(page: Path) -> str:
    """A page without its examples."""
    return re.sub(r"^ *```.*?^ *```[ \t]*$", "", page.read_text("utf-8"), flags=re.M | re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_calls_nothing_easy(page: Path) -> None:
    assert BELITTLING.findall(prose(page)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_has_one_title_and_headings_in_sentence_case(page: Path) -> None:
    headings = re.findall(r"^(#+) +(.+?) *$", prose(page), re.M)
    assert [level for level, _ in headings].count("#") == 1
    for _, heading in headings:
        for name in NAMES:
            heading = heading.replace(name, "")
        titled = re.findall(r"(?<=[a-z,] )[A-Z][a-z]+(?= [A-Z][a-z]+)", heading)
        assert titled == [], f"the heading '{heading}' is not in sentence case"
