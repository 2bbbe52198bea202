"""Many people at once: how long a page takes to be read and a change to be written, and what a burst does.

They are threads of one process that speak HTTP to a server elsewhere. Users sign in, then read pages and now and then
write; readers only read, and sign in nowhere. Between two requests is a pause that is drawn anew each time.
"""

from __future__ import annotations

import http.client
import random
import re
import secrets
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
QUERIES: Final = 30
"""Most queries that a page of a desk may take."""
BURST: Final = 200
PAUSE: Final = 1.0
"""Mean pause of a user between two requests, in seconds."""
_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
POLITE: Final = (429, 503)
RETRIES: Final = 20
"""Times that somebody who signs in comes again when asked to; a person would have given up by then."""


@dataclass(frozen=True)
class User:
    """Somebody who signs in, with the pages they read and, where they may, the form they write.

    A reader is one without an address for email: somebody of the public.
    """

    email: str
    password: str
    pages: tuple[str, ...]
    form: str = ""
    """Address of the form by which they add something; empty where they only read."""
    desk: tuple[str, ...] = ()
    """Pages that they read every other time, whose times are kept by page and apart from those of all others."""


@dataclass
class Load:
    """What was measured: milliseconds of reads and writes, errors, and what came of the burst."""

    users: int
    seconds: float
    readers: int = 0
    """People of the public, who only read."""
    public: list[float] = field(default_factory=list)
    """Milliseconds of what they read."""
    asked_to_wait: int = 0
    """Users who were asked to come again later while they signed in, as all did in the same moment."""
    waited: float = 0.0
    """Seconds that the one who waited longest did so."""
    desk: dict[str, list[float]] = field(default_factory=dict)
    """Address of a page of a desk -> milliseconds of its reads."""
    queries: dict[str, int] = field(default_factory=dict)
    """Address of a page of a desk -> queries that it takes."""
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
            "users": self.users, "readers": self.readers, "seconds": self.seconds, "reads": len(self.reads),
            "writes": len(self.writes), "public_reads": len(self.public),
            "asked_to_wait_at_sign_in": self.asked_to_wait, "longest_wait_seconds": round(self.waited, 1),
            "p50_read_ms": percentile(self.reads, 50), "p95_read_ms": percentile(self.reads, 95),
            "p95_write_ms": percentile(self.writes, 95), "p99_read_ms": percentile(self.reads, 99),
            "p50_public_ms": percentile(self.public, 50), "p95_public_ms": percentile(self.public, 95),
            "desk_reads": len(self.desk_reads()), "p95_desk_ms": percentile(self.desk_reads(), 95),
            "desk": {
                page: {"reads": len(times), "p50_ms": percentile(times, 50), "p95_ms": percentile(times, 95),
                       "queries": self.queries.get(page)}
                for page, times in sorted(self.desk.items())
            },
            "errors": len(self.errors), "first_errors": self.errors[:5],
            "burst": {str(status): number for status, number in sorted(self.burst.items())},
            "burst_impolite": self.impolite, "acknowledged_writes": len(self.acknowledged), "lost_writes": self.lost,
            "missed": self.missed(), "failed": self.failed(),
        }  # fmt: skip

    def desk_reads(self) -> list[float]:
        """Milliseconds of all reads of pages of a desk."""
        return [one for times in self.desk.values() for one in times]

    def missed(self) -> list[str]:
        """Goals that were missed, in words."""
        return self._over(1.0) + self._counts()

    def failed(self) -> list[str]:
        """What fails a run: times at three times their goal, and counts at once."""
        return self._over(SLACK) + self._counts()

    def _over(self, slack: float) -> list[str]:
        found = (
            ("reads", percentile(self.reads, 95), READ_GOAL), ("writes", percentile(self.writes, 95), WRITE_GOAL),
            ("reads of the public", percentile(self.public, 95), READ_GOAL),
            ("reads of a broker's desk", percentile(self.desk_reads(), 95), READ_GOAL),
        )  # fmt: skip
        return [
            f"95 of 100 {what} took up to {took:,.0f} ms; the goal is {goal:,.0f}"
            for what, took, goal in found
            if took > slack * goal
        ]

    def _counts(self) -> list[str]:
        counts = (
            ("errors", len(self.errors)), ("lost writes", self.lost), ("impolite refusals", self.impolite),
            ("runs in which no user wrote anything", 1 if self.users and not self.writes else 0),
            ("runs in which no reader read anything", 1 if self.readers and not self.public else 0),
        )  # fmt: skip
        many = [f"{page} takes {found} queries; the goal is {QUERIES} at most" for page, found in self.queries.items()
                if found > QUERIES]  # fmt: skip
        return [*(f"{number} {what}; the goal is none" for what, number in counts if number), *many]


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many of a hundred do not exceed (nearest rank); 0 where there is none."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(len(ordered) * percent) // 100) - 1)] if ordered else 0.0


