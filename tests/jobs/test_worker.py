"""Workers as processes: what is killed loses nothing, and no job stays under way for ever; on both databases."""

from __future__ import annotations

import json
import random
import signal
import time
from pathlib import Path

from careshape.jobs.kinds import kind_of
from tests.installation import Installation, Running, running, until
from tests.jobs import kinds_for_tests  # noqa: F401 (its lease is asked for)

ENQUEUE = """
import json, sys
from careshape.audit.change import SYSTEM
from careshape.jobs.enqueue import enqueue
from tests.jobs import kinds_for_tests
print(json.dumps([enqueue(SYSTEM, kind, arguments).pk for kind, arguments in json.loads(sys.argv[1])]))
"""
WORK = """
import sys
from tests.jobs import kinds_for_tests
from careshape.jobs import worker
worker.POLL = 0.1
worker.look = lambda: None  # what recurs is another test's
stop = worker.Stop()
print("working", flush=True)
with stop.on_signals():
    worker.work(drain="drain" in sys.argv, stop=stop)
"""
WITHOUT_LEASE = """
from django.db.models import Q
from careshape.jobs import clock, lease
lease.ready = lambda: Q(state="queued", run_after__lte=clock.now())
"""
LOOK = """
import json
from careshape.jobs.models import Job
fields = ("state", "attempts", "fault", "result", "lease", "words")
print(json.dumps({job.pk: {name: getattr(job, name) for name in fields} for job in Job.objects.all()}))
"""
CANCEL = """
import sys
from careshape.audit.change import SYSTEM
from careshape.jobs.cancel import cancel
from careshape.jobs.models import Job
cancel(SYSTEM, Job.objects.get(pk=sys.argv[1]))
"""


def enqueue(place: Installation, *jobs: tuple[str, dict]) -> list[str]:
    return [str(pk) for pk in json.loads(place.python(ENQUEUE, json.dumps(jobs)))]


def look(place: Installation) -> dict[str, dict]:
    return json.loads(place.python(LOOK))


def begun(place: Installation, before: str = "") -> Running:
    """A worker that has begun."""
    worker = place.start(before + WORK)
    assert until(lambda: worker.out.exists() and worker.out.read_text() == "working\n")
    return worker


def test_worker_does_what_waits_and_ends_when_nothing_does(installation):
    jobs = enqueue(installation, ("tests.note", {"text": "x"}), ("tests.refuse", {}), ("tests.crash", {}))
    installation.python(WORK, "drain")
    ended = look(installation)
    assert [ended[job]["state"] for job in jobs] == ["done", "failed", "given-up"]
    assert ended[jobs[0]]["result"] == {"noted": "x"}
    assert ended[jobs[2]]["attempts"] == 2


def test_job_that_takes_longer_than_it_may_is_ended(installation):
    (job,) = enqueue(installation, ("tests.slow", {}))
    installation.python(WORK, "drain")
    ended = look(installation)[job]
    assert (ended["state"], ended["attempts"]) == ("given-up", 2)
    assert ended["fault"] == "It took longer than the 0.3 seconds it may take."


def test_killed_workers_lose_nothing(installation, tmp_path, promise):
    kills, draw = 6, random.Random(7)
    files = [tmp_path / f"{number}.log" for number in range(2 * kills)]
    jobs = enqueue(installation, *(("tests.sleep", {"file": str(file), "seconds": 0.5}) for file in files))
    for _ in range(kills):
        before = noted(files)
        worker = begun(installation)
        # Killed while it does a job, but at any moment of it.
        assert until(lambda before=before: noted(files) > before)
        time.sleep(draw.uniform(0, 0.3))
        worker.kill()
    last = begun(installation)
    try:
        assert until(lambda: all(job["state"] == "done" for job in look(installation).values()))
    finally:
        last.kill(signal.SIGTERM)
    ended = look(installation)
    assert set(ended) == set(jobs)
    again = sum(job["attempts"] > 1 for job in ended.values())
    assert again > 0, "no kill met a job under way: the test shows nothing"
    # A kill may come between the beginning of an attempt and the first line of the function.
    for file, job in zip(files, jobs, strict=True):
        assert 1 <= len(file.read_text().split()) <= ended[job]["attempts"]
    stuck = left_without_lease(installation, tmp_path)
    promise(
        f"R3 background work on {installation.vendor}",
        f"{kills} workers killed over {len(jobs)} jobs: 0 lost, 0 left running, {again} taken over; "
        f"control without lease: {stuck} left running",
    )


def noted(files: list[Path]) -> int:
    """How often jobs were begun, by the lines that they left."""
    return sum(len(file.read_text().split()) for file in files if file.exists())


def process_of(file: Path) -> int:
    """The process that does the job which leaves its lines in this file; the last one, where one took it over."""
    return int(file.read_text().split()[-1])


def left_without_lease(place: Installation, folder: Path) -> int:
    """The control: without leases a killed worker's job stays under way, or the test of leases shows nothing."""
    file = folder / "control.log"
    (job,) = enqueue(place, ("tests.sleep", {"file": str(file), "seconds": 30}))
    worker = begun(place)
    assert until(lambda: file.exists() and file.read_text().strip() != "")
    worker.kill()
    time.sleep(kind_of("tests.sleep").lease + 0.5)
    place.python(WITHOUT_LEASE + WORK, "drain")
    left = look(place)[job]["state"] == "running"
    assert left
    return int(left)


def test_worker_that_is_stopped_puts_its_job_back_at_once(installation, tmp_path):
    file = tmp_path / "log"
    (job,) = enqueue(installation, ("tests.sleep", {"file": str(file), "seconds": 30}))
    worker = begun(installation)
    assert until(lambda: file.exists() and file.read_text().strip() != "")
    assert worker.kill(signal.SIGTERM) == 0
    left = look(installation)[job]
    assert (left["state"], left["attempts"], left["lease"]) == ("queued", 0, "")


def test_cancelled_job_is_ended_while_it_runs(installation, tmp_path):
    file = tmp_path / "log"
    (job,) = enqueue(installation, ("tests.sleep", {"file": str(file), "seconds": 60}))
    worker = begun(installation)
    try:
        assert until(lambda: file.exists() and file.read_text().strip() != "")
        installation.python(CANCEL, job)
        assert until(lambda: look(installation)[job]["state"] == "cancelled")
        assert until(lambda: not running(process_of(file)))
    finally:
        worker.kill()


def test_message_does_not_wait_for_long_work_and_what_is_asked_for_does(installation, tmp_path):
    file = tmp_path / "log"
    _, file_of_somebody, quick = enqueue(
        installation, ("tests.sleep", {"file": str(file), "seconds": 60}), ("tests.note", {"text": "x"}),
        ("tests.message", {}),
    )  # fmt: skip
    worker = begun(installation)
    try:
        assert until(lambda: look(installation)[quick]["state"] == "done")
        # It may be done before the other process has noted that it began: nothing waits for anything here.
        assert until(lambda: file.exists() and file.read_text().strip() != "")
        assert running(process_of(file))
        assert look(installation)[file_of_somebody]["state"] == "queued", "it is done after what was asked before it"
    finally:
        worker.kill()


def test_process_of_a_job_dies_with_its_killed_worker(installation, tmp_path):
    file = tmp_path / "log"
    enqueue(installation, ("tests.sleep", {"file": str(file), "seconds": 60}))
    worker = begun(installation)
    assert until(lambda: file.exists() and file.read_text().strip() != "")
    worker.kill()
    assert until(lambda: not running(process_of(file)))
