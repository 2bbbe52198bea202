"""A process that does not end is stopped with a sentence that says which it was, what it said, and where it stood."""

from __future__ import annotations

import pytest

from tests import warm


def test_process_that_does_not_end_is_stopped_and_says_where_it_stood():
    script = "import threading\nprint('begun', flush=True)\ndef hanging():\n    threading.Event().wait()\nhanging()"
    with pytest.raises(AssertionError) as stopped:
        warm.run(script, "an argument", timeout=1)
    said = str(stopped.value)
    assert said.startswith("After 1 s this had not ended, and was stopped: an argument\nbegun\n")
    assert "in hanging" in said


def test_process_ends_as_an_interpreter_does(tmp_path):
    script = """
import atexit, sys, threading, time
atexit.register(lambda: print('at the end'))
kept = open(sys.argv[1], 'w')
kept.write('still open')
threading.Thread(target=lambda: (time.sleep(0.1), print('of a thread'))).start()
print('of the script')
sys.exit('a reason')
"""
    done = warm.run(script, tmp_path / "kept.txt")
    assert (done.returncode, done.stdout, done.stderr) == (1, "of the script\nof a thread\nat the end\n", "a reason\n")
    assert (tmp_path / "kept.txt").read_text() == "still open"
    assert warm.run("raise SystemExit(3)").returncode == 3
    failed = warm.run("1 / 0")
    assert (failed.returncode, failed.stderr.splitlines()[-1]) == (1, "ZeroDivisionError: division by zero")
