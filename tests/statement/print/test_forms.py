"""The printed forms of a council's statements: which there are, where they are kept, what is said of their figures."""

from __future__ import annotations

import os
import shutil

import pytest
from django.conf import settings
from django.test import Client

from careshape.errors import CallError
from careshape.statement.council import open_council
from careshape.statement.print.document import document_of, the_subject
from careshape.statement.print.forms import Form, forms, printed
from careshape.statement.print.kept import FOLDER, KEEP, find, keep_all, print_key, there
from careshape.statement.print.links import in_words
from careshape.statement.print.nodes import Heading
from careshape.statement.print.write import write_pdf

FILES = [
    "statement.pdf", "statement-large-print.pdf", "statements/older-people.pdf",
    "statements/older-people-large-print.pdf",
]  # fmt: skip


@pytest.fixture(scope="module")
def kept(data, tmp_path_factory):
    """A data folder of which everything has been printed once."""
    folder = tmp_path_factory.mktemp("kept") / "data"
    shutil.copytree(data, folder)
    assert keep_all(folder, "worcestershire") == FILES
    return folder


def test_every_statement_has_a_form_to_print_and_one_in_large_print(council):
    assert [one.file for one in forms(council)] == FILES


def test_cover_tells_what_the_file_is(document):
    facts = dict(document.facts)
    assert facts["Edition"] == "Draft, as it is today"
    assert "posting 1" in facts["Figures as known on"]
    assert facts["Terms of use"]
    assert "synthetic" in document.notices[0]
    assert "Draft" in document.notices[1]


def test_edition_names_itself_and_is_no_draft(data):
    council = open_council(data, "worcestershire")
    council = type(council)(council.slug, council.ledger, council.observations, council.written, edition="Edition 7")
    document = document_of(council)
    assert dict(document.facts)["Edition"] == "Edition 7"
    assert not any("Draft" in one for one in document.notices)


def test_subject_has_the_segments_that_it_is_made_from(council):
    document = document_of(council, the_subject(council, "older-people"))
    assert document.title == "Older people"
    assert [(one.id, one.level) for one in document.chapters] == [("care-homes", 1)]


def test_headings_never_skip_a_level(document):
    for chapter in document.chapters:
        level = chapter.level
        for node in chapter.nodes:
            if isinstance(node, Heading):
                assert node.level <= level + 1
                level = node.level


def test_sources_stand_at_the_end_of_their_chapter(document):
    said = {one.id: str(one.sources) for one in document.chapters}
    assert "Table 1: People of 65 and over by district" in said["population"]
    assert "worked out from these figures" in said["population"]
    assert "Counted from the council’s line items of care" in said["care-homes"]
    assert "Bed nights" in said["care-homes"]
    assert "Bed nights" not in said["population"]


def test_statement_that_is_not_there_is_refused_with_what_is_near(council):
    with pytest.raises(CallError, match=r"There is no statement 'older-peple'\. Near matches: older-people"):
        the_subject(council, "older-peple")


def test_printed_form_is_set_once_for_a_state(council):
    assert printed(council, Form()) is printed(council, Form())


def test_what_was_printed_is_found_by_its_state(kept):
    assert there(kept, "worcestershire", print_key(kept, "worcestershire"))
    found = find(kept, "worcestershire", Form())
    assert found.path.stat().st_size == found.bytes
    assert find(kept, "thurrock", Form()) is None


def test_reader_is_given_the_file_with_its_pages_and_size(kept, monkeypatch, db):
    monkeypatch.setattr(settings, "CARESHAPE_DIR", kept)
    answer = Client().get("/worcestershire/statement.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-1.7")
    assert Client().get("/worcestershire/statement.pdf", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    home = Client().get("/worcestershire/").content.decode()
    found = find(kept, "worcestershire", Form())
    assert f"The whole statement to print (PDF, {in_words(found.pages, found.bytes)})" in home
    for name in FILES:
        assert Client().get(f"/worcestershire/{name}").status_code == 200
    assert Client().get("/worcestershire/statements/older.pdf").status_code == 404


def test_reader_waits_where_nothing_has_been_printed_yet(data, monkeypatch, db):
    monkeypatch.setattr(settings, "CARESHAPE_DIR", data)
    answer = Client().get("/worcestershire/statement.pdf")
    assert (answer.status_code, answer["Retry-After"]) == (503, "20")
    assert "being made ready to print" in answer.content.decode()


def test_a_change_of_the_text_is_printed_anew_and_old_prints_are_swept(kept, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(kept, folder)
    first = folder / FOLDER / "worcestershire" / print_key(folder, "worcestershire")
    for number in range(KEEP):
        older = first.with_name(f"older-{number}")
        older.mkdir()
        (older / "index.json").write_text("{}", "utf-8")
        os.utime(older / "index.json", (1_000_000, 1_000_000 + number))
    text = next((folder / "councils" / "worcestershire" / "statement").glob("*population*.md"))
    text.write_text(f"{text.read_text('utf-8')}\nAnd more.\n", "utf-8")
    assert not there(folder, "worcestershire", print_key(folder, "worcestershire"))
    keep_all(folder, "worcestershire")
    now = folder / FOLDER / "worcestershire" / print_key(folder, "worcestershire")
    assert sorted(now.parent.iterdir()) == sorted([first, now])


def test_command_writes_the_file_and_says_how_long_it_is(data, tmp_path):
    out = tmp_path / "x.pdf"
    said = write_pdf(data, "worcestershire", out, "older-people", large=True)
    assert said.endswith("KB")
    assert out.read_bytes().startswith(b"%PDF")
    with pytest.raises(CallError, match="cannot be written"):
        write_pdf(data, "worcestershire", tmp_path / "no" / "x.pdf")


@pytest.mark.parametrize(("pages", "size", "said"), [(1, 400, "1 page, 1 KB"), (94, 1_250_000, "94 pages, 1.2 MB")])
def test_length_and_size_are_told_in_words(pages, size, said):
    assert in_words(pages, size) == said
