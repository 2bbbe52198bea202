"""What changed since an edition was prepared: files in force that are not the ones that it pinned, and new records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from careshape.editions.chosen import chosen_text, rule_in_force
from careshape.editions.folders import INPUTS, MANIFEST, digest, edition_path
from careshape.editions.inputs import RULE, SECRET, inputs_now, rule_of
from careshape.editions.models import Edition
from careshape.errors import CareshapeError, InputError
from careshape.home import Home
from careshape.records.unmet_need import FILE as UNMET

_NO_CONTENT: Final = frozenset((SECRET, "key.fingerprint", "ledger.lock", UNMET))
"""Files beside the content of a statement: none of its words come from them. What is derived from requests for care is
written anew each night, as records come every day."""


@dataclass(frozen=True)
class Since:
    """What an edition does not say, because it came after the edition was prepared.

    ``files`` are the places of files that came, went or changed, each with the digest of what is in force (empty where
    it went); ``postings`` is how many postings of records it does not know.
    """

    files: tuple[tuple[str, str], ...] = ()
    postings: int = 0

    def __bool__(self) -> bool:
        return bool(self.files or self.postings)

    @property
    def names(self) -> tuple[str, ...]:
        """The places of the files."""
        return tuple(name for name, _ in self.files)

    @property
    def words(self) -> str:
        """What stands for just the files: records come every day, and words are changed because they were wrong."""
        return hashlib.sha256(json.dumps(self.files).encode()).hexdigest() if self.files else ""

    @property
    def digest(self) -> str:
        """What stands for just this: who was told of it gives it back, and where more changed meanwhile it differs."""
        told = json.dumps([self.files, self.postings])
        return hashlib.sha256(told.encode()).hexdigest() if self else ""


def changed_since(home: Home, row: Edition) -> Since:
    """What changed since an edition was prepared; nothing where its folder is gone, which is told of elsewhere."""
    file = edition_path(home, row.council, row.number) / MANIFEST
    if not file.is_file():
        return Since()
    manifest: dict[str, Any] = json.loads(file.read_text("utf-8"))
    was: dict[str, str] = manifest["inputs"]["files"]
    try:
        now = {name: digest(content) for name, content in _now(home, row.council)}
    except InputError:
        now = {}  # the text went altogether
    known = sorted((was.keys() | now.keys()) - _NO_CONTENT)
    differing = [name for name in known if was.get(name) != now.get(name)]
    if RULE in differing and same_rule(home, row):
        differing.remove(RULE)
    postings = home.ledger(row.council).postings()
    return Since(
        tuple((name, now.get(name, "")) for name in differing), sum(one.number > row.posting for one in postings)
    )


def same_rule(home: Home, row: Edition) -> bool:
    """Whether an edition was made by the rule that is in force now, however each of them is written down."""
    try:
        return rule_of(edition_path(home, row.council, row.number) / INPUTS) == rule_in_force(home, row.council)
    except CareshapeError:
        return False


def _now(home: Home, council: str) -> Iterable[tuple[str, bytes]]:
    return inputs_now(home, council, chosen_text(council)).items()
