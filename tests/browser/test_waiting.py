"""No test of a browser reads a page at once: such a test fails on a busy machine and on no other."""

from __future__ import annotations

from pathlib import Path

from tests.browser.waiting import hasty

HERE = Path(__file__).parent


def test_every_assertion_of_a_page_waits():
    assert [said for path in sorted(HERE.glob("*.py")) for said in hasty(path)] == []


def test_an_assertion_that_does_not_wait_is_found(tmp_path):
    path = tmp_path / "test_hasty.py"
    path.write_text("page.click('a')\nassert page.title() == 'Home'\nassert here and 'x' in page.inner_text('main')\n")
    assert hasty(path) == ["test_hasty.py:2 title", "test_hasty.py:3 inner_text"]
