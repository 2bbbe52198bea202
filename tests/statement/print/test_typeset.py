"""A printed statement as programs that read PDF files to people find it."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from careshape.errors import CareshapeError
from careshape.statement.print.nodes import Chapter, Document, Grid, GridCell, GridRow, Paragraph, Picture, Run
from careshape.statement.print.typeset import typeset
from tests.statement.print.conftest import tagged

FALSE_ALARMS = {"TBL-010", "TAG-002"}
"""Rules of the checker that guess: small tables with more headings than values, and headings repeated on a page."""


def cell(text: str, **more: object) -> GridCell:
    return GridCell((Run(text),), **more)


def a_document(*nodes: object) -> Document:
    chapter = Chapter("one", "The only chapter", 1, tuple(nodes))
    return Document("A title", "What it is.", "A council", (("Edition", "Draft"),), (), (2026, 1, 31), (chapter,))


def grid(rows: int = 30, columns: int = 4) -> Grid:
    heads = (cell("Place"), *(cell(f"Year {n}", numeric=True) for n in range(columns)))
    body = tuple(
        GridRow((cell(f"Place {n}", head=True), *(cell(str(n * one), numeric=True) for one in range(columns))))
        for n in range(rows)
    )
    return Grid("People by place", heads, body)


def test_file_names_its_language_title_and_kind(printed, document):
    with pikepdf.open(io.BytesIO(printed.content)) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as told:
            assert told["pdfuaid:part"] == "1"
            assert told["dc:title"] == f"{document.title} – {document.council}"
        assert len(pdf.pages) == printed.pages


def test_bookmarks_are_the_headings_of_the_statement(printed, document):
    with pikepdf.open(io.BytesIO(printed.content)) as pdf, pdf.open_outline() as outline:
        top = [str(item.title) for item in outline.root]
        below = [str(item.title) for one in outline.root for item in one.children]
    assert top == ["Contents", "The place", "Care"]
    assert [one.title for one in document.chapters] == [title for title in below if title != "Contents"]


def test_every_table_is_one_table_with_headings_in_both_directions(printed, document):
    assert len(tagged(printed.content, "Table")) == len(document.grids) > 0
    scopes = [one["scope"] for one in tagged(printed.content, "TH")]
    heads = sum(len(one.heads) for one in document.grids)
    rows = sum(each.head for one in document.grids for row in one.rows for each in row.cells)
    assert scopes.count("Column") == heads
    assert scopes.count("Row") == rows > 0


def test_table_over_several_pages_stays_one():
    made = typeset(a_document(grid(rows=150)))
    assert made.pages > 4
    assert len(tagged(made.content, "Table")) == 1
    assert [one["scope"] for one in tagged(made.content, "TH")] == ["Column"] * 5 + ["Row"] * 150


def test_picture_has_its_words(printed, document):
    pictures = [one["alt"] for one in tagged(printed.content, "Figure")]
    assert pictures == [f"{one.title}. {one.words}" for one in document.pictures]
    assert "The largest value is 42,339" in pictures[0]


def test_picture_is_drawn_with_its_title_and_words():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0,0h10v10"/></svg>'
    made = typeset(a_document(Picture("A title", svg, "What it shows.")))
    assert [one["alt"] for one in tagged(made.content, "Figure")] == ["A title. What it shows."]


def test_the_same_statement_is_the_same_file(printed, document):
    assert typeset(document).content == printed.content
    assert typeset(replace(document, subtitle="Another.")).content != printed.content


def test_words_are_never_markup():
    text = "#panic() *bold* $x$ @ref <label> \\ [ ] // /* £ – “quoted”"
    made = typeset(a_document(Paragraph((Run(text),))))
    assert text in words_of(made.content)


def test_fonts_are_in_the_file_and_none_is_of_the_machine(printed):
    with pikepdf.open(io.BytesIO(printed.content)) as pdf:
        fonts = [
            one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all("OpenSans" in str(one.FontName) for one in fonts)
        assert all("/FontFile2" in one or "/FontFile3" in one for one in fonts)


@pytest.mark.parametrize("form", ["printed", "large"])
def test_checkers_find_nothing(form, request, tmp_path):
    content = request.getfixturevalue(form).content
    assert by_pdfua(content, tmp_path) == []
    assert by_outloud(content, tmp_path) == set()


def test_checkers_find_a_file_without_tags_and_one_without_its_language(printed, tmp_path):
    """The positive control: the same file, spoilt, is found by both."""

    def spoilt(change):
        with pikepdf.open(io.BytesIO(printed.content)) as pdf:
            change(pdf)
            out = io.BytesIO()
            pdf.save(out)
            return out.getvalue()

    def untag(pdf):
        del pdf.Root.StructTreeRoot
        del pdf.Root.MarkInfo

    bare = spoilt(untag)
    assert by_pdfua(bare, tmp_path)
    assert by_outloud(bare, tmp_path)
    unnamed = spoilt(lambda pdf: pdf.Root.__delitem__("/Lang"))
    assert by_pdfua(unnamed, tmp_path)


def test_table_without_headings_is_found(tmp_path):
    made = typeset(a_document(grid()))
    assert by_pdfua(made.content, tmp_path) == []
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/TH":
                one.S = pikepdf.Name.TD
        out = io.BytesIO()
        pdf.save(out)
    assert "no header cell" in " ".join(by_pdfua(out.getvalue(), tmp_path))


def test_tables_that_are_not_those_that_were_set_are_refused(printed, document):
    from careshape.statement.print.tags import finish

    with pytest.raises(CareshapeError, match="tables"):
        finish(io.BytesIO(printed.content), document.grids[1:])


def test_large_print_has_no_letter_below_eighteen_points(large):
    import pymupdf

    sizes = {
        round(span["size"], 1)
        for page in pymupdf.open(stream=large.content)
        for block in page.get_text("dict")["blocks"]
        for line in block.get("lines", ())
        for span in line["spans"]
        if span["text"].strip()
    }
    assert min(sizes) >= 18


@pytest.mark.parametrize(("columns", "large"), [(12, True), (40, False)])
def test_table_that_is_too_wide_becomes_a_list(columns, large):
    narrow, wide = grid(rows=3, columns=3), grid(rows=3, columns=columns)
    assert len(tagged(typeset(a_document(narrow), large).content, "Table")) == 1
    made = typeset(a_document(wide), large)
    assert tagged(made.content, "Table") == []
    assert "Place 2" in words_of(made.content)
    assert "Year 11: 22" in words_of(made.content)


def test_column_headings_and_labels_have_room_before_long_words():
    """A day with its year stays on one line, beside a label that would take the whole page."""
    label = "Support with a very long name that could go on over the whole width of the page and further still"
    row = GridRow((cell(label, head=True), cell("1,234", numeric=True), cell("June 2022")))
    made = Grid("T", (cell("What"), cell("31 March 2019", numeric=True), cell("By")), (row,))
    lines = [
        "".join(span["text"] for span in line["spans"]).strip()
        for page in _pages(typeset(a_document(made)).content)
        for block in page.get_text("dict")["blocks"]
        for line in block.get("lines", ())
    ]
    assert {"31 March 2019", "June 2022"} <= set(lines)


def test_parts_follow_on_where_there_is_room():
    """Short chapters share a page; one that would begin at its foot begins on the next."""
    short = [Chapter(f"c{n}", f"Chapter {n}", 1, (Paragraph((Run("Words. " * 60),)),)) for n in range(12)]
    pages = _pages(typeset(replace(a_document(), chapters=tuple(short))).content)
    # Cover with contents of many chapters apart, then at least two chapters a page.
    assert len(pages) <= 2 + len(short) // 2
    for page in list(pages)[2:]:
        tops = [block[1] for block in page.get_text("blocks") if block[4].startswith("Chapter") and block[1] > 60]
        assert all(top < page.rect.height * 0.75 for top in tops)


def test_page_says_which_chapter_it_is_in():
    words = Paragraph((Run("Words. " * 900),))
    document = replace(
        a_document(), chapters=(Chapter("a", "The first", 1, (words,)), Chapter("b", "The last", 1, (words,)))
    )
    pages = list(_pages(typeset(document).content))
    heads = [[block[4] for block in page.get_text("blocks") if block[1] < 60] for page in pages]
    assert any("The first" in text for text in heads[2])
    assert any("The last" in text for text in heads[-1])
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1].get_text()


def _pages(content: bytes):
    import pymupdf

    return pymupdf.open(stream=content)


def test_nothing_runs_off_the_page(printed, large):
    import pymupdf

    for made in (printed, large, typeset(a_document(grid(rows=5, columns=16)))):
        for page in pymupdf.open(stream=made.content):
            for block in page.get_text("blocks"):
                assert block[0] >= 0, block
                assert block[2] <= page.rect.width - 20, block


def words_of(content: bytes) -> str:
    import pymupdf

    return " ".join(" ".join(page.get_text() for page in pymupdf.open(stream=content)).split())


def by_pdfua(content: bytes, folder: Path) -> list[str]:
    """What the one checker finds."""
    from pdfua import validate

    return [f"{one.rule_id} {one.message}" for one in validate(_file(content, folder)).findings]


def by_outloud(content: bytes, folder: Path) -> set[str]:
    """The rules by which the other finds an error, but for those that guess."""
    from outloud import check

    found = check(str(_file(content, folder)))
    assert not found.error, found.error
    return {one.rule for one in found.findings if one.severity == "error"} - FALSE_ALARMS


def _file(content: bytes, folder: Path) -> Path:
    file = folder / "statement.pdf"
    file.write_bytes(content)
    return file
