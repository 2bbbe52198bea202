"""What a council decided in an edition: pinned with it, and nothing told of an intention whose figure is suppressed."""

from __future__ import annotations

import csv
import json
import re

from careshape.design import sheets
from careshape.editions.folders import INPUTS, PAGES, edition_path
from careshape.home import Home
from careshape.records.intentions import design_text

COUNCIL = "worcestershire"


def test_edition_pins_the_files_of_decisions_packaged_ones_too(prepared):
    folder = edition_path(Home(prepared), COUNCIL, 1)
    digests = json.loads((folder / "manifest.json").read_text("utf-8"))["inputs"]["files"]
    for name in sheets():
        packaged = design_text(COUNCIL, None, name)
        if packaged is not None:
            assert (folder / INPUTS / name).read_text("utf-8") == packaged
            assert name in digests


def test_edition_tells_nothing_of_an_intention_whose_figure_is_suppressed(prepared):
    folder = edition_path(Home(prepared), COUNCIL, 1) / PAGES
    with (folder / "intentions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    hidden = [row for row in rows if "suppressed" in (row["now"], row["baseline"])]
    assert hidden, "the sample has a measured intention of fewer people than the threshold"
    for row in hidden:
        told = {name: row[name] for name in ("state", "share_of_way", "share_by_line", "overdue", "warning")}
        assert told == {"state": "suppressed", "share_of_way": "", "share_by_line": "", "overdue": "no", "warning": ""}
        page = (folder / "intentions" / row["id"] / "index.html").read_text("utf-8")
        assert "nor is it said how far this is" in page
    assert {row["state"] for row in rows} - {"suppressed", "no-measure"}


def test_edition_holds_the_pages_of_what_was_decided(prepared):
    folder = edition_path(Home(prepared), COUNCIL, 1) / PAGES
    for name in ("may-i-build", "opportunities", "end-states", "review", "views"):
        text = (folder / name / "index.html").read_text("utf-8")
        assert "<form" not in text
        links = re.findall(rf'<a\b[^>]*href="/{COUNCIL}/([^"]*)"', text)
        assert [link for link in links if not link.startswith("editions/")] == []
