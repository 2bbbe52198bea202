"""Many signed-in users at once: how long a page takes to be read and a change to be written, and what a burst does.

The users are threads of one process that speak HTTP to a server elsewhere. Each signs in, then reads pages and now and
then writes, with a pause between that is drawn anew each time.
"""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

READ_GOAL, WRITE_GOAL = 300.0, 600.0
"""Milliseconds in which 95 of 100 pages are to be read, and changes to be written."""
SLACK: Final = 3.0
"""Absolute times fail only at so many times their goal: machines differ."""
BURST: Final = 200
PAUSE: Final = 1.0
"""Mean pause of a user between two requests, in seconds."""
_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
POLITE: Final = (429, 503)


@dataclass(frozen=True)
class User:
    """Somebody who signs in, with the pages they read and, where they may, the form they write."""

    email: str
    password: str
    pages: tuple[str, ...]
    form: str = ""
    """Address of the form by which they add something; empty where they only read."""


@dataclass
class Load:
    """What was measured: milliseconds of reads and writes, errors, and what came of the burst."""

    users: int
    seconds: float
    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    burst: Counter[int] = field(default_factory=Counter)
    impolite: int = 0
    """Requests of the burst that were turned away without being told when to come again."""
    acknowledged: set[str] = field(default_factory=set)
    """Names of what was written and acknowledged."""
    lost: int = 0
    """Acknowledged writes that were not there afterwards."""

    def as_json(self) -> dict[str, Any]:
        """The figures under stable names."""
        return {
            "users": self.users, "seconds": self.seconds, "reads": len(self.reads), "writes": len(self.writes),
            "p50_read_ms": percentile(self.reads, 50), "p95_read_ms": percentile(self.reads, 95),
            "p95_write_ms": percentile(self.writes, 95), "p99_read_ms": percentile(self.reads, 99),
            "errors": len(self.errors), "first_errors": self.errors[:5],
            "burst": {str(status): number for status, number in sorted(self.burst.items())},
            "burst_impolite": self.impolite, "acknowledged_writes": len(self.acknowledged), "lost_writes": self.lost,
            "missed": self.missed(), "failed": self.failed(),
        }  # fmt: skip

    def missed(self) -> list[str]:
        """Goals that were missed, in words."""
        return self._over(1.0) + self._counts()

    def failed(self) -> list[str]:
        """What fails a run: times at three times their goal, and counts at once."""
        return self._over(SLACK) + self._counts()

    def _over(self, slack: float) -> list[str]:
        found = (("read", percentile(self.reads, 95), READ_GOAL), ("write", percentile(self.writes, 95), WRITE_GOAL))
        return [
            f"95 of 100 {what}s took up to {took:,.0f} ms; the goal is {goal:,.0f}"
            for what, took, goal in found
            if took > slack * goal
        ]

    def _counts(self) -> list[str]:
        counts = (
            ("errors", len(self.errors)), ("lost writes", self.lost), ("impolite refusals", self.impolite),
            ("users that wrote nothing", 0 if self.writes else 1),
        )  # fmt: skip
        return [f"{number} {what}; the goal is none" for what, number in counts if number]


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many of a hundred do not exceed (nearest rank); 0 where there is none."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(len(ordered) * percent) // 100) - 1)] if ordered else 0.0


def bench_load(address: str, users: Sequence[User], seconds: float, seed: int, written: Callable[[], set[str]]) -> Load:
    """Let all users work for some seconds, then send a burst.

    Args:
        address: the server's, such as ``http://127.0.0.1:8000``.
        users: who works; each in a thread.
        seconds: how long, after all have signed in.
        seed: of pauses and choices.
        written: the names of what stands in the server's database, asked after the burst.
    """
    found = Load(len(users), seconds)
    lock, ready = threading.Lock(), threading.Barrier(len(users) + 1)
    people = [_Person(address, user, random.Random(seed + n), found, lock, n) for n, user in enumerate(users)]
    threads = [threading.Thread(target=person.work, args=(ready, seconds), daemon=True) for person in people]
    for thread in threads:
        thread.start()
    ready.wait()
    for thread in threads:
        thread.join()
    _burst(people, found, lock)
    found.lost = len(found.acknowledged - written())
    return found


