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
