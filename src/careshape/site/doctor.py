"""What is wrong with an installation, and what to do about it. Nothing is changed by asking."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final, Literal

from packaging.requirements import Requirement

from careshape.errors import CareshapeError
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.ledger.pseudonym import key_path
from careshape.site.config import VARIABLE, Configuration, configuration
from careshape.site.options import SETTINGS
from careshape.site.secret import secret_path

Level = Literal["ok", "warn", "fail"]
LEAST_PYTHON: Final = (3, 11)
LITTLE, TOO_LITTLE = 2_000_000_000, 200_000_000
"""Bytes of free disk below which it is warned, and below which it fails."""
ELSEWHERE: Final = ("CARESHAPE_SPARK", "CARESHAPE_MEASURES", "CARESHAPE_CATALOGUE", "CARESHAPE_PYTHON", VARIABLE)


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    check: str
    level: Level
    found: str
    do: str = ""
    """What to do about it; empty where nothing is to be done."""


Check = Callable[[Home, Configuration], Iterator[Finding]]


def examine(home: Home) -> list[Finding]:
    """Make every check. A check that cannot be made is a finding of its own."""
    try:
        found = configuration()
    except CareshapeError as error:
        return [Finding("configuration", "fail", str(error), "Correct it; nothing else can be checked before.")]
    where = f"from {found.file}" if found.file else "no file"
    findings = [Finding("configuration", "ok", f"{where}, {len(found.given)} settings given")]
    import django

    from careshape.site.doctor_database import CHECKS as ON_THE_DATABASE

    try:
        django.setup()
    except CareshapeError as error:
        return [*findings, Finding("settings", "fail", str(error), "Correct it; nothing else can be checked before.")]
    for check in (*CHECKS, *ON_THE_DATABASE):
        try:
            findings += check(home, found)
        except Exception as error:
            name = check.__name__.replace("_", " ")
            findings.append(Finding(name, "fail", f"This could not be checked: {_sentence(error)}", "See the log."))
    return findings


def _sentence(error: Exception) -> str:
    return str(error) if isinstance(error, CareshapeError) else type(error).__name__


def python(home: Home, found: Configuration) -> Iterator[Finding]:
    """The interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= LEAST_PYTHON
    yield Finding("Python", "ok" if good else "fail", version, "" if good else "Install Python 3.11 or later.")


def packages(home: Home, found: Configuration) -> Iterator[Finding]:
    """What is installed beside what was locked."""
    lock = Path(__file__).parents[3] / "requirements" / "demo.txt"
    if not lock.is_file():
        yield Finding("packages", "ok", f"careshape {metadata.version('careshape')}, installed without a lock file")
        return
    wanted: dict[str, set[str]] = {}  # a package may be locked to one version for each of several Pythons
    for one in _pinned(lock):
        wanted.setdefault(one.name, set()).add(str(one.specifier).removeprefix("=="))
    other = [
        f"{name} {_installed(name)} for {' or '.join(sorted(versions))}"
        for name, versions in wanted.items()
        if _installed(name) not in versions
    ]
    if other:
        shown = ", ".join(other[:5]) + (f" and {len(other) - 5} more" if len(other) > 5 else "")
        yield Finding("packages", "warn", f"not as locked: {shown}", "Install from the lock file: ./demo does.")
    else:
        yield Finding("packages", "ok", f"{len(wanted)} as locked")


def _pinned(lock: Path) -> Iterator[Requirement]:
    """What a lock file wants on this machine: some packages are for other systems only."""
    for line in lock.read_text("utf-8").splitlines():
        if "==" in line and line[:1].isalnum():
            one = Requirement(line.rstrip(" \\"))
            if one.marker is None or one.marker.evaluate():
                yield one


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def data_folder(home: Home, found: Configuration) -> Iterator[Finding]:
    """Whether the data can be written, and by whom it can be read."""
    path = home.path.resolve()
    if not path.is_dir():
        yield Finding("data folder", "fail", f"{path} is not there", "Make it, or name another with --dir.")
        return
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("data folder", "fail", f"{path} cannot be written", "Give it to the user who runs careshape.")
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield Finding("data folder", "warn", f"{path} is open to other users (mode {mode:o})", f"Run: chmod 700 {path}")
    else:
        yield Finding("data folder", "ok", f"{path}, mode {mode:o}")


def disk(home: Home, found: Configuration) -> Iterator[Finding]:
    """Room for what is to come."""
    free = shutil.disk_usage(home.path if home.path.exists() else Path.cwd()).free
    level: Level = "fail" if free < TOO_LITTLE else "warn" if free < LITTLE else "ok"
    yield Finding("disk", level, f"{free / 1e9:,.1f} GB free", "" if level == "ok" else "Make room, or move the data.")


def keys(home: Home, found: Configuration) -> Iterator[Finding]:
    """The secret of the site and the key of the pseudonyms: there, outside the data, and nobody else's to read."""
    yield _guarded("site secret", secret_path(), home, bool(found["secret.key"]))
    if _only_demonstrations(home):
        said = "none is needed: every council is a demonstration, whose people are synthetic"
        yield Finding("pseudonym key", "ok", said)
    else:
        yield _guarded("pseudonym key", key_path(), home, False)
        yield from _people(home)


def _people(home: Home) -> Iterator[Finding]:
    """The keys of each council's people, which no backup of the data holds."""
    for council in home.authorities():
        try:
            table = Ledger.open(home.council_path(council)).people()
        except CareshapeError as error:
            yield Finding("keys of people", "fail", str(error), "`careshape backup --keys` made the copy.")
            continue
        if table is not None and table.id:
            said = f"{council}: {len(table.known):,} people, in {table.folder}"
            yield Finding("keys of people", "ok", f"{said}; copy them by `careshape backup --keys`")


