"""Unmet need as a table of an edition: gated like every figure, pinned, and rebuilt from what was pinned."""

from __future__ import annotations

import json

import pytest

from careshape.editions.folders import COUNTED, INPUTS, PAGES, edition_path
from careshape.editions.prepare import prepare_files
from careshape.editions.rebuild import rebuild
from careshape.records.unmet_need import FILE, Row, as_text
from careshape.statement.council import open_council

COUNCIL = "worcestershire"
TABLE = """
[[table]]
id = "unmet"
title = "Times that care was not found as it was asked for"
measure = "unmet_need"
rows = "unmet"
columns = "period"
total = "rows"

[[table]]
id = "unmet-by-district"
title = "People whose care was not found as it was asked for"
measure = "unmet_need_people"
rows = "district"
columns = "period"
total = "rows"
"""


def rows(code: str, people: range, district: str = "redditch") -> list[Row]:
    return [Row("2020-05", code, "nursing", "older-people", district, "unknown", one) for one in people]


TOLD = [*rows("no-capacity", range(1, 8)), *rows("late", range(3, 8)), *rows("not-here", range(20, 21), "wychavon")]


@pytest.fixture
def council(home):
    """The sample council, with tables of what was not met in the year to March 2021."""
    folder = home.council_path(COUNCIL)
    with (folder / "statement" / "tables.toml").open("a") as file:
        file.write(TABLE)
    page = folder / "statement" / "03-shared-lives.md"
    page.write_text(
        page.read_text().replace("There is some.", '{{ table("unmet") }}\n\n{{ table("unmet-by-district") }}')
    )
    (folder / FILE).write_text(as_text("2020-04", "2021-03", TOLD))
    return folder


def values(home, table: str) -> dict[str, object]:
    file = edition_path(home, COUNCIL, 1) / PAGES / "tables" / f"{table}.json"
    found = json.loads(file.read_text("utf-8"))["rows"]
    return {one.get("unmet", one.get("district")): (one["value"], one["period"]) for one in found}


def test_edition_freezes_what_the_gate_lets_through_and_comes_back_from_what_was_pinned(home, council):
    last = home.ledger(COUNCIL).postings()[-1]
    prepare_files(home, COUNCIL, 1, last.number, last.day.isoformat(), [], lambda *said: None)
    told = values(home, "unmet")
    assert told["no-capacity"] == (7, "2020/21"), "the last year that is told, in words on the page"
    assert told["not-here"] == ("suppressed", "2020/21"), "of one person alone"
    assert values(home, "unmet-by-district")["wychavon"][0] == "suppressed"
    page = (edition_path(home, COUNCIL, 1) / PAGES / "statement" / "shared-lives" / "index.html").read_text("utf-8")
    assert "Refused: no capacity" in page
    assert "Suppressed so that nobody can be recognised" in page
    counted = (edition_path(home, COUNCIL, 1) / COUNTED).read_text("utf-8")
    assert '"counting": "times unmet"' in counted
    # The records of needs go on; the edition holds what it was made from.
    (council / FILE).write_text(as_text("2020-05", "2021-04", TOLD[:3]))
    assert (edition_path(home, COUNCIL, 1) / INPUTS / FILE).stat().st_mode & 0o077 == 0
    assert (edition_path(home, COUNCIL, 1) / INPUTS / FILE).read_text() == as_text("2020-04", "2021-03", TOLD)
    rebuilt = rebuild(home, COUNCIL, 1)
    assert rebuilt.equal, (rebuilt.moved, rebuilt.differ)


def test_pages_of_today_follow_what_is_told_and_ask_the_ledger_nothing_anew(home, council):
    first = open_council(home.path, COUNCIL)
    assert first is not None
    first.warm()
    (council / FILE).write_text(as_text("2020-04", "2021-03", TOLD[:7]))
    second = open_council(home.path, COUNCIL)
    assert second is not None
    assert second is not first
    assert second.outlook_key == first.outlook_key, "what is to come rests on none of it"
    asked: list[str] = []
    answer = second.book.ask
    second.book.ask = lambda context, name, **more: asked.append(name) or answer(context, name, **more)
    table = second.table("unmet")
    assert table is not None
    assert [(row.heads, row.cells[0].text) for row in table.rows] == [
        (("Refused: no capacity",), "7"), (("Total",), "7"),
    ]  # fmt: skip
    second.warm()
    assert set(asked) == {"unmet_need", "unmet_need_people"}


def test_where_nothing_is_told_the_table_says_so(home, council):
    (council / FILE).unlink()
    found = open_council(home.path, COUNCIL)
    assert found is not None
    table = found.table("unmet")
    assert table is not None
    assert "No whole month is told yet of care that was asked for in Worcestershire" in table.problem
