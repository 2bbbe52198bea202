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


@bench.command(epilog=examples("careshape bench release", "careshape bench release --authority thurrock --format json"))
@click.option("--authority", metavar="NAME", help="Only this council.")
@form_option
@click.pass_obj
def release(home: Home, authority: str | None, form: str) -> int:
    """Work out the next edition of each council's statement, and say what each step took. Nothing is kept of it.

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
    def work(say: Callable[[int, int, str], None]) -> tuple[int, int, bool]:
        from careshape.editions.folders import INPUTS
        from careshape.editions.inputs import pin_inputs
        from careshape.editions.prepare import report_of, work_out

        with tempfile.TemporaryDirectory(prefix="careshape-bench-") as folder:
            edition = Path(folder) / "1"
            edition.mkdir()
            pin_inputs(home, name, edition / INPUTS)
            made = work_out(home, name, edition, 1, home.ledger(name).postings()[-1].number, [], say)
        return report_of(made.passed)["figures"], len(made.files), made.passed.safe

    return work


def _show(found: list[Released]) -> None:
    rows = [{"authority": one.authority, **one.as_json()["seconds"], "files": one.files} for one in found]
    print_rows(rows, ("authority", *NAMES.values(), "total", "files"), "table")


commands = {"bench": bench}
