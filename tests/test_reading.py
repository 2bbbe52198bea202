"""That what a screen reader would meet wrongly is seen, and that no style changes the order of a page."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from tests.reading import faults

GOOD = """<!doctype html><html lang="en"><head><title>A page</title></head><body>
<a href="#main-content">Skip to main content</a><header>Who</header><nav aria-label="Menu"><a href="/">All</a></nav>
<main id="main-content"><h1>Care</h1><h2>Need</h2>
<figure class="cs-chart" data-table="caption-a"><svg role="img" aria-label="Bars"></svg>
<p class="cs-chart__summary">It rises.</p></figure>
<div role="region" aria-labelledby="caption-a" tabindex="0"><table><caption id="caption-a">Care</caption>
<tr><th scope="col">Where</th></tr><tr><td>Here</td></tr></table></div><h3>Now</h3><h2>Gap</h2><img src="a" alt="">
</main><footer>Help</footer></body></html>"""
"""A page that is read in its order."""
WORSE = {
    "no language": (' lang="en"', ""),
    "no title": ("<title>A page</title>", ""),
    "the first stop is no way to the content": ('<a href="#main-content">', '<a href="/help/">'),
    "a stop out of the order of the page": ('<a href="/">', '<a href="/" tabindex="3">'),
    "0 landmarks 'footer'": ("footer>", "div>"),
    "header, main and footer stand in another order": ("<header>Who</header>", ""),
    "navigations that cannot be told apart": ("<header>Who", "<header><nav>Who</nav>"),
    "2 first headings": ("<h2>Gap</h2>", "<h1>Gap</h1>"),
    "a heading before the first one": ("<h1>Care</h1>", "<h2>Of</h2><h1>Care</h1>"),
    "a level is left out": ("<h2>Need</h2>", "<h4>Need</h4>"),
    "an empty h3": ("<h3>Now</h3>", "<h3> </h3>"),
    "a table without a caption": ('<caption id="caption-a">Care</caption>', '<p id="caption-a"></p>'),
    "a heading of no row or column": (' scope="col"', ""),
    "a table without headings": ('<th scope="col">Where</th>', "<td>Where</td>"),
    "a chart without words": ("It rises.", ""),
    "a drawing without a name": (' aria-label="Bars"', ""),
    "an image without words": (' alt=""', ""),
    "2 parts with the id caption-a": ("<h3>", '<h3 id="caption-a">'),
    "div is named by 'caption-a', which is not there": ('id="caption-a"', ""),
    "a link within the page leads nowhere": ("<h2>Gap</h2>", '<a href="#gap">Gap</a>'),
}
"""What is wrong with a page, and what is put in place of what to make it so."""


OTHER = re.compile(r"(?:row|column|wrap)-reverse|[{;]order:[^;}]*|[{;]grid-(?:row|column)(?:-start)?:[^;}]*")
"""What puts parts of a page in another order than the document has them."""


def test_a_page_in_its_order_has_no_fault():
    assert faults(GOOD) == []


@pytest.mark.parametrize("fault", WORSE)
def test_control_each_fault_is_seen(fault):
    before, after = WORSE[fault]
    page = GOOD.replace(before, after)
    if fault.startswith("header, main"):
        page = page.replace("<footer>", "<header>Who</header><footer>")
    assert [one for one in faults(page) if one.startswith(fault)], faults(page)


def test_control_a_chart_that_is_told_after_its_table_is_seen():
    figure = GOOD[GOOD.index("<figure") : GOOD.index("</figure>") + len("</figure>")]
    page = GOOD.replace(figure, "").replace("<h3>", f"{figure}<h3>")
    assert faults(page) == ["a chart that is told after its table: caption-a"]


def test_no_style_puts_anything_in_another_order_than_the_document():
    """A reader who sees the page and one who hears it go through it alike."""
    style = (files("careshape.site") / "static" / "careshape" / "careshape.css").read_text("utf-8")
    assert len(style) > 100_000
    assert OTHER.findall(style) == []
    # The editor alone lays its parts out by name: one below the other, or in two columns, in the document's order.
    assert re.findall(r"grid-template-areas:([^;}]*)", style) == [
        '"text" "finder" "preview"',
        '"text preview" "finder preview"',
    ]


def test_control_a_style_that_changes_the_order_is_seen():
    assert len(OTHER.findall(".a{flex-direction:row-reverse;order:2}.b{grid-row:1}")) == 3
