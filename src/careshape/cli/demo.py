"""``careshape demo``: two demonstration councils, from generated files to served statements."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import click

from careshape.cli.account import print_accounts, ready
from careshape.cli.installation import installed
from careshape.cli.options import examples
from careshape.cli.output import progress
from careshape.cli.serve import become_server, host_option, port_option
from careshape.cli.side_by_side import SideBySide, side_by_side
from careshape.cli.web import web_part
from careshape.demo import COUNCILS, generate_council
from careshape.demo.generate import SEED, young_people
from careshape.errors import CallError
from careshape.evaluate.need.coming_of_age import FILE as REGISTER
from careshape.evaluate.published import check_published
from careshape.evaluate.published.check import tally
from careshape.folders import beside, put_in_place, unserved
from careshape.home import Home
from careshape.ledger import Ledger
from careshape.ledger.imports import import_file
from careshape.ledger.ledger import SETTINGS_FILE


@click.command(
    epilog=examples(
        "careshape demo",
        "careshape --dir demo-data demo --no-serve",
        "careshape demo --port 8080 --faults",
    )
)
@click.option("--serve/--no-serve", "serving", default=True, help="Serve the statements when they are built.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Another seed gives other synthetic people.")
@click.option("--faults", is_flag=True, help="Put a realistic rate of faults into the files.")
@host_option
@port_option
@click.pass_obj
def demo(home: Home, serving: bool, seed: int, faults: bool, host: str, port: int) -> None:
    """Build two demonstration councils of synthetic people and serve their statements.

    Files of care records are generated, imported with checking, counted, compared with what the councils published, and
    written as pages. A demonstration that is already there is made anew, but for its editions; any other council in the
    folder is left alone. The database is made too, so that an edition can be prepared at once.

    When it is served, each role has an account, whose password is printed once and stands when the demonstration is
    made anew; where the folder holds another council, none is made. `careshape account demonstration --new-passwords`
    prints new ones.
    """
    since = time.monotonic()
    say = progress(started=since)
    if serving:
        ready(home)  # which folder the site serves is settled before its settings are read
    for authority in COUNCILS:
        _check(home.council_path(authority), authority)
    with unserved(home.path):
        pass  # a server is told of now, not after the work
    with side_by_side(len(COUNCILS)) as each:
        _build(home, each, seed, faults, since)
    say(f"Ready: the pages are in {home.site_path}.")
    if not serving:
        say(f"For an account of each role: careshape --dir {home.path} account demonstration")
        say(f"To release a statement: careshape --dir {home.path} edition prepare --authority {COUNCILS[0]}")
    if serving:
        if only_demonstrations(home):
            say("An account for each role:")
            print_accounts(home)
        say("Starting to serve; the address is said as soon as it answers ...")
        become_server(home, host, port)


def only_demonstrations(home: Home) -> bool:
    """Whether every council of the folder is a demonstration."""
    return all(home.ledger(slug).demonstration for slug in home.authorities())


def _build(home: Home, each: SideBySide, seed: int, faults: bool, started: float) -> None:
    """Make the councils, give them their places, and write their statements."""
    say = progress(started=started)
    with beside(home.path / "demo") as scratch:
        made = each(_make, [(scratch, authority, seed, faults, started) for authority in COUNCILS])
        for authority, said in zip(COUNCILS, made, strict=True):
            with unserved(home.path):
                _keep_what_stays(Home(scratch / authority).council_path(authority), home.council_path(authority))
                _replace(Home(scratch / authority).council_path(authority), home.council_path(authority), authority)
            _replace(scratch / f"{authority}-files", home.path / "demo-files" / authority, authority)
            say(said)
    say("Writing a year, looking ahead, and writing the statements ...")
    _write_site(home, each, started)


def _make(scratch: Path, authority: str, seed: int, faults: bool, started: float) -> str:
    """Generate, import and check one council in a folder of its own; what came of the check, in words.

    Only when it is whole does the command give it its place: a run that is stopped leaves the earlier demonstration.
    """
    say = progress(started=started)
    fresh, written = Home(scratch / authority), scratch / f"{authority}-files"
    say(f"{authority}: generating synthetic care records ...")
    files = generate_council(authority, written, seed=seed, faults=faults)
    ledger = Ledger.create(fresh.council_path(authority), authority=authority, demonstration=True)
    (ledger.path / REGISTER).write_text(young_people(authority), "utf-8")
    for file in (*files.cld, files.packages, files.deliveries):
        report = import_file(ledger, file)
        taken = report.accepted + report.repaired
        say(f"{authority}: {file.name}: {taken:,} rows taken, {report.refused:,} refused")
    counts = tally(check_published(authority, ledger))
    return (
        f"{authority}: {counts['equal']} of {sum(counts.values())} published cells equal, "
        f"{counts['explained']} explained, {counts['differs']} differ"
    )


def _write_site(home: Home, each: SideBySide, started: float) -> None:
    """Make the database, and write the pages of every council, each in a process of its own."""
    export = web_part("careshape.statement.export")
    export.configure(home.path.resolve())
    with export.site_folder(home.site_path.resolve()) as fresh:
        # What a council's homes are rated comes with its year, and what is to come rests on it: the year goes first.
        # The largest council's is written while nothing else is; the others have theirs while its pages are drawn.
        each(_begun, [(home.path, COUNCILS[0], started)])
        others = [one for one in home.authorities() if one not in COUNCILS]
        each(_written, [(home.path, one, fresh, started) for one in (*COUNCILS, *others)])
        export.write_common(fresh, export.opened(home.path.resolve()))


def _begun(data: Path, authority: str, started: float) -> None:
    """Make the database, and write the year of the first council into it."""
    installed(data)
    web_part("careshape.site.serve").make_ready()
    _tell_built(Home(data))
    _write_year(Home(data), authority, started)


def _written(data: Path, authority: str, fresh: Path, started: float) -> None:
    """Write the year of a council, where it has none, and then its pages, which count what it was told in that."""
    installed(data)
    if authority in COUNCILS[1:]:
        _write_year(Home(data), authority, started)
    export = web_part("careshape.statement.export")
    export.write_council(fresh, export.opened(data, authority)[authority], "", progress(started=started))


def _tell_built(home: Home) -> None:
    """Tell each council's log of the postings that came with the building, as of those that somebody brings."""
    from careshape.audit.postings import tell_built

    for authority in COUNCILS:
        tell_built(home.ledger(authority), by="building of the demonstration")


