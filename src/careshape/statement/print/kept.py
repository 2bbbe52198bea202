"""Where printed statements are kept: a folder for each state of a council, beside the ledgers, made in the background.

A folder is named by what its files rest on: the records and figures (as the outlook names them), the council's own
text, whether what is to come is known, the day, with which dates of review are compared, and the language. It takes its
place whole.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from careshape.errors import CareshapeError
from careshape.folders import beside, put_in_place
from careshape.language import current
from careshape.statement.council import Council, open_council
from careshape.statement.outlook import store
from careshape.statement.outlook.ahead import NotWorkedOutError
from careshape.statement.print.forms import Form, forms, printed
from careshape.statement.slots import uk_today

FOLDER: Final = "print"
"""The folder within the data folder; no backup holds it, since it is made again."""
INDEX: Final = "index.json"
UNKNOWN: Final = "unknown.json"
"""What of the statement could not be computed, which the same work finds."""
KEEP: Final = 2
"""Folders of a council that stay: the latest, and the one before it, which is served while another is made."""
TRIES: Final = 3


@dataclass(frozen=True)
class Kept:
    """A printed form that is kept: where, its pages, its size in bytes, and the digest of its content."""

    path: Path
    pages: int
    bytes: int
    digest: str


def print_key(data: Path, slug: str) -> str:
    """Name of what would be printed of a council as it is now."""
    state = store.state_key(data, slug)
    told = hashlib.sha256(f"{state} {store.there(data, slug, state)} {uk_today()} {current().tag}".encode())
    told.update((files("careshape.statement.print") / "template.typ").read_bytes())
    own = data / "councils" / slug / "statement"
    for path in sorted(own.rglob("*.*")) if own.is_dir() else ():
        if path.is_file():
            told.update(f"{path.relative_to(own)}\0".encode() + path.read_bytes())
    return told.hexdigest()[:32]


def there(data: Path, slug: str, key: str) -> bool:
    """Whether a state has been printed."""
    return (data / FOLDER / slug / key / INDEX).is_file()


def find(data: Path, slug: str, form: Form) -> Kept | None:
    """The latest print of a form, which says itself of which day it is; None where there is none yet."""
    for folder in _latest(data / FOLDER / slug):
        try:
            index = json.loads((folder / INDEX).read_text("utf-8"))
        except (OSError, ValueError):
            continue  # it was swept meanwhile, or is damaged: the one before it serves
        if form.file in index:
            one = index[form.file]
            return Kept(folder / form.file, one["pages"], one["bytes"], one["digest"])
        return None
    return None


def found_unknown(data: Path, slug: str) -> tuple[str, list[str]] | None:
    """As known on which day, and why each figure that cannot be computed cannot: as the latest print found them; None
    before the first.
    """
    for folder in _latest(data / FOLDER / slug):
        try:
            said = json.loads((folder / UNKNOWN).read_text("utf-8"))
            return str(said["known"]), [str(one) for one in said["problems"]]
        except (OSError, ValueError, KeyError, TypeError):
            continue  # swept meanwhile, damaged, or of a version that kept none
    return None


def keep_all(
    data: Path, slug: str, say: Callable[[int, int, str], None] = lambda done, total, words: None
) -> list[str]:
    """Print every form of a council as it is now, and keep them; the files.

    Raises CareshapeError where there is no such council, or where it does not stay the same for long enough.
    """
    for _ in range(TRIES):
        key = print_key(data, slug)
        council = open_council(data, slug)
        if council is None:
            raise CareshapeError(f"There is no council '{slug}' here.")
        if print_key(data, slug) == key:
            return _keep(council, data / FOLDER / slug / key, say)
    raise CareshapeError(f"The records of {slug} change too often to print them; it is tried again.")


def _keep(council: Council, target: Path, say: Callable[[int, int, str], None]) -> list[str]:
    wanted, index = forms(council), {}
    with beside(target) as fresh:
        for number, form in enumerate(wanted):
            say(number, len(wanted), form.file)
            made = printed(council, form)
            path = fresh / form.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made.content)
            digest = hashlib.sha256(made.content).hexdigest()
            index[form.file] = {"pages": made.pages, "bytes": len(made.content), "digest": digest}
        council.warm()
        (fresh / UNKNOWN).write_text(json.dumps({"known": council.known, "problems": problems(council)}), "utf-8")
        (fresh / INDEX).write_text(json.dumps(index, indent=1), "utf-8")
        put_in_place(fresh, target, lambda folder: (folder / INDEX).is_file())
    for old in _latest(target.parent)[KEEP:]:
        shutil.rmtree(old, ignore_errors=True)
    return list(index)


def problems(council: Council) -> list[str]:
    """Why each figure that cannot be computed cannot, of those asked so far; one that only waits is none."""
    later = str(NotWorkedOutError())
    return [one.problem for one in council.book.computed() if one.problem and one.problem != later]


def _latest(folder: Path) -> list[Path]:
    """The prints of a council, the latest first."""
    found = []
    for one in folder.iterdir() if folder.is_dir() else ():
        try:
            if not one.name.startswith("."):
                found.append(((one / INDEX).stat().st_mtime_ns, one))
        except OSError:
            continue
    return [one for _, one in sorted(found, reverse=True)]
