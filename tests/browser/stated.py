"""A statement that speaks of these days: its page is read before and after a journey, and nobody types a figure."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.statement.formatting import day
from tests.browser.waiting import PATIENCE
from tests.source.place import today
from tests.statement.sample import HEADER
from tests.work.files import line

PAGE = "worcestershire/statement/care-homes/"
HANDED_OVER = 180_000
"""Milliseconds that lines are given to come into the records: a worker takes them, beside whatever else is done."""


def speak_of(folder: Path, *days: date) -> None:
    """Let the page of the sample's statement on care homes say how many people are there on some days.

    The records of the sample end in 2021, and a statement says nothing of days that records do not reach: they get a
    file of these days, with care at home that began yesterday.
    """
    council = folder / "councils" / "worcestershire"
    file = folder.parent / "of these days.csv"
    file.write_text(HEADER + line(990, service="home-care", start=f"{today() - timedelta(days=1)}"), "utf-8")
    assert import_file(Ledger.open(council), file, "packages").accepted == 1
    text = council / "statement" / "02-care-homes.md"
    said = "".join(
        f'- {{{{ measure("care_home_people", period="{one}") }}}} people on {{{{ date("{one}") }}}}\n' for one in days
    )
    before, heading, after = text.read_text("utf-8").partition("## What there is\n\n")
    assert heading
    text.write_text(before + heading + said + after, "utf-8")


def stated(page: Any, site: str, on: date) -> int:
    """How many people are in care homes on a day, as the page of the statement says it to whoever reads it."""
    page.goto(f"{site}/{PAGE}")
    return int(_figure(page, on).inner_text(timeout=PATIENCE).replace(",", ""))


def until_stated(page: Any, site: str, on: date, people: int) -> None:
    """Open the page of the statement anew until what was done is in the records and it says so."""
    tries = HANDED_OVER // 1000
    for _ in range(tries):
        if stated(page, site, on) == people:
            break
        page.wait_for_timeout(1000)
    expect(_figure(page, on)).to_have_text(f"{people:,}")


def _figure(page: Any, on: date) -> Any:
    return page.locator("main li", has_text=f"people on {day(on)}").locator("a.cs-figure").first
