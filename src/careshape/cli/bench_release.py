"""``careshape bench release``: how long the release of a statement takes, step by step."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from careshape.bench.release import NAMES, Released, failed, missed, timed_release
from careshape.cli.bench import _end, form_option
from careshape.cli.bench_disclosure import bench
from careshape.cli.installation import installed
from careshape.cli.options import examples
from careshape.cli.output import print_rows
from careshape.errors import CallError
from careshape.home import Home

EDITIONS = "editions"


@bench.command(epilog=examples("careshape bench release", "careshape bench release --authority thurrock --format json"))
@click.option("--authority", metavar="NAME", help="Only this council.")
@form_option
@click.pass_obj
def release(home: Home, authority: str | None, form: str) -> int:
    """Work out an edition of each council's statement after another one, and say what each step took. Nothing is kept.

    The figures of the one before are counted first, which is not timed: the gate holds an edition against those that
    readers have.

    The goal is under 60 seconds of processor time a council; seconds by the wall are printed beside them. Ends with 1
    only beyond three times that, or where the gate refuses: machines differ.
    """
    named = [home.ledger(authority).authority] if authority else home.authorities()
    names = [name for name in named if home.ledger(name).postings()]
    if not names:
        raise CallError("No council has records to release. `careshape demo --no-serve` builds two of synthetic ones.")
    if "django" not in sys.modules or not sys.modules["django"].apps.apps.ready:
        installed(home.path)
    found = [timed_release(name, _work(home, name)) for name in names]
    if form == "json":
        whole = {one.authority: one.as_json() for one in found}
        seconds = {name: max(one.as_json()["seconds"][name] for one in found) for name in (*NAMES.values(), "total")}
        click.echo(json.dumps({"seconds": seconds, "councils": whole, "missed": missed(found)}, indent=1))
    else:
        _show(found)
    return _end(missed(found), failed(found))


def _work(home: Home, name: str) -> Callable[[Callable[[int, int, str], None]], tuple[int, int, bool]]:
    """The release that is timed: of an edition whose figures are held against those of one before it."""

    def work(say: Callable[[int, int, str], None]) -> tuple[int, int, bool]:
        from careshape.editions.folders import INPUTS, edition_path
        from careshape.editions.gather import gather
        from careshape.editions.inputs import laid_out, pin_inputs
        from careshape.editions.prepare import keep_figures, report_of, work_out

        with tempfile.TemporaryDirectory(prefix="careshape-bench-") as folder:
            at, posting = _beside(home, name, Path(folder)), home.ledger(name).postings()[-1].number
            first, second = (edition_path(at, name, number) for number in (1, 2))
            for edition in (first, second):
                edition.mkdir(parents=True)
                pin_inputs(at, name, edition / INPUTS)
            with laid_out(at, name, first) as laid:
                found = gather(at, laid, name, 1, posting, [], lambda step: None, {})
                keep_figures(first, found.cells, found.pass_gate())
            made = work_out(at, name, second, 2, posting, [1], say)
        return report_of(made.passed)["figures"], len(made.files), made.passed.safe

    return work


def _beside(home: Home, name: str, folder: Path) -> Home:
    """A data folder that holds what a council has, but for its editions: what is made in it leaves nothing there."""
    at = Home(folder)
    at.council_path(name).mkdir(parents=True)
    for path in home.council_path(name).iterdir():
        if path.name != EDITIONS:
            (at.council_path(name) / path.name).symlink_to(path.resolve())
    if home.statistics_path.is_dir():
        at.statistics_path.symlink_to(home.statistics_path.resolve())
    return at


def _show(found: list[Released]) -> None:
    rows = [{"authority": one.authority, **one.as_json()["seconds"], "files": one.files} for one in found]
    print_rows(rows, ("authority", *NAMES.values(), "total", "files"), "table")


commands = {"bench": bench}
