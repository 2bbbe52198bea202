"""A burst is answered as far as it can be, and the rest is turned away without having begun."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from careshape.site.turnstile import RETRY_AFTER, Turnstile


class Work:
    """An application that takes as long as the test lets it, and counts what it did."""

    def __init__(self) -> None:
        self.go, self.begun, self.most, self.now = threading.Event(), 0, 0, 0
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with self.lock:
            self.begun += 1
            self.now += 1
            self.most = max(self.most, self.now)
        self.go.wait(10)
        with self.lock:
            self.now -= 1
        start_response("200 OK", [])
        return [b"done"]


def burst(turnstile: Turnstile, number: int, go: threading.Event | None) -> Counter[str]:
    found: Counter[str] = Counter()
    lock = threading.Lock()

    def ask() -> None:
        said: list[Any] = []
        turnstile({}, lambda status, headers: said.append((status, dict(headers))))
        with lock:
            found[said[0][0]] += 1
            if said[0][0].startswith("503"):
                assert said[0][1]["Retry-After"] == str(RETRY_AFTER)

    threads = [threading.Thread(target=ask) for _ in range(number)]
    for thread in threads:
        thread.start()
    if go is not None:
        threading.Timer(0.3, go.set).start()
    for thread in threads:
        thread.join()
    return found


def test_turnstile_answers_whom_it_lets_in_and_turns_the_rest_away():
    work = Work()
    found = burst(Turnstile(work, at_once=2, waiting=10), 40, work.go)
    # Two are answered and ten wait for their turn; who came after them found no place.
    assert found == {"200 OK": 12, "503 Service Unavailable": 28}
    assert (work.begun, work.most) == (12, 2)


def test_turnstile_turns_away_who_has_waited_too_long():
    work = Work()
    found = burst(Turnstile(work, at_once=1, waiting=10, patience=0.05), 3, work.go)
    assert found == {"200 OK": 1, "503 Service Unavailable": 2}
    assert work.begun == 1  # nothing of what was turned away had begun


def test_turnstile_gives_the_place_back_when_the_application_fails():
    def fails(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise ZeroDivisionError

    turnstile = Turnstile(fails, at_once=1, waiting=0)
    for _ in range(3):
        try:
            turnstile({}, lambda status, headers: None)
        except ZeroDivisionError:
            continue
        raise AssertionError("the failure must come through")
