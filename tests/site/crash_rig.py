"""A rig that kills an installation at random moments in seven kinds of work, and looks at what is left.

It is run by ``test_crash`` as an order of the zygote, over either database, and forks a child for every attempt:
``edit`` changes several rows and tells of them; ``text`` proposes a page and agrees it; ``work`` is a worker over jobs
that write several rows and their end in one change; ``import`` is a worker over a job that posts a file to a ledger;
``care`` awards requests, tells of packages (a suspension, a change, an uplift) and pays for them; ``uplift`` is a
worker that raises all packages of a provider; ``release`` prepares, agrees and releases an edition, tells its
followers, comments on it and answers.
Arguments: folder, kills, seed, variant.
In the variant ``unsafe`` rows are written without a transaction: the rig must find halves, or it shows nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import connections

from careshape.accounts.models import Council, Team
from careshape.audit.change import SYSTEM, change
from careshape.audit.models import Event
from careshape.audit.verify import verify_all
from careshape.jobs import watch, worker
from careshape.jobs.enqueue import enqueue
from careshape.jobs.kinds import kind
from careshape.jobs.models import Job, Worker
from careshape.jobs.work import Work
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from tests.ledger import crash_rig as ledger_rig
from tests.site.crash_care import bare_cares, cares, uplifts
from tests.site.crash_release import bare_releases, releases
from tests.site.crash_text import texts

ROWS = 4
"""Rows of an edit, and of a job that writes."""
LEASE = 0.4
WAITING = 20
"""Jobs that wait for a worker when it begins: more than it does until it is killed."""
Found = Counter[str]


@kind("rig.write", act="accounts.invite", title="Write", attempts=500, lease=LEASE, first_wait=0)
def write(work: Work) -> None:
    """Write rows and the job's end in one change."""
    with change(SYSTEM, "accounts.invite", chain=work.council) as told:
        _rows(work)
        work.finish(told)


@kind("rig.write_unsafe", act="accounts.invite", title="Write", attempts=500, lease=LEASE, first_wait=0)
def write_unsafe(work: Work) -> dict[str, Any]:
    """Write rows one by one, outside of a transaction, again at each attempt."""
    _rows(work)
    return {}


@kind("rig.import", act="accounts.invite", title="Import", attempts=500, lease=LEASE, first_wait=0)
def bring(work: Work) -> dict[str, Any]:
    """Post a file; a repetition finds it posted."""
    report = import_file(Ledger.open(work.arguments["ledger"]), work.arguments["file"])
    return {"posting": report.posting or 0}


def _rows(work: Work) -> None:
    for row in range(ROWS):
        name = f"rig {work.job.pk} {row} {os.urandom(4).hex()}"
        Worker.objects.create(name=name, started_at=work.job.created_at, seen_at=work.job.created_at)
        time.sleep(0.02)


def usual() -> float:
    """Seconds that a worker takes from its start to the end of a job, on this machine as it is now.

    What else waits or is due is done before: a worker that was timed with it would be killed long after it had run out
    of jobs, and show nothing.
    """
    _finish()
    enqueue(SYSTEM, "rig.write", {}, council="worcestershire")
    began = time.monotonic()
    _finish(0)
    return time.monotonic() - began


def killed(task: Callable[[Callable[[int], None]], None], after: float) -> list[int]:
    """Do a task in a child that is killed after so many seconds; what it acknowledged until then."""
    connections.close_all()
    read, to = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        with contextlib.suppress(BaseException):
            task(lambda number: os.write(to, f"{number}\n".encode()) and None)
        os._exit(0)
    os.close(to)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    with os.fdopen(read) as told:
        acknowledged = [int(line) for line in told.read().splitlines()]
    os.waitpid(child, 0)
    return acknowledged


