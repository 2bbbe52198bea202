"""The files to print of an edition: made from what the gate lets be shown, and from nothing else."""

from __future__ import annotations

import re

import pymupdf
import pytest

from careshape.editions.folders import PAGES, edition_path
from careshape.home import Home

COUNCIL = "worcestershire"


@pytest.fixture(scope="module")
def pages(prepared):
    return edition_path(Home(prepared), COUNCIL, 1) / PAGES


@pytest.mark.parametrize("name", ["statement.pdf", "statement-large-print.pdf", "statements/older-people.pdf"])
def test_printed_edition_says_suppressed_with_the_reason_and_is_no_draft(pages, name):
    pdf = pymupdf.open(pages / name)
    text = " ".join(" ".join(page.get_text() for page in pdf).split())
    assert "Edition 1" in text
    assert "Draft" not in text
    assert "suppressed" in text
    assert "it could tell of fewer than 3 people" in text


def test_edition_links_to_its_files_with_their_length(pages):
    home = (pages / "index.html").read_text("utf-8")
    many = len(pymupdf.open(pages / "statement.pdf"))
    assert re.search(rf'href="statement\.pdf"[^>]*>The whole statement to print \(PDF, {many} pages, \d+ KB\)', home)
    assert 'href="statement-large-print.pdf"' in home
    assert 'href="large-print/index.html"' in home
    assert "cs-large" in (pages / "large-print" / "care-homes" / "index.html").read_text("utf-8")


def test_card_of_a_figure_that_is_not_shown_says_why(pages):
    cards = [file.read_text("utf-8") for file in pages.glob("figures/*/index.html")]
    kept_back = [text for text in cards if '<p class="cs-figure-value">suppressed</p>' in text]
    assert kept_back
    why = re.compile("It is not shown, so that nobody can be recognised: .*could tell of fewer than 3 people")
    assert [one for one in kept_back if not why.search(one)] == []
    assert not any("It is not shown" in one for one in cards if one not in kept_back)
