"""Easy read: short sentences, one idea a line, a picture for each, and no number typed."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from careshape.errors import InputError
from careshape.statement.content import content_folder, load_statement
from careshape.statement.easy_read import PICTURES, SUMMARY, easy_faults, read_easy
from careshape.statement.lint import lint
from tests.statement.sample import write_text

GOOD = '+++\ntitle = "Care homes"\n+++\n\n## What it is\n[home] You live with others.\n'
MAIN = {
    "worcestershire": {"care-homes", "home-care", "supported-living", "day-services", "direct-payments", "carers"},
    "thurrock": {"residential-care", "home-care", "supported-living", "direct-payments", "carers", "mental-health"},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A statement's folder with one page in easy read."""
    made = write_text(tmp_path / "statement")
    (made / "easy-read").mkdir()
    return made


def put(folder: Path, text: str, name: str = "care-homes") -> Path:
    (folder / "easy-read" / f"{name}.md").write_text(text, "utf-8")
    return folder


def rules(folder: Path) -> list[tuple[str, int]]:
    """The faults of the page, each with its rule and line."""
    return [(one.rule, one.line) for one in lint("worcestershire", folder) if "easy-read" in one.file]


def test_page_that_is_easy_has_no_fault(folder):
    assert rules(put(folder, GOOD)) == []


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("[home] " + "word " * 15 + "more.", "long sentence"),
        ("[home] We commission it.", "hard word"),
        ("[home] You live there. You eat there.", "one idea"),
        ("[home] It has 12 rooms.", "typed number"),
        ("[home] It has twelve rooms.", "typed number"),
        ('[home] {{ measure("no_such_measure") }} people live there.', "unknown name"),
        ('[home] {{ measure("care_home_people" }} people live there.', "expression"),
        ('[home] {{ table("people-by-district") }}', "one idea"),
        ('[home] {{ measure("care_home_people", period="2021-03-31") }} people live there.', "no date"),
    ],
)
def test_line_that_is_hard_typed_or_dead_is_told_with_its_place(folder, line, rule):
    assert (rule, 7) in rules(put(folder, f"{GOOD}{line}\n"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("You live with others.", "begins with its title"),
        ('+++\ntitle = "A"\nsize = 2\n+++\n', "no field 'size'"),
        ("+++\ntitle = 4\n+++\n", "'title' must be given"),
        (GOOD + "No picture here.\n", "line 7: write a picture and a sentence"),
        (GOOD + "[hous] You live there.\n", "no picture 'hous'"),
    ],
)  # fmt: skip
def test_file_whose_form_is_wrong_is_refused_with_the_remedy(folder, text, said):
    with pytest.raises(InputError, match=said):
        load_statement(put(folder, text))


def test_page_of_a_segment_that_there_is_not_is_refused(folder):
    with pytest.raises(InputError, match="no segment 'care-home'"):
        load_statement(put(folder, GOOD, "care-home"))


def test_summary_is_of_no_segment(folder):
    assert list(load_statement(put(folder, GOOD, SUMMARY)).easy) == [SUMMARY]


def test_figure_counts_as_one_word_and_a_heading_needs_no_picture(folder):
    long = '{{ measure("care_home_people", district="wychavon", period="2021-03-31") }}'
    day = '{{ date("2021-03-31") }}'
    text = read_easy(put(folder, f"{GOOD}[home] {long} people lived there in {day}.\n"))["care-homes"]
    assert list(easy_faults(text)) == []
    assert [line.heading for line in text.lines] == [True, False, False]


def test_every_picture_is_there_says_what_it_shows_and_holds_nothing_else():
    drawn = files("careshape.site").joinpath("static", "careshape", "easy")
    assert {file.name for file in drawn.iterdir()} == {f"{name}.svg" for name in PICTURES}
    for file in drawn.iterdir():
        text = file.read_text("utf-8")
        assert text.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"')
        assert not re.search(r"<script|style=|href|<image|on\w+=", text)


@pytest.mark.parametrize("council", sorted(MAIN))
def test_both_councils_say_the_summary_and_every_main_segment_in_easy_read(council):
    path = content_folder(council)
    assert path is not None
    easy = load_statement(path).easy
    assert {SUMMARY, *MAIN[council]} <= set(easy)
    for text in easy.values():
        assert list(easy_faults(text)) == []
        assert len([line for line in text.lines if not line.heading]) >= 4
