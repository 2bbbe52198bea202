"""How heavy pages are: every page of both demonstration councils as its file stands, without its charts."""

from __future__ import annotations

import re

import pytest

from tests.demonstration import built_demonstration

MOST = 300_000
"""Bytes of a page as it stands in its file, without its charts."""
_CHART = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    return built_demonstration(tmp_path_factory) / "site"


def weight(html: str) -> int:
    """Bytes of a page without its charts."""
    return len(_CHART.sub("", html).encode())


def test_no_page_of_any_kind_weighs_more_than_it_may(site):
    pages = {str(one.relative_to(site)): weight(one.read_text("utf-8")) for one in site.rglob("*.html")}
    kinds = {tuple(name.split("/")[1:2]) for name in pages}
    assert len(pages) > 1000
    assert len(kinds) > 20, "every kind of page is there"
    assert {name: size for name, size in pages.items() if size > MOST} == {}


def test_control_a_page_that_is_too_heavy_is_seen_and_charts_are_left_out():
    assert weight("x" * (MOST + 1)) > MOST
    assert weight(f"<p>a</p><svg>{'x' * MOST}</svg>") == len("<p>a</p>")
