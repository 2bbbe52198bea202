"""What careshape is made of: locked and installed are the same, static checks find nothing, no secret is in it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements" / "test.txt"
WRITES_SQL = ("ledger", "evaluate", "bench", "site", "audit", "privacy")
"""Rooms that write SQL from names that they declare themselves. No view does: those ask through Django's ORM."""
KEYS = re.compile(
    rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abpr]-[A-Za-z0-9-]{20,}"
    rb"|glpat-[A-Za-z0-9_-]{20}|eyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}"
)
"""Private keys and tokens of well-known services."""


def run(*command: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, timeout=600, check=False)


def named(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def bill(lock: Path) -> dict[str, set[str]]:
    """Names and versions of the CycloneDX bill of materials that is made of a lock file.

    A name has several versions where the lock has one for each of several Pythons.
    """
    done = run(sys.executable, "-m", "cyclonedx_py", "requirements", lock, "--output-reproducible", "--of", "JSON")
    assert done.returncode == 0, done.stderr.decode()
    made = json.loads(done.stdout)
    assert made["bomFormat"] == "CycloneDX"
    found: dict[str, set[str]] = {}
    for one in made["components"]:
        found.setdefault(named(one["name"]), set()).add(one["version"])
    return found


def test_bill_of_materials_is_what_is_installed(promise: Callable[[str, str], None]) -> None:
    installed = {named(one.metadata["Name"]): one.version for one in metadata.distributions()}
    listed = bill(LOCK)
    wrong = {name: installed[name] for name in listed if installed.get(name) not in (None, *listed[name])}
    assert wrong == {}
    # Set-up tools come before the lock, and what is for another system or Python is listed and not installed.
    assert set(installed) - set(listed) <= {"careshape", "pip", "setuptools", "wheel", "uv"}
    promise(
        "R14 bill of materials", f"{len(set(listed) & set(installed))} packages installed, all as locked with hashes"
    )


def test_bill_of_another_lock_is_noticed(tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("django==1.0 --hash=sha256:" + "0" * 64 + "\n", "utf-8")
    assert bill(other)["django"] == {"1.0"} != {metadata.version("django")}


def faults(*paths: str | Path) -> list[dict[str, str]]:
    """What bandit finds of medium weight and above."""
    done = run(sys.executable, "-m", "bandit", "-q", "-r", "-ll", "-f", "json", *paths)
    found: list[dict[str, str]] = json.loads(done.stdout)["results"]
    return found


def test_static_checks_find_nothing(promise: Callable[[str, str], None]) -> None:
    found = faults("src/careshape")
    sql = {"/".join(Path(one["filename"]).parts[2:3]) for one in found if one["test_id"] == "B608"}
    assert sql <= set(WRITES_SQL)
    assert [(one["filename"], one["issue_text"]) for one in found if one["test_id"] != "B608"] == []
    promise("R14 static checks", f"0 faults of medium weight or above; SQL is written by {len(sql)} rooms, by no view")


def test_static_checks_see_a_fault(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("import subprocess\nsubprocess.call('ls ' + input(), shell=True)\n", "utf-8")
    assert [one["test_id"] for one in faults(tmp_path)] == ["B602"]


def history() -> bytes:
    """Every change that the checkout knows of; nothing where it came without its history."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return b""
    done = run("git", "-c", "safe.directory=*", "log", "--all", "--no-color", "-p", "--text")
    return done.stdout if done.returncode == 0 else b""


def tree() -> bytes:
    """Every file of the checkout that careshape is made of."""
    parts = [ROOT / name for name in ("src", "tests", "docs", "scripts", "deploy", "requirements", ".ci")]
    files = [file for part in parts for file in part.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    return b"\n".join(file.read_bytes() for file in files)


def test_no_secret_is_in_the_tree_or_its_history(promise: Callable[[str, str], None]) -> None:
    now, before = tree(), history()
    assert now
    assert [hit.group()[:20] for text in (now, before) for hit in KEYS.finditer(text)] == []
    promise("R14 secrets", f"0 in {len(now) / 1e6:,.0f} MB of files and {len(before) / 1e6:,.0f} MB of history")


def test_secret_is_noticed() -> None:
    made = b"-----BEGIN " + b"PRIVATE KEY-----"
    assert KEYS.search(b"x = '" + made + b"'")
    assert KEYS.search(b"key: AKIA" + b"ABCDEFGHIJKLMNOP")
