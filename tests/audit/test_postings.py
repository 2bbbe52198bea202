"""Acts of the ledger through the command line stand in the log where the installation has one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from careshape.audit.models import Event
from careshape.audit.postings import astray, borne_out, tell_built, tell_postings, untold
from careshape.audit.verify import verify
from careshape.cli import main
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from tests.audit import tampers
from tests.flushing import without_triggers

FILE = "line_reference,person_id,service,start_date\nL-1,P-SYNTHETIC-4711,nursing,2020-05-01\n"


@pytest.fixture
def home(db, tmp_path, monkeypatch) -> Path:
    """A folder that is the installation's."""
    monkeypatch.setenv("CARESHAPE_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def ledger(home) -> Ledger:
    return Ledger.create(home / "councils" / "worcestershire", "worcestershire", demonstration=True)


def written(folder: Path, text: str = FILE) -> Path:
    path = folder / "records.csv"
    path.write_text(text, "utf-8")
    return path


def test_making_importing_and_exporting_are_told(home, tmp_path, capsys):
    file = written(tmp_path)
    assert main(["--dir", str(home), "new", "worcestershire", "--demonstration"]) == 0
    assert main(["--dir", str(home), "import", str(file)]) == 0
    assert main(["--dir", str(home), "import", str(file)]) == 0, "a repetition posts nothing and tells nothing"
    assert main(["--dir", str(home), "import", str(file), "--dry-run"]) == 0
    assert main(["--dir", str(home), "ledger", "export", str(tmp_path / "lines.parquet")]) == 0
    events = Event.objects.filter(chain="worcestershire").order_by("number")
    assert [(one.act, one.outcome, one.object) for one in events] == [
        ("ledger.create", "done", "ledger:worcestershire"),
        ("ledger.import", "done", "ledger.posting:1"),
        ("ledger.export", "read", "ledger:worcestershire"),
    ]
    posted = json.loads(events[1].detail)
    assert (posted["counts"]["accepted"], posted["kind"], posted["by"]) == (1, "packages", "command line")
    assert "4711" not in events[1].detail
    manifest = json.loads((tmp_path / "lines.parquet.manifest.json").read_text("utf-8"))
    assert manifest["audit_heads"] == {"worcestershire": {"number": 3, "digest": events[2].digest}}
    assert manifest["sha256"] == json.loads(events[2].detail)["sha256"]


def test_folder_that_is_not_the_installations_tells_nothing(db, tmp_path):
    other = tmp_path / "other"
    assert main(["--dir", str(other), "new", "worcestershire", "--demonstration"]) == 0
    assert main(["--dir", str(other), "import", str(written(tmp_path))]) == 0
    assert not Event.objects.exists()


def test_posting_that_a_killed_import_left_untold_is_told_by_the_next(ledger, tmp_path):
    import_file(ledger, written(tmp_path))
    assert [one.number for one in untold(ledger)] == [1]
    assert list(astray(ledger)) == ["The ledger holds posting 1, and the log does not tell who brought it."]
    import_file(ledger, written(tmp_path, FILE.replace("L-1", "L-2")))
    tell_postings(ledger, posted=(2,), by="a test")
    tell_postings(ledger, posted=(2,), by="a test")
    found = [json.loads(one.detail) for one in Event.objects.filter(chain="worcestershire").order_by("number")]
    assert [(one["posting"], one.get("found"), one.get("by")) for one in found] == [
        (1, True, None),
        (2, None, "a test"),
    ]
    assert list(astray(ledger)) == []


def test_ledger_that_lost_a_posting_or_holds_another_is_named(ledger, tmp_path):
    import_file(ledger, written(tmp_path))
    tell_postings(ledger)
    other = Ledger.create(tmp_path / "other", "worcestershire", demonstration=True)
    assert list(astray(other)) == ["The log tells of ledger.posting:1, and the ledger has no such posting."]
    import_file(other, written(tmp_path, FILE.replace("L-1", "L-2")))
    assert "another file" in next(iter(astray(other)))


def test_command_says_what_is_broken_and_ends_with_1(home, tmp_path, capsys):
    assert main(["--dir", str(home), "audit", "verify"]) == 0
    assert "no chain has begun" in capsys.readouterr().out
    main(["--dir", str(home), "new", "worcestershire", "--demonstration"])
    assert main(["--dir", str(home), "audit", "anchor", "--out", str(tmp_path / "anchor.json")]) == 0
    main(["--dir", str(home), "import", str(written(tmp_path))])
    capsys.readouterr()
    assert main(["--dir", str(home), "audit", "verify", "--anchor", str(tmp_path / "anchor.json")]) == 0
    out = capsys.readouterr().out
    assert f"worcestershire: whole. 2 events, head 2 {verify('worcestershire').head}" in out
    with without_triggers():
        tampers.sql("UPDATE audit_event SET act = 'x' WHERE chain = 'worcestershire' AND number = 2")
    assert main(["--dir", str(home), "audit", "verify", "--format", "json"]) == 1
    content = json.loads(capsys.readouterr().out)
    (broken,) = [one for one in content["chains"] if not one["whole"]]
    assert (content["whole"], broken["chain"], broken["broken"], broken["events"]) == (False, "worcestershire", 2, 1)
    assert main(["--dir", str(home), "audit", "verify", "--authority", "installation"]) == 0
    assert main(["--dir", str(home), "audit", "list", "--act", "ledger.create", "--format", "csv"]) == 0
    assert "ledger:worcestershire" in capsys.readouterr().out


def test_command_says_that_there_is_no_log(tmp_path, capsys):
    assert main(["--dir", str(tmp_path / "none"), "audit", "verify"]) == 1
    assert "has no database yet" in capsys.readouterr().err


def test_demonstration_that_is_built_tells_of_its_postings_and_what_was_before_it_counts_no_more(ledger, tmp_path):
    import_file(ledger, written(tmp_path))
    import_file(ledger, written(tmp_path, FILE.replace("L-1", "L-2")))
    assert borne_out(ledger).startswith("The ledger holds posting 1, and the log does not tell who brought it. The")
    tell_built(ledger, by="a test")
    assert borne_out(ledger) == "The ledger has 2 postings, and the log tells of every one."
    shutil.rmtree(ledger.path)
    anew = Ledger.create(ledger.path, "worcestershire", demonstration=True)
    assert "no such posting" in borne_out(anew)
    import_file(anew, written(tmp_path, FILE.replace("L-1", "L-3")))
    tell_built(anew, by="a test")
    assert borne_out(anew) == "The ledger has 1 posting, of which the log tells."
    assert verify("worcestershire").whole


def test_council_that_is_no_demonstration_is_held_to_all_that_was_ever_told(home, tmp_path):
    ledger = Ledger.create(home / "councils" / "thurrock", "thurrock")
    import_file(ledger, written(tmp_path))
    tell_postings(ledger, posted=(1,))
    shutil.rmtree(ledger.path)
    anew = Ledger.create(ledger.path, "thurrock")
    import_file(anew, written(tmp_path, FILE.replace("L-1", "L-3")))
    tell_built(anew)
    assert "with another file" in borne_out(anew)
