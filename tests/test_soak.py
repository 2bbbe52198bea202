"""``./soak``: its list of harnesses, and what it says to a name or a number that is none. The rest takes an hour."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def soak(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "soak", *arguments], capture_output=True, text=True, timeout=60, check=False)


def test_every_harness_is_listed_and_has_its_tests():
    listed = [line.split()[0] for line in soak("--list").stdout.splitlines()]
    files = dict(re.findall(r"^    (\w+)\) echo (\S+) ;;$", (ROOT / "soak").read_text("utf-8"), re.M))
    assert listed == list(files)
    assert all((ROOT / file).exists() for file in files.values())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("nothing",), "no harness 'nothing'"), (("crash", "--kills", "many"), "--kills is followed by a whole number")],
)
def test_wrong_call_is_refused_before_anything_is_run(arguments, said):
    done = soak(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "--list" in done.stderr
