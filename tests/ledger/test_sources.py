"""Files that are not what they say: one clear sentence for each."""

from __future__ import annotations

import gzip
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from careshape.errors import CallError, InputError
from careshape.ledger import Ledger, sources
from careshape.ledger.imports import import_file
from tests.ledger.writing import event, package, write_csv


def text(path: Path) -> None:
    write_csv(path, [package("L-1", provider_name="Synthetic café provider")], encoding="cp1252")


def utf16(path: Path) -> None:
    write_csv(path, [package("L-1")], encoding="utf-16")


def utf16_without_mark(path: Path) -> None:
    write_csv(path, [package("L-1")], encoding="utf-16-le")


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("p.csv", "line_reference\n")


def word(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")


def several_sheets(path: Path) -> None:
    book = Workbook()
    book.active.append(["line_reference"])
    book.create_sheet("Notes").append(["written by hand"])
    book.save(path)


def empty_workbook(path: Path) -> None:
    Workbook().save(path)


def header_row_only(path: Path) -> None:
    book = Workbook()
    book.active.append(list(package("L-1")))
    book.save(path)


def other_parquet(path: Path) -> None:
    pq.write_table(pa.table({"a": [1], "b": [2]}), path)


def empty_parquet(path: Path) -> None:
    pq.write_table(pa.Table.from_pylist([package("L-1")]).slice(0, 0), path)


def nested_parquet(path: Path) -> None:
    pq.write_table(pa.table({"line_reference": [["L-1"]]}), path)


def without_column(path: Path) -> None:
    rows = [package("L-1")]
    rows[0].pop("start_date")
    write_csv(path, rows)


def without_header(path: Path) -> None:
    path.write_text(",".join(package("L-1").values()) + "\n" + ",".join(package("L-2").values()) + "\n", "utf-8")


def header_only(path: Path) -> None:
    path.write_text(",".join(package("L-1")) + "\n\n", "utf-8")


def twice(path: Path) -> None:
    path.write_text("line_reference,service,start_date,Service\nL-1,nursing,2020-05-01,nursing\n", "utf-8")


def encrypted(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))