class _Person:
    """One user at work."""

    def __init__(
        self, address: str, user: User, chance: random.Random, found: Load, lock: threading.Lock, number: int
    ) -> None:
        self.user, self.chance, self.found, self.lock, self.number = user, chance, found, lock, number
        self.host = urlsplit(address).netloc
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.made = 0

    def work(self, ready: threading.Barrier, seconds: float) -> None:
        """Sign in, wait for the others, and work until the time is over."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        self._sign_in(connection)
        ready.wait()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(self.chance.expovariate(1 / PAUSE))
            if self.user.form and self.chance.random() < 0.5:
                self._timed(connection, "POST", self.user.form, self.found.writes)
            else:
                self._timed(connection, "GET", self.chance.choice(self.user.pages), self.found.reads)

    def _sign_in(self, connection: http.client.HTTPConnection) -> None:
        _, body, _ = self.ask(connection, "GET", "/sign-in/")
        fields = {"email": self.user.email, "password": self.user.password, **self._token(body)}
        status, _, _ = self.ask(connection, "POST", "/sign-in/", fields)
        if status != 302:
            self._wrong(f"signing in as {self.user.email} answered {status}")
        if self.user.form:
            _, body, _ = self.ask(connection, "GET", self.user.form)
            self.token = self._token(body).get("csrfmiddlewaretoken", "")

    def _timed(self, connection: http.client.HTTPConnection, method: str, path: str, times: list[float]) -> None:
        start = time.perf_counter()
        try:
            status = self.once(connection, method, path)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            self._wrong(f"{method} {path}: {error!r}")
            return
        took = (time.perf_counter() - start) * 1000
        with self.lock:
            times.append(took)
        if status != (200 if method == "GET" else 302):
            self._wrong(f"{method} {path} answered {status}")

    def once(self, connection: http.client.HTTPConnection, method: str, path: str) -> int:
        """One page read, or one thing written under a name of its own; an acknowledged write is remembered."""
        if method == "GET":
            return self.ask(connection, "GET", path)[0]
        self.made += 1
        name = f"Load {self.number} {self.made}"
        status, _, headers = self.ask(connection, "POST", path, {"name": name, "csrfmiddlewaretoken": self.token})
        with self.lock:
            if status == 302:
                self.found.acknowledged.add(name)
            elif status in POLITE and not headers.get("retry-after"):
                self.found.impolite += 1
        return status

    def ask(
        self, connection: http.client.HTTPConnection, method: str, path: str, fields: dict[str, str] | None = None
    ) -> tuple[int, str, dict[str, str]]:
        """One request: status, text and headers of the answer."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode(fields) if fields is not None else None, headers)
        answer = connection.getresponse()
        body = answer.read().decode("utf-8", "replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, body, {name.lower(): value for name, value in answer.getheaders()}

    def _token(self, body: str) -> dict[str, str]:
        found = _TOKEN.search(body)
        return {"csrfmiddlewaretoken": found[1]} if found else {}

    def _wrong(self, words: str) -> None:
        with self.lock:
            self.found.errors.append(words)


def _burst(people: Sequence[_Person], found: Load, lock: threading.Lock) -> None:
    """As many requests as a burst has, all at once, half of them writes where somebody may write."""
    writers = [person for person in people if person.user.form] or list(people)
    ready = threading.Barrier(BURST)

    def ask(number: int) -> None:
        writing = number % 2 == 0 and bool(writers[0].user.form)
        person = writers[number % len(writers)] if writing else people[number % len(people)]
        connection = http.client.HTTPConnection(person.host, timeout=120)
        ready.wait()
        try:
            if writing:
                name = f"Burst {number}"
                fields = {"name": name, "csrfmiddlewaretoken": person.token}
                status, _, headers = person.ask(connection, "POST", person.user.form, fields)
            else:
                status, _, headers = person.ask(connection, "GET", person.user.pages[0])
        except (OSError, http.client.HTTPException) as error:
            with lock:
                found.errors.append(f"burst: {error!r}")
            return
        with lock:
            found.burst[status] += 1
            if writing and status == 302:
                found.acknowledged.add(name)
            if status in POLITE and not headers.get("retry-after"):
                found.impolite += 1
            if status not in (200, 302, *POLITE):
                found.errors.append(f"burst: {'POST' if writing else 'GET'} answered {status}")

    threads = [threading.Thread(target=ask, args=(number,), daemon=True) for number in range(BURST)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
