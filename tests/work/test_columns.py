"""What a file holds, and the advice of the rooms below in words that somebody at a browser can follow."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import careshape
from careshape.ledger.readers import READER_IDS, reader
from careshape.statement.in_browser import in_browser
from tests.work.files import GOOD

SOURCES = [
    path for room in ("ledger", "evaluate/measure") for path in (Path(careshape.__file__).parent / room).rglob("*.py")
]


def test_every_column_of_every_kind_of_file_is_listed_and_coded_ones_lead_to_their_names(signed_in) -> None:
    client = signed_in("analyst")
    rows = list(csv.DictReader(io.StringIO(client.get("/work/imports/columns.csv").content.decode())))
    assert len(rows) == sum(len(reader(one).column) for one in READER_IDS)
    assert {row["column"] for row in rows if row["need"] == "Yes"} >= {"line_reference", "LA_Person_Unique_Identifier"}
    text = client.get("/work/imports/columns/?q=client_group").content.decode()
    assert 'href="/work/imports/names/?list=client_group"' in text
    names = client.get("/work/imports/names/?list=client_group").content.decode()
    assert "older-people" in names
    assert "/work/imports/columns/" in client.get("/work/imports/new/").content.decode()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_message_of_a_room_below_names_a_command_once_it_is_put_in_the_browsers_words(path) -> None:
    text = re.sub(r'"""(?:.|\n)*?"""', "", path.read_text("utf-8"))  # what readers of the code are told
    for line in text.splitlines():
        said = in_browser(line)
        assert "`careshape " not in said, line
        assert not re.search(r"docs/\w+/", said), line


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "The ledger holds no line yet. Import a file first: `careshape import FILE --authority NAME`.",
            "The ledger holds no line yet. Bring a file of records first.",
        ),
        ("No measure is called 'x'. `careshape measures` lists all 60.", "Choose one of the 60 in the list."),
        ("Put a header row first; docs/reference/files.md lists them.", "the page “What a file holds” lists them."),
        ("Use one. `careshape catalogue service` lists the names.", "The page “Names for coded columns” lists, under"),
        ("Nothing to put otherwise.", "Nothing to put otherwise."),
    ],
)
def test_advice_says_what_to_press(said, told) -> None:
    assert told in in_browser(said)


def test_pages_say_it_so(signed_in, data) -> None:
    client = signed_in("analyst")
    odd = SimpleUploadedFile("odd.csv", b"nothing,known\n1,2\n")
    text = client.post("/work/imports/new/", {"file": odd}, follow=True).content.decode()
    assert "“What a file holds”" in text
    assert "docs/reference" not in text
    wrong = SimpleUploadedFile("wrong.csv", GOOD.replace(b"home-care", b"bingo"))
    text = client.post("/work/imports/new/", {"file": wrong}, follow=True).content.decode()
    assert "“Names for coded columns”" in text
    assert "`careshape" not in text
    assert "Choose one of the" in client.get("/work/measures/?measure=nothing").content.decode()
