"""The inputs of an edition: pinned when it is prepared, and laid out again when it is rebuilt."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from careshape.design import decided, sheets
from careshape.disclosure import Rule, default_rule, read_rule
from careshape.editions.folders import INPUTS, digest, digests, edition_path, numbers
from careshape.errors import CareshapeError, InputError
from careshape.evaluate.measure.kinds import Counts
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.records import council_observations
from careshape.records.intentions import design_text
from careshape.records.unmet_need import FILE as UNMET
from careshape.statement.content import content_folder, load_statement
from careshape.statement.council import Council
from careshape.statement.state import pin

LEDGER: Final = ("ledger", "register")
"""Folders of a council that only ever grow: an edition names how far it knows them, and copies nothing."""
LEFT_OUT: Final = (*LEDGER, "reports", "editions", "people", "outlook", "uploads")
RULE: Final = "disclosure.toml"
SECRET: Final = "gate.secret"
"""What decides among choices of the gate that are equally good: who does not know it cannot repeat them."""


def inputs_now(home: Home, authority: str, rule: str | None = None) -> dict[str, bytes]:
    """What a statement is made from as it is in force, but for the ledger: place of each file -> what it holds.

    Settings, text, rule, what the council decided, and its other own files. ``rule`` is the rule of disclosure control
    that the council chose, as text: it stands in the place of its file, where it chose one. Raises InputError where no
    text is written.
    """
    source = home.council_path(authority)
    found: dict[str, bytes] = {}
    for path in sorted(source.iterdir()):
        if path.name in LEFT_OUT or path.name.startswith("."):
            continue
        files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
        found |= {one.relative_to(source).as_posix(): one.read_bytes() for one in files}
    text = content_folder(authority, source)
    if text is None:
        raise InputError(f"No text has been written for the statement of {authority} yet, so nothing can be released.")
    if not any(name.startswith("statement/") for name in found):
        files = sorted(one for one in text.rglob("*") if one.is_file())
        found |= {f"statement/{one.relative_to(text).as_posix()}": one.read_bytes() for one in files}
    for name in sheets():
        decision = design_text(authority, source, name)
        if decision is not None:
            found.setdefault(name, decision.encode())
    if rule is not None:
        found[RULE] = rule.encode()
    return found


def pin_inputs(home: Home, authority: str, target: Path, rule: str | None = None) -> None:
    """Copy what a statement is made from, but for the ledger; ``rule`` as in ``inputs_now``."""
    target.mkdir(parents=True)
    for name, content in inputs_now(home, authority, rule).items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)
    if (target / UNMET).is_file():
        (target / UNMET).chmod(0o600)  # rows, though of nobody who could be named
    (target / SECRET).touch(mode=0o600)
    (target / SECRET).write_text(_secret(home, authority), "utf-8")


def _secret(home: Home, authority: str) -> str:
    """The council's secret: that of its last edition, else a new one. In a demonstration there is nothing to hide."""
    if home.ledger(authority).demonstration:
        return "demonstration"
    for number in reversed(numbers(home, authority)):
        file = edition_path(home, authority, number) / INPUTS / SECRET
        if file.is_file():
            return file.read_text("utf-8")
    return secrets.token_hex(32)


@contextmanager
def laid_out(home: Home, authority: str, edition: Path) -> Iterator[Home]:
    """The inputs of an edition as a data folder of their own, beside the ledger and the statistics that are there."""
    with TemporaryDirectory(prefix="careshape-edition-") as scratch:
        at = Home(Path(scratch))
        at.councils_path.mkdir()
        shutil.copytree(edition / INPUTS, at.council_path(authority))
        for name in LEDGER:
            there = home.council_path(authority) / name
            if there.is_dir():
                (at.council_path(authority) / name).symlink_to(there.resolve())
        if home.statistics_path.is_dir():
            at.statistics_path.symlink_to(home.statistics_path.resolve())
        yield at


def opened(
    home: Home, authority: str, posting: int, edition: str, ask: object, follows: bool = False,
    counted: dict[str, Counts] | None = None,
) -> Council:  # fmt: skip
    """The council of inputs that were laid out, as known by a posting. Raises InputError where they cannot be read.

    ``follows`` says that readers have an edition before this one. ``counted`` is what another council of the same
    inputs and posting has counted; what this one counts is added to it.
    """
    folder = home.council_path(authority)
    return replace(opened_at(home, authority, folder, posting, edition, ask, follows), counted=counted)


def opened_at(
    home: Home, authority: str, inputs: Path, posting: int, edition: str, ask: object, follows: bool = False
) -> Council:  # fmt: skip
    """The same with the files of a council taken from where they were pinned."""
    try:
        ledger = pin(Ledger.open(home.council_path(authority)), posting)
        decided(authority, inputs)
        rule = rule_of(inputs)
        return Council(
            authority, ledger, council_observations(authority, inputs / "observations"),
            load_statement(inputs / "statement"), ask=ask, edition=edition,  # type: ignore[arg-type]
            follows=follows, rounded=rule.base if rule.method == "round" else 0,
        )  # fmt: skip
    except (OSError, CareshapeError) as error:
        raise InputError(f"The inputs of {edition.lower()} cannot be read: {error}") from error


def rule_of(folder: Path) -> Rule:
    """The rule of disclosure control among a council's files, or that of a council which declares none."""
    own = folder / RULE
    return read_rule(own.read_text("utf-8"), RULE) if own.is_file() else default_rule()


def fingerprint(home: Home, authority: str, edition: Path, posting: int) -> dict[str, dict[str, str]]:
    """The digests of everything that an edition is made from."""
    ledger = pin(Ledger.open(home.council_path(authority)), posting)
    return {
        "files": digests(edition / INPUTS),
        "ledger": {Path(file).name: _digest_of(Path(file)) for file in sorted(ledger.files())},
        "statistics": {
            path.parent.relative_to(home.statistics_path).as_posix(): digest(path.read_bytes())
            for path in sorted(home.statistics_path.glob("*/*/manifest.json"))
        },
    }


def gone(recorded: dict[str, dict[str, str]], now: dict[str, dict[str, str]]) -> list[str]:
    """What an edition was made from and is not there any more, or not as it was: a sentence each."""
    words = {"files": "The pinned file", "ledger": "The ledger's file", "statistics": "The official statistics"}
    found = []
    for kind, files in recorded.items():
        for name, was in files.items():
            here = now.get(kind, {}).get(name)
            if here is None:
                found.append(f"{words[kind]} {name} is gone: bring it back from a backup.")
            elif here != was:
                found.append(f"{words[kind]} {name} is not as it was: bring it back from a backup.")
    return found


def _digest_of(file: Path) -> str:
    try:
        return digest(file.read_bytes())
    except OSError:
        return ""


__all__ = ["fingerprint", "gone", "inputs_now", "laid_out", "opened", "opened_at", "pin_inputs", "rule_of"]
