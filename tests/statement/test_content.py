"""Reading a statement's folder: its form, and how a fault is told."""

from __future__ import annotations

import pytest

from careshape.errors import CareshapeError, InputError
from careshape.statement.content import content_folder, load_statement
from tests.statement.sample import write_text


def test_load_statement_keeps_the_order_of_the_contents(tmp_path):
    statement = load_statement(write_text(tmp_path / "s"))
    assert list(statement.segments) == ["population", "care-homes", "shared-lives"]
    assert [group.title for group in statement.groups] == ["The place", "Care"]
    assert statement.segments["care-homes"].services == ("nursing", "residential")
    assert list(statement.tables) == ["people-by-district", "older-people"]


def test_content_folder_prefers_the_council_s_own_text(tmp_path):
    own = write_text(tmp_path / "worcestershire" / "statement")
    assert content_folder("worcestershire", tmp_path / "worcestershire") == own
    assert content_folder("worcestershire").parts[-2:] == ("content", "worcestershire")
    assert content_folder("nowhere") is None


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("01-population.md", "+++\n", "", "01-population.md: a segment begins with"),
        ("01-population.md", 'id = "population"', 'id = "Popu lation"', "stands in addresses"),
        ("01-population.md", 'id = "population"', 'id = "care-homes"', "is also that of"),
        ("01-population.md", 'title = "Population"', 'titel = "Population"', "no field 'titel'"),
        ("01-population.md", 'kind = "context"', 'kind = "other"', "one of segment, context"),
        ("statement.toml", '["population"]', "[]", "stands in no part"),
        ("statement.toml", '["population"]', '["population", "care-homes"]', "stands in two parts"),
        ("statement.toml", 'segments = ["care-homes"]', "segments = 3", "'segments' must be a list"),
        ("01-population.md", 'kind = "context"', 'kind = "context"\nservices = 3', "'services' must be a list"),
        ("statement.toml", "title", "titel", "'title' must be given"),
        ("tables.toml", 'rows = "district"', 'row_s = "district"', "row_s"),
        ("tables.toml", 'id = "older-people"', 'id = "people-by-district"', "Another table has this id"),
        ("tables.toml", "[[table]]", "[[table", "not valid TOML"),
    ],
)
def test_load_statement_names_the_file_and_the_rule(tmp_path, file, old, new, says):
    folder = write_text(tmp_path / "s")
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(CareshapeError) as caught:
        load_statement(folder)
    assert says in str(caught.value)


def test_parts_that_are_no_tables_are_told(tmp_path):
    with pytest.raises(InputError, match="parts stand under"):
        load_statement(write_text(tmp_path / "s"), {"statement.toml": 'title = "A"\nparts = [1]'})


def test_table_of_expressions_must_have_a_cell_for_each_column(tmp_path):
    folder = write_text(tmp_path / "s")
    with (folder / "tables.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[table]]\nid = "x"\ntitle = "Uneven"\ncolumns = ["A", "B"]\n[[table.row]]\nlabel = "r"\ncells = [""]\n'
        )
    with pytest.raises(CareshapeError, match="one cell for each of the 2 columns"):
        load_statement(folder)
