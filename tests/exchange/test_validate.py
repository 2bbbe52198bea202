"""The validator: what keeps to the open form passes, and everything else is a sentence and never a traceback."""

from __future__ import annotations

import copy
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from careshape.catalogue import catalogue
from careshape.exchange.blank import blank
from careshape.exchange.bounds import DEEPEST, MOST_BYTES, MOST_FILES
from careshape.exchange.conform import KNOWN, broken
from careshape.exchange.fault import MOST
from careshape.exchange.form import DOCUMENTS, codes, document, schema
from careshape.exchange.sheets import _number
from careshape.exchange.validate import Validated, validate, validate_content, validate_files
from careshape.exchange.written import archived, as_sheets, package
from tests.exchange.sample import sample


def of(statement: Any) -> Validated:
    return validate_content("x.json", json.dumps(statement).encode())


def test_statement_of_the_sample_is_valid_in_every_form():
    statement = sample()
    files = package(statement, "All of it.\n")
    sheets = as_sheets(statement)
    for found in (of(statement), validate_files("x", files, True), validate_content("x.zip", archived(files))):
        assert found.valid, found.faults
    found = validate_files("x", sheets, True)
    assert found.valid, found.faults
    assert found.kind == "sheets"
    assert found.statement is not None
    for part in ("segments", "slots", "intentions", "opportunities", "cards", "codes"):
        assert found.statement[part] == statement[part]
    assert [one["status"] for one in found.statement["figures"]] == ["value", "value", "suppressed"]


def of_first_version() -> dict[str, Any]:
    """The sample as version 1.0 has it, whose opportunities have no direction, answer and interval."""
    later = ("direction", "answer", "interval")
    opened = [{name: one[name] for name in one if name not in later} for one in sample()["opportunities"]]
    return sample(version="1.0", opportunities=opened)


def test_statement_of_an_earlier_version_is_read_by_the_rules_of_that_version():
    old = of_first_version()
    files = package(old, "All of it.\n")
    for found in (of(old), validate_files("x", files, True), validate_files("x", as_sheets(old), True)):
        assert found.valid, found.faults
        assert found.as_dict()["version"] == "1.0"
    assert b"answer" not in files["opportunities.csv"], "a column that this version does not have"
    old["opportunities"][1]["closes"] = "2024-01-01"
    assert of(old).valid, "a rule that came with a later version"
    old["opportunities"][1]["answer"] = "yes"
    (fault,) = of(old).faults
    assert fault.place == "x.json#/opportunities/1/answer"
    assert fault.rule == "There is no such field"


@pytest.mark.parametrize(
    ("version", "checksum"),
    [
        ("1.0", "794d710344f659ce7d028ead8ba0d5fdd904e5b2ea807d7adc0e1ea5c52fbcbb"),
    ],
)
def test_published_version_is_never_changed(version, checksum):
    found = hashlib.sha256(b"".join(document(name, version) for name in DOCUMENTS)).hexdigest()
    assert found == checksum, "give what is new a version of its own"


def test_name_that_leads_nowhere_is_told_once_however_many_lead_to_it():
    statement = sample(segments=[])
    (fault,) = of(statement).faults
    assert fault.place == "x.json#/slots/0/segment"
    assert "besides: 1" in fault.rule
    (fault,) = of(sample(cards=[])).faults
    assert "besides" not in fault.rule


def test_schema_is_one_that_the_reference_implementation_takes():
    jsonschema.Draft202012Validator.check_schema(schema())
    named = set()

    def walk(part: Any, key: str = "") -> None:
        if isinstance(part, dict):
            if key not in ("properties", "$defs"):
                named.update(part)
            for name, one in part.items():
                walk(one, "" if key in ("properties", "$defs") else name)
        elif isinstance(part, list):
            for one in part:
                walk(one)

    walk(schema())
    assert named <= KNOWN, "every word of the schema is one that the validator checks"


def test_code_list_has_every_service_and_client_group_of_the_catalogue():
    for name in ("service", "client_group"):
        assert {one.id for one in catalogue().lists[name].entries} - {"unknown"} <= set(codes()[name])


