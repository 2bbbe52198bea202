from __future__ import annotations

import subprocess
import sys
import threading
import time

from careshape.bench.clock import timed

SPENT = 0.2


def spin() -> None:
    """Work for some processor time of this thread, however long that takes by the clock."""
    start = time.thread_time()
    while time.thread_time() - start < SPENT:
        sum(range(1_000))


def test_work_of_other_threads_counts_and_waiting_does_not():
    def two_threads() -> None:
        others = [threading.Thread(target=spin) for _ in range(2)]
        for one in others:
            one.start()
        for one in others:
            one.join()

    _, working = timed(two_threads)
    _, waiting = timed(time.sleep, SPENT)
    assert working.cpu >= 2 * SPENT
    assert waiting.cpu < SPENT <= waiting.wall


def test_peak_remembers_memory_that_was_given_back():
    program = (
        "from careshape.bench.clock import peak_mb\n"
        "before = peak_mb()\n"
        "held = bytearray(b'x') * 200_000_000\n"
        "del held\n"
        "print(peak_mb() - before)"
    )
    grown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300
    ).stdout
    assert 150 < float(grown) < 300