def _guarded(name: str, path: Path, home: Home, elsewhere: bool) -> Finding:
    if elsewhere:
        return Finding(name, "ok", "given by the environment")
    if not path.exists():
        return Finding(
            name, "warn", f"{path} is not there", "It is made when it is first needed; restored data need theirs."
        )
    if path.resolve().is_relative_to(home.path.resolve()):
        return Finding(name, "fail", f"{path} lies in the data folder", "Move it outside, and name the new path.")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Finding(name, "fail", f"{path} can be read by other users", f"Run: chmod 600 {path}")
    return Finding(name, "ok", str(path))


def ledgers(home: Home, found: Configuration) -> Iterator[Finding]:
    """Whether each council's ledger opens, and every file that its commits name is there."""
    councils = home.authorities()
    if not councils:
        yield Finding("ledgers", "warn", "no council yet", "`careshape new AUTHORITY` makes one, `careshape demo` two.")
    for council in councils:
        try:
            ledger = Ledger.open(home.council_path(council))
            postings, files = ledger.postings(), ledger.files()
            ledger.providers()
        except Exception as error:
            yield Finding(f"ledger {council}", "fail", _sentence(error), "Restore the latest backup.")
            continue
        if missing := [file for file in files if not Path(file).is_file()]:
            yield Finding(f"ledger {council}", "fail", f"{len(missing)} files are gone", "Restore the latest backup.")
        else:
            yield Finding(f"ledger {council}", "ok", f"{len(postings):,} postings in {len(files):,} files")


def mail(home: Home, found: Configuration) -> Iterator[Finding]:
    """Whether messages can go out."""
    backend = found["mail.backend"]
    if backend == "files":
        folder = found["mail.folder"] or home.path / "mail"
        good = os.access(next(one for one in (folder, *folder.resolve().parents) if one.exists()), os.W_OK)
        said = f"messages are written as files into {folder}, and sent to nobody"
        level: Level = ("warn" if found["site.https"] else "ok") if good else "fail"
        yield Finding(
            "mail", level, said, "" if level == "ok" else "Set mail.backend to smtp, or make the folder writable."
        )
    elif backend == "console":
        yield Finding("mail", "warn", "messages are written to the server's output", "Set mail.backend to smtp.")
    else:
        yield _mail_server(found["mail.host"], found["mail.port"])


def _mail_server(host: str, port: int) -> Finding:
    import socket

    try:
        with socket.create_connection((host, port), timeout=3):
            return Finding("mail", "ok", f"the server {host}, port {port}, answers")
    except OSError as error:
        said = f"the server {host}, port {port}, does not answer: {error.strerror or type(error).__name__}"
        return Finding("mail", "fail", said, "Correct mail.host and mail.port, or start the server.")


def address(home: Home, found: Configuration) -> Iterator[Finding]:
    """Whether the site is asked for as it is meant to be: names, HTTPS, the server before it."""
    hosts, https = found["site.hosts"], found["site.https"]
    public = [host for host in hosts if host not in ("localhost", "127.0.0.1", "[::1]")]
    if "*" in hosts:
        yield Finding("hosts", "warn", "every host name is answered to", "Name the site's own in site.hosts.")
    else:
        yield Finding("hosts", "ok", ", ".join(hosts) or "this machine's own")
    if public and not https:
        yield Finding(
            "HTTPS", "fail", "the site is for others and may be reached without HTTPS", "Set site.https to true."
        )
    elif https and not found["site.proxy"]:
        yield Finding(
            "HTTPS", "warn", "HTTPS is on, but no server that ends it stands before the site", "Set site.proxy."
        )
    elif https and found["site.address"] and not found["site.address"].startswith("https://"):
        yield Finding("HTTPS", "fail", f"site.address is {found['site.address']}", "Let it begin with https://.")
    else:
        yield Finding("HTTPS", "ok", "on" if https else "off; the site is for this machine")


def backups(home: Home, found: Configuration) -> Iterator[Finding]:
    """How old the latest backup is."""
    import time

    folder = found["backup.folder"]
    if folder is None:
        yield Finding(
            "backups", "warn", "backup.folder is not set", "Take backups (`careshape backup`), and say where they are."
        )
        return
    there = [path.stat().st_mtime for path in folder.glob("*.zip")] if folder.is_dir() else []
    if not there:
        yield Finding(
            "backups", "fail", f"{folder} holds none", "Run `careshape backup`; the systemd units do it each night."
        )
        return
    hours = (time.time() - max(there)) / 3600
    old = hours > found["backup.hours"]
    said = f"{len(there)} in {folder}, the latest {hours:,.0f} hours old"
    yield Finding("backups", "fail" if old else "ok", said, "See why none was taken since." if old else "")


def variables(home: Home, found: Configuration) -> Iterator[Finding]:
    """Variables that look like settings and are none."""
    known = {setting.variable for setting in SETTINGS} | set(ELSEWHERE)
    odd = sorted(name for name in os.environ if name.startswith("CARESHAPE_") and name not in known)
    odd = [name for name in odd if not name.startswith(("CARESHAPE_TEST_", "CARESHAPE_FILES"))]
    if odd:
        yield Finding("variables", "warn", f"no setting is called {', '.join(odd)}", "Correct or remove it.")


def _only_demonstrations(home: Home) -> bool:
    try:
        return all(Ledger.open(home.council_path(council)).demonstration for council in home.authorities())
    except CareshapeError:
        return False


CHECKS: Final[tuple[Check, ...]] = (
    python, packages, variables, data_folder, disk, keys, ledgers, mail, address, backups,
)  # fmt: skip
