"""Both demonstration councils' statements released whole, twice, and rebuilt: ``./soak release`` asks for it.

``./test`` takes the same two editions as far as the gate (``test_both_councils``), and rebuilds the sample's.
"""

from __future__ import annotations

import json

import pytest

from careshape.editions import gate
from careshape.editions.folders import MANIFEST, PAGES, REASONS, REPORT, edition_path, kept
from careshape.editions.prepare import prepare_files
from careshape.editions.rebuild import rebuild
from careshape.home import Home
from tests.editions.councils import COUNCILS, copied, quiet, records_move, star


def prepared(home: Home, council: str, number: int, before: list[int]) -> dict[str, object]:
    """Prepare an edition whole, and give back the report of its gate."""
    last = home.ledger(council).postings()[-1]
    prepare_files(home, council, number, last.number, last.day.isoformat(), before, quiet)
    return kept(home, council, number, REPORT)


@pytest.mark.parametrize("council", COUNCILS)
def test_two_whole_editions_give_nothing_away_the_second_comes_back_and_stars_are_refused(
    council, tmp_path_factory, monkeypatch, promise
):
    home = copied(council, tmp_path_factory)
    first = prepared(home, council, 1, [])
    records_move(home, council)
    second = prepared(home, council, 2, [1])
    for report in (first, second):
        assert report["attacked"] > 50
        assert (report["safe"], report["exact"], report["narrow"], report["located"]) == (True, 0, 0, 0)
    again = rebuild(home, council, 2)
    assert (again.equal, again.moved, again.differ) == (True, (), ())
    assert again.pages > 400
    manifest = json.loads((edition_path(home, council, 2) / MANIFEST).read_text("utf-8"))
    assert manifest["before"] == [1]

    monkeypatch.setattr(gate, "protect", star)
    third = prepared(home, council, 3, [1, 2])
    assert not third["safe"]
    assert not (edition_path(home, council, 3) / PAGES).exists()
    faults = kept(home, council, 3, REASONS)["faults"]
    assert [one for fault in faults for one in fault["places"] if one["kind"] == "table" and fault["why"]]
    promise(
        f"R10 the statement of {council}",
        f"two whole editions, {first['attacked']} and {second['attacked']} protected figures attacked: 0 exact, 0 "
        f"narrow, 0 located; {again.pages} files of the second rebuilt byte for byte; control: {third['exact']} stars "
        "recovered, refused",
    )