def _write_year(home: Home, authority: str, started: float) -> None:
    """Write a year of finding care for a council, where every council of the folder is a demonstration.

    Of a year that is there already the returns of capacity are brought forward, as they would all be stale.
    """
    from careshape.demo_year.forward import bring_forward
    from careshape.demo_year.written import agree_statement
    from careshape.demo_year.year import write_year

    if not only_demonstrations(home):
        return
    if many := write_year(authority):
        progress(started=started)(f"{authority}: a year of finding care is written, with {many} packages")
    elif many := bring_forward(authority):
        progress(started=started)(f"{authority}: {many} synthetic returns of capacity are brought up to these days")
    if many := agree_statement(authority):
        progress(started=started)(f"{authority}: {many} pages of the statement are agreed as of the day of the records")


def _keep_what_stays(fresh: Path, path: Path) -> None:
    """Take over the editions that a demonstration has, and how its homes are rated: the database knows both."""
    for name in ("editions", "regulator"):
        if (path / name).is_dir():
            shutil.copytree(path / name, fresh / name)


def _replace(fresh: Path, path: Path, authority: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    put_in_place(fresh, path, lambda folder: _check(folder, authority))


def _check(path: Path, authority: str) -> bool:
    """Whether a folder may be replaced. Raises CallError rather than touch a council that is no demonstration."""
    if (path / SETTINGS_FILE).exists() and not Ledger.open(path).demonstration:
        raise CallError(
            f"{path} is a council of its own, not a demonstration of {authority}. Name another folder with --dir."
        )
    return True


commands = {"demo": demo}
