"""What a page says, read for print."""

from __future__ import annotations

import re
from html import unescape

from careshape.statement.print.document import leading
from careshape.statement.print.nodes import Grid, Heading, Listing, Paragraph, Picture, Run, Terms
from careshape.statement.print.reading import Reader
from careshape.statement.segments import segment_parts

FOR_THE_WEB = "cs-web|cs-caption|cs-chart__summary"
"""Classes of paragraphs that print leaves out, or says in another place."""


def nodes(html: str, inside: tuple[str, ...] = ()):
    return Reader(leading("here", dict.fromkeys(inside)), 2).nodes(html)


def test_words_keep_their_order_look_and_spaces():
    html = "<p>One <strong>two</strong>, <a href='https://example.org/'>three</a>\n four.</p>"
    assert nodes(html) == (
        Paragraph(
            (Run("One "), Run("two", bold=True), Run(", "), Run("three", href="https://example.org/"), Run(" four."))
        ),
    )


def test_link_to_a_page_of_the_document_leads_to_its_chapter_and_another_is_plain_words():
    html = '<p><a href="/here/statement/carers/#what">here</a> <a href="/here/tables/x/">there</a></p>'
    assert nodes(html, ("carers",)) == (Paragraph((Run("here", target="carers"), Run(" there"))),)


def test_what_only_a_page_can_do_is_left_out():
    html = (
        '<p class="cs-web"><a href="/x/">Downloads</a></p><p>Seen<span class="govuk-visually-hidden"> unseen</span></p>'
    )
    assert nodes(html) == (Paragraph((Run("Seen"),)),)


def test_what_a_page_folds_away_stands_open():
    html = "<details><summary>Unfold</summary><div><p>Inside.</p></div></details>"
    assert nodes(html) == (Paragraph((Run("Inside."),)),)


def test_lists_terms_and_headings_keep_their_kind():
    found = nodes("<h3>A</h3><ol><li>one</li><li><p>two</p></li></ol><dl><dt>word</dt><dd>meaning</dd></dl>")
    assert isinstance(found[0], Heading)
    assert found[0].level == 3
    assert found[1] == Listing(((Paragraph((Run("one"),)),), (Paragraph((Run("two"),)),)), numbered=True)
    assert found[2] == Terms((((Run("word"),), (Paragraph((Run("meaning"),)),)),))


def test_table_keeps_its_headings_spans_and_totals():
    html = (
        "<table><caption>T</caption><thead><tr><th scope='col'>A</th><th>B</th>"
        "<th class='govuk-table__header--numeric'>C</th></tr></thead><tbody>"
        "<tr><th scope='row' rowspan='2'>a</th><th scope='row'>b</th><td>1</td></tr>"
        "<tr><th scope='row'>c</th><td><a href='/here/figures/x/'>2</a></td></tr>"
        "<tr class='cs-total'><th scope='row' colspan='2'>All</th><td>3</td></tr></tbody></table>"
    )
    (grid,) = nodes(html)
    assert isinstance(grid, Grid)
    assert (grid.title, grid.width) == ("T", 3)
    assert [one.numeric for one in grid.heads] == [False, False, True]
    assert [[(one.text, one.rows, one.columns, one.head) for one in row.cells] for row in grid.rows] == [
        [("a", 2, 1, True), ("b", 1, 1, True), ("1", 1, 1, False)],
        [("c", 1, 1, True), ("2", 1, 1, False)],
        [("All", 1, 2, True), ("3", 1, 1, False)],
    ]
    assert [row.total for row in grid.rows] == [False, False, True]


def test_paper_shows_one_row_a_year_and_says_so():
    rows = "".join(
        f"<tr{' class=cs-between' if month != 6 else ''}><th scope='row'>{month}/{year}</th><td>{month}</td></tr>"
        for year in (2020, 2021)
        for month in (3, 6, 9, 12)
    )
    (grid,) = nodes(
        f"<table><caption>T</caption><thead><tr><th>A</th><th>B</th></tr></thead>{rows}</table><p>After.</p>"
    )[:1]
    assert [row.cells[0].text for row in grid.rows] == ["6/2020", "6/2021"]
    assert [one.runs[0].text for one in grid.notes] == [
        "One row a year is printed. The page on the web has all 8 rows, and so has its data."
    ]


def test_notes_below_a_table_stay_with_it():
    table = "<table><caption>T</caption><thead><tr><th>A</th></tr></thead><tr><th scope='row'>a</th></tr></table>"
    grid, after = nodes(f"{table}<p class='cs-note'>First.</p><p class='cs-note'>Second.</p><p>After.</p>")
    assert [one.runs[0].text for one in grid.notes] == ["First.", "Second."]
    assert after == Paragraph((Run("After."),))


def test_picture_brings_its_title_words_and_drawing(council):
    html = f"<figure class='cs-chart'><figcaption>Title</figcaption>{council.chart('older-people').svg}</figure>"
    (picture,) = nodes(html)
    assert isinstance(picture, Picture)
    assert (picture.title, picture.svg) == ("Title", council.chart("older-people").svg)
    assert picture.words == council.chart("older-people").description


def test_print_says_every_word_of_the_pages_in_their_order(document, council):
    """Left out are links for the web alone; nothing else may be lost between page and paper."""
    for chapter in document.chapters:
        for part in segment_parts(council, council.statement.segments[chapter.id]):
            html = re.sub(r"<svg.*?</svg>", " ", part.html, flags=re.DOTALL)
            html = re.sub(rf'<p class="[^"]*({FOR_THE_WEB})[^"]*".*?</p>', " ", html, flags=re.DOTALL)
            html = re.sub(r'<span class="govuk-visually-hidden">.*?</span>', "", html)
            wanted = words(unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</?(a|strong|em|span|b)\b[^>]*>", "", html))))
            said = iter(words(" ".join(texts(chapter.nodes))))
            assert [word for word in wanted if word not in said] == [], (chapter.id, part.title)


def words(text: str) -> list[str]:
    return re.findall(r"[\w£%.,]+", text)


def texts(found) -> list[str]:
    """Every stretch of words below some nodes."""
    if isinstance(found, Run):
        return [found.text]
    if isinstance(found, str):
        return [found]
    if isinstance(found, tuple):
        if found and all(isinstance(one, Run) for one in found):
            return ["".join(one.text for one in found)]
        return [text for one in found for text in texts(one)]
    if isinstance(found, Picture):
        return [found.title]
    if hasattr(found, "__dataclass_fields__"):
        return [text for name in found.__dataclass_fields__ for text in texts(getattr(found, name))]
    return []