def open_document(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")


def book(*rows: list[object]) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        made = Workbook()
        for row in rows:
            made.active.append(row)
        made.save(path)

    return make


def put(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(text.encode())


NAMES = ["line_reference", "service", "start_date"]
RECORD = ["PERSON-1", "nursing", "2020-05-01"]

BAD = [
    # name, what it is, what the sentence must say
    ("p.csv", text, "is not in UTF-8: line 2 holds a byte that looks like Windows-1252"),
    ("p.csv", utf16, "is text in UTF-16"),
    ("p.csv", utf16_without_mark, "is text in UTF-16"),
    ("p.csv", lambda path: path.write_bytes(b""), "is empty"),
    ("p.csv", lambda path: path.write_bytes(b"\xef\xbb\xbf\r\n \r\n"), "is empty"),
    ("p.csv", header_only, "holds a header line and no records"),
    ("p.csv", without_header, "the first line does not name the columns"),
    ("p.csv", without_column, "read as 'Care package line items', it lacks the column start_date"),
    ("p.csv", twice, "has the column 'service' twice"),
    ("p.csv", zipped, "is a zip archive"),
    ("p.csv", word, "is a Word or other Office document"),
    ("p.csv", lambda path: path.write_bytes(gzip.compress(b"a,b\n1,2\n")), "is a gzip archive"),
    ("p.csv", lambda path: path.write_bytes(b"%PDF-1.7\n"), "is a PDF"),
    ("p.csv", lambda path: path.write_bytes(b"line_reference,service\nL-1,\0\n"), "is not a text file"),
    ("p.csv", lambda path: path.write_bytes(b"PK\x03\x04 and then nothing"), "is a damaged archive or workbook"),
    ("p.csv", lambda path: path.write_bytes(b"a" * 600_000), "no line breaks"),
    ("p.xls", lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b" " * 600), "is an old Excel file"),
    ("p.xlsx", several_sheets, "has 2 sheets with content ('Sheet', 'Notes')"),
    ("p.xlsx", empty_workbook, "is a workbook without records"),
    ("p.xlsx", header_row_only, "holds a header row and no records"),
    ("p.parquet", other_parquet, "does not name the columns"),
    ("p.parquet", empty_parquet, "holds columns and no records"),
    ("p.parquet", nested_parquet, "has the nested column 'line_reference'"),
    ("p.parquet", lambda path: path.write_bytes(b"PAR1 and then nothing PAR1"), "is a damaged Parquet file"),
    ("p.csv", put("PERSON-1,nursing,2020-05-01\n"), "holds a single line, and it names no columns"),
    ("p.csv", put("PERSON-1,nursing,2020-05-01"), "holds a single line, and it names no columns"),
    ("p.xlsx", book(RECORD), "holds a single row, and it names no columns"),
    (
        "p.xls",
        put("<html><table><tr><td>PERSON-1</td></tr></table>"),
        "is a web page (HTML), not a file of records, though",
    ),
    ("p.xls", put("<?xml version='1.0'?><Workbook/>"), "is an XML file"),
    ("p.csv", put('[{"line_reference": "PERSON-1"}]'), "is a JSON file"),
    ("p.xlsx", put("just some words\nof PERSON-1\n"), "p.xlsx (a text file): the first line does not name the columns"),
    ("p.xlsx", encrypted, "is a workbook that is protected by a password"),
    ("p.ods", open_document, "is an OpenDocument file (.ods)"),
    ("p.csv", put("Care packages\n\nline_reference,service,start_date\nL-1,nursing,2020-05-01\n"), "stand on line 3"),
    ("p.xlsx", book(["Care packages"], [], ["Who", "", "When"], NAMES, RECORD), "the column names stand on row 4"),
    ("p.xlsx", book(NAMES, ["L-1", "=1+1", "2020-05-01"]), "formulas that were never computed, the first in cell B2"),
    ("p.csv", put("line_reference^service^start_date\nL-1^nursing^2020-05-01\n"), "parts its cells with ^"),
    (
        "p.csv",
        put("line_reference,service,start_date\r\nL-1,nursing,2020-05-01\nL-2,nursing,2020-05-01\n"),
        "line 2 ends other",
    ),
    (
        "p.csv",
        put("line_reference,service,start_date\nL-1,nursing,2020-05-01\r\n"),
        "line 2 ends otherwise than the first",
    ),
    ("p.csv", put("line_reference,service,start_date\rL-1,nursing,2020-05-01\r"), "carriage returns alone"),
    ("p.csv", lambda path: path.write_bytes(bytes(range(1, 256)) * 9), "is not a text file, whatever its name says"),
    ("folder", Path.mkdir, "is a folder"),
    ("missing.csv", lambda path: None, "There is no file"),
    ("pipe.csv", os.mkfifo, "is a device or a pipe"),
]


@pytest.mark.parametrize(("name", "make", "sentence"), BAD, ids=[one[2][:30] for one in BAD])
def test_file_that_is_not_what_it_says_gets_one_sentence(ledger: Ledger, tmp_path: Path, name, make, sentence) -> None:
    make(tmp_path / name)
    with pytest.raises(InputError) as caught:
        import_file(ledger, tmp_path / name)
    message = str(caught.value)
    assert sentence in message
    assert name in message
    assert "\n" not in message
    assert len(message) < 330
    assert "PERSON-" not in message, "a file without header starts with somebody's record"
    assert ledger.postings() == []


def test_file_under_another_name_is_read_as_what_it_is_and_said_so(ledger: Ledger, tmp_path: Path) -> None:
    write_csv(tmp_path / "a.xlsx", [package("L-1")])
    book(NAMES, ["L-2", *RECORD[1:]])(tmp_path / "b.csv")
    book(NAMES, ["L-3", *RECORD[1:]])(tmp_path / "c.xls")
    notes = {name: import_file(ledger, tmp_path / name).notes for name in ("a.xlsx", "b.csv", "c.xls")}
    assert notes["a.xlsx"] == ("The file is a text file, whatever its name says: it was read as such.",)
    assert notes["b.csv"] == ("The file is a workbook, whatever its name says: it was read as such.",)
    assert notes["c.xls"] == ()
    assert len(ledger.postings()) == 3


def test_hidden_sheet_and_cells_beyond_the_header_are_said_not_to_be_read(ledger: Ledger, tmp_path: Path) -> None:
    made = Workbook()
    made.active.append(NAMES)
    made.active.append(["L-1", *RECORD[1:], "stray"])
    made.create_sheet("Lists").append(["nursing"])
    made["Lists"].sheet_state = "hidden"
    made.save(tmp_path / "p.xlsx")
    report = import_file(ledger, tmp_path / "p.xlsx")
    assert report.accepted == 1
    assert report.notes == (
        "The hidden sheet 'Lists' was not read.",
        "Columns that were not read: one without a heading.",
    )


def test_formula_with_an_empty_result_is_read_as_blank(ledger: Ledger, tmp_path: Path) -> None:
    book([*NAMES, "end_date"], ["L-1", *RECORD[1:], "=B9"])(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as plain, zipfile.ZipFile(tmp_path / "p.xlsx", "w") as computed:
        for name in plain.namelist():
            content = plain.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert b'<c r="D2"><f>B9</f>' in content
                content = content.replace(b'<c r="D2"><f>B9</f><v />', b'<c r="D2" t="str"><f>B9</f><v></v>')
                content = content.replace(b'<c r="D2"><f>B9</f><v></v>', b'<c r="D2" t="str"><f>B9</f><v></v>')
            computed.writestr(name, content)
    assert import_file(ledger, tmp_path / "p.xlsx").accepted == 1


def test_line_break_in_a_quoted_cell_is_no_other_line_end(ledger: Ledger, tmp_path: Path) -> None:
    names, first = ",".join([*NAMES, "provider_name"]), 'L-1,nursing,2020-05-01,"Synthetic\nprovider"'
    (tmp_path / "p.csv").write_bytes(f"{names}\r\n{first}\r\nL-2,x,soon,\r\n".encode())
    report = import_file(ledger, tmp_path / "p.csv")
    assert (report.accepted, {one.line for one in report.findings}) == (1, {4})


def test_unread_columns_are_told(ledger: Ledger, write) -> None:
    row = package("L-1") | {"Our own note": "x", "": "y"}
    assert import_file(ledger, write("p.csv", [row])).notes == (
        "Columns that were not read: 'Our own note', one without a heading.",
    )


def test_unreadable_file_gets_one_sentence(ledger: Ledger, write) -> None:
    file = write("p.csv", [package("L-1")])
    file.chmod(0)
    with somebody(), pytest.raises(InputError, match="cannot be read: Permission denied"):
        import_file(ledger, file)


@contextmanager
def somebody() -> Iterator[None]:
    """Be somebody who may not read every file, where the tests run as root."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_file_beyond_the_limit_gets_one_sentence(ledger: Ledger, write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "SIZE_LIMIT", 100)
    with pytest.raises(InputError, match="Split it by period"):
        import_file(ledger, write("p.csv", [package("L-1")]))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_usual_dialects_are_read(ledger: Ledger, write, standing, delimiter, newline, encoding) -> None:
    rows = [package("L-1", provider_name='Synthetic "quoted", and named')]
    assert (
        import_file(ledger, write("p.csv", rows, delimiter=delimiter, newline=newline, encoding=encoding)).accepted == 1
    )
    assert list(ledger.providers().values()) == ['Synthetic "quoted", and named']


def test_reader_is_chosen_by_the_header_and_can_be_named(ledger: Ledger, write) -> None:
    assert import_file(ledger, write("c.csv", [event("E-1")])).reader == "cld"
    assert import_file(ledger, write("p.csv", [package("L-1")])).reader == "packages"
    with pytest.raises(InputError, match="read as 'Deliveries', it lacks the columns"):
        import_file(ledger, write("q.csv", [package("L-1")]), "deliveries")
    with pytest.raises(CallError, match="Did you mean packages"):
        import_file(ledger, write("q.csv", [package("L-1")]), "package")


def test_headings_match_without_case_and_punctuation_and_unknown_ones_are_told(ledger: Ledger, write) -> None:
    row = {key.replace("_", " ").title(): value for key, value in package("L-1").items()} | {"Our own note": "x"}
    report = import_file(ledger, write("p.csv", [row]))
    assert (report.accepted, report.unread) == (1, ("Our own note",))


def test_misspelt_column_is_told_with_what_it_may_stand_for(ledger: Ledger, write) -> None:
    row = {("end_dat" if key == "end_date" else key): value for key, value in package("L-1").items()}
    report = import_file(ledger, write("p.csv", [row]))
    assert "'end_dat' was not read; did you mean end_date?" in report.summary()


def test_spelling_that_comes_late_in_a_file_is_understood(ledger: Ledger, write, monkeypatch) -> None:
    monkeypatch.setattr("careshape.ledger.vocabulary.SAMPLE", 2)
    rows = [package(f"L-{n}") for n in range(5)] + [
        package("L-5", service="NURSING   CARE"),
        package("L-6", service="nil"),
    ]
    report = import_file(ledger, write("p.csv", rows))
    assert (report.accepted, report.refused) == (6, 1)
