"""The order in which a screen reader meets a page, and what is wrong with it.

A screen reader takes a page in the order of its document, by its landmarks and headings. So what matters is read from
the document itself: no browser is needed, and every page of a run can be looked at. That no style puts anything in
another order than the document's is a test of the styles (``tests/site/test_reading.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from lxml import html

HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
FOCUSED: Final = "a[@href] or self::button or self::input[not(@type='hidden')] or self::select or self::textarea"
_STOPS: Final = f"//body//*[self::{FOCUSED} or self::summary or @tabindex]"


def faults(page: str) -> list[str]:
    """What a screen reader would meet wrongly in a page: its source."""
    tree = html.document_fromstring(page)
    rank = {one: number for number, one in enumerate(tree.iter())}
    return [*_frame(tree, rank), *_headings(tree), *_tables(tree), *_figures(tree, rank), *_names(tree)]


def _frame(tree: Any, rank: dict[Any, int]) -> Iterator[str]:
    """Language, title, the way past the navigation as the first stop, and each landmark once and in its place."""
    if not tree.get("lang"):
        yield "no language"
    if not tree.findtext("head/title", "").strip():
        yield "no title"
    stops = tree.xpath(_STOPS)
    if not stops or stops[0].get("href") != "#main-content":
        yield f"the first stop is no way to the content: {_said(stops[0]) if stops else 'there is none'}"
    for one in tree.xpath("//*[@tabindex > 0]"):
        yield f"a stop out of the order of the page: {_said(one)}"
    marks = {name: tree.xpath(f"//body//{name}[not(ancestor::main or ancestor::article)]") for name in LANDMARKS}
    for name, found in marks.items():
        if len(found) != 1:
            yield f"{len(found)} landmarks '{name}'"
    places = [rank[found[0]] for found in marks.values() if found]
    if places != sorted(places):
        yield "header, main and footer stand in another order"
    if marks["main"] and marks["main"][0].get("id") != "main-content":
        yield "the way to the content leads elsewhere"
    labels = Counter(one.get("aria-label") or one.get("aria-labelledby") or "" for one in tree.xpath("//nav"))
    if labels.total() > 1 and ("" in labels or labels.most_common(1)[0][1] > 1):
        yield f"navigations that cannot be told apart: {dict(labels)}"


LANDMARKS: Final = ("header", "main", "footer")


def _headings(tree: Any) -> Iterator[str]:
    """One first heading, in the content and before the others there, and no level left out on the way down."""
    found = [one for one in tree.xpath("//body//*") if one.tag in HEADINGS]
    first = [one for one in found if one.tag == "h1"]
    if len(first) != 1:
        yield f"{len(first)} first headings"
    inside = tree.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]")
    # What was wrong with a form, and what has just been done, come first on purpose.
    news = "ancestor-or-self::*[contains(@class, 'govuk-error-summary') or contains(@class, 'govuk-notification')]"
    if inside and inside[0].tag != "h1" and not inside[0].xpath(news):
        yield f"a heading before the first one: {_said(inside[0])}"
    after = inside[next((number for number, one in enumerate(inside) if one.tag == "h1"), 0) :]
    for before, one in pairwise(after):
        if int(one.tag[1]) > int(before.tag[1]) + 1:
            yield f"a level is left out: {before.tag} {_said(before)}, then {one.tag} {_said(one)}"
    for one in found:
        if not one.text_content().strip():
            yield f"an empty {one.tag}"


def _tables(tree: Any) -> Iterator[str]:
    """Each table begins with its caption, and each of its headings says of what it is one."""
    for one in tree.iter("table"):
        caption = one[0] if len(one) else None
        if caption is None or caption.tag != "caption" or not caption.text_content().strip():
            yield f"a table without a caption: {_said(one)}"
        for head in one.iter("th"):
            if head.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
                yield f"a heading of no row or column: {_said(head)}"
        if not one.xpath(".//th"):
            yield f"a table without headings: {_said(one)}"


def _figures(tree: Any, rank: dict[Any, int]) -> Iterator[str]:
    """Each chart is told in words, and before its table; each drawing has a name or is none to a reader."""
    ids = {one.get("id"): one for one in tree.xpath("//*[@id]")}
    for one in tree.xpath("//figure[contains(@class, 'cs-chart')]"):
        words = one.xpath(".//*[contains(@class, 'cs-chart__summary')]")
        if not words or not words[0].text_content().strip():
            yield f"a chart without words: {_said(one)}"
        table = ids.get(one.get("data-table"))
        if table is not None and words and rank[table] < rank[words[0]]:
            yield f"a chart that is told after its table: {one.get('data-table')}"
    for one in tree.iter("svg"):
        named = one.get("aria-label") or one.get("aria-labelledby") or one.find("{*}title") is not None
        named = (named and one.get("role") == "img") or one.xpath("ancestor::*[@role='img'][@aria-label]")
        if one.get("aria-hidden") != "true" and not named:
            yield "a drawing without a name"
    for one in tree.iter("img"):
        if one.get("alt") is None:
            yield f"an image without words: {one.get('src')}"


def _names(tree: Any) -> Iterator[str]:
    """What names another part of the page names one that is there, and once."""
    ids = Counter(one.get("id") for one in tree.xpath("//*[@id][not(ancestor-or-self::svg)]"))
    for name, many in ids.items():
        if many > 1:
            yield f"{many} parts with the id {name}"
    for one in tree.xpath("//*[@aria-labelledby or @aria-describedby][not(ancestor-or-self::svg)]"):
        for name in f"{one.get('aria-labelledby', '')} {one.get('aria-describedby', '')}".split():
            if name not in ids:
                yield f"{one.tag} is named by '{name}', which is not there"
    for one in tree.xpath("//main//a[starts-with(@href, '#')]"):
        if one.get("href")[1:] and one.get("href")[1:] not in ids:
            yield f"a link within the page leads nowhere: {one.get('href')}"


def _said(one: Any) -> str:
    return " ".join(one.text_content().split())[:60] or html.tostring(one, encoding="unicode")[:80]
