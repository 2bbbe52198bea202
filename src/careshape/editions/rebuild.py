"""Rebuild an edition from its pinned inputs, and compare what comes out with what was published."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careshape import __version__
from careshape.disclosure import Published
from careshape.editions.code import code_digest
from careshape.editions.counted import to_json
from careshape.editions.folders import COUNTED, FIGURES, LIVE, MANIFEST, PAGES, SAID, digest, need_edition
from careshape.editions.inputs import fingerprint, gone
from careshape.editions.prepare import work_out
from careshape.editions.values import FILE, moved, values_of
from careshape.errors import InputError
from careshape.home import Home


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild came to."""

    number: int
    figures: int
    said: int
    """Values that the edition's pages say: figures, and cells of tables."""
    moved: tuple[str, ...]
    """Figures that are not as they were published, as the gate shows them or as a page says them."""
    pages: int
    differ: tuple[str, ...]
    """Files that are not the same, byte for byte."""
    made_by: str
    by: str
    same_code: bool
    """Whether the code is the one that made the edition, to the byte: its version alone does not say so."""

    @property
    def equal(self) -> bool:
        """Whether all is as it must be: the same bytes by the same code, the same values by another."""
        return not self.moved and (not self.differ or not self.same_code)

    @property
    def words(self) -> str:
        """By what code it was made and rebuilt, and what must be the same therefore."""
        if self.same_code:
            return f"by careshape {self.by}, the same code: the same bytes"
        return f"made by careshape {self.made_by}, rebuilt by {self.by}, other code: the same values"

    def as_dict(self) -> dict[str, Any]:
        """The result as a program reads it."""
        return {
            "number": self.number, "equal": self.equal, "figures": self.figures, "said": self.said,
            "moved": list(self.moved), "files": self.pages, "differ": list(self.differ), "made_by": self.made_by,
            "rebuilt_by": self.by, "same_code": self.same_code,
        }  # fmt: skip


def rebuild(
    home: Home, authority: str, number: int, say: Callable[[int, int, str], None] = lambda done, total, words: None,
    known: str = "",
) -> Rebuilt:  # fmt: skip
    """Work an edition out anew from what it was made from, never from what was stored of it.

    ``known`` is the digest of its manifest as it was prepared, where that is at hand. Raises CallError where there is
    no such edition, and InputError where an input is gone or changed, with which, or where the manifest is another.
    """
    folder = need_edition(home, authority, number)
    content = (folder / MANIFEST).read_bytes()
    if known and digest(content) != known:
        raise InputError(
            f"Edition {number} cannot be rebuilt: its {MANIFEST} is not the one that was prepared. Bring it back from "
            "a backup."
        )
    manifest = json.loads(content)
    missing = gone(manifest["inputs"], fingerprint(home, authority, folder, manifest["posting"]))
    if missing:
        raise InputError(f"Edition {number} cannot be rebuilt. " + " ".join(missing[:5]))
    made = work_out(home, authority, folder, number, manifest["posting"], manifest["before"], say)
    published = Published.from_json((folder / FIGURES).read_text("utf-8"))
    now = made.passed.protected.published.by_id
    ids = sorted({*published.by_id, *now})
    stored = _stored(folder, manifest)
    otherwise = moved(stored, made.files[FILE]) if stored and FILE in made.files else []
    pages = {name: digest(content) for name, content in made.files.items()}
    names = sorted({*pages, *manifest["pages"]})
    differ = [name for name in names if pages.get(name) != manifest["pages"].get(name)]
    if to_json(made.counted) != (folder / COUNTED).read_text("utf-8"):
        differ.append(COUNTED)
    if "live" in manifest and digest(made.live.encode()) != manifest["live"]:
        differ.append(LIVE)
    if (folder / SAID).is_file() and made.said != (folder / SAID).read_text("utf-8"):
        differ.append(SAID)
    return Rebuilt(
        number, len(ids), len(values_of(stored)) if stored else 0,
        (*(one for one in ids if published.by_id.get(one) != now.get(one)), *otherwise),
        len(names), tuple(differ), manifest["careshape"], __version__, manifest.get("code") == code_digest(),
    )  # fmt: skip


def _stored(folder: Path, manifest: dict[str, Any]) -> bytes:
    """What the edition says in the open form, as it was published; empty where it was made before it held that.

    Raises InputError where the file is not the one that was published: it is what the rebuilt values are held against.
    """
    if FILE not in manifest["pages"]:
        return b""
    try:
        content = (folder / PAGES / FILE).read_bytes()
    except FileNotFoundError:
        content = b""
    if digest(content) != manifest["pages"][FILE]:
        raise InputError(
            f"Edition {manifest['number']} cannot be compared: its file {PAGES}/{FILE} is not the one that was "
            "published. Bring it back from a backup."
        )
    return content