BROKEN: list[tuple[str, Any, str]] = [
    # what is put where, and the place at which it is told
    ("figures/0/value", "about 30", "#/figures/0/value"),
    ("figures/0/value", None, "#/figures/0/value"),
    ("figures/2/value", 0, "#/figures/2/value"),  # a figure that is kept back must not read 0
    ("figures/2/reason", ..., "#/figures/2/reason"),
    ("figures/0/unit", "furlongs", "#/figures/0/unit"),
    ("intentions/0/by_date", "next spring", "#/intentions/0/by_date"),
    ("figures/0/id", "f2", "#/figures/1/id"),
    ("figures/0/segment", "nowhere", "#/figures/0/segment"),
    ("figures/0/card", "nothing", "#/figures/0/card"),
    ("figures/0/services", ["home-car"], "#/figures/0/services/0"),
    ("figures/1/interval", {"low": 9, "high": 1, "level": 80}, "#/figures/1/interval"),
    ("figures/2/interval", {"low": 1, "high": 2, "level": 80}, "#/figures/2/interval"),
    ("figures/0/colour", "red", "#/figures/0/colour"),
    ("slots/0/slot", "demand", "#/slots/0/slot"),
    ("slots/0/segment", 7, "#/slots/0/segment"),
    ("tables/0/rows/0", ["North"], "#/tables/0/rows/0"),
    ("tables/0/rows/0", ["North", "ten", "value", ""], "#/tables/0/rows/0/1"),
    ("known_on", "31/03/2025", "#/known_on"),
    ("known_on", "2025-02-30", "#/known_on"),
    ("council/code", "Example", "#/council/code"),
    ("council", ..., "#/council"),
    ("version", "9.0", "#/version"),
    ("segments", {}, "#/segments"),
    ("codes/0/code", "home-care", "#/codes/0/code"),
    ("contact/post", "", "#/contact/post"),
    ("opportunities/1/closes", "2025-01-01", "#/opportunities/1/closes"),
    ("opportunities/1/unit", ..., "#/opportunities/1/unit"),
    ("opportunities/1/interval", {"low": 9, "high": 1, "level": 80}, "#/opportunities/1/interval"),
    ("opportunities/1/answer", "perhaps", "#/opportunities/1/answer"),
    ("opportunities/1/direction", "upwards", "#/opportunities/1/direction"),
    ("opportunities/1/client_groups", ["elders"], "#/opportunities/1/client_groups/0"),
]


@pytest.mark.parametrize(("where", "what", "place"), BROKEN)
def test_fault_is_told_at_its_place_with_a_remedy(where, what, place):
    statement = sample()
    parts = [int(one) if one.isdigit() else one for one in where.split("/")]
    inside: Any = statement
    for one in parts[:-1]:
        inside = inside[one]
    if what is ...:
        del inside[parts[-1]]
    else:
        inside[parts[-1]] = what
    found = of(statement)
    assert not found.valid
    told = [one for one in found.faults if one.place == f"x.json{place}"]
    assert told, [str(one) for one in found.faults]
    assert all(one.rule and one.remedy and str(one).endswith(".") for one in found.faults)


HOSTILE: list[bytes] = [
    b"", b"\xff\xfe\x00", b"null", b"[]", b"7", b"{", b'{"a":1,"a":2}', b'{"a":NaN}', b'{"a":1e999}', b"[" * 200_000,
    b'{"a":' * 40 + b"1" + b"}" * 40, b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b'{"figures": 1' + b"0" * 9000 + b"}",
    b"<html>", b"\x00" * 100,
]  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", ["statement.json", "statement.csv", "figures.csv", "x.zip"])
def test_hostile_file_is_a_sentence(name, content):
    found = validate_content(name, content)
    assert not found.valid
    assert found.faults


def test_archive_that_unpacks_to_much_is_refused_before_it_does():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("statement.json", b" " * (MOST_BYTES + 1))
    assert len(made.getvalue()) < 1_000_000
    found = validate_content("x.zip", made.getvalue())
    assert [one.rule for one in found.faults] == ["It holds more than 50 megabytes"]


def test_deep_file_is_refused_and_one_of_the_last_level_read():
    deep: Any = "x"
    for _ in range(DEEPEST + 5):
        deep = [deep]
    assert "nested" in of(deep).faults[0].rule


def test_sheets_tell_file_row_and_column():
    files = as_sheets(sample())
    files["figures.csv"] = (
        b"id,label,status,value,unit,period,source,odd\n"
        b"f1,People,value,about 30,persons,2025,records,\n"
        b'f2,"Two\nlines",value,7,persons,2025,records,\n'
        b"f3,Cost,,suppressed,gbp,2025,records,\n"
    )
    told = {one.place for one in validate_files("x", files, True).faults}
    assert {"figures.csv:1", "figures.csv:2:value", "figures.csv:5:reason"} <= told


def test_empty_form_says_what_to_fill(tmp_path: Path):
    for name, content in blank().items():
        (tmp_path / name).write_bytes(content)
    found = validate(tmp_path)
    assert {one.place for one in found.faults} >= {"statement.csv:council", "statement.csv:known_on"}


def test_form_filled_by_hand_is_valid(tmp_path: Path):
    for name, content in blank().items():
        (tmp_path / name).write_bytes(content)
    once = {"council.code": "E10000099", "council.name": "Example", "title": "Statement", "period": "2025",
            "edition": "1", "known_on": "2025-03-31", "licence.name": "Open Government Licence v3.0",
            "licence.covers": "All of it", "contact.post": "Commissioning manager"}  # fmt: skip
    lines = (tmp_path / "statement.csv").read_text("utf-8").splitlines()
    filled = [f'{line}"{once[line.rstrip(",")]}"' if line.rstrip(",") in once else line for line in lines]
    (tmp_path / "statement.csv").write_text("\n".join(filled), "utf-8-sig")
    (tmp_path / "segments.csv").write_text("id,title,services\nhc,Home care,home-care; reablement\n", "utf-8")
    found = validate(tmp_path)
    assert found.valid, [str(one) for one in found.faults]
    assert found.statement is not None
    assert found.statement["segments"][0]["services"] == ["home-care", "reablement"]


