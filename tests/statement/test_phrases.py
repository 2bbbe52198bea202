"""Titles, headings and notes with figures in them: filled wherever a reader meets them."""

from __future__ import annotations

import json

import pytest

from careshape.errors import InputError
from careshape.statement.content import load_statement
from careshape.statement.council import open_council
from careshape.statement.phrases import phrase
from careshape.statement.search import entries
from careshape.statement.text import parts
from tests.statement.sample import make_sample, write_text


def test_phrase_keeps_its_figures_apart_from_its_words(council):
    made = phrase(
        council.book, 'Of {{ measure("care_home_people", period="2021-03-31") | words }} in {{ year("2021") }}.'
    )
    assert str(made) == "Of five in 2021."
    assert [figure.linked for figure in made.figures] == [True, False]


def test_titles_are_filled_in_tables_charts_downloads_and_search(council):
    title = "People aged 65 and over by district in 2018 and later"
    found = council.table("older-people")
    assert found.title == council.statement.tables["older-people"].title == title
    assert f">{title}</title>" in council.chart("older-people").svg
    assert json.loads(found.as_json())["title"] == title
    assert title in [entry.title for entry in entries(council)]
    assert not any("{{" in f"{entry.title} {entry.words}" for entry in entries(council))


def test_note_opens_cards_and_is_plain_in_downloads(council):
    found = council.table("people-by-district")
    assert json.loads(found.as_json())["note"] == "Last day: five, as in Table 17."
    people, table = found.note.figures
    assert [spec.id for spec in council.standing(people.key)] == ["people-by-district"]
    assert (table.card.lines[0].page, table.card.lines[0].item) == ("observations", "table-17")


def test_titles_of_statement_parts_and_pages_are_filled(tmp_path):
    data = make_sample(tmp_path / "d")
    folder = data / "councils" / "worcestershire" / "statement"
    for file, old, new in (
        ("statement.toml", '"Market position statement of a test"', "'Statement for {{ year(\"2021/22\") }}'"),
        ("statement.toml", '"The place"', "'The place in {{ month(\"2021-03\") }}'"),
        ("01-population.md", '"Population"', "'People since {{ year(\"2018\") }}'"),
        ("01-population.md", "## More people", '## More people in {{ year("2030") }}'),
    ):
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), "utf-8")
    council = open_council(data, "worcestershire")
    assert council.statement.title == "Statement for 2021/22"
    assert council.statement.groups[0].title == "The place in March 2021"
    segment = council.statement.segments["population"]
    assert segment.title == "People since 2018"
    assert [(part.title, part.anchor) for part in parts(council, segment, lambda call, level: "")] == [
        ("More people in 2030", "more-people-in-2030")
    ]


@pytest.mark.parametrize("wrong", ['{{ yaer("2021") }}', '{{ table("older-people") }}', '{{ year("2021")'])
def test_title_that_cannot_be_read_is_told_with_its_table(tmp_path, wrong):
    folder = write_text(tmp_path / "s")
    text = (folder / "tables.toml").read_text("utf-8")
    (folder / "tables.toml").write_text(text.replace("People in care homes", f"People {wrong}"), "utf-8")
    with pytest.raises(InputError, match=r"tables\.toml, table 'people-by-district', title"):
        load_statement(folder)
