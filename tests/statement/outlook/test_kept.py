"""What is to come is worked out once, kept, read by pages, and worked out anew when what it rests on has changed."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import time
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from careshape.errors import InputError
from careshape.home import Home
from careshape.jobs.models import Job
from careshape.language import Language, speaking
from careshape.ledger.imports import import_file
from careshape.statement import background
from careshape.statement.council import open_council
from careshape.statement.outlook import store
from careshape.statement.outlook.ahead import Point
from careshape.statement.outlook.codec import from_text, to_text
from careshape.statement.outlook.work_out import look_ahead, worked_out
from tests import warm
from tests.statement.sample import HEADER

SLUG = "worcestershire"
PAGES = ("/worcestershire/outlook/", "/worcestershire/outlook/home-care/", "/worcestershire/need/",
         "/worcestershire/outlook.csv")  # fmt: skip


@pytest.fixture
def data(made, tmp_path, monkeypatch):
    """A copy of the council with what was kept of it, as the installation's data."""
    from django.conf import settings

    folder = tmp_path / "data"
    shutil.copytree(made, folder)
    monkeypatch.setattr(settings, "CARESHAPE_DIR", folder)
    return folder


def kept(data: Path) -> list[Path]:
    return sorted(store.place(data, SLUG).glob("*"))


def post(data: Path, number: int = 1) -> None:
    """A line more."""
    file = data / f"more-{number}.csv"
    file.write_text(
        f"{HEADER}M{number},PM{number},1935-01-01,older-people,home-care,,,spot,W-1,Synthetic provider W-1,private,H1,"
        "wychavon,in-county,2021-01-04,,hour,10,18,180.00\n",
        "utf-8",
    )
    import_file(Home(data).ledger(SLUG), file, reader="packages", recorded_at=datetime(2021, 7, 1 + number, tzinfo=UTC))


def test_what_is_kept_reads_as_it_was_worked_out(made, council):
    found = store.load(made, SLUG, council.outlook_key)
    assert to_text(found) == to_text(look_ahead(council))
    one = council.outlook.gaps_of("home-care")[0]
    (same,) = (gap for gap in found.cells if (gap.segment.id, gap.area, gap.on) == ("home-care", one.area, one.on))
    assert same.row() == one.row()
    assert np.array_equal(same.demand.values, one.demand.values)
    assert found.series(one.segment, "all") == council.outlook.series(one.segment, "all")


def test_what_is_kept_holds_no_record_of_a_person(made, council):
    text = gzip.decompress(store.place(made, SLUG).joinpath(f"{council.outlook_key}.json.gz").read_bytes()).decode()
    assert "evaluate.forecast.spells" not in text
    assert not any(f'"P{number}"' in text for number in range(480))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"things":[],"root":{"thing":0}}',
        '{"things":[{"class":"os:system","fields":{}}],"root":{"thing":0}}',
        '{"things":[{"class":"careshape.home:Home","fields":{}}],"root":{"thing":0}}',
        '{"things":[{"class":"careshape.statement.outlook.store:load","fields":{}}],"root":{"thing":0}}',
    ],
)
def test_text_that_this_version_did_not_write_is_refused(text):
    with pytest.raises(InputError, match="not what this version keeps"):
        from_text(text)


def test_value_that_no_page_needs_is_not_kept():
    with pytest.raises(TypeError, match="cannot be kept"):
        to_text({"a": object()})


def test_damaged_file_is_as_good_as_none_and_goes(data):
    (path,) = kept(data)
    path.write_bytes(path.read_bytes()[:1000])
    assert store.load(data, SLUG, path.name.removesuffix(".json.gz")) is None
    assert kept(data) == []


def test_posting_makes_another_state_and_what_was_kept_is_shown_as_older(data, client_of):
    before = open_council(data, SLUG)
    post(data)
    council = open_council(data, SLUG)
    assert council.outlook_key != before.outlook_key
    assert council.ahead.older
    text = client_of(data).get("/worcestershire/outlook/").content.decode()
    assert f"These figures are as known on {before.known}." in text
    look_ahead(council)
    text = client_of(data).get("/worcestershire/outlook/").content.decode()
    assert "These figures are as known on" not in text
    assert open_council(data, SLUG).ahead.known == council.known


@pytest.mark.parametrize(
    ("name", "other"),
    [("supply/beds.csv", True), ("segments.toml", True), ("reports/x.json", False), ("statement/notes.md", False)],
)
def test_state_is_another_where_what_it_rests_on_changes(data, name, other):
    before = store.state_key(data, SLUG)
    path = data / "councils" / SLUG / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("# nothing\n", "utf-8")
    assert (store.state_key(data, SLUG) != before) == other