def bench_load(address: str, users: Sequence[User], seconds: float, seed: int, written: Callable[[], set[str]]) -> Load:
    """Let all users and readers work for some seconds, then send a burst.

    Args:
        address: the server's, such as ``http://127.0.0.1:8000``.
        users: who works, each in a thread; those without an address for email are the readers.
        seconds: how long, after all have signed in.
        seed: of pauses and choices.
        written: the names of what stands in the server's database, asked after the burst.
    """
    readers = sum(not user.email for user in users)
    found = Load(len(users) - readers, seconds, readers)
    lock, ready = threading.Lock(), threading.Barrier(len(users) + 1)
    run = secrets.token_hex(3)  # what an earlier run wrote is no write of this one
    people = [
        _Person(address, user, random.Random(seed + n), found, lock, f"{run}-{n}") for n, user in enumerate(users)
    ]
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
        self, address: str, user: User, chance: random.Random, found: Load, lock: threading.Lock, mark: str
    ) -> None:
        self.user, self.chance, self.found, self.lock, self.mark = user, chance, found, lock, mark
        self.host = urlsplit(address).netloc
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.made = 0
        self.waited = 0.0

    def work(self, ready: threading.Barrier, seconds: float) -> None:
        """Sign in, wait for the others, and work until the time is over."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            if self.user.email:
                self._sign_in(connection)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            self._wrong(f"signing in as {self.user.email}: {error!r}")
        ready.wait()  # for whom it went wrong, too: the others wait for all
        connection.close()  # the server may have closed its end meanwhile; the next request opens another
        reads = self.found.reads if self.user.email else self.found.public
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(self.chance.expovariate(1 / PAUSE))
            if self.user.form and self.chance.random() < 0.5:
                self._timed(connection, "POST", self.user.form, self.found.writes)
            elif self.user.desk and self.chance.random() < 0.5:
                page = self.chance.choice(self.user.desk)
                with self.lock:
                    times = self.found.desk.setdefault(page, [])
                self._timed(connection, "GET", page, times)
            else:
                self._timed(connection, "GET", self.chance.choice(self.user.pages), reads)

    def _sign_in(self, connection: http.client.HTTPConnection) -> None:
        _, body = self._patiently(connection, "GET", "/sign-in/")
        fields = {"email": self.user.email, "password": self.user.password, **self._token(body)}
        status, _ = self._patiently(connection, "POST", "/sign-in/", fields)
        if status != 302:
            self._wrong(f"signing in as {self.user.email} answered {status}")
        if self.user.form:
            _, body = self._patiently(connection, "GET", self.user.form)
            self.token = self._token(body).get("csrfmiddlewaretoken", "")
        with self.lock:
            self.found.asked_to_wait += self.waited > 0
            self.found.waited = max(self.found.waited, self.waited)

    def _patiently(
        self, connection: http.client.HTTPConnection, method: str, path: str, fields: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Ask, and come again as often as one is told to, as somebody at a browser would."""
        for _ in range(RETRIES):
            status, body, headers = self.ask(connection, method, path, fields)
            if status not in POLITE or not (after := headers.get("retry-after", "")).isdigit():
                break
            self.waited += float(after)
            time.sleep(float(after))
        return status, body

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
        name = f"Load {self.mark}-{self.made}"
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
                name = f"Burst {person.mark}-{number}"
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