def test_package_that_was_changed_is_told():
    files = package(sample(), "All of it.\n")
    files["figures.csv"] = files["figures.csv"].replace(b"1200", b"1201")
    assert any("is not the one that was described" in str(one) for one in validate_files("x", files, True).faults)


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
_QUICK = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def spoilt(draw: Any) -> Any:
    """The sample with anything put anywhere."""
    statement = sample()
    for _ in range(draw(st.integers(1, 3))):
        inside: Any = statement
        while isinstance(inside, dict | list) and inside:
            key = draw(st.sampled_from(sorted(inside) if isinstance(inside, dict) else range(len(inside))))
            if draw(st.booleans()) or not isinstance(inside[key], dict | list):
                if draw(st.booleans()):
                    inside[key] = draw(values)
                else:
                    del inside[key]
                break
            inside = inside[key]
    return statement


def texts(value: Any) -> Iterator[str]:
    """Every text in a statement."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(inner)


@_QUICK
@given(spoilt())
@example({**sample(), "title": "A\x08B"})
def test_spoilt_statements_never_fail_and_agree_with_the_reference_implementation(statement):
    found = of(copy.deepcopy(statement))
    assert found.valid == (not found.faults)
    mine = next(broken(statement, schema()), None) is None
    theirs = jsonschema.Draft202012Validator(
        schema(), format_checker=jsonschema.FormatChecker(formats=["date"])
    ).is_valid(statement)
    # Control characters are refused beyond the schema, whose patterns cannot say so: no database or page keeps one.
    assert mine == theirs or (theirs and any(map(_CONTROL.search, texts(statement))))


@_QUICK
@given(st.binary(max_size=300), st.sampled_from(["statement.csv", "figures.csv", "tables.csv", "x.json", "x.zip"]))
def test_any_bytes_are_answered(content, name):
    assert validate_content(name, content).faults


@_QUICK
@given(st.lists(st.lists(st.text(max_size=8), max_size=5), max_size=5), st.sampled_from(["figures", "tables", "slots"]))
def test_any_sheet_is_answered(rows, part):
    files = as_sheets(sample())
    files[f"{part}.csv"] = "\n".join(",".join(row) for row in rows).encode("utf-8", "surrogatepass")
    validate_files("x", files, True)


def described(many: int, content: bytes = b"n\n1\n") -> dict[str, bytes]:
    """A package whose description names one file many times."""
    fields = {"fields": [{"name": "n", "type": "number"}]}
    resources = [{"name": f"r{n}", "path": "a.csv", "schema": fields} for n in range(many)]
    described = json.dumps({"resources": resources}).encode()
    return {"statement.json": json.dumps(sample()).encode(), "datapackage.json": described, "a.csv": content}


def test_file_that_a_package_names_again_and_again_is_read_once():
    found = validate_files("x", described(3, b"n\nx\n"), True)
    assert [one.place for one in found.faults] == [
        "a.csv:2:n", "datapackage.json#/resources/1/path", "datapackage.json#/resources/2/path"
    ]  # fmt: skip
    (only,) = validate_files("x", described(MOST_FILES + 1), True).faults
    assert "at most 2,000 files" in only.rule


def test_table_of_a_package_has_no_more_rows_than_a_sheet_may_and_faults_are_counted_so_far(monkeypatch):
    monkeypatch.setattr("careshape.exchange.csv_lines.MOST_ROWS", 2)
    found = validate_files("x", described(1, b"n\n1\n2\nx\n"), True)
    assert [one.rule for one in found.faults] == ["It has more than 2 rows"]
    monkeypatch.setattr("careshape.exchange.csv_lines.MOST_ROWS", 1000)
    monkeypatch.setattr("careshape.exchange.validate.COUNTED", 5)
    found = validate_files("x", described(1, b"n\n" + b"x\n" * (MOST + 9)), True)
    assert (len(found.faults), found.more) == (MOST, 5)


@pytest.mark.parametrize("text", ["a\x00b", "a\x08b", "a\x9bb", "a\ud800b"])
def test_text_with_characters_that_nobody_sees_is_refused(text):
    (only,) = of(sample(title=text)).faults
    assert only.place == "x.json#/title"
    assert "control character" in only.rule


def test_text_may_have_new_lines_and_tabs():
    assert of(sample(title="a\n\tb")).valid


@pytest.mark.parametrize("digits", ["9" * 4301, "9" * 400 + ".5"])
def test_cell_of_digits_without_end_is_no_number(digits):
    assert not _number(digits)
    assert _number("-12.5e3")
