"""Parts that are filled as a form: what is not changed stays to the letter, and a fault finds its field."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from careshape.statement.spec import read_tables
from careshape.writing.forms import FieldError, field_of, plainly, shown, table_fields, with_sent
from careshape.writing.others import NEW_STATEMENT, STATEMENT_PARTED, TABLES_PARTED
from careshape.writing.toml_values import line_of, with_values

ENTRY = """# Above it.
[[table]]
id = "homes" # its name
title = 'Homes of {{ month("2021-03") }}'
measure = "care_home_people"
rows = [
  "district",  # by place
  "service",
]
note = "One # no comment ] and a [ bracket."
[table.where]
service = "nursing"
"""
TEXTS = [files("careshape.statement") / "content" / name for name in ("worcestershire", "thurrock")]


def read(text: str) -> dict:
    return tomllib.loads(text)["table"][0]


@pytest.mark.parametrize(
    ("values", "same", "made"),
    [
        ({"id": "places"}, "id", 'id = "places" # its name\n'),
        ({"rows": ["gender"]}, "rows", 'rows = ["gender"]\nnote'),
        ({"note": None}, "note", '"service",\n]\n[table.where]'),
        ({"chart": "bar"}, "chart", 'bracket."\nchart = "bar"\n[table.where]'),
        ({"title": 'By "place"'}, "title", "title = 'By \"place\"'\n"),
        ({"title": 'It\'s "so"'}, "title", 'title = "It\'s \\"so\\""\n'),
        ({"unused": True}, "unused", "unused = true\n[table.where]"),
    ],
)
def test_one_value_is_set_and_all_else_stays(values, same, made):
    text = with_values(ENTRY, values)
    assert made in text
    before, after = read(ENTRY), read(text)
    assert {name: one for name, one in before.items() if name != same} == {
        name: one for name, one in after.items() if name != same
    }
    assert after.get(same) == next(iter(values.values()))
    assert "# Above it." in text


def test_line_of_a_field_is_that_of_the_entry_and_not_of_a_table_inside():
    assert (line_of(ENTRY, "note"), line_of(ENTRY, "service"), line_of(ENTRY, "chart")) == (10, 0, 0)


def tables():
    for folder in TEXTS:
        content = (folder / "tables.toml").read_text("utf-8")
        yield from ((content, name) for name in TABLES_PARTED.titles(content))


def test_every_packaged_table_passes_its_form_as_it_is():
    many = 0
    for content, name in tables():
        text = TABLES_PARTED.text(content, name)
        fields = table_fields(text)
        assert with_sent(fields, text, shown(fields, text)) == text, name
        many += 1
    assert many > 50


def test_filters_and_lists_of_packaged_tables_are_written_as_they_are_read(tmp_path):
    """Every field emptied and set again gives the same table."""
    for content, name in tables():
        text = TABLES_PARTED.text(content, name)
        fields = table_fields(text)
        sent = shown(fields, text)
        some = {one.name for one in fields if one.kind in ("list", "filters")} & sent.keys()
        bare = with_sent(
            fields, text, sent | {one: "zzz" if one != "where" else "unit = zzz" for one in some if sent[one]}
        )
        again = with_sent(table_fields(bare), bare, sent)
        assert read_tables(tmp_path, again) == read_tables(tmp_path, text), name


@pytest.mark.parametrize(
    ("message", "line", "field"),
    [
        ("tables.toml: entry 'homes', field 'total' has value 'no'. Choose.", 0, "total"),
        ("Table 'homes', note: '5' is typed. Write an expression.", 0, "note"),
        ("Table 'homes': There is no measure 'care_home_people'. Did you mean 'x'?", 0, "measures"),
        ("Table 'homes': There is no dimension 'service'.", 0, "rows"),
        ("'30 June' is typed.", 4, "title"),
        ("Something of the whole.", 0, ""),
    ],
)
def test_fault_finds_its_field(message, line, field):
    assert field_of(table_fields(ENTRY), ENTRY, line, message) == field


def test_fault_is_told_by_the_name_of_its_field():
    fields = table_fields(ENTRY)
    assert plainly(fields, "note", "Table 'homes', note: '5' is typed.") == "Note below it: '5' is typed."
    said = plainly(fields, "title", "tables.toml: entry 'homes', field 'title' has value 'a'. Too short")
    assert said == "Title: Write a title of three letters or more."


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"where": "service"}, "‘service’ is no filter"),
        ({"where": "service ="}, "is no filter"),
        ({"id": "Two words"}, "small letters"),
        ({"id": "other"}, "another ‘other’"),
        ({"chart": "pie"}, "choose one"),
    ],
)
def test_what_cannot_be_written_down_is_refused_at_its_field(sent, said):
    fields = table_fields(ENTRY)
    with pytest.raises(FieldError, match=said) as stopped:
        with_sent(fields, ENTRY, shown(fields, ENTRY) | sent, ["other"])
    assert stopped.value.field == next(iter(sent))


def test_table_whose_text_cannot_be_read_has_no_form():
    assert table_fields('[[table]]\nid = "a') == ()


def test_new_statement_comes_after_the_others_and_each_is_a_part():
    content = (TEXTS[0] / "statement.toml").read_text("utf-8")
    made = STATEMENT_PARTED.put(content, NEW_STATEMENT, '[[statement]]\nid = "new"\ntitle = "New"')
    ids = [one["id"] for one in tomllib.loads(made)["statement"]]
    assert ids == [*(one["id"] for one in tomllib.loads(content)["statement"]), "new"]
    assert STATEMENT_PARTED.titles(made)["statement-new"] == "Statement: New"
    assert STATEMENT_PARTED.text(made, "statement-carers").startswith('[[statement]]\nid = "carers"')
    assert (
        tomllib.loads(STATEMENT_PARTED.put(made, "statement-new", ""))["statement"]
        == tomllib.loads(content)["statement"]
    )
