"""Prepare an edition: pin its inputs, count, pass the gate, draw its pages, and put all of it in place at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from careshape import __version__
from careshape.editions.bound import as_live
from careshape.editions.code import code_digest
from careshape.editions.coming import look_ahead
from careshape.editions.counted import to_json
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
from careshape.editions.gate import Gated, Passed
from careshape.editions.gather import gather
from careshape.editions.inputs import fingerprint, laid_out, opened, pin_inputs
from careshape.editions.measured import measured
from careshape.editions.naming import name_of
from careshape.editions.pages import DRAWN, edition_files
from careshape.editions.questions import Counted
from careshape.evaluate.measure.kinds import Counts
from careshape.folders import beside, put_in_place
from careshape.home import Home
from careshape.statement.as_data import segment_data
from careshape.statement.unshown import Unshown, unshown

FORMAT: Final = 1
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
        counts: dict[str, Counts] = {}
        found = gather(home, at, authority, number, posting, before, step, counts)
        passed = found.pass_gate(step)
        files: dict[str, bytes] = {}
        silent: tuple[Unshown, ...] = ()
        live = said = ""
        if passed.safe:
            step("looking ahead")
            shown = opened(at, authority, posting, name, Gated(passed.shown), bool(before), counts)
            look_ahead(shown, passed.few, found.coming)
            step("drawing charts")
            shown.warm()
            files, silent = dict(edition_files(shown, step)), tuple(unshown(shown))
            live = as_live(passed.shown, shown.ahead)
            segments = shown.statement.segments.values() if shown.statement else ()
            said = _json([segment_data(shown, one) for one in segments])
        return Made(
            found.cells, passed, files, found.faults(passed), live, silent, said, measured(found.council, found.cells)
        )


def prepare_files(
    home: Home, authority: str, number: int, posting: int, known_on: str, before: Sequence[int], say: Say,
    rule: str | None = None,
) -> Passed:  # fmt: skip
    """Prepare the folder of an edition; what the gate came to.

    The folder takes its place whole, or not at all. ``rule`` is the text of the rule that the council chose, where it
    chose one: it is pinned with the other inputs.
    """
    target = edition_path(home, authority, number)
    with beside(target) as fresh:
        pin_inputs(home, authority, fresh / INPUTS, rule)
        made = work_out(home, authority, fresh, number, posting, before, say)
        for name, content in made.files.items():
            _write(fresh / PAGES / name, content)
        keep_figures(fresh, made.counted, made.passed)
        _write(fresh / REASONS, _json(reasons_of(made)).encode(), 0o600)
        _write(fresh / MEASURED, _json(made.measured).encode(), 0o600)
        _write(fresh / REPORT, _json(report_of(made.passed)).encode())
        if made.live:
            _write(fresh / LIVE, made.live.encode(), 0o600)
            _write(fresh / SAID, made.said.encode())
        manifest = {
            "format": FORMAT, "authority": authority, "number": number, "posting": posting, "known_on": known_on,
            "careshape": __version__, "code": code_digest(), "before": list(before),
            "inputs": fingerprint(home, authority, fresh, posting),
            "figures": digest((fresh / FIGURES).read_bytes()), "report": digest((fresh / REPORT).read_bytes()),
            "live": digest(made.live.encode()), "pages": digests(fresh / PAGES),
        }  # fmt: skip
        _write(fresh / MANIFEST, _json(manifest).encode())
        put_in_place(fresh, target, lambda folder: not folder.exists())
    return made.passed


def keep_figures(folder: Path, counted: Mapping[str, Counted], passed: Passed) -> None:
    """Write the figures as they are shown and as they were counted: what the gate of the next edition is given."""
    _write(folder / FIGURES, passed.protected.published.to_json().encode())
    _write(folder / COUNTED, to_json(counted).encode(), 0o600)


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