def edits(kills: int, draw: random.Random, safe: bool) -> Found:
    """Kill edits of several rows."""
    # A council of this run's own, so that what another left is not in its way.
    council = Council.objects.create(slug=f"rig-{'safe' if safe else 'unsafe'}-{draw.getrandbits(32)}", name="Rig")

    def task(tell: Callable[[int], None], first: int) -> None:
        for number in range(first, first + 1000):
            with change(SYSTEM, "accounts.invite", chain=council.slug) if safe else _unprotected() as told:
                for row in range(ROWS):
                    told(Team.objects.create(council=council, name=f"{number} {row}"))
                    time.sleep(0.001)
            tell(number)

    found: Found = Counter()
    for turn in range(kills):
        acknowledged = killed(lambda tell, turn=turn: task(tell, turn * 1000), draw.uniform(0.02, 0.25))
        names = Team.objects.filter(council=council).values_list("name", flat=True)
        there = Counter(int(name.split()[0]) for name in names if name[0].isdigit())
        told_of = Event.objects.filter(act="accounts.invite", object__startswith="accounts.team:").count()
        found += Counter(
            kills=1,
            acknowledged=len(acknowledged),
            lost=sum(there[number] != ROWS for number in acknowledged),
            half=sum(rows != ROWS for number, rows in there.items() if number // 1000 == turn),
            untold=int(safe and told_of != sum(there.values())),
        )
    return found


@contextlib.contextmanager
def _unprotected() -> Iterator[Callable[[Any], None]]:
    """What a change would be without its transaction."""
    yield lambda row: None


def jobs(kills: int, draw: random.Random, safe: bool) -> Found:
    """Kill workers over jobs that write."""
    seconds = usual()
    name = "rig.write" if safe else "rig.write_unsafe"
    asked: list[int] = []
    found: Found = Counter()
    for _ in range(kills):
        # A worker that runs out of jobs before it is killed shows nothing.
        left = Job.objects.filter(pk__in=asked).exclude(state="done").count()
        asked += [enqueue(SYSTEM, name, {}, council="worcestershire").pk for _ in range(WAITING - left)]
        killed(lambda tell: worker.work(drain=False) and None, draw.uniform(0.2, 2) * seconds)
        found["kills"] += 1
    _finish()
    found["acknowledged"] = len(asked)
    written = Counter(
        int(one.split()[1]) for one in Worker.objects.filter(name__startswith="rig ").values_list("name", flat=True)
    )
    ended = Job.objects.filter(pk__in=asked)
    found["taken over"] = sum(job.attempts > 1 for job in ended)
    found["lost"] = sum(job.state != "done" for job in ended) + sum(written[pk] < ROWS for pk in asked)
    found["half"] = sum(written[pk] % ROWS != 0 or written[pk] > ROWS for pk in asked)
    return found


def imports(kills: int, draw: random.Random, folder: Path) -> Found:
    """Kill workers over imports."""
    path = folder / "councils" / "worcestershire"
    # By a child: the ledger's store starts threads, and what forks must have none.
    ledger_rig.finished(*ledger_rig.child(lambda: bool(Ledger.create(path, "worcestershire", demonstration=True))))
    found: Found = Counter()
    number = 0
    while found["kills"] < kills:
        file = ledger_rig.make_file(folder, number)
        job = enqueue(SYSTEM, "rig.import", {"ledger": str(path), "file": str(file)}, council="worcestershire")
        found["acknowledged"] += 1
        for _ in range(min(3, kills - found["kills"])):
            killed(lambda tell: worker.work(drain=False) and None, draw.uniform(0.05, 1.0))
            left = _looked(path)
            found["half"] += left not in (ledger_rig.expected(number), ledger_rig.expected(number + 1))
            found["kills"] += 1
        _finish()
        found["taken over"] += Job.objects.get(pk=job.pk).attempts > 1
        found["lost"] += Job.objects.get(pk=job.pk).state != "done"
        number += 1
        found["lost"] += _looked(path) != ledger_rig.expected(number)
    return found


def _looked(path: Path) -> Any:
    """What a reader sees of the ledger, asked by a child: the rig itself starts no thread."""
    connections.close_all()
    return ledger_rig.finished(*ledger_rig.child(lambda: ledger_rig.look(Ledger.open(path))))


def _finish(lease: float = LEASE) -> None:
    """Let a worker do what is left, when every lease of the killed has run out."""
    time.sleep(lease)
    connections.close_all()
    child = os.fork()
    if child == 0:
        worker.work(drain=True)
        os._exit(0)
    os.waitpid(child, 0)


def main() -> None:
    """Run the rig, and print what it found as JSON."""
    folder, kills, seed, variant = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    draw, safe = random.Random(seed), variant == "safe"
    worker.POLL = 0.05  # type: ignore[misc]
    # After every posting workers would begin the outlook of the council, and again after every kill: seconds each that
    # nothing here is judged by. That it is worked out once, whatever ended before, is shown where it belongs.
    del watch._WATCHERS["careshape.statement.background.look"]
    Council.objects.get_or_create(slug="worcestershire", defaults={"name": "Worcestershire"})
    many = kills // 5 if safe else kills * 3 // 10
    found = {"edit": edits(many, draw, safe), "work": jobs(many, draw, safe)}
    found["text"] = texts(kills // 10 if safe else 8, draw, folder, safe, killed)
    if safe:
        found["import"] = imports(kills - 3 * many - 2 * (kills // 10), draw, folder)
        found["uplift"] = uplifts(kills // 10, draw, killed, lambda: _finish())
        found["care"] = cares(kills, draw)
        # The last: a worker would look for what is released here in the folder of the others.
        found["release"] = releases(many, draw, folder)
    else:
        found |= bare_cares(8, draw) | bare_releases(8, draw, folder)
    broken = [str(one) for one in verify_all() if not one.whole]
    print(json.dumps({"found": found, "broken": broken}))


if __name__ == "__main__":
    main()
