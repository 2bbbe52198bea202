"""The package as it is installed: what it needs, and what it must not need."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import careshape

ROOT = Path(__file__).parents[1]


def test_notebook_rooms_load_without_the_web_part():
    rooms = "careshape.catalogue, careshape.ledger, careshape.records, careshape.evaluate.measure, careshape.demo"
    code = f"import sys, {rooms}; print([m for m in ('django', 'jinja2', 'altair') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert found.stdout.strip() == "[]"


def test_version_is_stated_once_and_alike():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert careshape.__version__ == declared == version("careshape")


def test_lock_files_have_hashes_and_no_registry_address():
    for file in (ROOT / "requirements").glob("*.txt"):
        text = file.read_text("utf-8")
        assert "--hash=sha256:" in text, file.name
        assert "://" not in text, file.name


def test_every_declared_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    locked = (ROOT / "requirements" / "test.txt").read_text("utf-8")
    for requirement in wanted:
        name = requirement.partition("[")[0].split(">")[0].split("=")[0].strip().lower()
        assert f"\n{name}" in f"\n{locked}", name
