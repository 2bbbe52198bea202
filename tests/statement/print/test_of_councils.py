"""The statements of the two demonstration councils as files, as programs that read PDF files to people find them."""

from __future__ import annotations

import time

import pikepdf
import pytest

from careshape.statement.council import open_council
from careshape.statement.print.document import document_of
from careshape.statement.print.typeset import typeset
from tests.demonstration import built_demonstration
from tests.statement.print.conftest import tagged
from tests.statement.print.test_typeset import by_outloud, by_pdfua

MANY = 60
"""Pages of a file that may take so long to set:"""
MOST = 5.0
"""Seconds of processor, for what a page says and for the file."""


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return built_demonstration(tmp_path_factory)


@pytest.mark.parametrize(
    "file", ["worcestershire/statement.pdf", "thurrock/statement.pdf", "worcestershire/statements/carers.pdf"]
)
def test_checkers_find_nothing_in_the_file_of_a_council(data, tmp_path, file):
    content = (data / "site" / file).read_bytes()
    assert by_pdfua(content, tmp_path) == []
    assert by_outloud(content, tmp_path) == set()
    scopes = [one["scope"] for one in tagged(content, "TH")]
    assert {"Column", "Row"} == set(scopes), "headings in both directions"
    assert len(tagged(content, "Table")) > 5
    assert all(one["alt"] for one in tagged(content, "Figure"))
    with pikepdf.open(data / "site" / file) as pdf, pdf.open_outline() as outline:
        below = sum(len(one.children) for one in outline.root)
        assert len(outline.root) + below >= 5, "bookmarks"
        assert len(tagged(content, "H1", "H2")) >= len(outline.root)


def test_a_statement_of_sixty_pages_is_set_in_five_seconds(data, promise):
    council = open_council(data, "thurrock")
    council.warm()
    began = time.process_time()
    made = typeset(document_of(council))
    took = time.process_time() - began
    assert made.pages >= MANY
    assert took < MOST
    assert made.content == (data / "site" / "thurrock" / "statement.pdf").read_bytes(), "it is the file of the export"
    promise("R12 print", f"{made.pages} pages are read and set as a tagged file in {took:.1f} seconds of processor")
