"""Files that are malformed or mean harm, made here from a seed: none is kept in the repository."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from tests.statement.sample import HEADER
from tests.work.files import line

SEED = 4_2026
MANY = 300
Hostile = tuple[str, bytes]
_ROWS = [line(n) for n in range(200, 240)]
CSV = (HEADER + "".join(_ROWS)).encode()
NAMES = HEADER.strip().split(",")
CELLS = [row.rstrip("\n").split(",") for row in _ROWS]


def workbook() -> bytes:
    """A sound workbook."""
    book = openpyxl.Workbook()
    for row in (NAMES, *CELLS):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet(columns: Mapping[str, list[str] | pa.Array] | None = None, **options: object) -> bytes:
    """A sound Parquet file."""
    out = io.BytesIO()
    found = columns or {name: [row[at] for row in CELLS] for at, name in enumerate(NAMES)}
    pq.write_table(pa.table(found), out, **options)
    return out.getvalue()


def rezipped(parts: dict[str, bytes], **changed: int) -> bytes:
    """The workbook with other parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = changed.get("attributes", 0)
            new.writestr(info, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet(rows: str, before: str = "") -> bytes:
    text = f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>'
    return text.encode()


@cache
def bombs() -> tuple[Hostile, ...]:
    """Small files that unpack to much, or that ask for much."""
    return tuple(_bombs())


def _bombs() -> Iterator[Hostile]:
    cell = '<c r="A{n}" t="inlineStr"><is><t>' + "x" * 30_000 + "</t></is></c>"
    many = sheet("".join(f'<row r="{n}">{cell.format(n=n)}</row>' for n in range(1, 9_000)))
    yield "unpacks-to-270-MB.xlsx", rezipped({SHEET: many})
    strings = f"<sst {MAIN}>" + "<si><t>" + "y" * 1_000 + "</t></si>"
    yield (
        "strings.xlsx",
        rezipped({"xl/sharedStrings.xml": (strings + "<si><t/></si>" * 12_000_000 + "</sst>").encode()}),
    )
    corner = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield "two-cells-far-apart.xlsx", rezipped({SHEET: sheet(corner)})
    wide = "".join(f'<c r="{letters(n)}1"><v>1</v></c>' for n in range(1, 16_385))
    rows = f'<row r="1">{wide}</row><row r="20000"><c r="A20000"><v>1</v></c></row>'
    yield "16384-columns-by-20000-rows.xlsx", rezipped({SHEET: sheet(rows)})
    same = parquet(dict.fromkeys(NAMES[:20], pa.repeat("the same", 6_000_000)), compression="zstd")
    yield "6-million-equal-rows.parquet", same
    yield "200000-columns.csv", HEADER.strip().encode() + b",a" * 200_000 + b"\n1\n"


def others() -> Iterator[Hostile]:
    """Files that lie about what they are, or lead elsewhere."""
    yield "a-million-columns.csv", b"a," * 1_000_000 + b"b\n1\n"
    yield "unpacks-to-270-MB-and-lies.xlsx", lying(bombs()[0][1])
    yield "nested.xlsx", rezipped({"xl/inner.zip": workbook()})
    yield "up.xlsx", rezipped({"../../outside.xml": b"<a/>"})
    yield "absolute.xlsx", rezipped({"/etc/passwd": b"x"})
    yield "windows.xlsx", rezipped({"..\\outside.xml": b"<a/>"})
    yield "link.xlsx", rezipped({"xl/link": b"/etc/passwd"}, attributes=0o120777 << 16)
    yield "parts.xlsx", rezipped({f"xl/part{n}.xml": b"<a/>" for n in range(500)})
    yield "protected.xlsx", flagged(workbook())
    for part in (SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "[Content_Types].xml", "xl/styles.xml"):
        entity = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        yield (
            f"entity-{len(part)}.xlsx",
            rezipped({part: sheet('<row r="1"><c r="A1"><v>&e;</v></c></row>', entity.decode())}),
        )
        yield f"utf16-{len(part)}.xlsx", rezipped({part: (entity + b"<a/>").decode().encode("utf-16")})
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    yield (
        "laughs.xlsx",
        rezipped({SHEET: sheet("<row><c><v>&l11;</v></c></row>", f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]>')}),
    )
    yield "torn-tags.xlsx", rezipped({SHEET: sheet('<c r="A1"' * 120_000)})
    yield "formulas.xlsx", rezipped({SHEET: sheet('<row r="1"><c r="A1"><f>1+1</f></c></row>')})
    yield "deep.xlsx", rezipped({SHEET: sheet("<row>" * 100_000)})
    yield "no-parts.xlsx", zipped({})
    yield "document.docx", zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
    yield "sheet.ods", zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"})
    for name, head in (
        ("picture.csv", b"\x89PNG\r\n\x1a\n"), ("paper.csv", b"%PDF-1.7\n"), ("packed.csv", b"\x1f\x8b\x08\0"),
        ("seven.csv", b"7z\xbc\xaf\x27\x1c"), ("rar.csv", b"Rar!\x1a\x07"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("program.csv", b"\x7fELF\x02\x01\x01"), ("page.xls", b"<html><body><table>"), ("data.csv", b'[{"a": 1}]'),
        ("rich.csv", b"{\\rtf1\\ansi "), ("xml.csv", b"<?xml version='1.0'?><!DOCTYPE a><a/>"),
        ("database.csv", b"SQLite format 3\0"), ("arrow.parquet", b"ARROW1\0\0"), ("orc.parquet", b"ORC"),
    ):  # fmt: skip
        yield name, head + bytes(range(256)) * 4
    yield from texts()
    yield from tables()


def texts() -> Iterator[Hostile]:
    """Texts that are no table, or a table that is torn."""
    text = CSV.decode()
    yield "utf16.csv", text.encode("utf-16")
    yield "utf32.csv", text.encode("utf-32")
    yield "latin.csv", text.replace("Synthetic", "Synth\u00e9tic").encode("latin-1")
    yield "nul.csv", CSV.replace(b"redditch", b"red\0itch")
    yield "nul-first.csv", b"\0" + CSV
    yield "bad-bytes.csv", CSV.replace(b"redditch", b"\xff\xfe\xfd")
    yield "overlong.csv", CSV.replace(b"redditch", b"\xc0\xaf\xe0\x80\xaf")
    yield "surrogate.csv", CSV.replace(b"redditch", b"\xed\xa0\x80")
    yield "old-mac.csv", CSV.replace(b"\n", b"\r")
    yield "two-ends.csv", CSV[: len(CSV) // 2] + CSV[len(CSV) // 2 :].replace(b"\n", b"\r\n")
    yield "open-quote.csv", CSV.replace(b"redditch", b'"redditch', 1)
    yield "quotes.csv", HEADER.encode() + b'"' * 300_001 + b"\n"
    yield "long-cell.csv", CSV.replace(b"redditch", b"r" * 3_000_000, 1)
    yield "long-line.csv", HEADER.encode() + b"," * 4_000_000 + b"\n"
    yield "long-header.csv", b"h" * 3_000_000 + b"\n1\n"
    yield "one-line.csv", HEADER.encode()
    yield "no-header.csv", "".join(_ROWS).encode()
    yield "blank.csv", b"\n" * 100_000
    yield "spaces.csv", b" " * 100_000
    yield "marks.csv", b"\xef\xbb\xbf" * 3 + CSV
    yield "controls.csv", CSV.replace(b"redditch", b"\x1b[31m\x07\x08")
    yield "doubled.csv", CSV.replace(b"client_group", b"person_id", 1)
    yield "formulas.csv", CSV.replace(b"redditch", b"=cmd|'/c calc'!A1").replace(b"spot", b"@SUM(1)")
    yield "script.csv", CSV.replace(b"redditch", b"<script>alert(1)</script>")
    yield "sql.csv", CSV.replace(b"redditch", b"'); DROP TABLE lines; --")
    yield "braces.csv", CSV.replace(b"redditch", b"{0.__class__}").replace(b"spot", b"%s%n{{7*7}}")
    yield "big-numbers.csv", CSV.replace(b"210.00", b"9" * 400)
    yield "far-dates.csv", CSV.replace(b"2021-01-04", b"99999-12-31")
    yield "exponents.csv", CSV.replace(b"210.00", b"1e308")
    yield "wide-digits.csv", CSV.replace(b"210.00", "\u0662\u0661\u0660".encode())
    yield "right-to-left.csv", CSV.replace(b"redditch", "\u202egro\u202c".encode())


def tables() -> Iterator[Hostile]:
    """Parquet files that lie."""
    sound = parquet()
    yield "nested.parquet", parquet({"line_reference": [["a"]], "b": [{"c": 1}]})  # type: ignore[list-item, dict-item]
    yield "wide.parquet", parquet({f"c{n}": ["x"] for n in range(3_000)})
    yield "long-cells.parquet", parquet({name: ["z" * 1_000_000] * 60 for name in NAMES[:3]}, compression="zstd")
    yield "footer-too-long.parquet", sound[:-8] + struct.pack("<I", len(sound) * 2) + b"PAR1"
    yield "footer-of-4-GB.parquet", sound[:-8] + struct.pack("<I", 2**32 - 1) + b"PAR1"
    yield "footer-of-none.parquet", sound[:-8] + struct.pack("<I", 0) + b"PAR1"
    yield "head-only.parquet", b"PAR1"
    yield "no-rows.parquet", parquet({name: [] for name in NAMES})


def mutated(count: int) -> Iterator[Hostile]:
    """Sound files with bytes turned, cut out, doubled or cut off."""
    chance = random.Random(SEED)
    sound = {"csv": CSV, "xlsx": workbook(), "parquet": parquet()}
    for number in range(count):
        kind = ("xlsx", "parquet", "csv")[number % 3]
        content = bytearray(sound[kind])
        how = chance.choice(("turn", "turn", "cut", "double", "end"))
        at = chance.randrange(len(content))
        if how == "turn":
            for _ in range(chance.choice((1, 8, 64))):
                content[chance.randrange(len(content))] = chance.randrange(256)
        elif how == "cut":
            del content[at : at + chance.randrange(1, 400)]
        elif how == "double":
            content[at:at] = content[at : at + chance.randrange(1, 4_000)]
        else:
            del content[at:]
        yield f"mutated-{number:03}-{how}.{kind}", bytes(content)


def hostile() -> Iterator[Hostile]:
    """All of them: as many as MANY."""
    made = [*bombs(), *others()]
    yield from made
    yield from mutated(MANY - len(made))


def letters(number: int) -> str:
    found = ""
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def lying(archive: bytes) -> bytes:
    """The archive with each part's size given as ten bytes, in the directory and before the part."""
    content = bytearray(archive)
    for signature, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = content.find(signature)
        while place >= 0:
            content[place + at : place + at + 4] = struct.pack("<I", 10)
            place = content.find(signature, place + 4)
    return bytes(content)


def flagged(archive: bytes) -> bytes:
    """The archive with each part marked as encrypted."""
    content = bytearray(archive)
    for signature, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.find(signature)
        while place >= 0:
            content[place + at] |= 1
            place = content.find(signature, place + 4)
    return bytes(content)
