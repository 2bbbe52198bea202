"""One attempt at a job, without a database."""

from __future__ import annotations

import os

from careshape.jobs.attempt import Attempt


def test_an_attempt_that_ended_is_waited_for_once():
    one = Attempt.__new__(Attempt)
    one.ended, one.process = False, os.posix_spawn("/bin/true", ["true"], {})
    os.waitid(os.P_PID, one.process, os.WEXITED | os.WNOWAIT)
    assert one.over()
    assert one.over(), "asked again, as the database was away when it was to be settled"
