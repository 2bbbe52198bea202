"""Do what deploy/Containerfile says, below a folder of this machine, and see whether the container's site gets ready.

    .venv/bin/python scripts/container.py FOLDER

A container is not needed: each COPY and RUN is done as it stands there, with its paths below FOLDER and with nothing
of this machine's environment, from the files that git knows. It then starts what the container starts, and asks what
its HEALTHCHECK asks. What it leaves out: the base image, the user, and the walls of a container. Packages are fetched.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
ABSOLUTE = re.compile(r"(?<![\w.:/-])/(opt|wheels|data|keys|source)(?=[/\s:\"]|$)")
"""Folders of the container's own."""


def steps(text: str) -> list[tuple[str, str]]:
    """The instructions of a Containerfile, continued lines joined: word and rest."""
    joined = re.sub(r"\\\n\s*", "", text)
    lines = [line.partition(" ") for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest) for word, _, rest in lines]


def below(text: str, folder: Path) -> str:
    """A text with the container's paths below a folder."""
    return ABSOLUTE.sub(lambda found: f"{folder}{found[0]}", text)


def build(folder: Path, context: Path) -> tuple[dict[str, str], list[str], list[str]]:
    """Do the instructions; returns the environment of the container, what it starts, and what asks after its health."""
    at, environment = folder, {"HOME": str(folder / "home"), "PATH": os.defpath, "LANG": "C.UTF-8"}
    (folder / "home").mkdir(parents=True)
    interpreter = folder / "home" / "bin"
    interpreter.mkdir()
    (interpreter / "python").symlink_to(sys.executable)
    (interpreter / "pip").write_text(f'#!/bin/sh\nexec {sys.executable} -m pip "$@"\n', "utf-8")
    (interpreter / "pip").chmod(0o755)
    environment["PATH"] = f"{interpreter}:{os.defpath}"
    start: list[str] = []
    health: list[str] = []
    for word, rest in steps((context / "deploy" / "Containerfile").read_text("utf-8")):
        if word == "WORKDIR":
            at = Path(below(rest, folder))
            at.mkdir(parents=True, exist_ok=True)
        elif word == "COPY" and not rest.startswith("--from"):
            *sources, target = rest.split()
            for one in sources:
                source = context / one
                copy = shutil.copytree if source.is_dir() else shutil.copy
                copy(source, at / target if source.is_dir() else at / target / source.name)
        elif word == "RUN":
            run(below(rest, folder), at, environment)
        elif word == "ENV":
            for pair in rest.split():
                name, _, value = below(pair, folder).partition("=")
                environment[name] = value.replace("$PATH", environment["PATH"])
        elif word in ("ENTRYPOINT", "CMD"):
            start += json.loads(rest)
        elif word == "HEALTHCHECK":
            health = json.loads(rest[rest.index("[") :])
    return environment, start, health


def run(command: str, at: Path, environment: dict[str, str]) -> None:
    """Run a command of the file; making the container's user is left to the container."""
    parts = [one for one in command.split(" && ") if not one.startswith("useradd")]
    command = " && ".join(parts).replace("-o careshape -g careshape ", "")
    began = time.monotonic()
    subprocess.run(["/bin/sh", "-ec", command], cwd=at, env=environment, check=True)
    print(f"{time.monotonic() - began:6.1f} s  {command}", flush=True)


def ready(environment: dict[str, str], start: list[str], health: list[str], folder: Path) -> float:
    """Start it, and ask until it is ready; returns after how many seconds. Fails where it ends, or is not in time."""
    began = time.monotonic()
    server = subprocess.Popen(start, env=environment, cwd=folder)
    try:
        while time.monotonic() - began < 120:
            assert server.poll() is None, f"it ended with {server.returncode}"
            if subprocess.run(health, env=environment, stderr=subprocess.DEVNULL, check=False).returncode == 0:
                return time.monotonic() - began
            time.sleep(1)
        raise AssertionError("it was not ready in two minutes")
    finally:
        server.terminate()
        server.wait(timeout=30)


def main(folder: Path) -> None:
    """Build below a folder that is not there yet, and start."""
    folder.mkdir(parents=True)
    context = folder / "context"
    context.mkdir()
    known = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(context)], input=known, check=True)
    environment, start, health = build(folder, context)
    # An empty volume holds no council, and a site without one does not start: it says so, and what to do.
    subprocess.run([start[0], "new", "worcestershire"], env=environment, cwd=folder, check=True)
    print(f"ready after {ready(environment, start, health, folder):.1f} s: {' '.join(start)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
