"""How heavy pages are, every one of both demonstration councils with its style and scripts and without its charts; and
that a screen reader meets each in its order.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.demonstration import built_demonstration
from tests.reading import faults

MOST = 300_000
"""Bytes of a page, its style and its scripts as they stand in their files, not packed, without its charts."""
_CHART = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_LOADS = re.compile(r"<(?:link rel=\"stylesheet\" href|script type=\"module\" src)=\"([^\"]+)\"")
_IMPORTS = re.compile(r"\bfrom '(\./[^']+)'")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Every page of the static export by its address, and its source."""
    site = built_demonstration(tmp_path_factory) / "site"
    return {one: one.read_text("utf-8") for one in site.rglob("*.html")}


@cache
def loaded(file: Path) -> int:
    """Bytes of a style or script, and of what it cannot do without; that of charts is fetched where there is one."""
    text = file.read_text("utf-8")
    imported = _IMPORTS.findall(text) if file.suffix == ".mjs" else ()
    return len(text.encode()) + sum(loaded((file.parent / one).resolve()) for one in imported)


def weight(html: str, file: Path) -> int:
    """Bytes of a page, its style and its scripts, without its charts."""
    own = _CHART.sub("", html)
    return len(own.encode()) + sum(loaded((file.parent / one).resolve()) for one in _LOADS.findall(own))


def test_no_page_of_any_kind_weighs_more_than_it_may(pages):
    weights = {str(file): weight(html, file) for file, html in pages.items()}
    kinds = {file.parts[-3] for file in pages}
    assert len(pages) > 1000
    assert len(kinds) > 20, "every kind of page is there"
    assert min(weights.values()) > 100_000, "the style is counted on every page"
    assert {name: size for name, size in weights.items() if size > MOST} == {}


def test_a_screen_reader_meets_every_page_in_its_order(pages):
    assert {str(file): found for file, html in pages.items() if (found := faults(html))} == {}


def test_control_a_page_that_is_too_heavy_is_seen_and_charts_are_left_out(tmp_path):
    page = tmp_path / "index.html"
    assert weight("x" * (MOST + 1), page) > MOST
    assert weight(f"<p>a</p><svg>{'x' * MOST}</svg>", page) == len("<p>a</p>")
    (tmp_path / "all.css").write_text("x" * 1000)
    (tmp_path / "one.mjs").write_text("import { a } from './two.mjs'\nif (a) import('./two.mjs')\n")
    (tmp_path / "two.mjs").write_text("y" * 500)
    html = '<link rel="stylesheet" href="all.css"><script type="module" src="one.mjs"></script>'
    assert weight(html, page) == len(html) + 1000 + len((tmp_path / "one.mjs").read_text()) + 500
