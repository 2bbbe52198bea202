"""The list of the security standard (OWASP ASVS 5.0.0, levels 1 and 2): all rows are there and lead to something."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from tests.docs.test_links import anchors

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs" / "asvs.csv"
COLUMNS = ["id", "level", "about", "kind", "where", "reason"]
KINDS = {"test", "design", "operator", "not-applicable"}
LEAST = 0.8
"""Share of the rows that apply which must point to a test."""
ROWS = list(csv.DictReader(LIST.read_text("utf-8").splitlines()))
SECTIONS = {
    "1.1": ((), (1, 2)), "1.2": ((1, 2, 3, 4, 5), (6, 7, 8, 9)), "1.3": ((1, 2), (3, 4, 5, 6, 7, 8, 9, 10, 11)),
    "1.4": ((), (1, 2, 3)), "1.5": ((1,), (2,)), "2.1": ((1,), (2, 3)), "2.2": ((1, 2), (3,)),
    "2.3": ((1,), (2, 3, 4)), "2.4": ((), (1,)), "3.2": ((1, 2), ()), "3.3": ((1,), (2, 3, 4)),
    "3.4": ((1, 2), (3, 4, 5, 6)), "3.5": ((1, 2, 3), (4, 5)), "3.7": ((), (1, 2)), "4.1": ((1,), (2, 3)),
    "4.2": ((), (1,)), "4.3": ((), (1, 2)), "4.4": ((1,), (2, 3, 4)), "5.1": ((), (1,)), "5.2": ((1, 2), (3,)),
    "5.3": ((1, 2), ()), "5.4": ((), (1, 2, 3)), "6.1": ((1,), (2, 3)),
    "6.2": ((1, 2, 3, 4, 5, 6, 7, 8), (9, 10, 11, 12)), "6.3": ((1, 2), (3, 4)), "6.4": ((1, 2), (3, 4)),
    "6.5": ((), (1, 2, 3, 4, 5)), "6.6": ((), (1, 2, 3)), "6.8": ((), (1, 2, 3, 4)), "7.1": ((), (1, 2, 3)),
    "7.2": ((1, 2, 3, 4), ()), "7.3": ((), (1, 2)), "7.4": ((1, 2), (3, 4, 5)), "7.5": ((), (1, 2)),
    "7.6": ((), (1, 2)), "8.1": ((1,), (2,)), "8.2": ((1, 2), (3,)), "8.3": ((1,), ()), "8.4": ((), (1,)),
    "9.1": ((1, 2, 3), ()), "9.2": ((1,), (2, 3, 4)), "10.1": ((), (1, 2)), "10.2": ((), (1, 2)),
    "10.3": ((), (1, 2, 3, 4)), "10.4": ((1, 2, 3, 4, 5), (6, 7, 8, 9, 10, 11)), "10.5": ((), (1, 2, 3, 4, 5)),
    "10.6": ((), (1, 2)), "10.7": ((), (1, 2, 3)), "11.1": ((), (1, 2)), "11.2": ((), (1, 2, 3)),
    "11.3": ((1, 2), (3,)), "11.4": ((1,), (2, 3, 4)), "11.5": ((), (1,)), "11.6": ((), (1,)),
    "12.1": ((1,), (2, 3)), "12.2": ((1, 2), ()), "12.3": ((), (1, 2, 3, 4)), "13.1": ((), (1,)),
    "13.2": ((), (1, 2, 3, 4, 5)), "13.3": ((), (1, 2)), "13.4": ((1,), (2, 3, 4, 5)), "14.1": ((), (1, 2)),
    "14.2": ((1,), (2, 3, 4)), "14.3": ((1,), (2, 3)), "15.1": ((1,), (2, 3)), "15.2": ((1,), (2, 3)),
    "15.3": ((1,), (2, 3, 4, 5, 6, 7)), "16.1": ((), (1,)), "16.2": ((), (1, 2, 3, 4, 5)),
    "16.3": ((), (1, 2, 3, 4)), "16.4": ((), (1, 2, 3)), "16.5": ((), (1, 2, 3)), "17.1": ((), (1,)),
    "17.2": ((), (1, 2, 3, 4)), "17.3": ((), (1, 2)),
}  # fmt: skip
"""Requirements of each section by level: the last number of each, as the standard has them."""


def wanted() -> dict[str, str]:
    """Every requirement of levels 1 and 2 with its level."""
    return {
        f"{section}.{number}": level
        for section, levels in SECTIONS.items()
        for level, numbers in zip("12", levels, strict=True)
        for number in numbers
    }


@cache
def functions(path: Path) -> frozenset[str]:
    """Names of the functions and classes of a module."""
    tree = ast.parse(path.read_text("utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


def fault_of(reference: str, *, test: bool) -> str:
    """What is wrong with a reference; nothing if it leads somewhere."""
    mark = "::" if "::" in reference else "#"
    path, mark, name = reference.partition(mark)
    file = ROOT / path
    if not file.is_file():
        return f"{path} is not there"
    if test and not (path.startswith("tests/") and file.name.startswith("test_") and name.startswith("test_")):
        return f"{reference} names no test"
    if mark == "::" and name not in functions(file):
        return f"{path} has no {name}"
    if mark == "#" and name not in anchors(file):
        return f"{path} has no heading {name}"
    return ""


def faults(row: dict[str, str]) -> list[str]:
    """What is wrong with a row."""
    kind, references = row["kind"], row["where"].split()
    found = [fault_of(one, test=kind == "test") for one in references]
    found += [f"{kind} is no kind"] * (kind not in KINDS)
    found += ["nothing is named where something must be"] * (kind != "not-applicable" and not references)
    found += ["something is named where nothing applies"] * (kind == "not-applicable" and bool(references))
    found += ["no reason"] * (kind != "test" and not re.fullmatch(r"\S.*\.", row["reason"]))
    found += ["about is blank or long"] * (not 1 <= len(row["about"].split()) <= 12)
    return [one for one in found if one]


def test_every_requirement_has_its_row_in_order() -> None:
    assert list(ROWS[0]) == COLUMNS
    given = [(row["id"], row["level"]) for row in ROWS]
    assert len(given) == len({one for one, _ in given}) == 253
    assert dict(given) == wanted()
    assert [one for one, _ in given] == sorted(dict(given), key=lambda one: tuple(map(int, one.split("."))))
    assert Counter(level for _, level in given) == {"1": 70, "2": 183}
    assert Counter(one.partition(".")[0] for one, _ in given) == {
        "1": 27, "2": 11, "3": 19, "4": 10, "5": 9, "6": 35, "7": 18, "8": 7, "9": 7,
        "10": 29, "11": 14, "12": 9, "13": 13, "14": 9, "15": 13, "16": 16, "17": 7,
    }  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_row_is_whole_and_leads_to_something(row: dict[str, str]) -> None:
    assert faults(row) == []


WRONG = (
    ("test", "tests/site/test_asvs.py::test_that_is_not_there", ""),
    ("test", "tests/site/test_nothing.py::test_trace_is_refused", ""),
    ("test", "tests/site/test_asvs.py", ""),
    ("test", "src/careshape/site/settings.py", ""),
    ("test", "", ""),
    ("design", "docs/explanation/security-standard.md#no-such-heading", "A reason."),
    ("design", "docs/explanation/security-standard.md#keys", ""),
    ("design", "src/careshape/accounts/sign_on.py::nothing_of_this_name", "A reason."),
    ("not-applicable", "docs/README.md", "A reason."),
    ("perhaps", "docs/README.md", "A reason."),
)


def test_most_rows_that_apply_point_to_a_test(promise: Callable[[str, str], None]) -> None:
    applying = [row for row in ROWS if row["kind"] != "not-applicable"]
    tested = [row for row in applying if row["kind"] == "test"]
    share = len(tested) / len(applying)
    assert share >= LEAST
    assert [row["id"] for row in ROWS if faults(row)] == []
    noticed = sum(
        bool(faults({"about": "words", "kind": kind, "where": where, "reason": reason}))
        for kind, where, reason in WRONG
    )
    assert noticed == len(WRONG)
    kinds = Counter(row["kind"] for row in ROWS)
    promise(
        "R17 security standard",
        f"{len(ROWS)} rows of ASVS 5.0.0 levels 1 and 2: {len(applying)} apply, {len(tested)} point to tests "
        f"({share:.0%}), {kinds['design']} to designs, {kinds['operator']} to the operator; self-assessed; "
        f"control: {noticed} of {len(WRONG)} wrong rows noticed",
    )
