"""Prepare an edition: pin its inputs, count, pass the gate, draw its pages, and put all of it in place at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from careshape import __version__
from careshape.disclosure import Edition as Earlier
from careshape.disclosure import Published
from careshape.editions.bound import as_live
from careshape.editions.coming import look_ahead
from careshape.editions.counted import from_json, to_json
from careshape.editions.elsewhere import marked, printed_elsewhere
from careshape.editions.folders import (
    COUNTED,
    FIGURES,
    INPUTS,
    LIVE,
    MANIFEST,
    MEASURED,
    PAGES,
    REASONS,
    REPORT,
    SAID,
    digest,
    digests,
    edition_path,
)
from careshape.editions.gate import Gated, Passed, pass_gate, system_of
from careshape.editions.inputs import SECRET, fingerprint, laid_out, opened, pin_inputs, rule_of
from careshape.editions.measured import measured
from careshape.editions.naming import faults_of, name_of
from careshape.editions.pages import DRAWN, edition_files
from careshape.editions.questions import Asked, Counted
from careshape.editions.reuse.side import sides
from careshape.errors import InputError
from careshape.evaluate.measure.kinds import Counts
from careshape.folders import beside, put_in_place
from careshape.home import Home
from careshape.statement.as_data import segment_data
from careshape.statement.council import Council
from careshape.statement.lint import Fault, lint_statement
from careshape.statement.outlook.kept import Kept
from careshape.statement.proof import in_figures
from careshape.statement.unshown import Unshown, unshown

FORMAT: Final = 1
MOST_FAULTS: Final = 20
CONTRADICTION: Final = "contradiction"
STEPS: Final = ("checking the text", "counting", "protecting", "attacking", "looking ahead", "drawing charts", *DRAWN)
"""What is done, in this order; the last are those of the files."""
Say = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Made:
    """An edition as it was worked out: its figures, what the gate came to, and its files by their places."""

    counted: dict[str, Counted]
    passed: Passed
    files: dict[str, bytes]
    faults: tuple[dict[str, Any], ...] = ()
    """What stops a release, figure by figure in words, with the tables that it stands in."""
    live: str = ""
    """What it keeps so that it can be asked."""
    unshown: tuple[Unshown, ...] = ()
    """The sentences that readers meet without one of their figures: to be read again before the edition is agreed."""
    said: str = ""
    """What its sections say, from what it shows and from nothing else."""
    measured: Mapping[str, object] = field(default_factory=dict)
    """What the rules of counting ask about."""


def work_out(
    home: Home, authority: str, folder: Path, number: int, posting: int, before: Sequence[int], say: Say
) -> Made:
    """Work an edition out from its pinned inputs, and from nothing else.

    Raises InputError where the inputs cannot be read, or where the text has faults. Pages are drawn only where the gate
    let the figures through.
    """

    def step(name: str, detail: str = "") -> None:
        say(STEPS.index(name), len(STEPS), f"{name}: {detail}" if detail else name)

    with laid_out(home, authority, folder) as at:
        name = f"Edition {number}"
        asked = Asked()
        kept: dict[str, Counts] = {}
        first = opened(at, authority, posting, name, asked, counted=kept)
        step("checking the text")
        _check_text(first)
        step("counting")
        coming = _ask_everything(first)
        _check_words(first)
        rule = rule_of(at.council_path(authority))
        earlier = [_earlier(home, authority, one) for one in before]
        secret = (at.council_path(authority) / SECRET).read_text("utf-8")
        elsewhere = printed_elsewhere(first)
        cells = marked(asked.cells, elsewhere.numbers)
        passed = pass_gate(cells, rule, earlier, number, secret, step, elsewhere.ratios)
        files: dict[str, bytes] = {}
        silent: tuple[Unshown, ...] = ()
        live = said = ""
        if passed.safe:
            step("looking ahead")
            shown = opened(at, authority, posting, name, Gated(passed.shown), bool(before), kept)
            look_ahead(shown, passed.few, coming)
            step("drawing charts")
            shown.warm()
            files, silent = dict(edition_files(shown, step)), tuple(unshown(shown))
            live = as_live(passed.shown, shown.ahead)
            segments = shown.statement.segments.values() if shown.statement else ()
            said = _json([segment_data(shown, one) for one in segments])
        faults = () if passed.safe else tuple(faults_of(first, cells, passed.found))
        return Made(cells, passed, files, faults, live, silent, said, measured(first, cells))


def _check_text(council: Council) -> None:
    """Refuse a text that types a number or names what is not there. Raises InputError with the faults."""
    assert council.written is not None
    _refuse(council, lint_statement(council.slug, council.written, council.observations))


def _check_words(council: Council) -> None:
    """Refuse a text that says "rose" of what fell. Raises InputError with the faults."""
    _refuse(council, [one for one in in_figures(council) if one.rule == CONTRADICTION])


def _refuse(council: Council, faults: Sequence[Fault]) -> None:
    if faults:
        shown = "\n".join(map(str, faults[:MOST_FAULTS]))
        raise InputError(f"The text of {council.name} has faults, so no edition can be made of it:\n{shown}")


def _ask_everything(council: Council) -> Kept:
    """Ask every figure and table that the pages show, the people behind the fans, what care there is to find, and what
    councils are compared by.

    Gives back what is to come as it was worked out, before the gate.
    """
    coming = look_ahead(council, asking=True)
    for call in council.calls():
        if not call.block:
            council.book.figure(call)
    for name in council.statement.tables if council.statement else ():
        council.table(name)
    _ = council.care
    sides(council)
    return coming


def _earlier(home: Home, authority: str, number: int) -> Earlier:
    """An edition that readers have already, with what was counted for it then."""
    folder = edition_path(home, authority, number)
    published = Published.from_json((folder / FIGURES).read_text("utf-8"))
    kept = folder / COUNTED
    return Earlier(published, system_of(from_json(kept.read_text("utf-8")))[0] if kept.is_file() else None)


def prepare_files(
    home: Home, authority: str, number: int, posting: int, known_on: str, before: Sequence[int], say: Say
) -> Passed:
    """Prepare the folder of an edition; what the gate came to.

    The folder takes its place whole, or not at all.
    """
    target = edition_path(home, authority, number)
    with beside(target) as fresh:
        pin_inputs(home, authority, fresh / INPUTS)
        made = work_out(home, authority, fresh, number, posting, before, say)
        for name, content in made.files.items():
            _write(fresh / PAGES / name, content)
        protected = made.passed.protected
        _write(fresh / FIGURES, protected.published.to_json().encode())
        _write(fresh / COUNTED, to_json(made.counted).encode(), 0o600)
        _write(fresh / REASONS, _json(reasons_of(made)).encode(), 0o600)
        _write(fresh / MEASURED, _json(made.measured).encode(), 0o600)
        _write(fresh / REPORT, _json(report_of(made.passed)).encode())
        if made.live:
            _write(fresh / LIVE, made.live.encode(), 0o600)
            _write(fresh / SAID, made.said.encode())
        manifest = {
            "format": FORMAT, "authority": authority, "number": number, "posting": posting, "known_on": known_on,
            "careshape": __version__, "before": list(before), "inputs": fingerprint(home, authority, fresh, posting),
            "figures": digest((fresh / FIGURES).read_bytes()), "report": digest((fresh / REPORT).read_bytes()),
            "live": digest(made.live.encode()), "pages": digests(fresh / PAGES),
        }  # fmt: skip
        _write(fresh / MANIFEST, _json(manifest).encode())
        put_in_place(fresh, target, lambda folder: not folder.exists())
    return made.passed


def report_of(passed: Passed) -> dict[str, Any]:
    """The report of the gate as everybody may read it: counts alone.

    Which figures were attacked would say which are small themselves, and the room that each needs would say how large.
    """
    published, report = passed.protected.published, passed.report
    return {
        "safe": passed.safe, "method": published.rule.method, "figures": len(published.figures),
        "suppressed": len(passed.protected.suppressed), "attacked": report.targets, "exact": len(report.exact),
        "narrow": len(report.narrow), "located": len(report.located),
        "printed_elsewhere": len(passed.printed_elsewhere),
    }  # fmt: skip


def reasons_of(made: Made) -> dict[str, Any]:
    """What only those who release may read: why each figure is kept back, what the attack found, and what stops it."""
    passed = made.passed
    protected = passed.protected
    return {
        "faults": list(made.faults), "why": dict(protected.why),
        "named": {id_: name_of(id_, made.counted) for id_ in protected.why}, "unprotected": dict(protected.unprotected),
        "cost": protected.cost, "bound": protected.bound, "stops": list(passed.report.sentences()),
        "attack": passed.report.as_json(), "unshown": [asdict(one) for one in made.unshown],
    }  # fmt: skip


def _write(path: Path, content: bytes, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
