"""Links between pages lead somewhere, and every page of the documentation can be reached from its map."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```.*?^ *```[ \t]*$", re.M | re.S)


def links(page: Path) -> list[str]:
    """Targets of a page's relative links; examples and inline code are no links."""
    text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", page.read_text("utf-8")))
    return [target for target in LINK.findall(text) if not re.match(r"[a-z]+:", target)]


@cache
def anchors(page: Path) -> set[str]:
    """The fragments that a page's headings give, as repository sites make them."""
    headings = re.findall(r"^#{1,6} +(.+?) *$", FENCE.sub("", page.read_text("utf-8")), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in links(page):
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{target} is not there"
        assert found.is_relative_to(ROOT), f"{target} leads out of the project"
        if anchor and found.suffix == ".md":
            assert anchor in anchors(found), f"{path or page.name} has no heading '{anchor}'"


def test_every_page_is_reached_from_the_map() -> None:
    start = DOCS / "README.md"
    reached, waiting = {start}, [start]
    while waiting:
        page = waiting.pop()
        targets = {(page.parent / target.partition("#")[0]).resolve() for target in links(page)}
        new = {one for one in targets if one.suffix == ".md" and one.exists()} - reached
        reached |= new
        waiting += new
    assert [str(page.relative_to(DOCS)) for page in PAGES[1:] if page.resolve() not in reached] == []


@pytest.mark.parametrize("folder", ["how-to", "reference", "decisions"])
def test_index_names_every_page_of_its_folder(folder: str) -> None:
    named = {target.partition("#")[0] for target in links(DOCS / folder / "README.md")}
    assert {page.name for page in (DOCS / folder).glob("*.md")} - {"README.md"} <= named
