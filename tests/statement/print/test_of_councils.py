"""The statements of the two demonstration councils as files, as programs that read PDF files to people find them."""

from __future__ import annotations

import pikepdf
import pytest

from tests.demonstration import built_demonstration
from tests.statement.print.conftest import tagged
from tests.statement.print.test_typeset import by_outloud, by_pdfua


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