def test_state_is_another_where_the_text_quotes_another_forecast(data):
    before = store.state_key(data, SLUG)
    text = '{{ forecast("home-care", year="2029") | number }}'
    (data / "councils" / SLUG / "statement" / "notes.md").write_text(text, "utf-8")
    assert store.state_key(data, SLUG) != before


def test_forecast_of_a_segment_in_which_nobody_is_recorded_is_worked_out_too(data):
    page = min((data / "councils" / SLUG / "statement").glob("0*.md"))
    text = page.read_text("utf-8") + '\nIn time {{ forecast("assistive-technology", year="2024") | number }}.\n'
    page.write_text(text, "utf-8")
    found = worked_out(open_council(data, SLUG), reports=False)
    assert "assistive-technology" not in found.segments
    (one,) = [value for key, value in found.expectations.items() if key[0] == "assistive-technology"]
    assert one.mean == 0


def test_latest_two_stay_and_what_a_killed_process_left_goes(data, council):
    found = store.load(data, SLUG, council.outlook_key)
    left = store.place(data, SLUG) / ".half.json.gz.0123456789ab.new"
    left.write_bytes(b"half")
    os.utime(left, (time.time() - 2 * store.LEFT,) * 2)
    for key in ("b" * 32, "c" * 32):
        store.keep(data, SLUG, key, found)
    assert sorted(path.name[:3] for path in kept(data)) == ["bbb", "ccc"]


@pytest.fixture
def client_of():
    from django.test import Client

    return lambda data: Client(raise_request_exception=False, SERVER_NAME="localhost")


@pytest.mark.django_db
def test_page_that_is_asked_before_says_so_at_once_and_asks_to_come_again(data, client_of):
    shutil.rmtree(data / "outlook")
    for path in PAGES:
        began = time.process_time()
        answer = client_of(data).get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20"), path
        assert "What is to come is being worked out" in answer.content.decode()
        assert time.process_time() - began < 3, path
    # The statement itself can be read.
    assert client_of(data).get("/worcestershire/").status_code == 200


@pytest.mark.django_db
def test_work_that_failed_is_said_and_not_begun_again_at_once(data, client_of):
    shutil.rmtree(data / "outlook")
    background.look()
    background.look()
    assert Job.objects.filter(kind=background.LOOK_AHEAD, council=SLUG).count() == 1
    Job.objects.filter(council=SLUG).update(state="failed", ended_at=datetime.now(UTC))
    background.look()
    assert Job.objects.filter(kind=background.LOOK_AHEAD, council=SLUG).count() == 1
    text = client_of(data).get("/worcestershire/outlook/").content.decode()
    assert "What is to come could not be worked out" in text


def test_worker_works_it_out_when_a_posting_landed_and_once(data, client_of):
    post(data)
    assert open_council(data, SLUG).ahead.older
    for _ in range(2):
        done = warm.careshape("--dir", data, "worker", "--drain")
        assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(data / "careshape.sqlite3")) as database:
        found = database.execute(
            "SELECT state, json_extract(result, '$.known') FROM jobs_job WHERE kind = ? AND council = ?",
            (background.LOOK_AHEAD, SLUG),
        ).fetchall()
    council = open_council(data, SLUG)
    assert found == [("done", council.known)]
    assert not council.ahead.older
    assert client_of(data).get("/worcestershire/outlook/home-care/").status_code == 200
    assert json.loads(client_of(data).get("/worcestershire/outlook.json").content)["rows"]


def test_set_is_the_same_text_whatever_its_order():
    assert '["adur","barnet","york"]' in to_text({"a": frozenset(["york", "adur", "barnet"])})


def test_what_another_version_kept_is_read_where_it_cannot_be_made_again():
    """A field that came since has its default, one that went is left out; nobody else's class is ever made."""
    text = to_text(Point(date(2021, 6, 30), 4.0))
    old = text.replace('"withheld":""', '"colour":"red"')
    assert old != text
    with pytest.raises(InputError):
        from_text(old)
    assert from_text(old, lenient=True) == Point(date(2021, 6, 30), 4.0)
    with pytest.raises(InputError):
        from_text(text.replace("careshape.statement", "os.path"), lenient=True)


def test_what_is_to_come_is_worked_out_anew_in_another_language(data):
    """What is kept of it is worded; words of another language would else stand on pages until something is imported."""
    english = store.state_key(data, SLUG)
    words = {"There is no forecast.": "Keine Prognose."}
    with speaking(Language(tag="xx", name="A test's", messages=words)):
        first = store.state_key(data, SLUG)
    with speaking(Language(tag="xx", name="A test's", messages={})):
        second = store.state_key(data, SLUG)
    assert len({english, first, second}) == 3
    assert store.state_key(data, SLUG) == english
