"""Pages and exports see one state of a council, whatever is imported meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from careshape.errors import InputError
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.statement.council import open_council
from careshape.statement.export import export_site
from careshape.statement.state import pin
from tests.statement.sample import HEADER, LINE, make_sample


def post_another(data, n=99):
    """Import one more line: somebody else in nursing care, of a provider that has a new name."""
    file = data / f"more-{n}.csv"
    line = LINE.format(
        n=n, group="older-people", service="nursing", district="worcester", start="2021-01-01", end="", cost="1"
    )
    renamed = line.replace(f"W-{n:03d},Synthetic provider W-{n:03d}", "W-002,Synthetic provider renamed")
    file.write_text(HEADER + renamed, "utf-8")
    ledger = Ledger.open(data / "councils" / "worcestershire")
    recorded = datetime(2021, 7, 1, 9, tzinfo=UTC) + timedelta(minutes=n)
    assert import_file(ledger, file, reader="packages", recorded_at=recorded).accepted == 1


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_pinned_ledger_does_not_see_what_is_posted_later(tmp_path):
    data = make_sample(tmp_path / "d")
    held = pin(Ledger.open(data / "councils" / "worcestershire"))
    files, names = held.files(), held.providers()
    post_another(data)
    assert held.posting_on() == len(held.postings()) == 1
    assert held.files() == files
    assert held.providers() == names
    assert "Synthetic provider renamed" in held.ledger.providers().values()


def test_ledger_is_pinned_as_an_earlier_posting_left_it(tmp_path):
    data = make_sample(tmp_path / "d")
    ledger = Ledger.open(data / "councils" / "worcestershire")
    files = pin(ledger).files()
    post_another(data)
    earlier = pin(ledger, 1)
    assert (earlier.files(), earlier.posting_on(), len(earlier.postings())) == (files, 1, 1)
    assert pin(ledger, 2).files() == pin(ledger).files() != files
    with pytest.raises(InputError, match="has no posting 3"):
        pin(ledger, 3)


def test_council_shows_one_state_though_nothing_of_it_was_asked_before(tmp_path):
    data = make_sample(tmp_path / "d")
    council = open_council(data, "worcestershire")
    post_another(data)
    (data / "councils" / "worcestershire" / "observations").mkdir()
    assert council.known.endswith("posting 1")
    assert council.table("people-by-district").rows[-1].cells[1].text == "5"
    assert open_council(data, "worcestershire").table("people-by-district").rows[-1].cells[1].text == "6"


def test_import_during_an_export_does_not_show_in_it(tmp_path):
    data = make_sample(tmp_path / "d")
    export_site(data, tmp_path / "before")
    posted = []

    def meanwhile(said):
        post_another(data, 50 + len(posted))
        posted.append(said)

    export_site(data, tmp_path / "during", progress=meanwhile)
    assert len(posted) > 3, "the import ran in the midst of the export"
    assert files_of(tmp_path / "during") == files_of(tmp_path / "before")
    export_site(data, tmp_path / "after")
    after = (tmp_path / "after" / "worcestershire" / "about" / "index.html").read_text("utf-8")
    assert f"posting {1 + len(posted)}" in after


def test_export_names_the_council_that_cannot_be_read_and_writes_nothing(tmp_path):
    data = make_sample(tmp_path / "d")
    (data / "councils" / "thurrock" / "council.toml").write_text("name = ", "utf-8")
    with pytest.raises(InputError, match="'thurrock' cannot be read, so nothing was written"):
        export_site(data, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".out*"))
