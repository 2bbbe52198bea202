"""The files for a server: they parse, and name commands, settings and addresses that there are."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from careshape.cli.group import careshape
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.site.config import configuration
from careshape.site.options import SETTINGS

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
PROGRAM = Path(sys.executable).with_name("careshape")
"""The program as it is installed here, where a server has it in /opt/careshape."""
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8")


def unit(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read_string(path.read_text("utf-8"))
    return parser


def check_call(call: list[str]) -> None:
    """A call must name a command that there is, and only options that it has."""
    found: click.Command | None = careshape
    for word in call:
        if isinstance(found, click.Group):
            found = found.get_command(click.Context(found), word)
    assert found is not None, call
    known = {name for parameter in found.params for name in parameter.opts}
    assert {word for word in call if word.startswith("--")} <= known


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_unit_starts_a_command_that_there_is(path):
    words = shlex.split(unit(path)["Service"]["ExecStart"].replace("$$(", "(").replace("%%", "%"))
    if words[0] == "/bin/sh":
        words = shlex.split(words[2].removeprefix("exec "))
    assert words[0] == "/opt/careshape/.venv/bin/careshape"
    check_call(words[1:])


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_unit_runs_as_its_own_user_with_no_more_rights_than_it_needs(path):
    service = unit(path)["Service"]
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("careshape", "true", "strict")
    assert (service["UMask"], service["CapabilityBoundingSet"], service["StateDirectory"]) == ("0077", "", "careshape")
    variables = re.findall(r"^Environment=(\w+)=", path.read_text("utf-8"), re.M)
    assert set(variables) <= {"CARESHAPE_CONFIG", *(one.variable for one in SETTINGS)}


def test_timer_starts_the_backup():
    assert (DEPLOY / "careshape-backup.timer").stem + ".service" in {path.name for path in SERVICES}
    assert unit(DEPLOY / "careshape-backup.timer")["Timer"]["OnCalendar"]


@pytest.mark.parametrize("path", [*SERVICES, DEPLOY / "careshape-backup.timer"], ids=lambda path: path.name)
def test_systemd_takes_the_unit(path, tmp_path):
    assert set(unit(path)) <= {"DEFAULT", "Unit", "Service", "Timer", "Install"}
    assert os.access(PROGRAM, os.X_OK)
    if shutil.which("systemd-analyze") is None:
        return  # a machine without systemd: what its own check would say is left to those that have it
    for one in (*SERVICES, DEPLOY / "careshape-backup.timer"):
        text = one.read_text("utf-8").replace("/opt/careshape/.venv/bin/careshape", str(PROGRAM))
        (tmp_path / one.name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / path.name)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if "careshape" in line]
    assert (done.returncode, said) == (0, [])


def test_unit_of_the_backup_takes_one_with_nothing_but_its_configuration(tmp_path):
    """Its own line, as systemd reads it, under an environment that holds what the unit gives it and nothing else."""
    home, backups = Home(tmp_path / "data"), tmp_path / "backups"
    Ledger.create(home.council_path("worcestershire"), authority="worcestershire", demonstration=True)
    backups.mkdir()
    settings = tmp_path / "careshape.toml"
    secret = tmp_path / "site.secret"
    secret.write_text("x" * 40, "utf-8")
    secret.chmod(0o600)
    settings.write_text(f'[data]\nfolder = "{home.path}"\n[secret]\nfile = "{secret}"\n', "utf-8")
    line = unit(DEPLOY / "careshape-backup.service")["Service"]["ExecStart"].replace("%%", "%").replace("$$", "$")
    line = line.replace("/opt/careshape/.venv/bin/careshape", str(PROGRAM)).replace(
        "/var/backups/careshape", str(backups)
    )
    environment = {"PATH": os.defpath, "CARESHAPE_CONFIG": str(settings)}
    migrated = subprocess.run([PROGRAM, "database", "migrate"], env=environment, cwd="/", timeout=300, check=False)
    done = subprocess.run(
        shlex.split(line), env=environment, cwd="/", capture_output=True, text=True, timeout=300, check=False
    )
    assert (migrated.returncode, done.returncode) == (0, 0), done.stderr
    (made,) = backups.glob("careshape-*.zip")
    assert re.fullmatch(r"careshape-\d{4}-\d\d-\d\dT\d{6}\.zip", made.name)


def test_example_of_a_configuration_is_taken(tmp_path):
    shutil.copy(DEPLOY / "careshape.toml", tmp_path)
    found = configuration({"CARESHAPE_CONFIG": str(tmp_path / "careshape.toml")})
    assert found["site.hosts"] == ("care.example.org",)
    assert found["data.folder"] == Path("/var/lib/careshape/data")


def test_container_calls_what_there_is():
    (call,) = re.findall(r"^CMD \[(.*)\]$", CONTAINER, re.M)
    check_call([word.strip().strip('"') for word in call.split(",")])
    named = set(re.findall(r"\b(CARESHAPE_\w+)=", CONTAINER))
    assert named <= {one.variable for one in SETTINGS}
    root = DEPLOY.parent
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINER, re.M):
        assert all((root / one).exists() for one in copied.split()), copied
    assert "USER careshape" in CONTAINER
    done = re.findall(r"^(?:RUN|    &&) ?(.*?)(?: \\)?$", CONTAINER, re.M)
    assert all((root / one).is_file() for step in done for one in re.findall(r"-r (\S+)", step)), done
    for first in re.findall(r"careshape-keys:/keys careshape (\w.*)$", CONTAINER, re.M):
        check_call(shlex.split(first))
    assert "/health/ready" in CONTAINER
