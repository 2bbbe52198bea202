"""What `careshape doctor` says of installations with one thing wrong, and of one with nothing wrong."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.site.filling import FILL, LEDGER

EXAMINE = """
import json, os, sys
from dataclasses import asdict
from pathlib import Path
from careshape.home import Home
os.environ.update(json.loads(sys.argv[2]))
exec(sys.argv[3])
from careshape.site.doctor import examine
print(json.dumps([asdict(one) for one in examine(Home(Path(sys.argv[1])))]))
"""


@pytest.fixture
def place(installation):
    """An installation with rows and a council's ledger."""
    installation.python(FILL)
    installation.python(LEDGER, installation.data / "councils" / "worcestershire")
    return installation


def examined(place, before: str = "", **variables: str) -> dict[str, dict]:
    seen = {"CARESHAPE_SECRET_KEY": "x" * 40, "CARESHAPE_BACKUP_FOLDER": "", **variables}
    found = json.loads(place.python(EXAMINE, place.data, json.dumps(seen), before))
    return {one["check"]: one for one in found}


SEEN = "from careshape.jobs.worker import see; see('here:1')"


def test_whole_installation_has_nothing_that_fails(place):
    found = examined(place, SEEN)
    # The test's own server of PostgreSQL flushes nothing, to be quick, and the doctor must say so.
    expected = {"database settings"} if place.url else set()
    assert {name for name, one in found.items() if one["level"] == "fail"} == expected, found
    assert found["ledger worcestershire"]["found"] == "0 postings in 0 files"
    assert found["worker"]["level"] == "ok"
    assert all(one["do"] for one in found.values() if one["level"] != "ok")


@pytest.mark.parametrize(
    ("check", "level", "variables", "said"),
    [
        ("configuration", "fail", {"CARESHAPE_LOG_LEVEL": "loud"}, "CARESHAPE_LOG_LEVEL has value 'loud'"),
        ("hosts", "warn", {"CARESHAPE_ALLOWED_HOSTS": "*"}, "every host name"),
        ("HTTPS", "fail", {"CARESHAPE_ALLOWED_HOSTS": "care.example.org"}, "without HTTPS"),
        ("HTTPS", "warn", {"CARESHAPE_HTTPS": "true"}, "no server that ends it"),
        ("mail", "fail", {"CARESHAPE_MAIL_BACKEND": "smtp", "CARESHAPE_MAIL_PORT": "1"}, "does not answer"),
        ("mail", "warn", {"CARESHAPE_MAIL_BACKEND": "console"}, "server's output"),
        ("backups", "warn", {}, "not set"),
        ("backups", "fail", {"CARESHAPE_BACKUP_FOLDER": "/nowhere/at/all"}, "holds none"),
        ("variables", "warn", {"CARESHAPE_LOG_LEVLE": "info"}, "CARESHAPE_LOG_LEVLE"),
        ("worker", "warn", {}, "none seen"),
    ],
)
@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_one_wrong_thing_is_named(place, check, level, variables, said):
    one = examined(place, **variables)[check]
    assert (one["level"], said in one["found"], bool(one["do"])) == (level, True, True), one


@pytest.mark.parametrize(
    ("check", "level", "before", "said"),
    [
        ("data folder", "fail", "import shutil; shutil.rmtree(sys.argv[1])", "is not there"),
        ("data folder", "warn", "os.chmod(sys.argv[1], 0o750)", "open to other users (mode 750)"),
        ("site secret", "fail",
         "del os.environ['CARESHAPE_SECRET_KEY']; p = Path(sys.argv[1]).parent / 's'; p.write_text('x' * 40); "
         "p.chmod(0o644); os.environ['CARESHAPE_SECRET_FILE'] = str(p)", "can be read by other users"),
        ("site secret", "fail",
         "del os.environ['CARESHAPE_SECRET_KEY']; p = Path(sys.argv[1]) / 's'; p.write_text('x' * 40); "
         "os.environ['CARESHAPE_SECRET_FILE'] = str(p)", "lies in the data folder"),
        ("ledger worcestershire", "fail",
         "import shutil; shutil.rmtree(Path(sys.argv[1]) / 'councils/worcestershire/ledger')", "no ledger table"),
        ("database", "fail",
         "from django.db import connection\n"
         "connection.cursor().execute(\"DELETE FROM django_migrations WHERE app = 'jobs'\")", "not made"),
        ("database", "fail",
         "from django.db import connection\n"
         "connection.cursor().execute(\"INSERT INTO django_migrations (app, name, applied) "
         "VALUES ('jobs', '0099_new', CURRENT_TIMESTAMP)\")", "newer version"),
        ("database", "fail",
         "from django.db import connection\n"
         "connection.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)'); connection.close()\n"
         "p = Path(sys.argv[1]) / 'careshape.sqlite3'; whole = p.read_bytes()\n"
         "p.write_bytes(whole[:20000] + bytes(range(256)) * 400 + whole[122400:])", "its file cannot be read"),
        ("worker", "fail",
         "from datetime import timedelta; from careshape.jobs import clock; from careshape.jobs.models import Job\n"
         "Job.objects.update(run_after=clock.now() - timedelta(hours=1))", "2 jobs wait"),
        ("clock", "fail",
         "import careshape.jobs.clock as c, datetime as d\n"
         "c.now = lambda: d.datetime.now(d.UTC) + d.timedelta(minutes=9)", "differs by 540 s"),
        ("disk", "fail", "import shutil; shutil.disk_usage = lambda path: type('u', (), {'free': 10})", "0.0 GB"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_one_broken_thing_is_named(place, check, level, before, said):
    one = examined(place, before)[check]
    assert (one["level"], said in one["found"], bool(one["do"])) == (level, True, True), one


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_command_ends_with_the_code_of_what_it_found(place):
    done = place.cli("doctor", "--format", "json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["counts"]["fail"]) == (0, 0), told
    shutil.rmtree(place.data / "councils" / "worcestershire" / "ledger")
    done = place.cli("doctor")
    assert done.returncode == 1
    assert "FAIL  ledger worcestershire" in done.stdout
