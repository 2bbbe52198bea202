"""Which files of the data folder a backup holds, and in which order they are read while others write."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from careshape.folders import HELD_FILE
from careshape.home import Home
from careshape.ledger.posting import METADATA_KEY
from careshape.ledger.pseudonym import key_path
from careshape.site.secret import secret_path

LOG: Final = "_delta_log"
LEFT_OUT: Final = {
    "careshape.sqlite3": "the database, which is written table by table",
    "careshape.sqlite3-wal": "",
    "careshape.sqlite3-shm": "",
    HELD_FILE: "",
    "outlook": "what is to come, which background work works out again",
    "print": "printed statements, which background work makes again",
    "site": "the static export, which `careshape statement build` writes again",
    "demo-files": "the files of the demonstration, which `careshape demo` makes again",
    "mail": "messages, which hold links to sign in by",
    "uploads": "files that people brought: what was posted of them stands in the ledger",
    "backups": "other backups",
}
"""What stands in the data folder and in no backup, and why."""


@dataclass(frozen=True)
class Copied:
    """What a backup holds of a file."""

    bytes: int
    sha256: str


@dataclass
class Ledgers:
    """Postings and rows of each council's ledger, as its copied commits say."""

    postings: dict[str, int]
    rows: dict[str, int]

    def see(self, path: Path, root: Path, content: bytes) -> None:
        """Take in a commit."""
        parts = path.relative_to(root).parts
        if len(parts) == 5 and parts[0] == "councils" and parts[2:4] == ("ledger", LOG):
            posting = _posting(content)
            if posting is not None:
                self.postings[parts[1]] = self.postings.get(parts[1], 0) + 1
                self.rows[parts[1]] = self.rows.get(parts[1], 0) + posting["rows"]


def files(home: Home) -> Iterator[Path]:
    """The files to copy. Those of a ledger come first, each table's commits before the rows that they name.

    A commit is there whole or not at all, and nothing that it names is ever changed: so what is copied is the ledger
    as it was when its commits were listed, whatever is posted meanwhile. A register is written before the posting that
    needs it, and is copied after.
    """
    taken: set[Path] = set()
    for council in home.authorities():
        folder = home.council_path(council)
        for table in (folder / "ledger", folder / "register" / "providers", folder / "register" / "settings"):
            for path in _table(table):
                taken.add(path)
                yield path
    tables = {path.parent for path in _logs(home)}
    for path in sorted(home.path.rglob("*")):
        inside = any(parent in tables for parent in path.parents)
        if path not in taken and not inside and path.is_file() and not path.is_symlink() and not left_out(path, home):
            yield path


def left_out(path: Path, home: Home) -> bool:
    """Whether a file belongs in no backup: what can be made again, what is half made, and keys and secrets."""
    parts = path.relative_to(home.path).parts
    unfinished = any(part.startswith(".") and part.endswith((".new", ".old")) for part in parts)
    secret = path.resolve() in (secret_path().resolve(), key_path().resolve())
    return parts[0] in LEFT_OUT or unfinished or secret


def read(path: Path) -> tuple[bytes, Copied]:
    """A file's content as it was when it was read, and what it was."""
    content = path.read_bytes()
    return content, Copied(len(content), hashlib.sha256(content).hexdigest())


def _logs(home: Home) -> list[Path]:
    return [path for path in home.councils_path.rglob(LOG) if path.is_dir()]


def _table(table: Path) -> Iterator[Path]:
    """The commits of a Delta table, then the files that they name; what no commit names is not part of it."""
    commits = sorted((table / LOG).glob("*.json"))
    named: list[Path] = []
    for commit in commits:
        yield commit
        named += [table / name for name in _added(commit.read_bytes())]
    yield from named


def _added(content: bytes) -> list[str]:
    actions = [json.loads(line) for line in content.splitlines() if line.strip()]
    return [action["add"]["path"] for action in actions if "add" in action]


def _posting(content: bytes) -> Any:
    for line in content.splitlines():
        info = json.loads(line).get("commitInfo", {}) if line.strip() else {}
        if METADATA_KEY in info:
            return json.loads(info[METADATA_KEY])
    return None
